package io.campaignroutes.witness;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.campaignroutes.http.OpenApi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The description of the HTTP API, as what answers are held against: an answer has a status, a
 * content type, headers and a body that are described, and no field that is not.
 */
public final class ApiDescription {
  private static final String PROBLEM = "application/problem+json";
  private static final String NDJSON = "application/x-ndjson";

  /** The lines of others, such as the service's own, have no figures. */
  private static final String CAMPAIGN_AUDIT = "{id}~1audit";

  private static final String HOME = "https://campaign-routes.test/openapi.json";

  private static final String UNDESCRIBED = "unevaluatedProperties";

  /** What any request can be answered, described once: the operation's own response default. */
  private static final Set<Integer> ANYWHERE =
      Set.of(400, 403, 404, 405, 406, 408, 413, 415, 416, 417, 500, 501, 503, 505);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** JSON Schema; what is OpenAPI's own around a schema says nothing about a body. */
  private static final JsonMetaSchema DIALECT =
      JsonMetaSchema.builder(JsonMetaSchema.getV202012())
          .unknownKeywordFactory((name, context) -> new NonValidationKeyword(name))
          .build();

  /** A path of the description. */
  private record PathTemplate(String path, Pattern pattern) {
    /** So that {@code /campaigns/create} comes before {@code /campaigns/{id}}. */
    private int parameters() {
      return (int) path.chars().filter(c -> c == '{').count();
    }
  }

  private final JsonNode document;
  private final List<PathTemplate> paths = new ArrayList<>();
  private final JsonSchemaFactory schemas;
  private final Map<String, JsonSchema> made = new ConcurrentHashMap<>();

  /** Of the files in {@code config/}. */
  public ApiDescription() {
    this(new OpenApi(Path.of("config")).document());
  }

  ApiDescription(JsonNode description) {
    document = description.deepCopy();
    document
        .path("paths")
        .fieldNames()
        .forEachRemaining(path -> paths.add(new PathTemplate(path, pattern(path))));
    paths.sort((a, b) -> Integer.compare(a.parameters(), b.parameters()));
    for (String part : List.of("paths", "components")) {
      close(document.path(part));
    }
    String text = document.toString();
    schemas =
        JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder ->
                builder
                    .metaSchema(DIALECT)
                    .schemaLoaders(loaders -> loaders.schemas(Map.of(HOME, text))));
  }

  private static Pattern pattern(String path) {
    return Pattern.compile(
        Stream.of(path.split("(?=\\{)|(?<=})"))
            .map(part -> part.startsWith("{") ? "[^/]+" : Pattern.quote(part))
            .reduce("", String::concat));
  }

  /** Every schema in it, however deep, allows no property that it does not name. */
  private static void close(JsonNode node) {
    node.fields()
        .forEachRemaining(
            field -> {
              if (field.getKey().equals("schema")) {
                closeSchema(field.getValue(), false);
              } else if (field.getKey().equals("schemas")) {
                field.getValue().forEach(schema -> closeSchema(schema, true));
              } else if (!field.getKey().equals("example")) {
                close(field.getValue());
              }
            });
    if (node.isArray()) {
      node.forEach(ApiDescription::close);
    }
  }

  /**
   * @param open whether others add to it: it is referred to, or one of {@code allOf}
   */
  private static void closeSchema(JsonNode schema, boolean open) {
    if (!schema.isObject()) {
      return;
    }
    schema.path("properties").forEach(one -> closeSchema(one, false));
    closeSchema(schema.path("items"), false);
    closeSchema(schema.path("additionalProperties"), false);
    for (String any : List.of("anyOf", "oneOf")) {
      schema.path(any).forEach(one -> closeSchema(one, false));
    }
    schema.path("allOf").forEach(one -> closeSchema(one, true));
    boolean describes = schema.has("properties") || schema.has("allOf") || schema.has("$ref");
    if (!open && describes && !schema.has("additionalProperties")) {
      ((ObjectNode) schema).put("unevaluatedProperties", false);
    }
  }

  /** The description itself, with what {@code $ref} names in its place. */
  private JsonNode resolve(JsonNode node) {
    return node.has("$ref")
        ? document.at(JsonPointer.compile(node.path("$ref").asText().substring(1)))
        : node;
  }

  private String location(String pointer) {
    JsonNode node = document.at(JsonPointer.compile(pointer));
    return node.has("$ref") ? node.path("$ref").asText().substring(1) : pointer;
  }

  /** What in an answer is not as the description has it; empty when all is. */
  public List<String> faults(Exchange exchange) {
    int status = exchange.status();
    if ("OPTIONS".equals(exchange.method()) && status == 200) {
      return List.of(); // what methods there are, which the description says itself
    }
    String method = "HEAD".equals(exchange.method()) ? "GET" : exchange.method();
    String asked = // Spring's own are the same with a slash behind
        exchange.path().replaceFirst("^(/actuator/.+)/$", "$1");
    Optional<String> operation =
        method == null
            ? Optional.empty()
            : paths.stream()
                .filter(path -> path.pattern().matcher(asked).matches())
                .findFirst()
                .map(path -> "/paths/" + escape(path.path()) + "/" + method.toLowerCase())
                .filter(pointer -> document.at(pointer).isObject());
    if (operation.isEmpty()) {
      return ANYWHERE.contains(status) || status == 401 // who has no key is not told what there is
          ? response(exchange, location("/components/responses/Other"))
          : List.of("status " + status + " where the description has no such operation");
    }
    JsonNode responses = document.at(operation.get() + "/responses");
    String key = responses.has("" + status) ? "" + status : "default";
    if (key.equals("default") && !(ANYWHERE.contains(status) && responses.has(key))) {
      return List.of("status " + status + " is not described");
    }
    return response(exchange, location(operation.get() + "/responses/" + key));
  }

  private List<String> response(Exchange exchange, String pointer) {
    List<String> faults = new ArrayList<>();
    JsonNode response = document.at(pointer);
    response
        .path("headers")
        .fields()
        .forEachRemaining(
            header -> {
              if (resolve(header.getValue()).path("required").asBoolean()
                  && exchange.header(header.getKey()) == null) {
                faults.add("the header " + header.getKey() + " is missing");
              }
            });
    JsonNode content = response.path("content");
    String type = exchange.contentType();
    if ("HEAD".equals(exchange.method())) {
      return faults;
    }
    if (content.isEmpty()) {
      if (exchange.body().length > 0) {
        faults.add("a body, where none is described");
      }
      return faults;
    }
    if (!content.has(type)) {
      faults.add("content type '" + type + "' is not described");
      return faults;
    }
    if (!exchange.whole()) {
      return faults;
    }
    String schema = pointer + "/content/" + escape(type) + "/schema";
    if (type.endsWith("json") && !type.equals(NDJSON)) {
      faults.addAll(body(exchange.text(), schema));
    } else if (type.equals(NDJSON) && pointer.contains(CAMPAIGN_AUDIT)) {
      exchange
          .text()
          .lines()
          .forEach(line -> faults.addAll(body(line, "/components/schemas/AuditLine")));
    }
    if (type.equals(PROBLEM)) {
      faults.addAll(status(exchange));
    }
    return faults;
  }

  private List<String> status(Exchange exchange) {
    try {
      int said = JSON.readTree(exchange.text()).path("status").asInt();
      return said == exchange.status() ? List.of() : List.of("its status member says " + said);
    } catch (JsonProcessingException e) {
      return List.of("it cannot be read as JSON");
    }
  }

  private List<String> body(String text, String pointer) {
    JsonNode body;
    try {
      body = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return List.of("its body is no JSON: " + e.getOriginalMessage());
    }
    if (body.isMissingNode()) {
      return List.of("it has no body, and one is described");
    }
    Set<ValidationMessage> found = schema(pointer).validate(body);
    // where something is wrong within, all around it counts as not described too
    boolean more = found.stream().anyMatch(one -> !one.getType().equals(UNDESCRIBED));
    int deepest =
        found.stream().mapToInt(one -> one.getInstanceLocation().getNameCount()).max().orElse(0);
    return found.stream()
        .filter(one -> !one.getType().equals(UNDESCRIBED) || !more)
        .filter(one -> more || one.getInstanceLocation().getNameCount() == deepest)
        .map(Object::toString)
        .distinct()
        .toList();
  }

  private JsonSchema schema(String pointer) {
    return made.computeIfAbsent(
        pointer,
        at ->
            schemas.getSchema(
                SchemaLocation.of(HOME + "#" + at),
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build()));
  }

  /**
   * Every example in the description that its schema does not allow.
   *
   * @return what is wrong by where it stands
   */
  Map<String, List<String>> faultyExamples() {
    Map<String, List<String>> faulty = new HashMap<>();
    examples(document, "", faulty);
    return faulty;
  }

  private void examples(JsonNode node, String pointer, Map<String, List<String>> faulty) {
    if (node.has("example") && node.has("schema")) {
      List<String> faults = body(node.path("example").toString(), pointer + "/schema");
      if (!faults.isEmpty()) {
        faulty.put(pointer, faults);
      }
    }
    node.fields()
        .forEachRemaining(
            field -> examples(field.getValue(), pointer + "/" + escape(field.getKey()), faulty));
  }

  private static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
