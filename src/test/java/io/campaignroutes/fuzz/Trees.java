package io.campaignroutes.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.campaignroutes.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes JSON in one place of its tree; what comes of it is still JSON, if odd. */
final class Trees {
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-1",
          "1",
          "0.5",
          "1e3",
          "1E-7",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "18446744073709551616",
          "1e308",
          "1e309",
          "-1e309",
          "1e-400",
          "1e999999999",
          "1e-999999999",
          "1e2147483648",
          "0.1000000000000000000000000000000000000001",
          "1.7976931348623159e308",
          "4.9e-324",
          "1" + "0".repeat(400),
          "0." + "3".repeat(900),
          "1" + "0".repeat(1_100));

  private static final List<String> TEXTS =
      List.of(
          "\"\"",
          "\" \"",
          "\"\\u0000\"",
          "\"a\\u0000b\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"x\\ud83d\"",
          "\"\\u001b[31mred\"",
          "\"\\r\\n10:00:00.000 ERROR Forged\"",
          "\"\\u202eevil\\u2066\"",
          "\"\\ufeff\"",
          "\"\\u2028\\u2029\"",
          "\"\\uffff\\ufffe\"",
          "\"\uD83D\uDC69\u200D\uD83D\uDCBB\"",
          "\"e\\u0301\\u0301\\u0301\\u0301\\u0301\\u0301\"",
          "\"${jndi:ldap://x/y}\"",
          "\"${body}\"",
          "\"$simple{sys.user.home}\"",
          "\"{{cxone.client-secret}}\"",
          "\"#{T(Runtime).getRuntime()}\"",
          "\"%s%n%d\"",
          "\"{0}\"",
          "\"'; drop table campaign; --\"",
          "\"<script>alert(1)</script>\"",
          "\"../../../../etc/passwd\"",
          "\"..\\\\..\\\\x\"",
          "\"file:///etc/passwd\"",
          "\"http://169.254.169.254/latest\"",
          "\"http://[::1]:1/\"",
          "\"https://user:pass@example.com/\"",
          "\"https://example.com:99999/\"",
          "\"https://\u00fc.example/\"",
          "\"javascript:alert(1)\"",
          "\"null\"",
          "\"true\"",
          "\"5\"",
          "\"NaN\"",
          "\"-Infinity\"",
          "\"1e400\"",
          "\"2026-02-30T10:00:00Z\"",
          "\"2026-11-29T10:00:00\"",
          "\"2026-11-29T25:61:61+99:99\"",
          "\"+999999999-12-31T23:59:59.999999999-18:00\"",
          "\"-999999999-01-01T00:00:00+18:00\"",
          "\"0000-00-00T00:00:00Z\"",
          "\"America/New_York\\u0000\"",
          "\"america/new_york\"",
          "\"GMT+25:00\"",
          "\"UTC+01:00\"",
          "\"CAMPAIGN_\"",
          "\"PREDICTIVE \"");

  private static final List<String> NAMES =
      List.of(
          "", " ", "name", "id", "__proto__", "constructor", "a.b", "a[0]", "$ref", "\ud83d\ude00");

  /** A place in a tree: a field of an object or an element of a list. */
  private record Place(JsonNode parent, String field, int index) {
    void set(JsonNode value) {
      if (parent instanceof ObjectNode object) {
        object.set(field, value);
      } else {
        ((ArrayNode) parent).set(index, value);
      }
    }

    JsonNode get() {
      return field != null ? parent.get(field) : parent.get(index);
    }

    void remove() {
      if (parent instanceof ObjectNode object) {
        object.remove(field);
      } else {
        ((ArrayNode) parent).remove(index);
      }
    }
  }

  private Trees() {}

  /** JSON that stands in a tree as it is written here. */
  static JsonNode raw(String json) {
    return Json.object().rawValueNode(new RawValue(json));
  }

  static String anyText(Random dice) {
    return TEXTS.get(dice.nextInt(TEXTS.size()));
  }

  static String anyNumber(Random dice) {
    return NUMBERS.get(dice.nextInt(NUMBERS.size()));
  }

  /**
   * Changes one place.
   *
   * @param tree a list or an object that is not empty; it is changed
   * @return what was done, in a few words
   */
  static String change(JsonNode tree, Random dice) {
    List<Place> places = new ArrayList<>();
    collect(tree, places);
    if (places.isEmpty()) {
      if (tree instanceof ObjectNode object) {
        object.set("unknown", raw(anyText(dice)));
      }
      return "field too many";
    }
    Place place = places.get(dice.nextInt(places.size()));
    int what = dice.nextInt(14);
    return what < 8 ? value(place, what, dice) : shape(place, what, dice);
  }

  /** Another value where one stands. */
  private static String value(Place place, int what, Random dice) {
    switch (what) {
      case 0 -> {
        place.remove();
        return "left out";
      }
      case 1 -> {
        place.set(Json.object().nullNode());
        return "null";
      }
      case 2 -> {
        place.set(raw(dice.nextBoolean() ? "true" : "false"));
        return "truth value";
      }
      case 3, 4 -> {
        place.set(raw(anyNumber(dice)));
        return "number at a bound";
      }
      case 5, 6 -> {
        place.set(raw(anyText(dice)));
        return "odd text";
      }
      default -> {
        place.set(raw("\"" + longText(dice) + "\""));
        return "long text";
      }
    }
  }

  /** Another shape where a value stands. */
  private static String shape(Place place, int what, Random dice) {
    switch (what) {
      case 8 -> {
        place.set(Json.array().add(place.get().deepCopy()));
        return "in a list";
      }
      case 9 -> {
        JsonNode within = place.get().deepCopy();
        place.set(Json.object().set("value", within));
        return "in an object";
      }
      case 10 -> {
        place.set(raw(dice.nextBoolean() ? "[]" : "{}"));
        return "empty list or object";
      }
      case 11 -> {
        place.set(raw(nested(dice)));
        return "nested deep";
      }
      case 12 -> {
        if (place.parent() instanceof ObjectNode object) {
          object.set(NAMES.get(dice.nextInt(NAMES.size())), raw(anyText(dice)));
        } else {
          ((ArrayNode) place.parent()).add(raw(anyText(dice)));
        }
        return "field too many";
      }
      default -> {
        place.set(raw(crowd(dice)));
        return "many elements";
      }
    }
  }

  private static void collect(JsonNode node, List<Place> places) {
    node.fields()
        .forEachRemaining(
            field -> {
              places.add(new Place(node, field.getKey(), -1));
              collect(field.getValue(), places);
            });
    if (node.isArray()) {
      for (int n = 0; n < node.size(); n++) {
        places.add(new Place(node, null, n));
        collect(node.get(n), places);
      }
    }
  }

  private static String longText(Random dice) {
    int length = List.of(101, 201, 1_000, 10_000, 60_000).get(dice.nextInt(5));
    String piece =
        List.of("a", "../", "\u00e4", "\uD83D\uDE00", "\\u0041", " ", "0").get(dice.nextInt(7));
    return piece.repeat(Math.max(1, length / piece.length()));
  }

  private static String nested(Random dice) {
    int depth = List.of(5, 100, 999, 1_001, 20_000).get(dice.nextInt(5));
    boolean whole = dice.nextInt(4) > 0;
    return dice.nextBoolean()
        ? "[".repeat(depth) + (whole ? "]".repeat(depth) : "")
        : "{\"a\":".repeat(depth) + "1" + (whole ? "}".repeat(depth) : "");
  }

  private static String crowd(Random dice) {
    int count = List.of(8, 1_000, 20_000).get(dice.nextInt(3));
    return switch (dice.nextInt(3)) {
      case 0 -> "[0" + ",0".repeat(count) + "]";
      case 1 -> "[\"MON\"" + ",\"MON\"".repeat(count) + "]";
      default -> {
        var object = new StringBuilder("{\"k\":1");
        for (int n = 0; n < count; n++) {
          object.append(",\"k").append(n).append("\":1");
        }
        yield object.append('}').toString();
      }
    };
  }
}
