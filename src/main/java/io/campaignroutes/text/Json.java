package io.campaignroutes.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.campaignroutes.shared.Hashes;
import io.campaignroutes.text.JsonFault.Kind;
import io.campaignroutes.text.JsonFault.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Reading and writing JSON, strictly: a key given twice or text after the end is an error. */
public final class Json {
  /** Strict about what it reads. */
  public static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** Names, values, and ends of lists and objects that a request may have; a campaign has 60. */
  private static final int MAX_TOKENS = 10_000;

  /**
   * The same, and strict about how much it makes of it: a tree is many times as large as its text.
   */
  private static final ObjectMapper REQUESTS =
      JsonMapper.builder(limited())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** Of a key given twice the last value counts. */
  private static final ObjectMapper EVENTS =
      JsonMapper.builder(limited())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** Events: however long a number or name is, its sender is told by the body's size alone. */
  private static final JsonFactory EVENT_STREAMS =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** Digits of a number that are looked at; a longer one is kept as a text that is too long. */
  private static final int MAX_DIGITS = 1_000;

  /** For documents of any size, which are not kept. */
  public static final JsonFactory STREAMS =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private static final Origin EVENT = Origin.of(Kind.BODY, false);

  /** One text for documents that say the same: keys in order, and 10.0 is 10. */
  private static final ObjectMapper SORTED =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .addModule(new SimpleModule().addSerializer(Double.class, new WholeAsInteger()))
          .build();

  private static final class WholeAsInteger extends StdSerializer<Double> {
    private static final long serialVersionUID = 1;
    private static final double EXACT = 1L << 53;

    WholeAsInteger() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator to, SerializerProvider ignored)
        throws IOException {
      if (value == Math.rint(value) && Math.abs(value) <= EXACT) {
        to.writeNumber(value.longValue());
      } else {
        to.writeNumber(value);
      }
    }
  }

  private Json() {}

  private static JsonFactory limited() {
    return JsonFactory.builder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .streamReadConstraints(StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).build())
        .build();
  }

  public static ObjectNode object() {
    return STRICT.createObjectNode();
  }

  public static ArrayNode array() {
    return STRICT.createArrayNode();
  }

  /** Any value as a tree. */
  public static <T extends JsonNode> T tree(Object value) {
    return STRICT.valueToTree(value);
  }

  public static String text(JsonNode node) {
    try {
      return STRICT.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what the service itself has written. */
  @SuppressWarnings("unchecked")
  public static <T extends JsonNode> T stored(String text) {
    try {
      return (T) STRICT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads an object that the service itself has written; an empty one when there is none, as after
   * a change to the store by hand. One row that is damaged must not keep others from their work.
   */
  public static ObjectNode storedObject(String text) {
    try {
      return text != null && STRICT.readTree(text) instanceof ObjectNode object ? object : object();
    } catch (JsonProcessingException e) {
      return object();
    }
  }

  /** Reads a list in the same way; empty when one of its members cannot be read. */
  public static <T> List<T> storedListOrNone(String text, Class<T> of) {
    try {
      List<T> list =
          text == null
              ? null
              : STRICT
                  .readerForListOf(of)
                  .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                  .readValue(text);
      return list == null || list.contains(null) ? List.of() : list;
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  public static <T> List<T> storedList(String text, Class<T> of) {
    try {
      return STRICT.readerForListOf(of).readValue(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a request that came from outside.
   *
   * @param origin where it stands, for the places that are told
   * @throws UnreadableJsonException saying where it stops being JSON
   * @throws JsonTooLargeException when it is larger than any request can be
   */
  public static JsonNode read(byte[] bytes, Origin origin) {
    try { // parsers take UTF-16, and bytes that are no character, for what they are not
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      boolean marked = text.startsWith("\ufeff") && origin.line() == 1;
      JsonNode node = REQUESTS.readTree(marked ? text.substring(1) : text);
      if (node.isMissingNode()) {
        throw unreadable(bytes, origin);
      }
      return node;
    } catch (StreamConstraintsException e) {
      Origin any = new Origin(origin.kind(), origin.line(), origin.column(), false);
      String deep =
          JsonFault.in(bytes, any).filter(JsonFault::limit).map(JsonFault::message).orElse(null);
      throw new JsonTooLargeException(
          deep != null
              ? deep
              : "The request has more than 10,000 names and values. A campaign has less than a"
                  + " hundred; check what wrote it.");
    } catch (IOException e) {
      throw unreadable(bytes, origin);
    }
  }

  /**
   * Reads an event as a tree, for a template: of a key given twice the last value counts.
   *
   * @throws UnreadableJsonException saying where it stops being JSON, or that it has too much in it
   */
  public static JsonNode event(byte[] bytes) {
    try {
      return EVENTS.readTree(bytes);
    } catch (StreamConstraintsException e) {
      throw new UnreadableJsonException(
          "The event has more than 10,000 names and values, which is too much for a template.");
    } catch (IOException e) {
      throw unreadable(bytes, EVENT);
    }
  }

  /**
   * Reads some fields of an event, whose sender decides what else is in it: none of that is kept.
   * Of a key given twice the last value counts. Whole numbers are kept to the last digit; of a
   * number with a fraction or an exponent, a list or an object nothing but what it is.
   *
   * @throws UnreadableJsonException when it is no object, or saying where it stops being JSON
   */
  public static ObjectNode eventFields(byte[] bytes, Set<String> names) {
    if (bytes.length > 1 && (bytes[0] <= 0 && bytes[0] != (byte) 0xef || bytes[1] == 0)) {
      // UTF-16 or UTF-32, which a parser would take and no text column can keep
      throw unreadable(bytes, EVENT);
    }
    try (JsonParser parser = EVENT_STREAMS.createParser(bytes)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw unreadable(bytes, EVENT);
      }
      ObjectNode fields = object();
      while (first == JsonToken.START_OBJECT && parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (!names.contains(name)) {
          parser.skipChildren();
          parser.finishToken();
        } else {
          fields.set(name, field(parser, value));
        }
      }
      parser.skipChildren();
      parser.finishToken();
      if (parser.nextToken() != null) {
        throw unreadable(bytes, EVENT);
      }
      if (first != JsonToken.START_OBJECT) {
        throw new UnreadableJsonException("An event is a JSON object, which this is not.");
      }
      return fields;
    } catch (IOException e) {
      throw unreadable(bytes, EVENT);
    }
  }

  private static JsonNode field(JsonParser parser, JsonToken value) throws IOException {
    switch (value) {
      case START_OBJECT, START_ARRAY -> {
        parser.skipChildren();
        return value == JsonToken.START_OBJECT ? object() : array();
      }
      case VALUE_NUMBER_INT -> {
        String digits = parser.getText();
        return digits.length() <= MAX_DIGITS
            ? BigIntegerNode.valueOf(new BigInteger(digits))
            : TextNode.valueOf(digits.substring(0, MAX_DIGITS));
      }
      case VALUE_NUMBER_FLOAT -> {
        parser.finishToken();
        return DoubleNode.valueOf(0.5);
      }
      default -> {
        return SORTED.readTree(parser);
      }
    }
  }

  /** Why a parser has refused a text, as the text itself shows it. */
  private static UnreadableJsonException unreadable(byte[] bytes, Origin origin) {
    return UnreadableJsonException.of(JsonFault.in(bytes, origin), origin.line());
  }

  /**
   * SHA-256, in hex, of a document whatever the order of its keys and however a number is written.
   */
  public static String fingerprint(JsonNode document) {
    try {
      Object plain = SORTED.treeToValue(document, Object.class);
      return Hashes.sha256(SORTED.writeValueAsBytes(plain));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
