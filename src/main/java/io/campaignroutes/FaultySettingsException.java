package io.campaignroutes;

/**
 * Settings with which the service cannot start; the message has a line for each that an operator
 * reads.
 */
public final class FaultySettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FaultySettingsException(String message) {
    super(message);
  }
}
