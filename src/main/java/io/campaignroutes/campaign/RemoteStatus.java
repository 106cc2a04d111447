package io.campaignroutes.campaign;

/** What CXone does with a campaign. The one place where its words become ours. */
enum RemoteStatus {
  /** Created and never activated. */
  CREATED("DRAFT"),
  /** It was asked to dial and has not begun. */
  STARTING("PENDING"),
  DIALING("ACTIVE"),
  PAUSED("PAUSED"),
  STOPPED("STOPPED"),
  COMPLETED("COMPLETED"),
  /** It ran into an error. */
  ERROR("ERROR"),
  /** A word that this version does not know. */
  UNKNOWN("");

  private final String word;

  RemoteStatus(String word) {
    this.word = word;
  }

  static RemoteStatus of(String word) {
    for (RemoteStatus status : values()) {
      if (status.word.equals(word)) {
        return status;
      }
    }
    return UNKNOWN;
  }

  /** As CXone says it. */
  String word() {
    return word;
  }

  /** Whether it will never dial again by itself. */
  boolean over() {
    return this == STOPPED || this == COMPLETED || this == ERROR;
  }

  /** Whether it does not dial and is not about to. */
  boolean quiet() {
    return over() || this == CREATED || this == PAUSED;
  }
}
