package io.campaignroutes.access;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.campaignroutes.shared.Hashes;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A key of the API, without the key itself.
 *
 * @param name who uses it, unique in a file
 * @param role what it may do
 * @param sha256 of the key in UTF-8, 64 hex digits in lower case
 * @param made when
 * @param expires from when on it opens nothing; null is never
 */
public record ApiKey(String name, Role role, String sha256, Instant made, Instant expires) {
  /** The name of the key that the environment gives. */
  public static final String DEFAULT = "default";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /** As it stands in a file. */
  record Entry(
      @JsonProperty String name,
      @JsonProperty String role,
      @JsonProperty String sha256,
      @JsonProperty String made,
      @JsonProperty String expires) {
    /**
     * @throws KeysFaultException with what is wrong and what to do
     */
    ApiKey key() throws KeysFaultException {
      requireName(name);
      String of = "The key " + name;
      Role known =
          Role.of(role)
              .orElseThrow(
                  () ->
                      new KeysFaultException(
                          of
                              + (role == null ? " has no role" : " has the role " + role)
                              + "; roles are "
                              + String.join(", ", Role.words())
                              + "."));
      if (sha256 == null || !HASH.matcher(sha256).matches()) {
        throw new KeysFaultException(
            of + " has no sha256 of 64 hex digits. Revoke it and add it again.");
      }
      return new ApiKey(name, known, sha256, time(of, "made", made), time(of, "expires", expires));
    }

    private static Instant time(String of, String what, String given) throws KeysFaultException {
      try {
        return given == null ? null : Instant.parse(given);
      } catch (DateTimeException e) {
        throw new KeysFaultException(
            of + ": " + what + " is no time such as 2027-01-31T12:00:00Z: " + given + ".");
      }
    }
  }

  /**
   * Holds a name to what can stand in a file, a log and a header.
   *
   * @throws KeysFaultException when it cannot
   */
  static void requireName(String name) throws KeysFaultException {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new KeysFaultException(
          "A key's name has 1 to 64 letters, digits, dots, dashes or underlines and begins with a"
              + " letter or digit.");
    }
    if (name.equals(DEFAULT)) {
      throw new KeysFaultException(
          "The name " + DEFAULT + " is the one of API_KEY. Give the key another.");
    }
  }

  /** The key that the environment gives: it may do everything and never expires. */
  static ApiKey ofEnvironment(String key) {
    return new ApiKey(DEFAULT, Role.ADMIN, Hashes.sha256(key), null, null);
  }

  /** Whether it opens nothing any more. */
  public boolean expired(Instant now) {
    return expires != null && !now.isBefore(expires);
  }

  /** Who shows it. */
  public Caller caller() {
    return new Caller(name, Caller.Kind.KEY, role);
  }

  /** Its line in a keys file. */
  String line() {
    return "- {name: '%s', role: %s, sha256: '%s', made: '%s'%s}"
        .formatted(
            name, role.word(), sha256, made, expires == null ? "" : ", expires: '" + expires + "'");
  }
}
