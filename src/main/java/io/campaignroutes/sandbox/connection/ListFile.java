package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file that was uploaded to a list.
 *
 * @param rows in their order, of good and bad contacts
 */
record ListFile(List<Row> rows) {

  private static final String NUMBER = "\\+?[0-9]{7,15}";
  private static final CsvMapper CSV = new CsvMapper();

  /** A contact: its key in the list, and its number. */
  record Row(String externalId, String phone) {}

  /**
   * Reads a file.
   *
   * @param columns what the list says of the file's columns
   */
  static ListFile of(byte[] file, Columns columns) {
    String text = new String(file, StandardCharsets.UTF_8);
    CsvSchema header = CsvSchema.emptySchema().withHeader();
    List<Row> rows = new ArrayList<>();
    try (MappingIterator<Map<String, String>> lines =
        CSV.readerForMapOf(String.class).with(header).readValues(text)) {
      while (lines.hasNext()) {
        Map<String, String> line = lines.next();
        if (!line.keySet().containsAll(List.of(columns.externalId(), columns.phone()))) {
          throw Refused.header(400, "InvalidListFile");
        }
        rows.add(new Row(line.get(columns.externalId()), line.get(columns.phone())));
      }
    } catch (IOException | RuntimeException e) {
      throw e instanceof Refused refused ? refused : Refused.header(400, "InvalidListFile");
    }
    if (rows.isEmpty()) {
      throw Refused.header(400, "InvalidListFile");
    }
    return new ListFile(rows);
  }

  /** The contacts that are taken: with a number, and a key that the list does not have yet. */
  List<Row> taken(List<Row> before) {
    Set<String> keys = new HashSet<>();
    before.forEach(row -> keys.add(row.externalId()));
    return rows.stream()
        .filter(
            row ->
                row.phone().matches(NUMBER)
                    && !row.externalId().isBlank()
                    && keys.add(row.externalId()))
        .toList();
  }

  /** Which columns of its files a list has its contacts in. */
  record Columns(String externalId, String phone) {

    /** As a list is created with them. */
    static Columns of(String externalId, JsonNode mappings) {
      for (JsonNode mapping : mappings) {
        if (mapping.path("fieldName").asText().equals("PhoneNumber")) {
          return new Columns(externalId, mapping.path("fieldValue").asText());
        }
      }
      return new Columns(externalId, "phone");
    }
  }
}
