package io.campaignroutes.text;

import java.time.Instant;

/** Times as people and programs are told them. */
public final class Times {
  private Times() {}

  /**
   * A time in ISO 8601, UTC.
   *
   * @param millis since the epoch; null for none, which stays null
   */
  public static String iso(Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis).toString();
  }

  /** The same of a time that is known as such. */
  public static String iso(Instant at) {
    return at == null ? null : at.toString();
  }
}
