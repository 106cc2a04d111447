package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.text.Closest;
import io.campaignroutes.text.Names;
import io.campaignroutes.text.Plain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says in words for people what a schema found. What is allowed is taken from the {@code
 * description} in the schema, so that whoever changes the one changes the other beside it.
 */
final class SchemaMessages {
  private static final int MAX_EDITS = 2;
  private static final int MAX_COMPARED = 40;

  private final JsonNode schema;
  private final Map<String, String> places;

  SchemaMessages(JsonNode schema) {
    this.schema = schema;
    this.places = places();
  }

  /** The finding for a request that is no object. */
  Finding notAnObject(JsonNode request) {
    return new Finding(
        "",
        "type",
        "A campaign request has to be a JSON object with properties such as name and agentPoolId,"
            + " but this is "
            + Plain.kind(request)
            + ".");
  }

  /**
   * The finding for one violation.
   *
   * @param path names and indexes down to the value at fault
   * @param keyword the keyword of the schema that it breaks
   * @param property the property that is missing or unknown, where the keyword is about one
   */
  Finding finding(List<Object> path, String keyword, String property, JsonNode request) {
    if (keyword.equals("required")) {
      List<Object> missing = with(path, property);
      String field = field(missing);
      return new Finding(field, "required", field + " is missing. " + description(missing));
    }
    if (keyword.equals("additionalProperties")) {
      String field = field(with(path, property));
      return new Finding(field, "unknownProperty", unknown(path, property, field));
    }
    String field = field(path);
    return new Finding(field, keyword, message(path, keyword, field, at(request, path)));
  }

  /** The names of the properties of the object at a path. */
  Set<String> properties(List<Object> path) {
    Set<String> names = new LinkedHashSet<>();
    definition(path).path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  private String message(List<Object> path, String keyword, String field, JsonNode value) {
    JsonNode limit = definition(path).path(keyword);
    String description = description(path);
    return switch (keyword) {
      case "type" -> field + " has to be " + type(limit) + ", but is " + typed(value, limit);
      case "enum" ->
          field
              + " is "
              + Plain.value(value)
              + ", which is not allowed. Allowed are: "
              + allowed(limit)
              + "."
              + rightCase(limit, value);
      case "minLength" -> field + " is empty. " + description;
      case "maxLength" ->
          field
              + " has "
              + value.asText().codePointCount(0, value.asText().length())
              + " characters, but at most "
              + limit.asText()
              + " are allowed. "
              + description;
      case "pattern" -> field + " " + notAllowed(value) + " " + description;
      case "exclusiveMinimum" -> outside(field, "more than", limit, value, description);
      case "minimum" -> outside(field, "at least", limit, value, description);
      case "maximum" -> outside(field, "at most", limit, value, description);
      case "minItems" -> field + " is an empty list. " + description;
      case "maxItems" -> field + " has more than " + limit.asText() + " elements. " + description;
      case "uniqueItems" -> field + " lists something twice. " + description;
      default -> field + " does not fit (" + keyword + "). " + description;
    };
  }

  private static String notAllowed(JsonNode value) {
    String fault = Names.fault(value.asText());
    return fault == null
        ? Plain.value(value) + " is not allowed."
        : Plain.value(value) + " " + fault + ". Remove it.";
  }

  private static String outside(
      String field, String relation, JsonNode limit, JsonNode value, String description) {
    return field
        + " has to be "
        + relation
        + " "
        + limit.asText()
        + ", but is "
        + Plain.value(value)
        + ". "
        + description;
  }

  private String unknown(List<Object> path, String property, String field) {
    String message = "There is no property " + field + ".";
    Set<String> known = properties(path);
    Optional<String> close = known.stream().filter(name -> isClose(name, property)).findFirst();
    if (close.isPresent()) {
      return message + " Did you mean " + field(with(path, close.get())) + "?";
    }
    String elsewhere = places.get(property);
    if (elsewhere != null) {
      return message + " Did you mean " + elsewhere + "?";
    }
    return message + " Known keys: " + String.join(", ", known) + ".";
  }

  /** Where each property stands that a request may have. */
  private Map<String, String> places() {
    Map<String, String> places = new HashMap<>();
    Set<String> top = properties(List.of());
    top.forEach(property -> places.put(property, property + " at the top level"));
    top.forEach(
        object ->
            properties(List.of(object))
                .forEach(property -> places.putIfAbsent(property, object + "." + property)));
    return places;
  }

  private static String typed(JsonNode value, JsonNode expected) {
    boolean number = expected.asText().equals("number") || expected.asText().equals("integer");
    String shown = value.isValueNode() && !value.isNull() ? " (" + Plain.value(value) + ")" : "";
    String hint = number && value.isTextual() ? " Write the number without quotes." : "";
    String nullHint = value.isNull() ? " Leave it out instead." : "";
    return Plain.kind(value) + shown + "." + hint + nullHint;
  }

  private static String type(JsonNode type) {
    return switch (type.asText()) {
      case "string" -> "a text";
      case "integer" -> "a whole number";
      case "number" -> "a number";
      case "boolean" -> "true or false";
      case "array" -> "a list";
      case "object" -> "an object";
      default -> "of another type";
    };
  }

  private static String allowed(JsonNode values) {
    List<String> names = new ArrayList<>();
    values.forEach(value -> names.add(value.asText()));
    return String.join(", ", names);
  }

  private static String rightCase(JsonNode values, JsonNode value) {
    for (JsonNode allowed : values) {
      if (allowed.asText().equalsIgnoreCase(value.asText().strip())) {
        return " Did you mean " + allowed.asText() + "?";
      }
    }
    return "";
  }

  private String description(List<Object> path) {
    return definition(path).path("description").asText();
  }

  private JsonNode definition(List<Object> path) {
    JsonNode definition = schema;
    for (Object step : path) {
      definition =
          step instanceof Integer
              ? definition.path("items")
              : definition.path("properties").path(step.toString());
    }
    return definition;
  }

  private static JsonNode at(JsonNode request, List<Object> path) {
    JsonNode value = request;
    for (Object step : path) {
      value = step instanceof Integer index ? value.path(index) : value.path(step.toString());
    }
    return value;
  }

  private static List<Object> with(List<Object> path, String property) {
    List<Object> longer = new ArrayList<>(path);
    longer.add(property);
    return longer;
  }

  private static String field(List<Object> path) {
    StringBuilder field = new StringBuilder();
    for (Object step : path) {
      if (step instanceof Integer) {
        field.append('[').append(step).append(']');
      } else {
        field.append(field.isEmpty() ? "" : ".").append(Plain.escaped(step.toString()));
      }
    }
    return field.toString();
  }

  private static boolean isClose(String known, String given) {
    if (given.length() > MAX_COMPARED) {
      return false;
    }
    String plain = given.replaceAll("[_ -]", "").toLowerCase(Locale.ROOT);
    String target = known.toLowerCase(Locale.ROOT);
    return plain.equals(target)
        || Closest.distance(plain, target) <= Math.min(MAX_EDITS, target.length() / 3);
  }
}
