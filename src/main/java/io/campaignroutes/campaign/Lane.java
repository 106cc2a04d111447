package io.campaignroutes.campaign;

import io.campaignroutes.cxone.Urgency;

/**
 * Which runner takes a campaign's due work, so that slow looks never hold up a stop or a launch.
 */
public enum Lane {
  COMMAND(Urgency.COMMAND),
  LAUNCH(Urgency.LAUNCH),
  LOOK(Urgency.LOOK);

  private final Urgency urgency;

  Lane(Urgency urgency) {
    this.urgency = urgency;
  }

  /** How urgent its calls to CXone are. */
  public Urgency urgency() {
    return urgency;
  }

  static Lane of(Stage stage) {
    return switch (stage) {
      case RECEIVED, SCHEDULED, CHECKED, CREATED, REGISTERED, ACTIVATING -> LAUNCH;
      case ACTIVE, PAUSED -> LOOK;
      default -> null;
    };
  }
}
