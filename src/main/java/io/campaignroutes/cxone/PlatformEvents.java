package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.UnreadableJsonException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a platform posts of its campaigns, and how that is read: {@code events:} of its file. An
 * event is {@code {remoteId, status, occurredAt, type, id, failureCode}}: the platform's id of the
 * campaign and its word for how it stands, when that happened, one of the {@link #TYPES}, the
 * event's own id and the code of a failure where there is one. What is observed, and not posted,
 * says {@code byPerson}: whether somebody did it in the platform's own pages.
 */
public final class PlatformEvents {
  /** What can happen to a campaign, whatever the platform calls it. */
  public static final Set<String> TYPES =
      Set.of(
          "CAMPAIGN_ACTIVATED",
          "CAMPAIGN_PAUSED",
          "CAMPAIGN_COMPLETED",
          "CAMPAIGN_ERROR",
          "CAMPAIGN_CHANGED");

  private static final List<String> FIELDS =
      List.of("remoteId", "status", "occurredAt", "type", "id", "failureCode");

  private static final Pattern HEADER = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");

  /** Whatever could name a field in a template: words, and texts in quotes. */
  private static final Pattern NAME =
      Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|([A-Za-z_][\\w-]*)");

  /** What is observed of campaigns, where nothing is posted, is told in these words. */
  private static final String OBSERVED =
      """
      {
        "remoteId": .campaignId,
        "status": .status,
        "occurredAt": .timestamp,
        "type": .eventType,
        "id": .eventId,
        "failureCode": .errorCode,
        "byPerson": .byPerson
      }""";

  /** A platform that posts none; what is observed of its campaigns can be read all the same. */
  public static final PlatformEvents NONE = made(null, OBSERVED);

  private final String tokenHeader;
  private final Expression template;
  private final Set<String> names;
  private final Map<String, String> called;

  private PlatformEvents(
      String tokenHeader, Expression template, Set<String> names, Map<String, String> called) {
    this.tokenHeader = tokenHeader;
    this.template = template;
    this.names = names;
    this.called = called;
  }

  /**
   * The events of a platform.
   *
   * @param tokenHeader names the header that carries the webhooks' secret
   * @param event a JSLT template that makes our event of one that was posted
   * @throws JsltException when the template does not compile
   * @throws IllegalArgumentException when one is missing or wrong, a sentence that goes on from the
   *     name of the section
   */
  public static PlatformEvents of(String tokenHeader, String event) {
    if (tokenHeader == null || !HEADER.matcher(tokenHeader).matches()) {
      throw new IllegalArgumentException(
          "does not name the header that carries the webhooks' secret. Add token-header as"
              + " config/cxone/v2.yaml has it.");
    }
    if (event == null) {
      throw new IllegalArgumentException(
          "does not say how an event is read. Add event as config/cxone/v2.yaml has it.");
    }
    for (String field : FIELDS) {
      if (!event.contains('"' + field + '"')) {
        throw new IllegalArgumentException(
            "makes no '%s' of an event. Make it in event, with null where the platform tells none."
                .formatted(field));
      }
    }
    return made(tokenHeader, event);
  }

  private static PlatformEvents made(String tokenHeader, String event) {
    Expression template = ApiFile.keepingEmpty(event);
    return new PlatformEvents(tokenHeader, template, names(event), called(template));
  }

  private static Set<String> names(String template) {
    Set<String> names = new HashSet<>();
    Matcher name = NAME.matcher(template);
    while (name.find()) {
      names.add(name.group(1) == null ? name.group(2) : name.group(1));
    }
    return names;
  }

  /** What the platform calls each of our fields: that which an event has in it. */
  private static Map<String, String> called(Expression template) {
    Map<String, String> called = new HashMap<>();
    NamedFields event = new NamedFields();
    try {
      JsonNode made = template.apply(event);
      for (String field : FIELDS) {
        String from = made.path(field).asText();
        if (made.path(field).isTextual() && event.read.contains(from)) {
          called.put(field, from);
        }
      }
    } catch (JsltException e) {
      return Map.of(); // it computes with what it reads; then our own names are told
    }
    return called;
  }

  /** An event each of whose fields says what it is called. */
  private static final class NamedFields extends ObjectNode {
    private static final long serialVersionUID = 1;
    private final transient Set<String> read = new HashSet<>();

    NamedFields() {
      super(JsonNodeFactory.instance);
    }

    @Override
    public JsonNode get(String name) {
      read.add(name);
      return TextNode.valueOf(name);
    }
  }

  /** Whether the platform posts any. */
  public boolean posted() {
    return tokenHeader != null;
  }

  /** The header that carries the webhooks' secret; null for a platform that posts nothing. */
  public String tokenHeader() {
    return tokenHeader;
  }

  /**
   * The secret that a request carries; null for none.
   *
   * @param headers a header by its name
   */
  public String token(UnaryOperator<String> headers) {
    return posted() ? headers.apply(tokenHeader) : null;
  }

  /** What the platform calls a field of ours, to be told to its people. */
  public String called(String field) {
    return called.getOrDefault(field, field);
  }

  /**
   * An event as it is read.
   *
   * @param fields ours; what is empty or not there is left out
   * @param empty of ours those that are there and null
   * @param problem why nothing could be made of it, a sentence; null when all is well
   */
  public record Read(ObjectNode fields, Set<String> empty, String problem) {}

  /**
   * Reads an event.
   *
   * @param body as it came
   * @throws UnreadableJsonException when it is no JSON object in UTF-8
   */
  public Read read(byte[] body) {
    ObjectNode event = Json.eventFields(body, names);
    Set<String> empty = new HashSet<>();
    called.forEach(
        (field, name) -> {
          if (event.path(name).isNull()) {
            empty.add(field);
          }
        });
    try {
      if (template.apply(event) instanceof ObjectNode fields) {
        return new Read(fields, empty, null);
      }
      return unread(empty, "it makes no object of it.");
    } catch (RuntimeException e) { // whatever the template's functions meet: the event is kept
      return unread(empty, e.getMessage());
    }
  }

  private static Read unread(Set<String> empty, String why) {
    return new Read(
        Json.object(),
        empty,
        "The template for events in the platform's file cannot take the event: " + why);
  }
}
