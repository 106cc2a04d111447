package io.campaignroutes.compliance;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import io.campaignroutes.text.JsonFault;
import io.campaignroutes.text.JsonFault.Kind;
import io.campaignroutes.text.JsonFault.Origin;
import io.campaignroutes.text.Plain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The shape of a campaign request: {@code campaign-request.schema.json}, compiled once. One object
 * serves all threads.
 */
public final class RequestSchema {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode definition;
  private final JsonSchema compiled;
  private final SchemaMessages messages;

  private RequestSchema(JsonNode definition, JsonSchema compiled) {
    this.definition = definition;
    this.compiled = compiled;
    this.messages = new SchemaMessages(definition);
  }

  /**
   * Reads and compiles the schema (JSON Schema 2020-12).
   *
   * @throws PolicyException when the file is missing, no JSON or no schema
   */
  public static RequestSchema load(Path file) {
    return load(file, "");
  }

  /**
   * Reads and compiles a part of a schema.
   *
   * @param part JSON pointer of a schema in the file that refers to nothing outside of itself; ""
   *     for all of it
   * @throws PolicyException when the file is missing, no JSON or no schema
   */
  public static RequestSchema load(Path file, String part) {
    byte[] bytes = ConfigNode.bytes(file);
    try {
      JsonNode definition = JSON.readTree(bytes).at(part);
      JsonSchema compiled =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
              .getSchema(
                  definition,
                  SchemaValidatorsConfig.builder()
                      .regularExpressionFactory(RequestSchema::regularExpression)
                      .build());
      compiled.initializeValidators();
      return new RequestSchema(definition, compiled);
    } catch (JacksonException e) {
      throw unusable(
          file,
          JsonFault.in(bytes, Origin.of(Kind.FILE, false))
              .map(JsonFault::message)
              .orElse("This is not valid JSON."));
    } catch (PolicyException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw unusable(
          file,
          "This is not a valid JSON Schema: " + Plain.escaped(String.valueOf(e.getMessage())));
    }
  }

  /** The schema itself, for descriptions of the HTTP API. */
  public JsonNode json() {
    return definition.deepCopy();
  }

  /**
   * Everything in which a request does not fit the schema, one finding for each field and keyword.
   * A request that is no object gives the one finding {@code type} for the whole.
   */
  public List<Finding> findings(JsonNode request) {
    if (!request.isObject()) {
      return List.of(messages.notAnObject(request));
    }
    JsonNode checkable = SaneNumbers.of(Checkable.of(request, definition));
    Map<String, Finding> findings = new LinkedHashMap<>();
    for (ValidationMessage violation : compiled.validate(checkable)) {
      List<Object> path = path(violation);
      Finding finding =
          messages.finding(path, violation.getType(), violation.getProperty(), request);
      findings.putIfAbsent(finding.field() + " " + finding.rule(), finding);
    }
    return withoutRepeats(findings);
  }

  /** How many findings about unknown properties there are besides. */
  int unlisted(JsonNode request) {
    return Checkable.cut(request, definition);
  }

  /**
   * What is wrong with a request at first sight: with its required fields, its names, and the types
   * of its values. It costs a small part of what {@link #findings} does.
   *
   * @return the first finding; empty when nothing is
   */
  public Optional<Finding> firstFault(JsonNode request) {
    if (!request.isObject()) {
      return Optional.of(messages.notAnObject(request));
    }
    for (JsonNode required : definition.path("required")) {
      if (!request.has(required.asText())) {
        return Optional.of(messages.finding(List.of(), "required", required.asText(), request));
      }
    }
    for (Iterator<String> names = request.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      JsonNode property = definition.path("properties").path(name);
      if (property.isMissingNode()) {
        return Optional.of(messages.finding(List.of(), "additionalProperties", name, request));
      }
      JsonNode value = request.path(name);
      boolean wrong =
          switch (property.path("type").asText()) {
            case "string" -> !value.isTextual();
            case "number", "integer" -> !value.isNumber();
            case "object" -> !value.isObject();
            default -> false;
          };
      if (wrong) {
        return Optional.of(messages.finding(List.of(name), "type", null, request));
      }
    }
    return Optional.empty();
  }

  /** The names of the properties of an object in the request; empty for the request itself. */
  Set<String> properties(String object) {
    return messages.properties(object.isEmpty() ? List.of() : List.of(object));
  }

  /** An empty text breaks patterns too; the one complaint is enough. */
  private static List<Finding> withoutRepeats(Map<String, Finding> findings) {
    List<Finding> all = new ArrayList<>(findings.values());
    all.removeIf(
        finding ->
            finding.rule().equals("pattern")
                && findings.containsKey(finding.field() + " minLength"));
    return all;
  }

  private static List<Object> path(ValidationMessage violation) {
    JsonNodePath location = violation.getInstanceLocation();
    List<Object> path = new ArrayList<>();
    for (int i = 0; i < location.getNameCount(); i++) {
      path.add(location.getElement(i));
    }
    return path;
  }

  /** Java's $ also fits before a newline at the end, that of JSON Schema does not. */
  private static RegularExpression regularExpression(String regex) {
    boolean anchored = regex.endsWith("$") && !regex.endsWith("\\$");
    Pattern pattern =
        Pattern.compile(anchored ? regex.substring(0, regex.length() - 1) + "\\z" : regex);
    return value -> pattern.matcher(value).find();
  }

  private static PolicyException unusable(Path file, String problem) {
    return new PolicyException(file, problem, "Restore the file as it was delivered.");
  }
}
