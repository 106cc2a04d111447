package io.campaignroutes.sandbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.Set;

/**
 * What goes wrong with an operation.
 *
 * @param delayMs wait before anything else, in milliseconds
 * @param status the HTTP status to answer with in place of doing the work
 * @param retryAfter the {@code Retry-After} that goes with the status: seconds or an HTTP date
 * @param cut {@code before} or {@code after}: the connection ends without a whole answer, before
 *     the work is done or after it
 * @param errorCode with a status the code in the body; alone, on {@code updateCampaign}, the code
 *     of the {@code ERROR} in which an activation ends
 * @param shape how a tenant of Personal Connection tells it: {@code header} (no body, the code in a
 *     header), {@code errors} (200 or 206 with errors inside) or {@code noId} (the work is done,
 *     the answer lacks the number of what was made)
 * @param probability of a call being hit, 0 to 1
 * @param times calls still to be hit, null without limit
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InjectedFault(
    Integer delayMs,
    Integer status,
    String retryAfter,
    String cut,
    String errorCode,
    String shape,
    double probability,
    Integer times) {

  static final String BEFORE = "before";
  static final String AFTER = "after";

  /** An error without a body: its code stands in the header {@code icStatusDescription}. */
  public static final String HEADER = "header";

  /** A success that tells of errors inside. */
  public static final String ERRORS = "errors";

  /** The work is done and the answer does not tell the number of what was made. */
  public static final String NO_ID = "noId";

  private static final Set<String> SHAPES = Set.of(HEADER, ERRORS, NO_ID);
  private static final int MAX_DELAY_MS = 600_000;
  private static final Set<String> FIELDS =
      Set.of(
          "delayMs", "status", "retryAfter", "cut", "errorCode", "shape", "probability", "times");

  /** Reads a fault for {@code operation} and says what is wrong with it in a 400. */
  static InjectedFault read(String operation, ObjectNode json) {
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!FIELDS.contains(name)) {
        throw invalid("Unknown property " + name + "; known are " + sorted() + ".");
      }
    }
    InjectedFault fault =
        new InjectedFault(
            integer(json, "delayMs", 1, MAX_DELAY_MS),
            integer(json, "status", ERRORS.equals(text(json, "shape")) ? 200 : 300, 599),
            retryAfter(json.get("retryAfter")),
            text(json, "cut"),
            text(json, "errorCode"),
            text(json, "shape"),
            probability(json.get("probability")),
            integer(json, "times", 1, Integer.MAX_VALUE));
    fault.check(operation);
    return fault;
  }

  /** Whether this ends an activation in {@code ERROR} and leaves the call itself alone. */
  boolean failsActivation() {
    return errorCode != null && status == null;
  }

  InjectedFault withTimes(Integer left) {
    return new InjectedFault(delayMs, status, retryAfter, cut, errorCode, shape, probability, left);
  }

  private void check(String operation) {
    if (cut != null && !cut.equals(BEFORE) && !cut.equals(AFTER)) {
      throw invalid("cut must be \"before\" or \"after\".");
    }
    if (shape != null && !SHAPES.contains(shape)) {
      throw invalid("shape must be \"header\", \"errors\" or \"noId\".");
    }
    if (shape != null && NO_ID.equals(shape) == (status != null)) {
      throw invalid("header and errors need a status, noId has none.");
    }
    if (delayMs == null && status == null && cut == null && errorCode == null && shape == null) {
      throw invalid("Say what goes wrong: one of delayMs, status, cut or errorCode.");
    }
    if (status != null && cut != null) {
      throw invalid("status and cut exclude each other: a cut call has no answer.");
    }
    if (retryAfter != null && status == null) {
      throw invalid("retryAfter needs a status, 429 or 503 for instance.");
    }
    if (failsActivation()) {
      if (!ServedOperation.UPDATE_CAMPAIGN.label().equals(operation)) {
        throw invalid("errorCode needs a status, except on updateCampaign.");
      }
      if (delayMs != null || cut != null) {
        throw invalid(
            "errorCode without a status ends the activation and stands alone: drop delayMs and"
                + " cut.");
      }
    }
  }

  private static Integer integer(ObjectNode json, String field, int least, int most) {
    JsonNode node = json.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < least
        || node.intValue() > most) {
      throw invalid(field + " must be a whole number from " + least + " to " + most + ".");
    }
    return node.intValue();
  }

  private static String text(ObjectNode json, String field) {
    JsonNode node = json.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isTextual() || node.textValue().isBlank() || node.textValue().length() > 200) {
      throw invalid(field + " must be a text of 1 to 200 characters.");
    }
    return node.textValue();
  }

  private static String retryAfter(JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    String value = node.asText();
    if (value.matches("\\d{1,9}") || node.isTextual() && isHttpDate(value)) {
      return value;
    }
    throw invalid("retryAfter must be whole seconds or an HTTP date.");
  }

  private static boolean isHttpDate(String value) {
    try {
      DateTimeFormatter.RFC_1123_DATE_TIME.parse(value);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static double probability(JsonNode node) {
    if (node == null || node.isNull()) {
      return 1;
    }
    if (!node.isNumber() || !(node.doubleValue() > 0 && node.doubleValue() <= 1)) {
      throw invalid("probability must be a number above 0 and not above 1.");
    }
    return node.doubleValue();
  }

  private static String sorted() {
    return String.join(", ", FIELDS.stream().sorted().toList());
  }

  private static SandboxException invalid(String message) {
    return new SandboxException(400, "INVALID_FAULT", message);
  }
}
