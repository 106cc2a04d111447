package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A part of a campaign's contacts as the CSV file that CXone is given. It has the same columns
 * whatever the campaign's own file had, then the campaign's own ones, so that a list is mapped once
 * for all parts: {@code createList} of the platform's file names them.
 */
final class ContactSheet {
  /** Every file has these. */
  private static final List<String> COLUMNS =
      List.of("externalId", "phone", "firstName", "lastName", "timeZone", "region", "postalCode");

  /** So long CXone keeps contacts at the most. */
  private static final Duration KEPT = Duration.ofDays(365);

  private ContactSheet() {}

  /** Those columns of a campaign's own that CXone has no field for. */
  static ArrayNode customColumns(JsonNode columns) {
    ArrayNode custom = JsonNodeFactory.instance.arrayNode();
    for (JsonNode column : columns) {
      if (!COLUMNS.contains(column.asText())) {
        custom.add(column.asText());
      }
    }
    return custom;
  }

  /**
   * The file of a part, in Base64.
   *
   * @param upload {@code {columns, contacts}}
   */
  static String base64(JsonNode upload) {
    List<String> given = new ArrayList<>();
    upload.path("columns").forEach(column -> given.add(column.asText()));
    List<String> names = new ArrayList<>(COLUMNS);
    customColumns(upload.path("columns")).forEach(column -> names.add(column.asText()));
    StringBuilder csv = new StringBuilder();
    line(csv, names);
    int zone = given.indexOf("timeZone");
    for (JsonNode contact : upload.path("contacts")) {
      List<String> cells = new ArrayList<>();
      for (String name : names) {
        int column = given.indexOf(name);
        String cell = column < 0 ? "" : contact.path(column).asText("");
        cells.add(column >= 0 && column == zone ? WindowsZones.named(cell).orElse(cell) : cell);
      }
      line(csv, cells);
    }
    return Base64.getEncoder().encodeToString(csv.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void line(StringBuilder csv, List<String> cells) {
    String separator = "";
    for (String cell : cells) {
      csv.append(separator).append(quoted(cell));
      separator = ",";
    }
    csv.append("\r\n");
  }

  /** A cell is one line, since not everybody who reads CSV knows of others. */
  private static String quoted(String cell) {
    String plain = cell.replaceAll("[\\r\\n]+", " ");
    return plain.matches("[^,;\"\\t]*") ? plain : '"' + plain.replace("\"", "\"\"") + '"';
  }

  /** What the file of a part is called. */
  static String name(String listName, int part) {
    return "%s-%d.csv".formatted(listName, part);
  }

  /**
   * The day on which CXone forgets contacts.
   *
   * @param sentAt milliseconds since the epoch
   */
  static String expires(long sentAt) {
    return Instant.ofEpochMilli(sentAt).plus(KEPT).atZone(ZoneOffset.UTC).toLocalDate().toString();
  }
}
