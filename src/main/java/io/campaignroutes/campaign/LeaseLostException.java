package io.campaignroutes.campaign;

/**
 * A run worked on a campaign for longer than its lease and somebody else has it now; what the run
 * found out is dropped.
 */
public final class LeaseLostException extends RuntimeException {
  LeaseLostException(Campaign campaign) {
    super("The lease of campaign " + campaign.id() + " in " + campaign.stage() + " is lost.");
  }

  LeaseLostException(String id) {
    super("The lease of campaign " + id + " is lost: another run has it.");
  }
}
