package io.campaignroutes.compliance;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.campaignroutes.text.Plain;
import io.campaignroutes.text.YamlFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A value in a configuration file together with the place where it stands, so that every complaint
 * names file and key.
 *
 * @param file the file
 * @param path dotted path of the value in the file, empty for the whole
 * @param json the value
 */
record ConfigNode(Path file, String path, JsonNode json) {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** The bytes of a file. */
  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new PolicyException(
          file.toAbsolutePath(),
          Files.exists(file) ? "The file cannot be read." : "There is no such file.",
          "Put it there, or set campaign-routes.config-dir to the folder that holds it.");
    }
  }

  /** A YAML or JSON file as a whole; it has to be an object. */
  static ConfigNode parse(Path file, byte[] bytes) {
    try {
      return new ConfigNode(file, "", YAML.readTree(bytes)).object();
    } catch (JacksonException e) {
      throw unreadable(file, bytes, e);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can always be read", e);
    }
  }

  /** The complaint about a file that a parser has refused. */
  static PolicyException unreadable(Path file, byte[] bytes, JacksonException e) {
    YamlFault fault = YamlFault.of(e, new String(bytes, StandardCharsets.UTF_8));
    return new PolicyException(
        file,
        "This is not valid YAML at line " + fault.line() + ": " + fault.what() + ".",
        fault.todo());
  }

  /** The value of a key; empty when the key is absent or its value is null. */
  Optional<ConfigNode> get(String key) {
    JsonNode value = json.get(key);
    return value == null || value.isNull()
        ? Optional.empty()
        : Optional.of(new ConfigNode(file, path.isEmpty() ? key : path + "." + key, value));
  }

  /** The value of a key that has to be there. */
  ConfigNode need(String key) {
    return get(key)
        .orElseThrow(
            () ->
                new PolicyException(
                    file, "The key " + at(key) + " is missing.", "Every such entry needs it."));
  }

  /** This, being an object. */
  ConfigNode object() {
    if (!json.isObject()) {
      throw wrong("has to be an object with keys");
    }
    return this;
  }

  /** This, being an object that has no other keys than these. */
  ConfigNode only(String... keys) {
    object();
    Set<String> known = new LinkedHashSet<>(Arrays.asList(keys));
    for (String key : keys()) {
      if (!known.contains(key)) {
        throw new PolicyException(
            file,
            "The key " + at(key) + " is unknown.",
            "Known keys: " + String.join(", ", known) + ".");
      }
    }
    return this;
  }

  /** The keys of this object in the order of the file. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    json.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** The elements of this list. */
  List<ConfigNode> list() {
    if (!json.isArray()) {
      throw wrong("has to be a list");
    }
    List<ConfigNode> elements = new ArrayList<>();
    for (JsonNode element : json) {
      elements.add(new ConfigNode(file, path + "[" + elements.size() + "]", element));
    }
    return elements;
  }

  /** This text, not empty. */
  String text() {
    if (!json.isTextual() || json.textValue().isBlank()) {
      throw wrong("must be a string");
    }
    return json.textValue();
  }

  /** This, being true or false. */
  boolean flag() {
    if (!json.isBoolean()) {
      throw wrong("has to be true or false");
    }
    return json.booleanValue();
  }

  /** This whole number, at least 1. */
  int count() {
    if (!json.isInt() || json.intValue() < 1) {
      throw wrong("has to be a whole number of at least 1");
    }
    return json.intValue();
  }

  /** This number, more than {@code above} and at most {@code most}. */
  double number(double above, double most) {
    if (!json.isNumber() || !(json.doubleValue() > above) || json.doubleValue() > most) {
      throw wrong("has to be a number above " + above + " and at most " + most);
    }
    return json.doubleValue();
  }

  /** This text, read by a parser that throws a RuntimeException on what it cannot read. */
  <T> T parsed(Function<String, T> parser, String expected) {
    try {
      return parser.apply(text());
    } catch (PolicyException e) {
      throw e;
    } catch (RuntimeException e) {
      throw wrong("has to be " + expected);
    }
  }

  /** This text as one of the constants, written in the file in lower case. */
  <E extends Enum<E>> E oneOf(Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text().toLowerCase(Locale.ROOT))) {
        return constant;
      }
    }
    Set<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.toCollection(TreeSet::new));
    throw wrong("has to be one of " + String.join(", ", names));
  }

  /** The complaint that this value is not what it has to be. */
  PolicyException wrong(String expectation) {
    String name = path.isEmpty() ? "The file" : "The value of " + path;
    String value = Plain.value(json);
    return new PolicyException(
        file, name + " " + expectation + ", but is " + value + ".", "Correct it.");
  }

  private String at(String key) {
    return Plain.escaped(path.isEmpty() ? key : path + "." + key);
  }
}
