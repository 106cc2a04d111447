package io.campaignroutes.campaign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Reading and writing JSON, strictly: a key given twice or text after the end is an error. */
public final class Json {
  /** Strict about what it reads. */
  public static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  /** Of a key given twice the last value counts. */
  private static final ObjectMapper EVENTS =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private static final ObjectMapper SORTED =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private Json() {}

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
  static <T> List<T> storedListOrNone(String text, Class<T> of) {
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

  static <T> List<T> storedList(String text, Class<T> of) {
    try {
      return STRICT.readerForListOf(of).readValue(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads what came from outside.
   *
   * @throws UnreadableJsonException saying where it stops being JSON
   */
  public static JsonNode read(byte[] bytes) {
    return read(STRICT, bytes);
  }

  /**
   * Reads an event, whose sender decides what is in it: of a key given twice the last value counts.
   *
   * @throws UnreadableJsonException saying where it stops being JSON
   */
  public static JsonNode event(byte[] bytes) {
    return read(EVENTS, bytes);
  }

  private static JsonNode read(ObjectMapper mapper, byte[] bytes) {
    try {
      JsonNode node = mapper.readTree(bytes);
      if (node.isMissingNode()) {
        throw new UnreadableJsonException("There is no JSON: it is empty.");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw UnreadableJsonException.of(e);
    } catch (IOException e) { // bytes that are no UTF-8
      throw new UnreadableJsonException("This is no JSON in UTF-8: " + e.getMessage());
    }
  }

  static List<Finding> findings(JsonNode stored) {
    return storedList(stored.isArray() ? text(stored) : "[]", Finding.class);
  }

  /** SHA-256, in hex, of a document whatever the order of its keys. */
  static String fingerprint(JsonNode document) {
    try {
      Object plain = SORTED.treeToValue(document, Object.class);
      return sha256(SORTED.writeValueAsBytes(plain));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
