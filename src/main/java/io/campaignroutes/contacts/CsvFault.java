package io.campaignroutes.contacts;

/** A file is not the CSV that it has to be. The message says what to do, and quotes no cell. */
public class CsvFault extends RuntimeException {
  private final long line;

  /**
   * @param line on which it is noticed, from 1
   */
  CsvFault(long line, String message) {
    super("Line " + line + " " + message);
    this.line = line;
  }

  /** The line on which it is noticed, from 1. */
  public long line() {
    return line;
  }
}
