package io.campaignroutes.cxone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.campaignroutes.text.Masked;
import io.campaignroutes.text.Plain;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
  private static final int MAX_BODY = 1_000_000;

  /** Characters of a page or a reason that are looked at. */
  private static final int MAX_READ = 12_000;

  /** Of so many characters one at the most may be such as no text has. */
  private static final int TEXT_PER_ODD = 10;

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

  private static final Pattern OTHER_THAN_LETTERS = Pattern.compile("[^A-Za-z]+");

  private static final Pattern TITLE =
      Pattern.compile("<title[^>]*>(.*?)</title", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final List<Pattern> DESCRIBED =
      List.of(
          Pattern.compile("error_description=\"((?:[^\"\\\\]++|\\\\.)*)"),
          Pattern.compile("error_description=([^\",]+)"),
          Pattern.compile("error=\"?([^\",]*)"));

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
    add(reasons, "", told.path("message"), 0);
    reasons(json, reasons, "", 0);
    String code = word(told.path("code"));
    code = code == null ? code(json, 0, Refusal::word) : code;
    reasons.remove(code);
    if (reasons.isEmpty() && code == null) {
      JsonNode sentence = code(json, 0, Refusal::sentence);
      add(reasons, "", sentence == null ? MissingNode.getInstance() : sentence, 0);
    }
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

  /**
   * The same where a header names the error: one word is its code, several are its text.
   *
   * @param header null for none
   */
  Refusal named(String header, Collection<String> secrets) {
    String name = header == null ? "" : header.strip();
    if (name.isEmpty() || name.equals(code)) {
      return this;
    }
    if (!name.contains(" ")) {
      return new Refusal(shown(name, secrets), text.equals(name) ? "" : text);
    }
    String said = reason(name, secrets);
    boolean more = !text.isEmpty() && !text.contains(said);
    return new Refusal(code, more ? Plain.line(said + "; " + text, MAX_TEXT) : said);
  }

  /** A code as it is shown. */
  static String shown(String code, Collection<String> secrets) {
    return Plain.line(Masked.text(code, secrets), MAX_CODE);
  }

  private static String reason(String text, Collection<String> secrets) {
    String part = text.substring(0, Math.min(text.length(), MAX_READ));
    String plain = Plain.withoutMarkup(Masked.text(part, secrets), MAX_READ);
    return Plain.line(Masked.text(plain, secrets), MAX_TEXT); // entities may have hidden one
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

  /** What a page or plain text says; empty for what is neither. */
  private static String page(String body) {
    String text = body.substring(0, Math.min(body.length(), MAX_READ));
    long odd = text.chars().filter(Refusal::isOdd).count();
    if (odd * TEXT_PER_ODD > text.length()) {
      return "";
    }
    Matcher title = TITLE.matcher(text);
    String titled = title.find() ? title.group(1).strip() : "";
    return titled.isEmpty() ? text.strip() : titled;
  }

  private static boolean isOdd(int character) {
    return character == 0xfffd
        || Character.isISOControl(character) && character > 0x7f
        || character < 0x20 && character != '\t' && character != '\n' && character != '\r';
  }

  private static String header(String header) {
    return DESCRIBED.stream()
        .map(pattern -> pattern.matcher(header))
        .filter(Matcher::find)
        .map(described -> described.group(1).replaceAll("\\\\(.)", "$1"))
        .findFirst()
        .orElse(header);
  }

  /**
   * @param about what the node is about, by what it lies in
   */
  private static void reasons(JsonNode node, Set<String> reasons, String about, int depth) {
    if (depth > MAX_DEPTH || reasons.size() >= MAX_REASONS) {
      return;
    }
    if (node.isArray()) {
      node.forEach(one -> reasons(one, reasons, about, depth + 1));
      return;
    }
    if (!node.isObject()) {
      add(reasons, about, node, depth);
      return;
    }
    String own = depth == 0 ? "" : subject(node);
    String subject = own.isEmpty() ? about : own;
    boolean known = false;
    boolean said = false;
    Map<String, JsonNode> fields = named(node);
    for (String field : TEXTS) {
      JsonNode value = fields.getOrDefault(field, MissingNode.getInstance());
      known |= fields.containsKey(field);
      if (value.isContainerNode()) {
        reasons(value, reasons, subject, depth + 1);
      } else if (!said) { // one text for the whole is enough; lists beside it say what exactly
        said = add(reasons, subject, value, depth);
      }
    }
    if (!known) {
      node.fields()
          .forEachRemaining(
              field -> {
                if (field.getValue().isContainerNode()) {
                  boolean list = depth > 0 && field.getValue().isArray();
                  String what = list ? field.getKey() : subject;
                  reasons(field.getValue(), reasons, what, depth + 1);
                } else if (!CODES.contains(plain(field.getKey()))) {
                  add(reasons, field.getKey(), field.getValue(), depth);
                }
              });
    }
  }

  /** Whether there was something to add. */
  private static boolean add(Set<String> reasons, String subject, JsonNode value, int depth) {
    if (value.isMissingNode() || value.isNull() || value.asText().isBlank()) {
      return false;
    }
    String text = value.asText().strip();
    if (text.startsWith("{") || text.startsWith("[")) { // JSON within a text
      Set<String> inner = new LinkedHashSet<>();
      reasons(json(text), inner, subject, depth + 1);
      reasons.addAll(inner);
      if (!inner.isEmpty()) {
        return true;
      }
    }
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

  /** Fields by their names in lower case, letters only; of two of a name the first. */
  private static Map<String, JsonNode> named(JsonNode node) {
    Map<String, JsonNode> fields = new HashMap<>();
    node.properties().forEach(field -> fields.putIfAbsent(plain(field.getKey()), field.getValue()));
    return fields;
  }

  private static <T> T code(JsonNode node, int depth, Function<JsonNode, T> reading) {
    if (depth > MAX_DEPTH) {
      return null;
    }
    for (var fields = node.fields(); fields.hasNext(); ) {
      var field = fields.next();
      T code = CODES.contains(plain(field.getKey())) ? reading.apply(field.getValue()) : null;
      if (code != null) {
        return code;
      }
    }
    for (JsonNode inner : node) {
      T code = inner.isContainerNode() ? code(inner, depth + 1, reading) : null;
      if (code != null) {
        return code;
      }
    }
    return null;
  }

  private static JsonNode sentence(JsonNode value) {
    return value.isTextual() ? value : null;
  }

  /** A code is one word; a sentence in its place is a text. */
  private static String word(JsonNode value) {
    boolean scalar = value.isTextual() || value.isNumber();
    String text = scalar ? value.asText().strip() : "";
    String code = text.contains(" ") ? "" : Plain.line(text, MAX_CODE).replace(" ", "");
    return code.isEmpty() ? null : code;
  }

  private static String plain(String name) {
    return OTHER_THAN_LETTERS.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
  }
}
