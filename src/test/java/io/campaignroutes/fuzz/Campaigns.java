package io.campaignroutes.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests for campaigns: the examples in {@code config/}, right and wrong. */
final class Campaigns {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String WHEN = "activateAt";

  /** Nothing is dialed by these as long as a run lasts. */
  private static final String IN_A_MONTH =
      Instant.now().plus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS).toString();

  /**
   * A request.
   *
   * @param invalid whether it is known to be refused
   */
  record Made(String kind, boolean invalid, byte[] bytes) {}

  /** A property of the request's schema, and the names that lead to it. */
  private record Property(List<String> path, JsonNode schema) {}

  private final List<ObjectNode> examples = new ArrayList<>();
  private final List<Property> properties = new ArrayList<>();
  private final List<String> required = new ArrayList<>();

  /**
   * Reads the examples and the schema.
   *
   * @param config the folder {@code config/}
   */
  Campaigns(Path config) throws IOException {
    for (String file : List.of("welcome-call.json", "round-the-clock.json")) {
      examples.add((ObjectNode) MAPPER.readTree(config.resolve("examples").resolve(file).toFile()));
    }
    for (String line : Files.readAllLines(config.resolve("examples/three-campaigns.ndjson"))) {
      examples.add((ObjectNode) MAPPER.readTree(line));
    }
    // no agents of the others' zone are in the pools here
    examples.forEach(
        one ->
            one.put(
                "timeZone",
                one.path("timeZone").asText().replace("Europe/Berlin", "Europe/London")));
    JsonNode schema = MAPPER.readTree(config.resolve("campaign-request.schema.json").toFile());
    schema.path("required").forEach(name -> required.add(name.asText()));
    collect(schema, List.of());
  }

  private void collect(JsonNode schema, List<String> path) {
    schema
        .path("properties")
        .fields()
        .forEachRemaining(
            field -> {
              List<String> here = new ArrayList<>(path);
              here.add(field.getKey());
              properties.add(new Property(here, field.getValue()));
              collect(field.getValue(), here);
            });
  }

  /** A good request of the campaign that an input asks for. */
  ObjectNode good(long number, Random dice) {
    ObjectNode request = examples.get(dice.nextInt(examples.size())).deepCopy();
    return request
        .put("name", FuzzInput.name(number))
        .put("externalId", "key-" + FuzzInput.name(number))
        .put(WHEN, IN_A_MONTH);
  }

  /**
   * A request, good or not.
   *
   * @param oneLine whether it is to have no line ends
   */
  Made any(long number, boolean oneLine, Random dice) {
    ObjectNode request = good(number, dice);
    switch (dice.nextInt(10)) {
      case 0 -> {
        return new Made("as it should be", false, Texts.utf8(request.toString()));
      }
      case 1, 2, 3 -> {
        JsonNode when = request.remove(WHEN); // or it would dial now
        String kind = Trees.change(request, dice);
        request.set(WHEN, when);
        return new Made(kind, false, Texts.utf8(request.toString()));
      }
      case 4, 5, 6 -> {
        String kind = violate(request, dice);
        return new Made(kind, true, Texts.utf8(request.toString()));
      }
      default -> {
        Texts.Changed changed = Texts.change(request.toString(), oneLine, dice);
        return new Made(changed.kind(), changed.broken(), changed.bytes());
      }
    }
  }

  /** Makes it something that the schema does not allow. */
  private String violate(ObjectNode request, Random dice) {
    int what = dice.nextInt(6);
    if (what == 0) {
      request.remove(required.get(dice.nextInt(required.size())));
      return "required field left out";
    }
    Property property = properties.get(dice.nextInt(properties.size()));
    if (what == 1) {
      parent(request, property).set("unknown", Trees.raw(Trees.anyText(dice)));
      return "unknown field";
    }
    parent(request, property)
        .set(property.path().get(property.path().size() - 1), wrong(property.schema(), dice));
    return "against the schema";
  }

  private static ObjectNode parent(ObjectNode request, Property property) {
    ObjectNode parent = request;
    for (String name : property.path().subList(0, property.path().size() - 1)) {
      parent = parent.get(name) instanceof ObjectNode there ? there : parent.putObject(name);
    }
    return parent;
  }

  private static JsonNode wrong(JsonNode schema, Random dice) {
    List<String> wrong = new ArrayList<>();
    String type = schema.path("type").asText();
    List.of("[1]", "[[]]", "{\"a\":1}").stream()
        .filter(json -> !type.equals(json.startsWith("[") ? "array" : "object"))
        .forEach(wrong::add);
    if (!type.equals("boolean")) {
      wrong.add("true");
    }
    if (!type.equals("string")) {
      wrong.add("\"5 \"");
    }
    if (type.equals("integer")) {
      wrong.add("1.5");
      wrong.add("1e-3");
    }
    if (!type.equals("integer") && !type.equals("number")) {
      wrong.add("5");
    }
    if (schema.has("maximum")) {
      long maximum = schema.path("maximum").asLong();
      wrong.addAll(List.of("" + (maximum + 1), maximum + 1 + ".5", "1e300", "1e99999"));
    }
    if (schema.has("minimum") || schema.has("exclusiveMinimum")) {
      wrong.addAll(List.of("-1", "-0.001", "-1e300"));
    }
    if (schema.has("enum")) {
      wrong.addAll(List.of("\"NOSUCH\"", "\"\"", "\"predictive\""));
    }
    if (schema.has("maxLength")) {
      wrong.add("\"" + "a".repeat(schema.path("maxLength").asInt() + 1) + "\"");
    }
    if (schema.has("minLength")) {
      wrong.add("\"\"");
    }
    return Trees.raw(wrong.get(dice.nextInt(wrong.size())));
  }
}
