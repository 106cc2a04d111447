package io.campaignroutes.dialer;

/** One dialed call, from its first ring to its end. */
final class DialedCall {
  private enum Fate {
    RINGING,
    WAITING,
    CONNECTED,
    ENDED
  }

  private final DialedCampaign campaign;
  private final double dialedAt;
  private final boolean person;
  private final double patience;
  private final double handleDraw;
  private Fate fate = Fate.RINGING;
  private double waitingSince;

  DialedCall(
      DialedCampaign campaign,
      double dialedAt,
      boolean person,
      double patience,
      double handleDraw) {
    this.campaign = campaign;
    this.dialedAt = dialedAt;
    this.person = person;
    this.patience = patience;
    this.handleDraw = handleDraw;
  }

  double dialedAt() {
    return dialedAt;
  }

  boolean person() {
    return person;
  }

  double patience() {
    return patience;
  }

  /** It waits for an agent from this second on. */
  void waits(double now) {
    fate = Fate.WAITING;
    waitingSince = now;
  }

  double waitingSince() {
    return waitingSince;
  }

  /** Whether it waits for an agent. */
  boolean queued() {
    return fate == Fate.WAITING;
  }

  /** An agent takes it; how many seconds it will keep the agent. */
  double connected() {
    double seconds = campaign.connected(this, handleDraw);
    fate = Fate.CONNECTED;
    return seconds;
  }

  void handled(double seconds) {
    fate = Fate.ENDED;
    campaign.handled(seconds);
  }

  void lostPatience() {
    if (fate == Fate.WAITING) {
      fate = Fate.ENDED;
      campaign.abandoned(this);
    }
  }
}
