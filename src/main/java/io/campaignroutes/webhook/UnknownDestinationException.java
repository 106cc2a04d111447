package io.campaignroutes.webhook;

import io.campaignroutes.text.Plain;

/** There is no destination of that name. */
public final class UnknownDestinationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownDestinationException(String name) {
    super("There is no destination " + Plain.quoted(name) + "; GET /destinations lists them.");
  }
}
