package io.campaignroutes.webhook;

import java.util.Set;

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
    String destination, Set<DeliveryStatus> statuses, Long from, Long to, boolean dryRun) {}
