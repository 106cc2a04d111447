package io.campaignroutes.webhook;

/** Where a delivery stands. */
public enum DeliveryStatus {
  /** It waits for its turn, or for its next attempt. */
  PENDING,
  /** The destination answered 2xx. */
  DELIVERED,
  /** The schedule has come to its end without success: it waits for a replay. */
  DEAD,
  /** Another try would not help, or the event could not be understood: it waits for a replay. */
  PARKED
}
