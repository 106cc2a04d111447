package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.ibm.icu.util.TimeZone;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Time zones as CXone names them: by Windows' names, such as {@code Eastern Standard Time}, or by
 * what people are shown, such as {@code (GMT-05:00) Eastern Time (US & Canada)}.
 */
final class WindowsZones {
  /** What is shown begins with the offset, which is told as GMT or UTC and need not be today's. */
  private static final Pattern OFFSET = Pattern.compile("^\\s*\\((?:GMT|UTC)[^)]*\\)\\s*");

  /** The region whose zone stands for a Windows zone that lies in several countries. */
  private static final String REGION = "US";

  private final Map<String, String> windowsByDisplay = new HashMap<>();

  /**
   * @param zones {@code [{display, windows}]}, the tenant's
   */
  WindowsZones(JsonNode zones) {
    for (JsonNode zone : zones) {
      windowsByDisplay.put(plain(zone.path("display").asText()), zone.path("windows").asText());
    }
  }

  /**
   * Windows' name of a zone.
   *
   * @param zone by its IANA name, or Windows' own
   * @return empty when there is none
   */
  static Optional<String> named(String zone) {
    String name = zone.strip();
    String windows = TimeZone.getWindowsID(name);
    boolean own = windows == null && TimeZone.getIDForWindowsID(name, REGION) != null;
    return Optional.ofNullable(own ? name : windows);
  }

  /** The IANA name of a zone; what was told where it has none that is known. */
  String iana(String told) {
    String name = told.strip();
    String windows = windowsByDisplay.getOrDefault(plain(name), name);
    String iana = TimeZone.getIDForWindowsID(windows, REGION);
    if (iana != null) {
      return iana;
    }
    return ZoneId.getAvailableZoneIds().contains(name) ? name : told;
  }

  private static String plain(String display) {
    return OFFSET
        .matcher(display)
        .replaceFirst("")
        .replaceAll("\\s+", " ")
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
