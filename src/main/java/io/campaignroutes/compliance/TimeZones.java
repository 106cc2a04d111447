package io.campaignroutes.compliance;

import io.campaignroutes.text.Plain;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesProvider;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Time zones by their IANA names, links such as {@code US/Eastern} and legacy names such as {@code
 * EST5EDT} included. Offsets ({@code UTC+2}) and Java's own names ({@code SystemV/EST5}) are none.
 */
public final class TimeZones {
  private static final int YEARS_COMPARED = 2;
  private static final int MAX_NAME = 64;

  /** IANA names that Java knows only as abbreviations, or not under every version. */
  private static final Map<String, ZoneId> ABBREVIATIONS =
      Map.of(
          "EST", ZoneId.of("Etc/GMT+5"),
          "MST", ZoneId.of("Etc/GMT+7"),
          "HST", ZoneId.of("Etc/GMT+10"));

  private static final Map<String, ZoneId> ZONES = zones();
  private static final Map<String, String> BY_LOWER_CASE =
      ZONES.keySet().stream()
          .collect(Collectors.toUnmodifiableMap(id -> id.toLowerCase(Locale.ROOT), id -> id));

  private TimeZones() {}

  /**
   * The zone of an IANA name.
   *
   * @param id the name, upper and lower case as IANA has them; null is no name
   * @return empty when IANA has no such name
   */
  public static Optional<ZoneId> parse(String id) {
    return id == null ? Optional.empty() : Optional.ofNullable(ZONES.get(id));
  }

  /**
   * Whether two names mean the same clock: the same local time at every instant from {@code from}
   * to two years later.
   *
   * @return false too when one of the names is no IANA name
   */
  public static boolean equivalent(String a, String b, Instant from) {
    Optional<ZoneRules> first = parse(a).map(ZoneId::getRules);
    Optional<ZoneRules> second = parse(b).map(ZoneId::getRules);
    if (first.isEmpty() || second.isEmpty()) {
      return false;
    }
    if (first.get().equals(second.get())) {
      return true;
    }
    Instant until = from.atOffset(ZoneOffset.UTC).plusYears(YEARS_COMPARED).toInstant();
    return sameOffset(first.get(), second.get(), from)
        && sameAtChangesOf(first.get(), second.get(), from, until)
        && sameAtChangesOf(second.get(), first.get(), from, until);
  }

  /**
   * The name that a text of others obviously is: case, white space and what cannot be seen around
   * it make no difference. Windows' names are none.
   */
  static Optional<String> obvious(String text) {
    return ZONES.containsKey(text) ? Optional.of(text) : suggestion(Plain.line(text, MAX_NAME));
  }

  /** The edition of the IANA data that this Java has, such as {@code 2025a}. */
  static String version() {
    return ZoneRulesProvider.getVersions("UTC").lastKey();
  }

  /** The name that was probably meant: the same letters in the right case. */
  static Optional<String> suggestion(String id) {
    String plain = id.strip().replace(' ', '_').toLowerCase(Locale.ROOT);
    return Optional.ofNullable(BY_LOWER_CASE.get(plain));
  }

  private static boolean sameAtChangesOf(
      ZoneRules changing, ZoneRules other, Instant from, Instant until) {
    ZoneOffsetTransition change = changing.nextTransition(from);
    while (change != null && !change.getInstant().isAfter(until)) {
      if (!sameOffset(changing, other, change.getInstant())) {
        return false;
      }
      change = changing.nextTransition(change.getInstant());
    }
    return true;
  }

  private static boolean sameOffset(ZoneRules a, ZoneRules b, Instant at) {
    return a.getOffset(at).equals(b.getOffset(at));
  }

  private static Map<String, ZoneId> zones() {
    Map<String, ZoneId> zones =
        ZoneId.getAvailableZoneIds().stream()
            .filter(id -> !id.startsWith("SystemV/"))
            .collect(Collectors.toMap(Function.identity(), ZoneId::of));
    ABBREVIATIONS.forEach(zones::putIfAbsent);
    return Map.copyOf(zones);
  }
}
