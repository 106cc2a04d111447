package io.campaignroutes.witness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What may not stand in a text that people read: answers, reports, audit lines, lines of the log at
 * INFO and above, pages. Whoever reads them knows campaigns, not how the service is built.
 */
public final class TextsPeopleRead {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 300;

  /** What is wrong with a text, by what is looked for in it. */
  private static final Map<Pattern, String> NEVER = new LinkedHashMap<>();

  private static void never(String what, String... patterns) {
    NEVER.put(Pattern.compile(String.join("|", patterns)), what);
  }

  static {
    never(
        "a class or package of the program",
        "\\b(?:[a-z][a-z0-9_]*\\.){2,}(?!JSON\\b)[A-Z]\\w*",
        "\\b[A-Z][a-z]\\w*(?:Exception|Error)\\b",
        "\\b(?:io\\.campaignroutes|org\\.(?:apache|springframework|sqlite|postgresql)|com\\.fasterxml"
            + "|com\\.networknt|java\\.(?:lang|util|io|net|nio|time|sql)|javax|jakarta|sun)\\.[a-z]",
        "(?m)^\\s+at \\S+\\(.*\\)$",
        "\\bCaused by:",
        "\\w+\\$(?:\\w+\\$)?\\d*@[0-9a-f]{5,}");
    never(
        "SQL, or a word of the database's driver",
        "(?i:\\binsert (?:or \\w+ )?into\\b|\\bdelete from\\b|\\bupdate \\w+ set\\b)",
        "(?i:\\bselect\\b.{1,300}\\bfrom \\w+ (?:where|order by|limit|for|join|group by)\\b)",
        "SQLITE_|SQLSTATE|SQLState|\\bSQL \\[|constraint failed|duplicate key"
            + " value|\\bJDBC\\b|Hikari",
        "PreparedStatement|ResultSet|violates (?:unique|not-null|foreign)");
    never(
        "a word of the parser",
        "start marker|StreamReadConstraints|StreamReadFeature|DeserializationFeature",
        "JsonReadFeature|JsonParser|JsonNode|ObjectNode|CTRL-CHAR",
        "ALLOW_(?:JAVA|YAML|COMMENTS|NON_NUMERIC|SINGLE|UNQUOTED|TRAILING|LEADING|BACKSLASH)",
        "Unexpected (?:token|character|end-of-input|close marker)|Unrecognized token|was expecting",
        "REDACTED|\\[Source:|no String-argument|Cannot"
            + " (?:construct|deserialize)|BOM'|(?<!a byte )\\(0x[0-9a-fA-F]+\\)",
        "Invalid UTF-8 (?:start|middle) byte|snakeyaml|while parsing a|found duplicate key");
    never(
        "'null' in place of a value",
        "['\"]null['\"]|(?:[:=(,]|\\b(?:of|is|to|for|at|with)|^) ?null\\b");
    never(
        "a value without its text",
        "\\$\\{|\\{\\{|%[sd]\\b|\\[object Object]|\\bundefined\\b|\\bNaN\\b");
    never(
        "an empty reason",
        ":\\s*$",
        ": ?[.;,)]",
        "(?:^|[\\s,;])\\(\\)",
        "^\\s*[.:;]\\s*$",
        "\"\"|''");
    never(
        "a control character",
        "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
            + "\\u2028\\u2029\\ufeff]");
  }

  /** As long as a hash, or the ids of this service. */
  private static final Pattern ID =
      Pattern.compile("\\b(?:(?:cmp|dlv|evt|req)_[0-9a-z]+|[0-9a-f]{32,})\\b");

  /** What of a text looks for a digit that is none but this. */
  private static final Pattern THIS_DIGIT = Pattern.compile("0x|UTF-8");

  /**
   * Texts with nothing wrong, without their ids and digits: most are told over and over. What else
   * is looked for is in both or in neither of two that differ in these alone.
   */
  private static final Set<String> BLAMELESS = ConcurrentHashMap.newKeySet();

  private static final int MAX_BLAMELESS = 20_000;

  /** Kinds of faults that a text has, too, which tells of an odd word of a caller's. */
  private static final Pattern ECHO =
      Pattern.compile("(?:^|: )(?:'null' in place|a value without|an empty reason)");

  private TextsPeopleRead() {}

  /**
   * Whether what was found may be a word of the caller's that is told back.
   *
   * @param fault one of {@link #faults}
   */
  static boolean mayBeAnEcho(String fault) {
    return ECHO.matcher(fault).find();
  }

  /** What is wrong with a text; empty when nothing is. */
  public static List<String> faults(String text) {
    if (THIS_DIGIT.matcher(text).find()) {
      return looked(text);
    }
    String kind = kind(text);
    if (BLAMELESS.contains(kind)) {
      return List.of();
    }
    List<String> faults = looked(text);
    if (faults.isEmpty() && BLAMELESS.size() < MAX_BLAMELESS) {
      BLAMELESS.add(kind);
    }
    return faults;
  }

  private static String kind(String text) {
    char[] kind = ID.matcher(text).replaceAll("00000").toCharArray();
    for (int n = 0; n < kind.length; n++) {
      if (kind[n] >= '0' && kind[n] <= '9') {
        kind[n] = '0';
      }
    }
    return new String(kind);
  }

  private static List<String> looked(String text) {
    List<String> faults = new ArrayList<>();
    NEVER.forEach(
        (pattern, what) -> {
          Matcher found = pattern.matcher(text);
          if (found.find()) {
            int from = Math.max(0, found.start() - SHOWN / 2);
            int to = Math.min(text.length(), found.end() + SHOWN / 2);
            faults.add("%s, '%s' in: %s".formatted(what, found.group(), text.substring(from, to)));
          }
        });
    return faults;
  }

  /**
   * Names of members whose values are somebody else's words or data, shown as they came: what a
   * caller sent, what a receiver answered, what the settings and the routes hold.
   */
  private static final Set<String> OF_OTHERS =
      Set.of(
          "name",
          "externalId",
          "cxoneCampaignId",
          "eventType",
          "request",
          "payload",
          "event",
          "answer",
          "settings",
          "entry");

  /**
   * What is wrong with the texts of a document.
   *
   * @param document JSON; anything else is taken as one text
   */
  static List<String> faultsOfDocument(String document) {
    JsonNode json;
    try {
      json = JSON.readTree(document);
    } catch (IOException e) {
      return faults(document);
    }
    List<String> faults = new ArrayList<>();
    document(json, "", faults);
    return faults;
  }

  private static void document(JsonNode node, String path, List<String> faults) {
    if (node.isTextual()) {
      faults(node.asText()).forEach(fault -> faults.add(path + ": " + fault));
    }
    node.fields()
        .forEachRemaining(
            field -> {
              if (!OF_OTHERS.contains(field.getKey()) || path.contains("errors")) {
                document(field.getValue(), path + "." + field.getKey(), faults);
              }
            });
    if (node.isArray()) {
      node.forEach(one -> document(one, path + "[]", faults));
    }
  }
}
