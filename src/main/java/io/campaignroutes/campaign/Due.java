package io.campaignroutes.campaign;

/** When a campaign's next step is done; {@code config/launch.yaml} says what each word means. */
enum Due {
  NOW,
  NEXT_RUN,
  ACTIVATE_AT,
  POLL,
  SLOW_POLL,
  STATUS,
  RARE_STATUS,
  CONFIRM,
  LIST,
  PAUSE,
  RETRY,
  RESTART,
  END,
  NEVER,
  UNCHANGED
}
