package io.campaignroutes.webhook;

/** There is no delivery, or no destination, of that name. */
public final class UnknownDeliveryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnknownDeliveryException(String id) {
    super("There is no delivery " + id + ".");
  }
}
