package io.campaignroutes.sandbox;

/** The states of a campaign at CXone. */
enum CampaignStatus {
  DRAFT,
  PENDING,
  ACTIVE,
  PAUSED,
  STOPPED,
  ERROR,
  COMPLETED;

  /** The lifecycle event of getting here, null when CXone sends none. */
  String eventType() {
    return switch (this) {
      case ACTIVE -> "CAMPAIGN_ACTIVATED";
      case PAUSED -> "CAMPAIGN_PAUSED";
      case COMPLETED -> "CAMPAIGN_COMPLETED";
      case ERROR -> "CAMPAIGN_ERROR";
      default -> null;
    };
  }

  /** Whether a client may ask for {@code wanted} in this state; asking again is allowed. */
  boolean allows(CampaignStatus wanted) {
    return switch (wanted) {
      case ACTIVE -> this != STOPPED && this != COMPLETED;
      case PAUSED -> this == PENDING || this == ACTIVE || this == PAUSED;
      case STOPPED -> this != COMPLETED;
      default -> false;
    };
  }
}
