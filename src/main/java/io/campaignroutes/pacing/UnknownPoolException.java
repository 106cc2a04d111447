package io.campaignroutes.pacing;

import io.campaignroutes.text.Plain;

/** No campaign has ever dialed for an agent pool of that id. */
public final class UnknownPoolException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownPoolException(String id) {
    super("No campaign has dialed for an agent pool " + Plain.quoted(id) + ".");
  }
}
