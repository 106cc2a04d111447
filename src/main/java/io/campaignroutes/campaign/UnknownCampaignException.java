package io.campaignroutes.campaign;

/** There is no campaign of that id. */
public final class UnknownCampaignException extends RuntimeException {
  public UnknownCampaignException(String id) {
    super(
        "There is no campaign '"
            + id.replaceAll("\\p{Cntrl}", "?").substring(0, Math.min(80, id.length()))
            + "', neither by our id nor by CXone's.");
  }

  /** Of a campaign whose records have left the store. */
  UnknownCampaignException(Archived.Left left) {
    super("There is no campaign '" + left.id() + "' any more. " + left.sentence());
  }
}
