package io.campaignroutes.inbox;

/** Another process that takes from the same inbox has the file in hand. */
final class InboxElsewhereException extends RuntimeException {
  InboxElsewhereException() {
    super("Another replica has it in hand.");
  }
}
