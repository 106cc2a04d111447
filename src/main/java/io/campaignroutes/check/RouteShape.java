package io.campaignroutes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules on how a route file is written: readable, a list, known steps, the canonical form. */
final class RouteShape {
  /** Camel's own schema, in the jar of camel-yaml-dsl. */
  static final String CAMEL_SCHEMA = "/schema/camelYamlDsl.json";

  private static final JsonSchema SCHEMA = schema();

  private static final Set<String> LANGUAGES =
      Set.of(
          "constant",
          "csimple",
          "exchangeProperty",
          "header",
          "jq",
          "jsonpath",
          "method",
          "simple",
          "tokenize",
          "variable",
          "xpath");

  /** Where the schema wants the language without "expression" around it. */
  private static final Set<String> BARE_LANGUAGE =
      Set.of("expression", "handled", "continued", "retryWhile", "correlationExpression");

  private RouteShape() {}

  static List<Fault> unreadable(Project project) {
    return project.routeFiles().stream().flatMap(f -> f.faults().stream()).toList();
  }

  static List<Fault> oddRoots(Project project) {
    return project.routeFiles().stream()
        .filter(Source::isReadable)
        .map(Source::root)
        .filter(root -> !root.json().isArray() || root.json().isEmpty())
        .map(
            root ->
                root.fault(
                    "The root is no list, so Camel would load nothing of this file.",
                    "Begin every element with '- route:', '- routeConfiguration:' or '- rest:'."))
        .toList();
  }

  static List<Fault> againstSchema(Project project) {
    List<Fault> faults = new ArrayList<>();
    for (Source file : project.routeFiles()) {
      if (file.root().json().isArray()) {
        faults.addAll(Schemas.faults(SCHEMA, file.root()));
      }
    }
    return faults;
  }

  private static JsonSchema schema() {
    try (InputStream schema = RouteShape.class.getResourceAsStream(CAMEL_SCHEMA)) {
      return Schemas.draft4(schema);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Fault> compactForms(Project project) {
    List<Fault> faults = new ArrayList<>();
    for (Source file : project.routeFiles()) {
      for (Place element : file.root().items()) {
        if (element.has("from")) {
          faults.add(
              element
                  .get("from")
                  .fault(
                      "A bare 'from' is a route without a name.",
                      "Put it under '- route:' with an id."));
        }
        compact(element, "", faults);
      }
    }
    return faults;
  }

  private static void compact(Place place, String key, List<Fault> faults) {
    for (Place item : place.items()) {
      if (key.equals("steps")) {
        compactStep(item, faults);
      }
      compact(item, key, faults);
    }
    for (Map.Entry<String, Place> field : place.fields()) {
      String name = field.getKey();
      Place value = field.getValue();
      if (name.equals("parameters")) {
        continue;
      }
      if ((name.equals("from") || name.equals("to")) && value.json().isTextual()) {
        faults.add(
            value.fault(
                "'%s: %s' is the compact form.".formatted(name, value.text()),
                "Write uri: below it."));
      }
      if (name.equals("uri") && value.text().contains("?")) {
        faults.add(
            value.fault(
                "There are options in the uri %s.".formatted(value.text()),
                "Write them under parameters:."));
      }
      if (LANGUAGES.contains(name) && isLanguage(key, name, value.json())) {
        compactExpression(key, name, value, faults);
      }
      compact(value, name, faults);
    }
  }

  private static void compactStep(Place step, List<Fault> faults) {
    if (step.json().isTextual()) {
      faults.add(
          step.fault(
              "The step '%s' is in the compact form.".formatted(step.text()),
              "Write '%s: {}'.".formatted(step.text())));
    }
    for (Map.Entry<String, Place> field : step.fields()) {
      JsonNode value = field.getValue().json();
      if (!value.isObject() && !field.getKey().equals("to")) {
        faults.add(
            field
                .getValue()
                .fault(
                    "'%s: %s' is a compact step.".formatted(field.getKey(), value),
                    "Write its fields below it, each with its name."));
      }
    }
  }

  /** {@code method} and {@code header} are fields of steps too. */
  private static boolean isLanguage(String key, String name, JsonNode value) {
    return value.isObject()
        || BARE_LANGUAGE.contains(key)
        || !name.equals("method") && !name.equals("header");
  }

  private static void compactExpression(
      String key, String language, Place value, List<Fault> faults) {
    if (!value.json().isObject()) {
      faults.add(
          value.fault(
              "'%s: %s' is the compact form.".formatted(language, value.json()),
              "Write '%s:' and 'expression: %s' below it.".formatted(language, value.json())));
    } else if (!BARE_LANGUAGE.contains(key)) {
      faults.add(
          value.fault(
              "'%s:' stands directly under '%s:'.".formatted(language, key),
              "Put 'expression:' between the two."));
    }
  }
}
