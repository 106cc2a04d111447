package io.campaignroutes.store;

/** The service must not start on this store; the message is the one line an operator reads. */
public final class StartRefusedException extends RuntimeException {
  StartRefusedException(String message) {
    super(message);
  }
}
