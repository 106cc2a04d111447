package io.campaignroutes.text;

/** What was handed in is JSON, but larger than anything that is wanted. The message says why. */
public final class JsonTooLargeException extends RuntimeException {
  JsonTooLargeException(String message) {
    super(message);
  }
}
