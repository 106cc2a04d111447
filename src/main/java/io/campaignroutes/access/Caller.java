package io.campaignroutes.access;

import java.util.Locale;

/**
 * Who asks for something: the name that history and audit tell, how it was proved, and what it may
 * do.
 *
 * @param name of the key, of the client that a token was made for, or of the person
 */
public record Caller(String name, Kind kind, Role role) {
  /** What history and audit tell of what he does. */
  public By by() {
    return By.of(name, kind);
  }

  /** How somebody is known. */
  public enum Kind {
    /** A key of the API, in {@code API_KEY} or the keys file. */
    KEY,
    /** A machine's token, made by the issuer. */
    TOKEN,
    /** Somebody who signed in to the console. */
    PERSON,
    /** Whoever may write into an inbox folder. */
    INBOX,
    /** The service itself, at a time that a campaign asks for. */
    SCHEDULE;

    /** The word that history and audit tell. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
