package io.campaignroutes.dialer;

/**
 * What a campaign did in a stretch of time.
 *
 * @param attempted calls dialed
 * @param connected calls that met an agent
 * @param abandoned answered calls that met none in time
 * @param handled connected calls that ended
 * @param handledSeconds how long those kept their agents
 * @param answerSeconds of the connected calls, from dialing to the agent
 */
public record CallPeriod(
    long attempted,
    long connected,
    long abandoned,
    long handled,
    double handledSeconds,
    double answerSeconds) {

  /** Mean seconds of the calls that ended; null when none did. */
  public Double handleTime() {
    return handled == 0 ? null : handledSeconds / handled;
  }

  /** Mean seconds from dialing to the agent; null when no call was connected. */
  public Double answerTime() {
    return connected == 0 ? null : answerSeconds / connected;
  }
}
