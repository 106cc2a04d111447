package io.campaignroutes.access;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.text.Plain;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the claims of an issuer say of a caller. */
final class Claims {
  /** Of a machine, the most telling one first: RFC 9068, OpenID Connect, RFC 7519. */
  static final List<String> MACHINE = List.of("client_id", "azp", "sub");

  /** Of a person, by the standard claims of OpenID Connect Core, section 5.1. */
  static final List<String> PERSON = List.of("preferred_username", "email", "name", "sub");

  /** Characters that a name may have, as a key's. */
  private static final int MAX_NAME = 64;

  private static final int HASH = 8;

  private Claims() {}

  /**
   * The highest role of ours that the claims name.
   *
   * @param where the claim: a list, or words with blanks between; dots lead into claims within
   *     claims, unless there is a claim that is called so, dots and all
   */
  static Optional<Role> role(Map<String, Object> claims, String where) {
    return words(find(claims, where))
        .map(Role::of)
        .flatMap(Optional::stream)
        .max(Comparator.naturalOrder());
  }

  /**
   * The name that stands in history, audit and log. One that cannot stand there as it is, or is too
   * long, ends in a part of its SHA-256, so that no two callers are called the same because of
   * that.
   *
   * @param in the claims that may have it, the best first
   */
  static String name(Map<String, Object> claims, List<String> in) {
    String given =
        in.stream()
            .map(claims::get)
            .filter(one -> one instanceof String text && !text.isBlank())
            .map(Object::toString)
            .findFirst()
            .orElse("nameless");
    String plain = Plain.line(given, MAX_NAME);
    return plain.equals(given)
        ? plain
        : Plain.line(given, MAX_NAME - HASH - 1) + "~" + Hashes.sha256(given).substring(0, HASH);
  }

  private static Object find(Map<?, ?> claims, String where) {
    Object found = claims.get(where);
    for (int dot = where.indexOf('.');
        found == null && dot > 0;
        dot = where.indexOf('.', dot + 1)) {
      if (claims.get(where.substring(0, dot)) instanceof Map<?, ?> within) {
        found = find(within, where.substring(dot + 1));
      }
    }
    return found;
  }

  private static Stream<String> words(Object claim) {
    if (claim instanceof Collection<?> all) {
      return all.stream().filter(String.class::isInstance).map(String.class::cast);
    }
    return claim instanceof String text ? Arrays.stream(text.split(" ")) : Stream.empty();
  }
}
