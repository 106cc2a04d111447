package io.campaignroutes.campaign;

import io.campaignroutes.shared.NotFoundException;
import io.campaignroutes.text.Plain;

/** There is no campaign of that id. */
public final class UnknownCampaignException extends NotFoundException {
  private static final long serialVersionUID = 1L;
  private static final String TITLE = "Unknown campaign";

  public UnknownCampaignException(String id) {
    super(
        TITLE, "There is no campaign " + Plain.quoted(id) + ", neither by our id nor by CXone's.");
  }

  /** Of a campaign whose records have left the store. */
  UnknownCampaignException(Archived.Left left) {
    super(TITLE, "There is no campaign '" + left.id() + "' any more. " + left.sentence());
  }
}
