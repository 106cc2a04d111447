package io.campaignroutes.text;

import com.fasterxml.jackson.core.JacksonException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a text is not valid YAML, in words for people, by what stands at the place where a parser has
 * given up.
 *
 * @param line from 1, where to look
 * @param what what is wrong there
 * @param todo what to do about it
 */
public record YamlFault(int line, String what, String todo) {
  private static final Pattern SECOND_COLON =
      Pattern.compile("^[\\s-]*[^\\s\"'#\\[{][^\"'#\\[{]*?:\\s+[^\\s\"'#\\[{|>][^\"'#]*:(\\s|$)");

  private static final Pattern MARK = Pattern.compile("line (\\d+), column");

  private static final Pattern BAD_START = Pattern.compile("^[\\s-]*(?:[\\w.-]+:\\s+)?([@`%*&!])");

  /**
   * @param e what a parser has thrown at the text; of what it says only the place is told
   */
  public static YamlFault of(JacksonException e, String text) {
    String said = String.valueOf(e.getOriginalMessage());
    int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    Matcher marks = MARK.matcher(said);
    while (marks.find()) {
      line = Integer.parseInt(marks.group(1)); // the last one is where it went wrong
    }
    List<String> lines = text.lines().toList();
    int index = Math.max(0, Math.min(line, lines.size()) - 1);
    if (said.startsWith("Duplicate")) {
      return new YamlFault(
          index + 1, "a key appears twice in one map", "Remove one of the two entries.");
    }
    for (int at = index; at >= 0 && at >= index - 1 && !lines.isEmpty(); at--) {
      YamlFault seen = character(lines.get(at), at + 1);
      seen = seen == null ? shape(lines.get(at), at + 1) : seen;
      if (seen != null) {
        return seen;
      }
    }
    YamlFault open = open(lines, index);
    for (int at = 0; at < lines.size() && open == null; at++) {
      open = character(lines.get(at), at + 1); // some are refused before any line is counted
    }
    return open != null
        ? open
        : new YamlFault(
            index + 1,
            "the indentation or the punctuation does not fit what stands above",
            "Look at the indentation, quotes and colons of this line and the one before.");
  }

  /** A character that must not stand in a line. */
  private static YamlFault character(String line, int number) {
    if (line.matches(" *\\t\\s*\\S.*")) {
      return new YamlFault(
          number, "the line is indented with a tab", "Indent with spaces, YAML takes no tabs.");
    }
    int odd =
        line.codePoints()
            .filter(c -> c != '\t' && c != ' ')
            .filter(c -> Characters.isSpace(c) || Characters.isInvisible(c) || c < 0x20)
            .findFirst()
            .orElse(-1);
    if (odd >= 0) {
      return new YamlFault(
          number, "there is " + Characters.named(odd), "Remove it, or use an ordinary space.");
    }
    return null;
  }

  /** Quotes, colons and signs of a line that do not fit. */
  private static YamlFault shape(String line, int number) {
    for (char quote : new char[] {'"', '\''}) {
      if (opens(line, quote)) {
        return new YamlFault(
            number,
            "a text that begins with " + quote + " has no such quote at its end, or more after it",
            "Add the quote that is missing, or put the whole text into quotes.");
      }
    }
    Matcher start = BAD_START.matcher(line);
    if (start.find()) {
      return new YamlFault(
          number, "a value must not begin with " + start.group(1), "Put it in quotes.");
    }
    if (SECOND_COLON.matcher(line).find()) {
      return new YamlFault(
          number, "a value has a colon and a space in it", "Put the value in quotes.");
    }
    return null;
  }

  /** Whether a value of the line begins with a quote that does not end it. */
  private static boolean opens(String line, char quote) {
    Matcher value = Pattern.compile("^[\\s-]*(?:[^\\s:#]+:\\s+)?" + quote + "(.*)$").matcher(line);
    if (!value.find()) {
      return false;
    }
    String rest = value.group(1).replace(quote == '"' ? "\\\"" : "''", "");
    int end = rest.indexOf(quote);
    return end < 0 || !rest.substring(end + 1).matches("\\s*(#.*|[,:\\]}].*)?");
  }

  /** A list or map in brackets that is not closed up to a line. */
  private static YamlFault open(List<String> lines, int until) {
    Deque<int[]> open = new ArrayDeque<>();
    for (int at = 0; at <= until && at < lines.size(); at++) {
      String line = lines.get(at).replaceAll("\"[^\"]*\"|'[^']*'", "").replaceAll("(^|\\s)#.*", "");
      for (char c : line.toCharArray()) {
        if (c == '[' || c == '{') {
          open.push(new int[] {at + 1, c});
        } else if ((c == ']' || c == '}') && !open.isEmpty()) {
          open.pop();
        }
      }
    }
    if (open.isEmpty()) {
      return null;
    }
    int[] first = open.peek();
    char end = first[1] == '[' ? ']' : '}';
    return new YamlFault(
        first[0], "the bracket " + (char) first[1] + " is not closed", "Add " + end + ".");
  }

  /** The whole as one sentence and what to do. */
  public String sentence() {
    return "This is not valid YAML at line " + line + ": " + what + ". " + todo;
  }
}
