package io.campaignroutes.webhook;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which deliveries are sent again.
 *
 * @param destination only those; null for all
 * @param statuses those in one of these
 * @param from created at or after this, in milliseconds since the epoch; null from the start
 * @param to created before this; null up to now
 * @param dryRun whether they are only counted
 */
public record ReplayFilter(
    String destination, Set<DeliveryStatus> statuses, Long from, Long to, boolean dryRun) {
  /** As SQL over {@code delivery}, with {@link #params}. */
  String where() {
    // as constants, so that the index over what is not delivered is seen to fit
    String words =
        statuses.stream()
            .map(status -> "'" + status.name() + "'")
            .sorted()
            .collect(Collectors.joining(", "));
    return " where status in ("
        + words
        + ") and created_at < :to"
        + (from == null ? "" : " and created_at >= :from")
        + (destination == null ? "" : " and destination = :destination");
  }

  /**
   * What {@link #where} names.
   *
   * @param before epoch ms, {@link #to} or now
   */
  Map<String, Object> params(long before) {
    Map<String, Object> params = new HashMap<>();
    params.put("to", before);
    if (from != null) {
      params.put("from", from);
    }
    if (destination != null) {
      params.put("destination", destination);
    }
    return params;
  }
}
