package io.campaignroutes.tenant.collect;

/**
 * A call as it is counted.
 *
 * @param countedAt when it was, in milliseconds since the epoch
 * @param handledAt when it was told to have ended; null while it is talked
 * @param agentSeconds for which it kept its agent, without wrap-up
 */
record CollectedCall(
    String contactId,
    String skillId,
    Outcome outcome,
    long countedAt,
    Long handledAt,
    long agentSeconds,
    long wrapUpSeconds) {

  /** What became of it. */
  enum Outcome {
    /** It met an agent, who may talk still. */
    CONNECTED,
    /** It was answered and met none. */
    ABANDONED,
    /** Nobody answered. */
    FAILED
  }

  boolean handled() {
    return outcome == Outcome.CONNECTED && handledAt != null;
  }

  long handleSeconds() {
    return handled() ? agentSeconds + wrapUpSeconds : 0;
  }
}
