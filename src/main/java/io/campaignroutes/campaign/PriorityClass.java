package io.campaignroutes.campaign;

import io.campaignroutes.cxone.Urgency;

/**
 * Which workers take a campaign's due work, so that slow looks never hold up a stop or a launch,
 * and launches do not hold up looking at what has begun to dial.
 */
public enum PriorityClass {
  COMMAND(0, Urgency.COMMAND, "campaign-command"),
  LAUNCH(1, Urgency.LAUNCH, "campaign-launch"),
  /** The part of LAUNCH that CXone was asked to activate: any of it may dial by now. */
  ACTIVATION(1, Urgency.ACTIVATION, "campaign-activation"),
  LOOK(2, Urgency.LOOK, "campaign-watch");

  /** SQL for the lane of the command that a row has pending. */
  static final String OF_COMMAND =
      "case when command = 'RELEASE' then %d else %d end".formatted(LOOK.code, COMMAND.code);

  private final int code;
  private final Urgency urgency;
  private final String timer;

  PriorityClass(int code, Urgency urgency, String timer) {
    this.code = code;
    this.urgency = urgency;
    this.timer = timer;
  }

  /** The number that stands for it in the store, with the stage; it never changes. */
  int code() {
    return code;
  }

  /**
   * The lane of a number in the store.
   *
   * @param code null for none
   * @return null for none, or for one of a newer version
   */
  static PriorityClass of(Integer code, Stage stage) {
    PriorityClass own = of(stage);
    if (own != null && code != null && own.code == code) {
      return own;
    }
    for (PriorityClass lane : values()) {
      if (code != null && lane.code == code) {
        return lane;
      }
    }
    return null;
  }

  /** How urgent its calls to CXone are. */
  public Urgency urgency() {
    return urgency;
  }

  /** The timer in {@code routes/} that takes its work. */
  String timer() {
    return timer;
  }

  static PriorityClass of(Stage stage) {
    return switch (stage) {
      case RECEIVED, SCHEDULED, CHECKED, CREATED, REGISTERED -> LAUNCH;
      case ACTIVATING -> ACTIVATION;
      case ACTIVE, PAUSED -> LOOK;
      default -> null;
    };
  }
}
