package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Blocks of a skill's settings, by name: what has to be written so that fields of ours have the
 * value that they are to have, and whether they have. Numbers and switches that come as texts are
 * the same.
 */
final class SkillSettings {
  /** The blocks, as routes and the platform's file call them. */
  static final List<String> BLOCKS = List.of("general", "retry", "cpa");

  private SkillSettings() {}

  /**
   * The blocks that have to be written, each whole, with what others have in it and without nulls,
   * which CXone refuses.
   *
   * @param now the blocks as they are
   * @param wanted fields of blocks that are ours, with their values
   * @return only blocks in which one of those fields is different
   */
  static ObjectNode toWrite(JsonNode now, JsonNode wanted) {
    ObjectNode blocks = JsonNodeFactory.instance.objectNode();
    for (String block : BLOCKS) {
      if (!differences(block, now, wanted).isEmpty()) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        add(whole, now.path(block));
        add(whole, wanted.path(block));
        blocks.set(block, whole);
      }
    }
    return blocks;
  }

  private static void add(ObjectNode whole, JsonNode fields) {
    fields
        .fields()
        .forEachRemaining(
            field -> {
              if (!field.getValue().isNull()) {
                whole.set(field.getKey(), field.getValue());
              }
            });
  }

  /** What is not as it is to be, a sentence; empty when all is. */
  static Optional<String> difference(JsonNode now, JsonNode wanted) {
    return BLOCKS.stream().flatMap(block -> differences(block, now, wanted).stream()).findFirst();
  }

  private static List<String> differences(String block, JsonNode now, JsonNode wanted) {
    List<String> differences = new ArrayList<>();
    wanted
        .path(block)
        .fields()
        .forEachRemaining(
            field -> {
              JsonNode is = now.path(block).path(field.getKey());
              if (!field.getValue().isNull() && !same(is, field.getValue())) {
                differences.add(
                    "%s is %s, and %s is wanted."
                        .formatted(field.getKey(), shown(is), shown(field.getValue())));
              }
            });
    return differences;
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode() || value.isNull() ? "not told" : value.asText();
  }

  /** Whether two values are the same, however they are written. */
  static boolean same(JsonNode one, JsonNode other) {
    return one.equals(other)
        || one.isValueNode()
            && !one.isNull()
            && (one.asText().equals(other.asText())
                || number(one) != null && number(one).equals(number(other)));
  }

  private static Double number(JsonNode value) {
    try {
      return value.isNumber() || value.isTextual() ? Double.valueOf(value.asText()) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Of what a skill had before, the fields that are ours now. */
  static ObjectNode before(JsonNode before, JsonNode wanted) {
    ObjectNode blocks = JsonNodeFactory.instance.objectNode();
    for (String block : BLOCKS) {
      wanted
          .path(block)
          .fieldNames()
          .forEachRemaining(
              field -> {
                JsonNode had = before.path(block).path(field);
                if (had.isValueNode() && !had.isNull()) {
                  blocks.withObject("/" + block).set(field, had);
                }
              });
    }
    return blocks;
  }

  /** Of all blocks, the fields that are ours: what people are shown. */
  static ObjectNode ours(JsonNode now, JsonNode wanted) {
    return before(now, wanted);
  }
}
