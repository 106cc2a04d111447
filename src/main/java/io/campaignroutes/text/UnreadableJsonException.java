package io.campaignroutes.text;

import java.util.Optional;

/** What was handed in is not JSON. The message says where it stops being JSON. */
public final class UnreadableJsonException extends RuntimeException {
  private final long line;

  public UnreadableJsonException(String message) {
    this(message, 1);
  }

  private UnreadableJsonException(String message, long line) {
    super(message);
    this.line = line;
  }

  /**
   * @param fault empty when the text itself shows none
   * @param line on which the text begins
   */
  public static UnreadableJsonException of(Optional<JsonFault> fault, long line) {
    return new UnreadableJsonException(
        fault
            .map(JsonFault::message)
            .orElse(
                "The JSON that begins at line " + line + " cannot be read. Check what wrote it."),
        fault.map(JsonFault::line).orElse(line));
  }

  /** The line of the file at fault, from 1. */
  public long line() {
    return line;
  }
}
