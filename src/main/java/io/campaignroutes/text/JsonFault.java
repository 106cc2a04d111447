package io.campaignroutes.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The first place at which a text is not valid JSON, and why, in words for people. It is found by
 * reading the text itself, since what a parser says of it is for programmers.
 *
 * @param line from 1, of the whole file
 * @param column from 1, in characters
 * @param message what is wrong, where, and what to do
 * @param limit whether it is JSON, but longer or deeper than anything that is read here
 */
public record JsonFault(long line, long column, String message, boolean limit) {
  /** What the text is, and so what advice fits. */
  public enum Kind {
    /** The body of an HTTP request: one document. */
    BODY,
    /** A file with one document. */
    FILE,
    /** A file with one request or a list of them. */
    REQUESTS,
    /** One line of a file that has a request in each. */
    LINE
  }

  /**
   * What is read.
   *
   * @param kind what the text is
   * @param line the line of the file on which it begins, from 1
   * @param column the column in which it begins, from 1
   * @param uniqueNames whether a name must not appear twice in an object
   */
  public record Origin(Kind kind, long line, long column, boolean uniqueNames) {
    /** A whole text of a kind. */
    public static Origin of(Kind kind, boolean uniqueNames) {
      return new Origin(kind, 1, 1, uniqueNames);
    }
  }

  /** The first fault of a text; empty when it is valid JSON. */
  public static Optional<JsonFault> in(byte[] text, Origin origin) {
    try {
      return in(new ByteArrayInputStream(text), origin);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first fault of a text of any size; empty when it is valid JSON. */
  public static Optional<JsonFault> in(InputStream in, Origin origin) throws IOException {
    try {
      new JsonReading(in, origin).readAll();
      return Optional.empty();
    } catch (JsonReading.Stopped stopped) {
      return Optional.of(stopped.fault());
    }
  }
}
