package io.campaignroutes.pacing;

/**
 * A tick worked on a campaign for longer than its lease, or the campaign was paused or ended
 * meanwhile; what the tick found out is dropped.
 */
public final class PacingClaimLostException extends RuntimeException {
  PacingClaimLostException(String campaignId) {
    super("The pacing of campaign " + campaignId + " was taken out of this tick's hands.");
  }

  private PacingClaimLostException(PoolRun pool) {
    super("The pacing of agent pool " + pool.id() + " was taken out of this tick's hands.");
  }

  static PacingClaimLostException of(PoolRun pool) {
    return new PacingClaimLostException(pool);
  }
}
