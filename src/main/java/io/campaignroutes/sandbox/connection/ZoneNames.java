package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.SandboxJson;
import java.time.ZoneId;
import java.util.List;

/** The time zones that the tenant knows: by Windows' names, and in a form for display. */
final class ZoneNames {

  /** The business unit's. */
  static final String BUSINESS_UNIT = "Eastern Standard Time";

  static final ZoneId BUSINESS_UNIT_ID = ZoneId.of("America/New_York");

  private static final List<String[]> ALL =
      List.of(
          new String[] {"Hawaiian Standard Time", "(UTC-10:00) Hawaii", "-10:00:00"},
          new String[] {"Alaskan Standard Time", "(UTC-09:00) Alaska", "-09:00:00"},
          new String[] {
            "Pacific Standard Time", "(UTC-08:00) Pacific Time (US & Canada)", "-08:00:00"
          },
          new String[] {"US Mountain Standard Time", "(GMT-07:00) Arizona", "-07:00:00"},
          new String[] {
            "Mountain Standard Time", "(UTC-07:00) Mountain Time (US & Canada)", "-07:00:00"
          },
          new String[] {
            "Central Standard Time", "(UTC-06:00) Central Time (US & Canada)", "-06:00:00"
          },
          new String[] {BUSINESS_UNIT, "(UTC-05:00) Eastern Time (US & Canada)", "-05:00:00"},
          new String[] {
            "Atlantic Standard Time", "(UTC-04:00) Atlantic Time (Canada)", "-04:00:00"
          },
          new String[] {
            "GMT Standard Time", "(UTC+00:00) Dublin, Edinburgh, Lisbon, London", "00:00:00"
          },
          new String[] {
            "W. Europe Standard Time",
            "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
            "01:00:00"
          });

  private ZoneNames() {}

  static ArrayNode json() {
    ArrayNode all = SandboxJson.MAPPER.createArrayNode();
    for (String[] zone : ALL) {
      ObjectNode entry = all.addObject();
      entry.put("displayName", zone[1]).put("standardName", zone[0]).put("offset", zone[2]);
    }
    return all;
  }

  static boolean knows(String standardName) {
    return ALL.stream().anyMatch(zone -> zone[0].equals(standardName));
  }

  static String display(String standardName) {
    return ALL.stream()
        .filter(zone -> zone[0].equals(standardName))
        .map(zone -> zone[1])
        .findFirst()
        .orElseThrow();
  }
}
