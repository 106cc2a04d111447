package io.campaignroutes.webhook;

/** A delivery cannot be sent again: no destination takes it. */
public final class NotReplayableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotReplayableException(String message) {
    super(message);
  }
}
