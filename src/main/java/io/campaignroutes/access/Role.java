package io.campaignroutes.access;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What somebody may do; each role may do all that those before it may. */
public enum Role {
  /** Reads everything but keys. */
  VIEWER,
  /** Launches, steers, replays and uploads. */
  OPERATOR,
  /** Switches destinations off and on. */
  ADMIN;

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  /** Nothing but switching changes a destination. */
  private static final String DESTINATIONS = "/destinations";

  /** The word that stands in a keys file. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of that word. */
  public static Optional<Role> of(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }

  /** The words of all roles, the least one first. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Role::word).toList();
  }

  /** Whether who has this role may do what another one is needed for. */
  public boolean mayAs(Role needed) {
    return compareTo(needed) >= 0;
  }

  /**
   * The role that a request needs, whether its path exists or not.
   *
   * @param method in upper case
   * @param path without the query, percent-encoded as it was sent
   */
  public static Role needed(String method, String path) {
    if (READING.contains(method)) {
      return VIEWER;
    }
    return changesDestinations(path) ? ADMIN : OPERATOR;
  }

  /** Below whatever a proxy puts before it, and however it is spelt; in doubt it does. */
  private static boolean changesDestinations(String path) {
    try {
      return URLDecoder.decode(path, StandardCharsets.UTF_8)
          .toLowerCase(Locale.ROOT)
          .contains(DESTINATIONS);
    } catch (IllegalArgumentException e) {
      return true; // it is not percent-encoded as it should be
    }
  }
}
