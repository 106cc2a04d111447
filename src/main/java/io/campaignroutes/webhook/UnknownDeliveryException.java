package io.campaignroutes.webhook;

/** There is no delivery of that id. */
public final class UnknownDeliveryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownDeliveryException(String id) {
    super("There is no delivery '" + Texts.storable(id, 80) + "'.");
  }
}
