package io.campaignroutes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.campaignroutes.text.Closest;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Holds a document to a JSON schema and says in people's words where it does not fit. */
final class Schemas {
  /** One mistake inside a choice breaks every other branch too; nobody reads more than these. */
  private static final int MAX_FAULTS = 20;

  private Schemas() {}

  /**
   * A schema of JSON Schema draft 4, such as Camel's: the whole of that takes 300 MB, of which
   * files use a small part.
   */
  static JsonSchema draft4(InputStream schema) {
    return JsonSchemaFactory.getInstance(VersionFlag.V4).getSchema(schema, config(false));
  }

  /**
   * A schema of JSON Schema 2020-12, with what it refers to beside it.
   *
   * @throws RuntimeException when the file is no schema
   */
  static JsonSchema read(Path file) {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(
                SchemaLocation.of(file.toAbsolutePath().normalize().toUri().toString()),
                config(true));
    schema.initializeValidators();
    return schema;
  }

  private static SchemaValidatorsConfig config(boolean whole) {
    return SchemaValidatorsConfig.builder()
        .pathType(PathType.JSON_POINTER)
        .preloadJsonSchema(whole)
        .build();
  }

  /** In what a document does not fit, at most one sentence for each line. */
  static List<Fault> faults(JsonSchema schema, Place document) {
    Map<String, List<ValidationMessage>> byElement =
        schema.validate(document.json()).stream()
            .collect(
                Collectors.groupingBy(
                    m -> document.json().isArray() ? first(m) : "",
                    LinkedHashMap::new,
                    Collectors.toList()));
    Map<Integer, Fault> byLine = new LinkedHashMap<>();
    for (List<ValidationMessage> messages : byElement.values()) {
      for (ValidationMessage message : telling(messages)) {
        Fault fault = fault(schema, document, message);
        byLine.putIfAbsent(fault.line(), fault);
      }
    }
    return byLine.values().stream().limit(MAX_FAULTS).toList();
  }

  private static String first(ValidationMessage message) {
    JsonNodePath path = message.getInstanceLocation();
    return path.getNameCount() == 0 ? "" : path.getElement(0).toString();
  }

  /** Of the messages about one element those that lie deepest: the others follow from them. */
  private static List<ValidationMessage> telling(List<ValidationMessage> messages) {
    List<ValidationMessage> telling = new ArrayList<>(messages);
    telling.sort(
        Comparator.comparingInt((ValidationMessage m) -> -m.getInstanceLocation().getNameCount())
            .thenComparing(m -> m.getType().equals("additionalProperties") ? 0 : 1));
    List<ValidationMessage> kept = new ArrayList<>();
    for (ValidationMessage message : telling) {
      String at = message.getInstanceLocation().toString();
      boolean follows =
          kept.stream().anyMatch(k -> k.getInstanceLocation().toString().startsWith(at + "/"));
      boolean choice = message.getType().matches("anyOf|oneOf|not");
      if (!follows
          && !(choice
              && !kept.isEmpty()
              && kept.stream().anyMatch(k -> k.getInstanceLocation().toString().equals(at)))) {
        kept.add(message);
      }
    }
    return kept;
  }

  private static Fault fault(JsonSchema schema, Place document, ValidationMessage message) {
    Place place = document.below(names(message.getInstanceLocation()));
    String key = message.getProperty();
    JsonNode around = around(schema, message);
    String about = around.path("description").asText("").strip();
    String what =
        place.pointer().equals(document.pointer()) ? "The file" : "'" + shown(place) + "'";
    return switch (message.getType()) {
      case "additionalProperties", "unevaluatedProperties" ->
          place
              .get(key)
              .fault(
                  "'%s' is not known %s."
                      .formatted(
                          key,
                          place.key().matches("\\d+") ? "here" : "under '" + place.key() + "'"),
                  Closest.remedy(key, known(around)));
      case "required" ->
          place.fault(
              "%s lacks '%s'.".formatted(what, key), "Add it." + suffix(property(around, key)));
      case "enum" ->
          place.fault(
              "%s is %s.".formatted(what, place.json()),
              "It has to be one of " + list(message.getSchemaNode()) + ".");
      case "type" ->
          place.fault(
              "%s is %s."
                  .formatted(
                      what,
                      place.json().isContainerNode()
                          ? "no plain value or the wrong kind of one"
                          : place.json()),
              "It has to be " + types(message.getSchemaNode()) + "." + suffix(about));
      case "pattern" ->
          place.fault(
              "%s is %s.".formatted(what, place.json()),
              about.isEmpty() ? "It has to fit " + message.getSchemaNode().asText() + "." : about);
      default ->
          place.fault(
              "%s does not fit: %s.".formatted(what, said(message)),
              about.isEmpty() ? "Write it as the schema has it." : about);
    };
  }

  private static String said(ValidationMessage message) {
    String said = message.getError() == null ? message.getMessage() : message.getError();
    return said.replaceFirst("^/\\S*: ", "").replaceFirst("\\.$", "");
  }

  private static String shown(Place place) {
    return place.key().replace("~1", "/");
  }

  private static String suffix(String text) {
    return text.isEmpty() ? "" : " " + text;
  }

  private static String list(JsonNode choices) {
    Set<String> all = new TreeSet<>();
    choices.forEach(c -> all.add(c.asText()));
    return String.join(", ", all);
  }

  private static String types(JsonNode types) {
    return types.isArray() ? list(types).replace(", ", " or ") : types.asText();
  }

  private static String property(JsonNode around, String key) {
    return around.path("properties").path(key).path("description").asText("").strip();
  }

  private static Set<String> known(JsonNode around) {
    Set<String> known = new TreeSet<>();
    around.path("properties").fieldNames().forEachRemaining(known::add);
    return known;
  }

  /** The part of the schema that the broken keyword stands in. */
  private static JsonNode around(JsonSchema schema, ValidationMessage message) {
    String location = String.valueOf(message.getSchemaLocation());
    int hash = location.indexOf('#');
    String pointer = hash < 0 ? "" : location.substring(hash + 1);
    String above = pointer.contains("/") ? pointer.substring(0, pointer.lastIndexOf('/')) : "";
    JsonNode around = schema.getSchemaNode().at(above);
    return around.isMissingNode() ? schema.getSchemaNode().at("/nowhere") : around;
  }

  private static List<String> names(JsonNodePath path) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < path.getNameCount(); i++) {
      names.add(path.getElement(i).toString());
    }
    return names;
  }
}
