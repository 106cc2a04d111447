package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
   * The blocks that have to be written, each whole, with what others have in it and without the
   * nulls that it has.
   *
   * @param now the blocks as they are
   * @param wanted fields of blocks that are ours, with their values; null for one that is to have
   *     none
   * @return only blocks in which one of those fields is different
   */
  static ObjectNode toWrite(JsonNode now, JsonNode wanted) {
    ObjectNode blocks = JsonNodeFactory.instance.objectNode();
    ObjectNode kept = kept(now, wanted);
    for (String block : BLOCKS) {
      if (!differences(block, now, wanted).isEmpty() || kept.has(block)) {
        ObjectNode whole = filled(now.path(block));
        for (Map.Entry<String, JsonNode> ours : wanted.path(block).properties()) {
          whole.set(ours.getKey(), ours.getValue());
        }
        blocks.set(block, whole);
      }
    }
    return blocks;
  }

  /** The fields of a block that have a value. */
  static ObjectNode filled(JsonNode block) {
    ObjectNode filled = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : block.properties()) {
      if (!field.getValue().isNull()) {
        filled.set(field.getKey(), field.getValue());
      }
    }
    return filled;
  }

  /** Whether some fields of blocks that are to be written have no value. */
  static boolean empties(JsonNode blocks) {
    return BLOCKS.stream().anyMatch(block -> hasNull(blocks.path(block)));
  }

  private static boolean hasNull(JsonNode block) {
    return block.properties().stream().anyMatch(field -> field.getValue().isNull());
  }

  /** By block, the fields that are to have no value and have one, with it. */
  static ObjectNode kept(JsonNode now, JsonNode wanted) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    for (String block : BLOCKS) {
      for (Map.Entry<String, JsonNode> ours : wanted.path(block).properties()) {
        JsonNode is = now.path(block).path(ours.getKey());
        if (ours.getValue().isNull() && !is.isMissingNode() && !is.isNull()) {
          kept.withObject("/" + block).set(ours.getKey(), is);
        }
      }
    }
    return kept;
  }

  /** Fields of blocks with their values, in words. */
  static String told(JsonNode blocks) {
    return blocks.properties().stream()
        .flatMap(block -> block.getValue().properties().stream())
        .map(field -> field.getKey() + " (" + field.getValue().asText() + ")")
        .collect(Collectors.joining(", "));
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

  /** Of what a skill had before, the fields that are ours now; null for one that had no value. */
  static ObjectNode before(JsonNode before, JsonNode wanted) {
    ObjectNode blocks = JsonNodeFactory.instance.objectNode();
    for (String block : BLOCKS) {
      for (Map.Entry<String, JsonNode> ours : wanted.path(block).properties()) {
        JsonNode had = before.path(block).path(ours.getKey());
        blocks
            .withObject("/" + block)
            .set(ours.getKey(), had.isValueNode() ? had : NullNode.instance);
      }
    }
    return blocks;
  }

  /** Of all blocks, the fields that are ours and have a value: what people are shown. */
  static ObjectNode ours(JsonNode now, JsonNode wanted) {
    ObjectNode ours = before(now, wanted);
    ours.forEach(block -> ((ObjectNode) block).properties().removeIf(f -> f.getValue().isNull()));
    return ours;
  }
}
