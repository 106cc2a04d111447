package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;

/**
 * What an operation of the platform is asked for; the body of every {@code direct:platform-..}.
 *
 * @param arguments what it is about, by the names that {@link PlatformRequests} gives them
 * @param urgency how it stands among the calls that wait when the rate limit is short
 * @param dueSince since when its work has been due, in milliseconds since the epoch; of two that
 *     are as urgent the older goes first
 */
public record PlatformRequest(JsonNode arguments, Urgency urgency, long dueSince) {

  /** A route that names a field has it looked up by this: the arguments are large. */
  @Override
  public int hashCode() {
    return Objects.hash(urgency, dueSince);
  }

  /** The agent pool that is asked about. */
  public String poolId() {
    return arguments.path("poolId").asText();
  }

  /** The same with one argument more. */
  public PlatformRequest with(String name, JsonNode value) {
    ObjectNode more = JsonNodeFactory.instance.objectNode().setAll((ObjectNode) arguments);
    more.set(name, value);
    return new PlatformRequest(more, urgency, dueSince);
  }
}
