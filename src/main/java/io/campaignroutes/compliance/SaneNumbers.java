package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;

/**
 * Numbers of absurd size, such as 1e999999999 or 1e-999999999, can cost minutes or fail when they
 * are compared exactly. For checking they are replaced by one that is out of every range just as
 * well.
 */
final class SaneNumbers {
  private static final double HUGE = 1e300;
  private static final double BELOW_NOTHING = -1e-300;
  private static final int MAX_DIGITS = 300;

  private SaneNumbers() {}

  /** The same request, or a copy in which numbers of absurd size are replaced. */
  static JsonNode of(JsonNode request) {
    if (!hasAbsurd(request)) {
      return request;
    }
    JsonNode copy = request.deepCopy();
    replaceIn(copy);
    return copy;
  }

  private static boolean hasAbsurd(JsonNode node) {
    if (node.isNumber()) {
      return isAbsurd(node);
    }
    for (JsonNode child : node) {
      if (hasAbsurd(child)) {
        return true;
      }
    }
    return false;
  }

  private static void replaceIn(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> property : object.properties()) {
        property.setValue(replaced(property.getValue()));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, replaced(array.get(i)));
      }
    }
  }

  private static JsonNode replaced(JsonNode value) {
    if (value.isNumber() && isAbsurd(value)) {
      double size = value.doubleValue();
      return DoubleNode.valueOf(Math.abs(size) < 1 ? BELOW_NOTHING : size < 0 ? -HUGE : HUGE);
    }
    replaceIn(value);
    return value;
  }

  private static boolean isAbsurd(JsonNode number) {
    if (number.isBigDecimal()) {
      BigDecimal value = number.decimalValue();
      return Math.abs((long) value.scale()) + value.precision() > MAX_DIGITS;
    }
    return number.isFloatingPointNumber() && !Double.isFinite(number.doubleValue());
  }
}
