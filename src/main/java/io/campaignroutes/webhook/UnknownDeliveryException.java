package io.campaignroutes.webhook;

import io.campaignroutes.text.Plain;

/** There is no delivery of that id. */
public final class UnknownDeliveryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownDeliveryException(String id) {
    super("There is no delivery " + Plain.quoted(id) + ".");
  }
}
