package io.campaignroutes.inbox;

/** A file is no longer what it was when it was looked at; it has to be looked at again. */
final class InboxChangedException extends RuntimeException {
  InboxChangedException(String message) {
    super(message);
  }
}
