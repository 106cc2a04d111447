package io.campaignroutes;

/**
 * A setting without which the service cannot start; the message is the one line an operator reads.
 */
public final class MissingSettingException extends RuntimeException {
  MissingSettingException(String message) {
    super(message);
  }
}
