package io.campaignroutes.inbox;

/** A file whose entries are taken cannot be moved to where it belongs. The message says why. */
final class InboxNotFiledException extends RuntimeException {
  InboxNotFiledException(String message, Throwable cause) {
    super(message, cause);
  }
}
