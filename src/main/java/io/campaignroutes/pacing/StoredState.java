package io.campaignroutes.pacing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Json;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@link PacingState} or {@link PoolState} as it is kept: its JSON with a version. Another
 * version of the service may have written it: what it does not know has the value of a fresh state,
 * what is not known here is let go, and a version above ours means something that we cannot
 * understand.
 */
final class StoredState {
  /** Goes up when a state cannot be understood any more by whoever knows the version before. */
  private static final int VERSION = 1;

  /** No time of a state is later: the end of the year 9999. */
  private static final double MAX_TIME = 253_402_300_799_999.0;

  /**
   * Without these nothing is known: what CXone dials with, and the counts that the cap is about.
   */
  private static final List<String> NEEDED = List.of("commanded", "readAt", "period");

  /** The same of a pool: since when its agents are known, and whose turn it is. */
  private static final List<String> NEEDED_OF_POOL = List.of("sampledAt", "turn");

  private static final List<String> SIGNED = List.of("budget", "credit");

  private StoredState() {}

  static String text(PoolState state) {
    return Json.text(Json.<ObjectNode>tree(state).put("version", VERSION));
  }

  /**
   * Reads the state of a pool.
   *
   * @return empty when it cannot be read, or says what cannot be
   */
  static Optional<PoolState> readPool(String text) {
    return read(text, PoolState.NONE, PoolState.class, NEEDED_OF_POOL);
  }

  static String text(PacingState state) {
    return Json.text(Json.<ObjectNode>tree(state).put("version", VERSION));
  }

  /**
   * Reads a state.
   *
   * @param fresh what it would be if nothing were remembered
   * @return empty when it cannot be read, or says what cannot be
   */
  static Optional<PacingState> read(String text, PacingState fresh) {
    return read(text, fresh, PacingState.class, NEEDED);
  }

  private static <T> Optional<T> read(String text, T fresh, Class<T> type, List<String> needed) {
    try {
      JsonNode stored = Json.STRICT.readTree(text);
      if (!understood(stored.path("version")) || !needed.stream().allMatch(stored::has)) {
        return Optional.empty();
      }
      ObjectNode whole = Json.tree(fresh);
      for (Map.Entry<String, JsonNode> field : whole.properties()) {
        JsonNode value = stored.path(field.getKey());
        if (!value.isMissingNode() && !value.isNull()) {
          if (value.getNodeType() != field.getValue().getNodeType() || !possible(field, value)) {
            return Optional.empty();
          }
          field.setValue(value);
        }
      }
      return Optional.of(Json.STRICT.treeToValue(whole, type));
    } catch (JsonProcessingException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** States had no version before there were two. */
  private static boolean understood(JsonNode version) {
    int number = version.isMissingNode() ? 1 : version.isInt() ? version.intValue() : 0;
    return number >= 1 && number <= VERSION;
  }

  /** Only the credit, which a campaign's state calls its budget, can be below zero. */
  private static boolean possible(Map.Entry<String, JsonNode> field, JsonNode value) {
    if (!value.isNumber()) {
      return true;
    }
    double number = value.doubleValue();
    boolean time = field.getKey().endsWith("At") || field.getKey().endsWith("Since");
    boolean whole = time && field.getValue().isIntegralNumber();
    return Math.abs(number) <= MAX_TIME
        && (number >= 0 || SIGNED.contains(field.getKey()))
        && (!whole || value.isIntegralNumber());
  }
}
