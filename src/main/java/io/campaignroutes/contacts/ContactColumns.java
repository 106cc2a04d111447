package io.campaignroutes.contacts;

import io.campaignroutes.text.Plain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which column of a file holds what. A column is found by its header, whatever its case, spaces,
 * hyphens and underscores, or by a mapping; every other one is a field of the customer's own.
 */
final class ContactColumns {
  /** What a contact has a place of its own for. */
  static final List<String> KNOWN =
      List.of(
          "phone",
          "externalId",
          "firstName",
          "lastName",
          "timeZone",
          "country",
          "region",
          "postalCode",
          "consentAt");

  private static final int MAX_NAME = 100;
  private static final int MAX_TOLD = 10;

  private final List<String> names; // by column

  private ContactColumns(List<String> names) {
    this.names = names;
  }

  /**
   * Reads a header.
   *
   * @param header the first row of a file; null when it has none
   * @param mapping header by what stands under it; all others by their own names
   * @throws CsvFault when it has no telephone numbers, or one name twice
   */
  static ContactColumns of(CsvReader.Row header, Map<String, String> mapping) {
    if (header == null) {
      throw new CsvFault(1, "is missing: the file is empty. Begin it with a header.");
    }
    Map<String, String> mapped = new HashMap<>();
    mapping.forEach((name, column) -> mapped.put(key(column), name));
    Map<String, String> known = new HashMap<>();
    KNOWN.stream().filter(n -> !mapping.containsKey(n)).forEach(n -> known.put(key(n), n));
    List<String> names = new ArrayList<>();
    Map<String, Integer> places = new TreeMap<>();
    for (String text : header.cells()) {
      String name = mapped.getOrDefault(key(text), known.getOrDefault(key(text), text));
      boolean taken = name.isEmpty() || name.equals(text) && mapping.containsKey(name);
      if (taken) { // a column of that name, where the mapping says that another one holds it
        name = (name.isEmpty() ? "column" : name + " of column") + " " + (names.size() + 1);
      }
      if (name.length() > MAX_NAME) {
        throw new CsvFault(
            header.line(), "has a column name of more than " + MAX_NAME + " characters.");
      }
      names.add(name);
      Integer before = places.put(name, names.size());
      if (before != null) {
        throw new CsvFault(
            header.line(),
            "names columns %d and %d alike. Name one of them otherwise, and put a line with the names first if there is none."
                .formatted(before, names.size()));
      }
    }
    mapping.forEach((name, column) -> requireMapped(header, places, name, column));
    if (!places.containsKey("phone")) {
      throw new CsvFault(
          header.line(),
          "has no column \"phone\". It has %s. Name the one with the telephone numbers phone, or name it in the campaign: \"contacts\": {\"mapping\": {\"phone\": \"<its name>\"}}."
              .formatted(told(header.cells())));
    }
    return new ContactColumns(names);
  }

  private static void requireMapped(
      CsvReader.Row header, Map<String, Integer> places, String name, String column) {
    if (!places.containsKey(name)) {
      throw new CsvFault(
          header.line(),
          "has no column \"%s\", which contacts.mapping names for %s. It has %s."
              .formatted(Plain.escaped(column), name, told(header.cells())));
    }
  }

  /** A header without its names: a file without a header has a telephone number there. */
  private static String told(List<String> cells) {
    boolean data =
        cells.stream().anyMatch(cell -> cell.chars().filter(Character::isDigit).count() > 4);
    if (data) {
      return cells.size() + " columns, and looks like a line of contacts";
    }
    List<String> shown = cells.stream().limit(MAX_TOLD).map(Plain::escaped).toList();
    return "\""
        + String.join("\", \"", shown)
        + "\""
        + (cells.size() > MAX_TOLD ? " and others" : "");
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
  }

  Set<String> names() {
    return Set.copyOf(names);
  }

  int count() {
    return names.size();
  }

  /** The cells of a row by the names of their columns, those that hold something. */
  Map<String, String> fields(CsvReader.Row row) {
    Map<String, String> fields = new TreeMap<>();
    for (int i = 0; i < Math.min(names.size(), row.cells().size()); i++) {
      if (!row.cells().get(i).isEmpty()) {
        fields.put(names.get(i), row.cells().get(i));
      }
    }
    return fields;
  }
}
