package io.campaignroutes.webhook;

/**
 * What came of one attempt to deliver.
 *
 * @param kind what it leads to
 * @param at when it began, in milliseconds since the epoch by this machine's clock
 * @param durationMs how long it took
 * @param status HTTP status; null when there was no answer
 * @param error why it is not delivered; null when it is
 * @param answer the first 1,000 characters of the answer; null when there was none
 * @param waitMillis how long until the next attempt; 0 when there is none
 */
record AttemptOutcome(
    Kind kind,
    long at,
    int durationMs,
    Integer status,
    String error,
    String answer,
    long waitMillis) {

  enum Kind {
    DELIVERED(DeliveryStatus.DELIVERED),
    /** Tried again later. */
    RETRIED(DeliveryStatus.PENDING),
    DEAD(DeliveryStatus.DEAD),
    PARKED(DeliveryStatus.PARKED),
    /** The destination wants no more (410): it is switched off, the delivery waits. */
    SWITCHED_OFF(DeliveryStatus.PENDING),
    /** A fault on our side: tried again, and no attempt is counted. */
    UNTRIED(DeliveryStatus.PENDING);

    final DeliveryStatus status;

    Kind(DeliveryStatus status) {
      this.status = status;
    }

    /** Whether the line goes on with the next delivery. */
    boolean finished() {
      return status != DeliveryStatus.PENDING;
    }
  }
}
