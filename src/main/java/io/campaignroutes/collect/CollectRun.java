package io.campaignroutes.collect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.store.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * One read of a tenant that is claimed.
 *
 * @param collector what is read
 * @param token of the claim
 * @param pollTime from when on changes are asked for; null for all
 * @param dueSince since when it has been due, in milliseconds since the epoch
 * @param failures so often in a row it had no answer
 * @param claimedAt since when it is claimed, in milliseconds since the epoch
 * @param readAt when it was answered last, in milliseconds since the epoch; null for never
 */
public record CollectRun(
    Collector collector,
    String token,
    String pollTime,
    long dueSince,
    int failures,
    long claimedAt,
    Long readAt)
    implements WorkQueue.Claim {
  /** What was told of a time so long before the last read is told again, and counted once. */
  private static final Duration OVERLAP = Duration.ofSeconds(30);

  @Override
  public String key() {
    return collector.label();
  }

  /** The route that makes the calls, {@code direct:collect-<name>}. */
  public String route() {
    return "collect-" + collector.label();
  }

  /** What the call is made from: {@code {updatedSince}}, where it asks for changes. */
  public PlatformRequest request() {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    arguments.put("updatedSince", pollTime == null ? "" : earlier(pollTime));
    return new PlatformRequest(arguments, Urgency.PACING, dueSince);
  }

  /**
   * An entry that changes while pages are read shifts the others, one of which is then not told.
   */
  private static String earlier(String pollTime) {
    try {
      return Instant.parse(pollTime).minus(OVERLAP).toString();
    } catch (DateTimeParseException e) {
      return pollTime; // of another form, as CXone gave it
    }
  }
}
