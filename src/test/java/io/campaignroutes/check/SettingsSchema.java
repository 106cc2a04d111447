package io.campaignroutes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.lang.reflect.Field;
import java.math.BigDecimal;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Makes {@code config/application.schema.json} of what the compiler has written down of the
 * settings' records (Spring Boot's metadata): names, types, defaults, and the descriptions in their
 * Javadoc. Limits are those of the records' annotations. Any value may be a placeholder.
 */
final class SettingsSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";
  private static final Pattern CODE = Pattern.compile("\\{@code ([^}]*)}");
  private static final Pattern LINK = Pattern.compile("\\{@link #([^}]*)}");

  /** Sections of the file whose settings are described in others' jars. */
  private static final List<String> OTHERS =
      List.of(
          "server: Spring Boot: the HTTP server.",
          "spring: Spring Boot.",
          "camel: Apache Camel.",
          "management: Spring Boot: health and metrics.",
          "logging: Spring Boot: the log.");

  private final Map<String, String> groups = new HashMap<>();

  private SettingsSchema() {}

  /** The schema as its file has it. */
  static String text() throws IOException {
    JsonNode metadata = JSON.readTree(metadata());
    return JSON.writerWithDefaultPrettyPrinter()
            .writeValueAsString(new SettingsSchema().of(metadata))
        + "\n";
  }

  private static URL metadata() throws IOException {
    return Collections.list(ClassUtils.getDefaultClassLoader().getResources(METADATA)).stream()
        .filter(url -> url.getProtocol().equals("file")) // the libraries' lie in jars
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the compiler has not written " + METADATA));
  }

  private ObjectNode of(JsonNode metadata) {
    ObjectNode root =
        JSON.createObjectNode()
            .put("$schema", "https://json-schema.org/draft/2020-12/schema")
            .put("title", "Settings of Campaign Routes")
            .put(
                "description",
                "config/application.yaml. The service's own sections are described here in full;"
                    + " those of Spring Boot and Camel by the metadata in their jars, which the"
                    + " command 'check' reads. This file is made of the settings' records.");
    root.putArray("type").add("object").add("null");
    root.put("additionalProperties", false).putObject("properties");
    metadata
        .path("groups")
        .forEach(
            group -> groups.put(group.path("name").asText(), group.path("description").asText()));
    for (JsonNode property : metadata.path("properties")) {
      if (!property.path("name").asText().startsWith("spring.")) {
        add(root, property);
      }
    }
    for (String other : OTHERS) {
      String[] parts = other.split(": ", 2);
      properties(root).putObject(parts[0]).put("type", "object").put("description", parts[1]);
    }
    return root;
  }

  private static ObjectNode properties(ObjectNode section) {
    return (ObjectNode) section.path("properties");
  }

  private void add(ObjectNode root, JsonNode property) {
    String[] path = property.path("name").asText().split("\\.");
    ObjectNode section = root;
    for (int i = 0; i < path.length - 1; i++) {
      String name = String.join(".", Arrays.copyOf(path, i + 1));
      if (!properties(section).has(path[i])) {
        ObjectNode made = properties(section).putObject(path[i]).put("type", "object");
        made.put("description", groups.get(name)).put("additionalProperties", false);
        made.putObject("properties");
      }
      section = (ObjectNode) properties(section).path(path[i]);
    }
    ObjectNode setting = properties(section).putObject(path[path.length - 1]);
    String type = property.path("type").asText();
    String kind = describe(setting, type.substring(type.lastIndexOf('.') + 1), type);
    limit(setting, property.path("sourceType").asText(), path[path.length - 1]);
    setting.put("description", description(property, kind));
  }

  /** Writes what values a type has; returns it in words. */
  private static String describe(ObjectNode setting, String simple, String type) {
    return switch (simple) {
      case "Duration" -> {
        form(setting, "[0-9]+(ns|us|ms|s|m|h|d)|P.+", "string");
        yield "A duration such as 250ms, 5s, 2m or 24h.";
      }
      case "Period" -> {
        form(setting, "([0-9]+[ymwd])+|P.+", "string");
        yield "A period of days, months or years such as P36M or 5y.";
      }
      case "Boolean" -> {
        form(setting, "true|false", "boolean", "string");
        yield "true or false.";
      }
      case "Integer", "Long" -> {
        form(setting, "-?[0-9]+", "integer", "string");
        yield "A whole number.";
      }
      case "Double" -> {
        form(setting, "-?[0-9.]+", "number", "string");
        yield "A number.";
      }
      case "Duration>", "String>" -> {
        boolean map = type.startsWith("java.util.Map");
        setting.putArray("type").add(map ? "object" : "array").add("string");
        setting.putObject(map ? "additionalProperties" : "items").put("type", "string");
        yield map ? "" : simple.startsWith("D") ? "Durations, separated by commas." : "";
      }
      case "Path", "String" -> {
        setting.putArray("type").add("string").add("number").add("null");
        yield "";
      }
      default -> {
        Object[] constants = ClassUtils.resolveClassName(type, null).getEnumConstants();
        String names =
            Stream.of(constants)
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("|"));
        form(setting, names + "|" + names.toUpperCase(Locale.ROOT), "string");
        yield "One of " + names.replace("|", ", ") + ".";
      }
    };
  }

  private static void form(ObjectNode setting, String pattern, String... types) {
    ArrayNode all = setting.putArray("type");
    Stream.of(types).forEach(all::add);
    setting.put("pattern", "^(\\$\\{.*\\}|" + pattern + ")$");
  }

  private static void limit(ObjectNode setting, String record, String name) {
    if (record.isEmpty()) {
      return;
    }
    Field field =
        Stream.of(ClassUtils.resolveClassName(record, null).getDeclaredFields())
            .filter(one -> DataObjectPropertyName.toDashedForm(one.getName()).equals(name))
            .findFirst()
            .orElseThrow();
    if (field.isAnnotationPresent(Min.class)) {
      setting.put("minimum", field.getAnnotation(Min.class).value());
    }
    if (field.isAnnotationPresent(Max.class)) {
      setting.put("maximum", field.getAnnotation(Max.class).value());
    }
    if (field.isAnnotationPresent(DecimalMin.class)) {
      setting.put("minimum", new BigDecimal(field.getAnnotation(DecimalMin.class).value()));
    }
    if (field.isAnnotationPresent(DecimalMax.class)) {
      setting.put("maximum", new BigDecimal(field.getAnnotation(DecimalMax.class).value()));
    }
  }

  private static String description(JsonNode property, String kind) {
    String javadoc = property.path("description").asText();
    if (javadoc.isEmpty()) {
      throw new IllegalStateException(property.path("name") + " has no description");
    }
    String text = CODE.matcher(javadoc).replaceAll("$1");
    text = LINK.matcher(text).replaceAll(m -> DataObjectPropertyName.toDashedForm(m.group(1)));
    String ownDefault = property.path("defaultValue").asText().replaceAll("[\\[\\]]", "");
    return (StringUtils.capitalize(text)
            + (text.endsWith(".") ? " " : ". ")
            + kind
            + (ownDefault.isEmpty() ? "" : " " + ownDefault + " when not given."))
        .replace("  ", " ")
        .strip();
  }
}
