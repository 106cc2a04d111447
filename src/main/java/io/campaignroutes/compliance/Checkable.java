package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;

/**
 * As much of a request as tells what is wrong with it. A finding costs a thousand times what the
 * element costs that it is about, so what a schema refuses anyway is cut: lists behind the first
 * element too many, texts behind the first character too many, and unknown properties behind the
 * first ones. What a schema accepts stays as it is.
 */
final class Checkable {
  /** As many as {@link RequestChecks} tells; the others are counted only. */
  private static final int MAX_UNKNOWN = 100;

  private Checkable() {}

  static JsonNode of(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object && schema.has("properties")) {
      return object(object, schema);
    }
    if (value instanceof ArrayNode array && schema.has("items")) {
      return array(array, schema);
    }
    if (value.isTextual() && schema.has("maxLength")) {
      return text(value, schema.get("maxLength").asInt());
    }
    return value;
  }

  /** How many unknown properties of a request are cut. */
  static int cut(JsonNode value, JsonNode schema) {
    JsonNode known = schema.path("properties");
    if (!value.isObject()
        || !known.isObject()
        || schema.path("additionalProperties").asBoolean(true)) {
      return 0;
    }
    int unknown = 0;
    int within = 0;
    for (Map.Entry<String, JsonNode> property : value.properties()) {
      JsonNode of = known.get(property.getKey());
      unknown += of == null ? 1 : 0;
      within += of == null ? 0 : cut(property.getValue(), of);
    }
    return Math.max(0, unknown - MAX_UNKNOWN) + within;
  }

  private static JsonNode object(ObjectNode object, JsonNode schema) {
    boolean closed = !schema.path("additionalProperties").asBoolean(true);
    ObjectNode checkable = object.objectNode();
    int unknown = 0;
    for (Map.Entry<String, JsonNode> property : object.properties()) {
      JsonNode known = schema.get("properties").get(property.getKey());
      if (known != null) {
        checkable.set(property.getKey(), of(property.getValue(), known));
      } else if (!closed) {
        checkable.set(property.getKey(), property.getValue());
      } else if (++unknown <= MAX_UNKNOWN) {
        checkable.set(property.getKey(), NullNode.getInstance());
      }
    }
    return checkable;
  }

  private static JsonNode array(ArrayNode array, JsonNode schema) {
    int most = schema.path("maxItems").asInt(Integer.MAX_VALUE - 1);
    ArrayNode checkable = array.arrayNode();
    for (int i = 0; i < array.size() && i <= most; i++) {
      checkable.add(of(array.get(i), schema.get("items")));
    }
    return checkable;
  }

  /** Characters outside the Basic Multilingual Plane take two places and count once. */
  private static JsonNode text(JsonNode text, int most) {
    int longest = 2 * (most + 1);
    String whole = text.textValue();
    if (whole.length() <= longest) {
      return text;
    }
    boolean pair = Character.isHighSurrogate(whole.charAt(longest - 1));
    return TextNode.valueOf(whole.substring(0, pair ? longest - 1 : longest));
  }
}
