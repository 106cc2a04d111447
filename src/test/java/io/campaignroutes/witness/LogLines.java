package io.campaignroutes.witness;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service's log, line by line. Time, level, logger and correlation id stand in columns of their
 * own and are no text; lines below INFO are for programmers.
 */
final class LogLines {
  private static final Pattern LINE =
      Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} (\\w+)\\s+(\\S+)\\s*(.*?)(?: \\[[^\\]]*])?");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What Spring Boot puts above the two parts of what it says about a start that failed. */
  private static final Set<String> HEADINGS = Set.of("Description:", "Action:");

  private static final Pattern BROKE = Pattern.compile("\\bbroke\\b");

  private boolean forProgrammers;
  private boolean traced;
  private String last = "";

  /**
   * Whether a line tells of a fault of the program itself: below it may stand a trace, for those
   * who mend the program. What goes wrong around the service is told in sentences alone.
   */
  static boolean saysWhatBroke(Level level, String text) {
    return level == Level.ERROR && BROKE.matcher(text).find();
  }

  /** What is wrong with the next line. */
  List<String> faults(String line) {
    if (line.startsWith("{")) {
      return ofJson(line);
    }
    Matcher parts = LINE.matcher(line);
    String text = line;
    if (parts.matches()) {
      Level level = Level.toLevel(parts.group(1));
      text = parts.group(3);
      forProgrammers = !level.isGreaterOrEqual(Level.INFO);
      traced = saysWhatBroke(level, text);
      last = line;
    } else if (traced || HEADINGS.contains(line)) {
      return List.of();
    }
    return forProgrammers
        ? List.of()
        : TextsPeopleRead.faults(text).stream()
            .map(
                fault ->
                    parts.matches()
                        ? fault + "\n    line: " + line
                        : "below a line: " + fault + "\n    line: " + last)
            .toList();
  }

  private static List<String> ofJson(String line) {
    try {
      JsonNode entry = JSON.readTree(line);
      Level level = Level.toLevel(entry.path("log").path("level").asText());
      String text = entry.path("message").asText();
      String trace = entry.path("error").path("stack_trace").asText();
      return level.isGreaterOrEqual(Level.INFO)
          ? TextsPeopleRead.faults(saysWhatBroke(level, text) ? text : text + trace)
          : List.of();
    } catch (IOException e) {
      return TextsPeopleRead.faults(line);
    }
  }
}
