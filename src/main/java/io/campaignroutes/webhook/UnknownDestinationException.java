package io.campaignroutes.webhook;

/** There is no destination of that name. */
public final class UnknownDestinationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownDestinationException(String name) {
    super(
        "There is no destination '"
            + Texts.storable(name, 80)
            + "'; GET /destinations lists them.");
  }
}
