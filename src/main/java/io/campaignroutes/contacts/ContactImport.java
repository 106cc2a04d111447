package io.campaignroutes.contacts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a campaign was taken with, and how far its lines are judged.
 *
 * @param file what it was taken with, whatever its name stands for now
 * @param request {@code contacts} of the campaign's request
 * @param judged lines that are judged
 * @param bytes of the file that were read
 * @param outcomes how many lines by {@link ContactOutcome}
 * @param problem why the file is refused; null when it is not
 */
public record ContactImport(
    String campaignId,
    ContactFile file,
    JsonNode request,
    State state,
    long judged,
    long bytes,
    ObjectNode outcomes,
    String problem) {

  /** How far it is. Stored by name. */
  public enum State {
    READING,
    /** All lines are judged. */
    JUDGED,
    /** The file is no CSV with telephone numbers. */
    REFUSED,
    /** The contacts were removed some time after the campaign's end. */
    REMOVED
  }

  static ContactImport of(ResultSet row, int n) throws SQLException {
    return new ContactImport(
        row.getString("campaign_id"),
        new ContactFile(
            row.getString("file_id"),
            row.getString("name"),
            row.getString("sha256"),
            row.getLong("size")),
        Json.storedObject(row.getString("request")),
        State.valueOf(row.getString("state")),
        row.getLong("judged"),
        row.getLong("bytes_read"),
        Json.storedObject(row.getString("outcomes")),
        row.getString("problem"));
  }

  /** How many lines had an outcome. */
  public long count(ContactOutcome outcome) {
    return outcomes.path(outcome.name()).asLong();
  }

  /** How much of the file is judged, from 0 to 1. */
  public double progress() {
    return switch (state) {
      case JUDGED, REMOVED -> 1;
      default -> file.size() == 0 ? 0 : Math.min(1, (double) bytes / file.size());
    };
  }

  Map<String, String> mapping() {
    return mapping(request);
  }

  static Map<String, String> mapping(JsonNode request) {
    Map<String, String> mapping = new TreeMap<>();
    request
        .path("mapping")
        .properties()
        .forEach(field -> mapping.put(field.getKey(), field.getValue().asText()));
    return mapping;
  }

  /** What audit lines and answers tell of it: counts and a SHA-256, and nobody's number. */
  public ObjectNode told() {
    ObjectNode told = Json.object();
    told.put("file", file.name());
    told.put("sha256", file.sha256());
    told.put("lines", judged);
    told.set("outcomes", outcomes);
    return told;
  }
}
