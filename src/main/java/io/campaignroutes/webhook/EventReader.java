package io.campaignroutes.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.PlatformEvents;
import io.campaignroutes.shared.Hashes;
import io.campaignroutes.text.Plain;
import io.campaignroutes.text.UnreadableJsonException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.stereotype.Component;

/** Reads what is needed of an event, and tells what of it cannot be understood. */
@Component
final class EventReader {
  private static final List<String> FIELDS = List.of("remoteId", "status", "occurredAt", "type");

  private static final int MAX_FIELD = 200;

  /** Characters of a template's complaint, which may tell the event. */
  private static final int MAX_REASON = 500;

  /** Seconds since 1970 have so many digits from 2001 to 2286, milliseconds three more. */
  private static final int DIGITS_OF_SECONDS = 10;

  private final PlatformEvents platform;

  EventReader(PlatformEvents platform) {
    this.platform = platform;
  }

  /**
   * Reads an event.
   *
   * @param body as it came
   * @throws UnreadableJsonException when it is no JSON object in UTF-8
   */
  Event read(byte[] body) {
    PlatformEvents.Read read = platform.read(body);
    ObjectNode event = read.fields();
    if (event.path("failureCode").isContainerNode()) {
      event.remove("failureCode");
    }
    String parked =
        read.problem() == null ? misunderstood(read) : Texts.storable(read.problem(), MAX_REASON);
    return new Event(
        identity(event, body, parked),
        text(event, "remoteId"),
        text(event, "type"),
        text(event, "status"),
        text(event, "occurredAt"),
        parked,
        event,
        new String(body, StandardCharsets.UTF_8));
  }

  private String misunderstood(PlatformEvents.Read read) {
    ObjectNode event = read.fields();
    for (String field : FIELDS) {
      JsonNode value = read.empty().contains(field) ? NullNode.instance : event.get(field);
      String wrong =
          value == null ? " has no " + platform.called(field) + "." : wrong(field, value);
      if (wrong != null) {
        return "The event" + wrong;
      }
    }
    JsonNode id = event.path("id"); // may be left out
    if (!id.isMissingNode() && !id.isTextual() && !id.isIntegralNumber()) {
      return "The event" + wrong("id", id);
    }
    String type = event.path("type").asText();
    return PlatformEvents.TYPES.contains(type)
        ? null
        : "The event type " + Plain.escaped(type) + " is not known.";
  }

  /** What is wrong with a field, as the end of a sentence; null when nothing is. */
  private String wrong(String field, JsonNode value) {
    String name = platform.called(field);
    boolean understood =
        switch (field) {
          case "remoteId", "id" -> value.isTextual() || value.isIntegralNumber();
          case "occurredAt" ->
              value.isTextual() || value.isIntegralNumber() && time(value.asText()) != null;
          default -> value.isTextual();
        };
    if (!understood) {
      return "'s " + name + " is " + found(value) + "; " + expected(field) + " is expected.";
    }
    String text = value.asText();
    if (text.isBlank()) {
      return "'s " + name + " is empty.";
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      return "'s " + name + " has control characters.";
    }
    return text.length() > MAX_FIELD
        ? "'s " + name + " has more than " + MAX_FIELD + " characters."
        : null;
  }

  private static String found(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> "empty";
      case BOOLEAN -> value.asText();
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      default ->
          value.isIntegralNumber()
              ? "the number " + Texts.storable(value.asText(), 40)
              : "a number with a fraction or an exponent";
    };
  }

  private static String expected(String field) {
    return switch (field) {
      case "remoteId", "id" -> "a text or a whole number";
      case "occurredAt" ->
          "a date such as 2026-11-27T23:00:00Z, or whole seconds or milliseconds since 1970,";
      case "status" -> "a text such as ACTIVE";
      default -> "a text such as CAMPAIGN_ACTIVATED";
    };
  }

  /**
   * When an event happened, in milliseconds since the epoch: an ISO 8601 date with an offset, or
   * seconds or milliseconds since 1970, which ten and thirteen digits tell apart. A moment without
   * parts of a second may mean any of that second.
   *
   * @return null when that is not told; the event goes on, and its campaign is looked at instead of
   *     moved
   */
  static Long time(String text) {
    try {
      Instant at;
      if (!text.matches("[1-9][0-9]{9}([0-9]{3})?")) {
        at = OffsetDateTime.parse(text).toInstant();
      } else if (text.length() == DIGITS_OF_SECONDS) {
        at = Instant.ofEpochSecond(Long.parseLong(text));
      } else {
        at = Instant.ofEpochMilli(Long.parseLong(text));
      }
      return at.toEpochMilli() + (at.getNano() == 0 ? 999 : 0);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static String text(JsonNode event, String field) {
    JsonNode value = event.path(field);
    if (!value.isTextual() && !value.isIntegralNumber()) {
      return null;
    }
    int longest =
        switch (field) {
          case "status" -> 40;
          case "occurredAt" -> 64;
          case "type" -> 100;
          default -> MAX_FIELD;
        };
    return Texts.storable(value.asText(), longest);
  }

  /** The event's own id, else a hash of its four fields, else of all of it. */
  private static String identity(JsonNode event, byte[] body, String parked) {
    JsonNode own = event.path("id");
    String id = own.isTextual() || own.isIntegralNumber() ? own.asText() : "";
    boolean plain = id.length() <= 190 && id.chars().noneMatch(Character::isISOControl);
    if (!id.isBlank() && plain) {
      return "id:" + id;
    }
    if (!id.isBlank()) {
      return "id-sha256:" + Hashes.sha256(id);
    }
    if (parked != null) {
      return "body:" + Hashes.sha256(body);
    }
    StringBuilder fields = new StringBuilder();
    for (String field : FIELDS) {
      String value = event.path(field).asText();
      fields.append(value.length()).append(':').append(value);
    }
    return "fields:" + Hashes.sha256(fields.toString());
  }
}
