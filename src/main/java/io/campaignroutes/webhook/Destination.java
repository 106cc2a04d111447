package io.campaignroutes.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.Expression;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where events go.
 *
 * @param name names it everywhere: in the store, in lists, in metrics
 * @param url absolute http or https address; null for another Camel endpoint
 * @param endpoint Camel endpoint; null for an address
 * @param events types that it wants; null for all that are known
 * @param campaigns patterns of which CXone's campaign id has to match one; empty for all
 * @param template what makes the body; null for the event as it came
 * @param headers sent with every delivery; their values may change while it is used
 * @param signature what signs
 * @param rate deliveries a second from this process; 0 for no limit
 * @param concurrency posts at the same time from this process
 * @param ordered whether the events of one campaign arrive in order
 * @param own whether campaigns name it as their own externalWebhookUrl
 */
public record Destination(
    String name,
    String url,
    String endpoint,
    Set<String> events,
    List<Pattern> campaigns,
    Expression template,
    Map<String, String> headers,
    Signature signature,
    double rate,
    int concurrency,
    boolean ordered,
    boolean own) {
  /** What metrics call all addresses together that campaigns name. */
  static final String OWN_TAG = "campaign";

  private static final Pattern ADDRESS =
      Pattern.compile("(?s)([^:/?#@]+)://(?:[^/?#]*@)?([^/?#@]*).*");

  /** Passwords of endpoints may hold anything, a slash too. */
  private static final Pattern ENDPOINT =
      Pattern.compile("(?s)([^:/?@]+):(?://)?(?:.*@)?([^/@]*).*");

  private static final Pattern CARRIED = Pattern.compile("[\\x20-\\x7e\\t]*");

  /**
   * Sends a header with another value from now on.
   *
   * @throws IllegalArgumentException when none can carry it
   */
  void carry(String header, String value) {
    requireCarried(value);
    headers.put(header, value);
  }

  /**
   * Holds a value to what a header can carry.
   *
   * @throws IllegalArgumentException when it cannot; the message does not repeat it
   */
  static void requireCarried(String value) {
    if (!CARRIED.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "It has a line break, another control character or a letter outside ASCII, which no"
              + " header can carry");
    }
  }

  /** Whether it is reached over HTTP. */
  public boolean http() {
    return url != null;
  }

  /**
   * What operators are shown: scheme, host and port. What follows may be a secret, and so may what
   * stands before the host. An endpoint that has no host is shown without its options.
   */
  public String shown() {
    String all = http() ? url : endpoint.replaceFirst("(?s)\\?.*", "");
    if (!http() && !all.contains("://") && !all.contains("@")) {
      return all;
    }
    Matcher address = (http() ? ADDRESS : ENDPOINT).matcher(all);
    return address.matches() ? address.group(1) + "://" + address.group(2) + "/..." : "...";
  }

  /** What metrics call it; campaigns' own addresses are too many for a name each. */
  public String tag() {
    return own ? OWN_TAG : name;
  }

  /** Whether it wants an event that could be understood. */
  boolean wants(String type, String remoteId) {
    return (events == null || events.contains(type)) && wantsCampaign(remoteId);
  }

  /**
   * Whether it takes an event that could not be understood but is replayed all the same: of the
   * fields that its filters ask for, each must be there and match.
   *
   * @param event as {@link io.campaignroutes.cxone.PlatformEvents} has it
   */
  boolean wantsReplayed(JsonNode event) {
    return (events == null || events.contains(event.path("type").asText()))
        && wantsCampaign(event.path("remoteId").asText());
  }

  private boolean wantsCampaign(String remoteId) {
    return campaigns.isEmpty() || campaigns.stream().anyMatch(p -> p.matcher(remoteId).matches());
  }

  @Override
  public String toString() {
    return name;
  }
}
