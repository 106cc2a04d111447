package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;

/** Numbers as JSON and people have them: 10 and not 10.0. */
final class Numbers {
  private Numbers() {}

  /** The number without a fraction of nothing. Numbers of a request are small. */
  static JsonNode plain(JsonNode number) {
    return number.isInt() ? number : plain(number.doubleValue());
  }

  /** The number as JSON. */
  static JsonNode plain(double number) {
    return isWhole(number) ? IntNode.valueOf((int) number) : DoubleNode.valueOf(number);
  }

  /** The number for people. */
  static String shown(double number) {
    return plain(number).asText();
  }

  private static boolean isWhole(double number) {
    return number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE;
  }
}
