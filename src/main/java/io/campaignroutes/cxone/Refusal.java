package io.campaignroutes.cxone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.campaignroutes.text.Masked;
import io.campaignroutes.text.Plain;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why CXone refuses a call, whatever the shape in which it says so: fields, nested ones, lists,
 * plain text, a page, a header. Cleaned and without secrets.
 *
 * @param code CXone's error code; null for none
 * @param text one line of at most {@value #MAX_TEXT} characters; empty when it says nothing
 */
record Refusal(String code, String text) {
  static final int MAX_TEXT = 300;
  private static final int MAX_CODE = 60;
  private static final int MAX_BODY = 20_000;
  private static final int MAX_REASONS = 5;
  private static final int MAX_DEPTH = 6;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Fields that carry a text for people, the better ones first; in lower case, letters only. */
  private static final List<String> TEXTS =
      List.of(
          "message",
          "errordescription",
          "errormessage",
          "statusdescription",
          "detail",
          "description",
          "reason",
          "faultstring",
          "msg",
          "text",
          "title",
          "errors",
          "error",
          "details",
          "fault",
          "faults",
          "violations",
          "problems",
          "causes",
          "cause",
          "messages");

  private static final Set<String> CODES = Set.of("errorcode", "code", "errorid", "faultcode");

  /** What an entry of a list of errors is about. */
  private static final Set<String> SUBJECTS =
      Set.of("field", "path", "property", "propertyname", "pointer", "parameter", "name");

  private static final Pattern TITLE =
      Pattern.compile("<title[^>]*>(.*?)</title", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final List<Pattern> DESCRIBED =
      List.of(
          Pattern.compile("error_description=\"?([^\"]*)"), Pattern.compile("error=\"?([^\",]*)"));

  /**
   * @param body as it came
   * @param described what the API file makes of the body: code and message; missing for nothing
   * @param header what a header says; null for nothing
   * @param secrets what must not be shown
   */
  static Refusal of(
      byte[] body,
      Function<JsonNode, JsonNode> described,
      String header,
      Collection<String> secrets) {
    String raw = decoded(body);
    JsonNode json = json(raw);
    JsonNode told = json.isObject() ? described.apply(json) : MissingNode.getInstance();
    Set<String> reasons = new LinkedHashSet<>();
    add(reasons, "", told.path("message"));
    reasons(json, reasons, 0);
    String code = word(told.path("code"));
    code = code == null ? code(json, 0) : code;
    reasons.remove(code);
    if (reasons.isEmpty() && json.isMissingNode()) {
      reasons.add(page(raw));
    }
    String text = reason(String.join("; ", reasons.stream().limit(MAX_REASONS).toList()), secrets);
    if (text.isEmpty() && code == null && header != null) {
      text = reason(header(header), secrets);
    }
    String shown = code == null ? "" : shown(code, secrets);
    return new Refusal(shown.isEmpty() ? null : shown, text);
  }

  /** A code as it is shown. */
  static String shown(String code, Collection<String> secrets) {
    return Plain.line(Masked.text(code, secrets), MAX_CODE);
  }

  private static String reason(String text, Collection<String> secrets) {
    return Plain.withoutMarkup(Masked.text(text, secrets), MAX_TEXT);
  }

  private static String decoded(byte[] body) {
    int length = Math.min(body.length, MAX_BODY);
    String text = new String(body, 0, length, StandardCharsets.UTF_8);
    boolean other = length == body.length && text.indexOf('\ufffd') >= 0;
    return other ? new String(body, 0, length, StandardCharsets.ISO_8859_1) : text;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance(); // a page or plain text
    }
  }

  private static String page(String text) {
    Matcher title = TITLE.matcher(text);
    String titled = title.find() ? title.group(1).strip() : "";
    return titled.isEmpty() ? text.strip() : titled;
  }

  private static String header(String header) {
    return DESCRIBED.stream()
        .map(pattern -> pattern.matcher(header))
        .filter(Matcher::find)
        .map(described -> described.group(1))
        .findFirst()
        .orElse(header);
  }

  private static void reasons(JsonNode node, Set<String> reasons, int depth) {
    if (depth > MAX_DEPTH || reasons.size() >= MAX_REASONS) {
      return;
    }
    if (node.isArray()) {
      node.forEach(one -> reasons(one, reasons, depth + 1));
      return;
    }
    if (!node.isObject()) {
      add(reasons, "", node);
      return;
    }
    String subject = depth == 0 ? "" : subject(node);
    boolean known = false;
    boolean said = false;
    for (String field : TEXTS) {
      JsonNode value = field(node, field);
      known |= !value.isMissingNode();
      if (value.isContainerNode()) {
        reasons(value, reasons, depth + 1);
      } else if (!said) { // one text for the whole is enough; lists beside it say what exactly
        said = add(reasons, subject, value);
      }
    }
    if (!known) {
      node.fields()
          .forEachRemaining(
              field -> {
                if (field.getValue().isContainerNode()) {
                  reasons(field.getValue(), reasons, depth + 1);
                } else if (!CODES.contains(plain(field.getKey()))) {
                  add(reasons, field.getKey(), field.getValue());
                }
              });
    }
  }

  /** Whether there was something to add. */
  private static boolean add(Set<String> reasons, String subject, JsonNode value) {
    if (value.isMissingNode() || value.isNull() || value.asText().isBlank()) {
      return false;
    }
    String text = value.asText().strip();
    reasons.add(subject.isEmpty() ? text : subject + ": " + text);
    return true;
  }

  private static String subject(JsonNode node) {
    for (var fields = node.fields(); fields.hasNext(); ) {
      var field = fields.next();
      if (SUBJECTS.contains(plain(field.getKey())) && field.getValue().isTextual()) {
        return field.getValue().asText().strip();
      }
    }
    return "";
  }

  private static JsonNode field(JsonNode node, String name) {
    for (var fields = node.fields(); fields.hasNext(); ) {
      var field = fields.next();
      if (plain(field.getKey()).equals(name)) {
        return field.getValue();
      }
    }
    return MissingNode.getInstance();
  }

  private static String code(JsonNode node, int depth) {
    if (depth > MAX_DEPTH) {
      return null;
    }
    for (var fields = node.fields(); fields.hasNext(); ) {
      var field = fields.next();
      if (CODES.contains(plain(field.getKey())) && word(field.getValue()) != null) {
        return word(field.getValue());
      }
    }
    for (JsonNode inner : node) {
      String code = inner.isContainerNode() ? code(inner, depth + 1) : null;
      if (code != null) {
        return code;
      }
    }
    return null;
  }

  /** A code is one word; a sentence in its place is a text. */
  private static String word(JsonNode value) {
    boolean scalar = value.isTextual() || value.isNumber();
    String text = scalar ? value.asText().strip() : "";
    String code = text.contains(" ") ? "" : Plain.line(text, MAX_CODE).replace(" ", "");
    return code.isEmpty() ? null : code;
  }

  private static String plain(String name) {
    return name.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT);
  }
}
