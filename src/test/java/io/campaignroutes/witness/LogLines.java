package io.campaignroutes.witness;

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

  /** A trace below such a line is for those who mend the program; the line itself is for all. */
  private static final Pattern BROKEN = Pattern.compile("\\S+ ERROR .*\\bbroke\\b.*");

  private boolean forProgrammers;
  private String last = "";

  /** What is wrong with the next line. */
  List<String> faults(String line) {
    if (line.startsWith("{")) {
      return ofJson(line);
    }
    Matcher parts = LINE.matcher(line);
    String text = line;
    if (parts.matches()) {
      forProgrammers = parts.group(1).equals("DEBUG") || parts.group(1).equals("TRACE");
      text = parts.group(3);
      last = line;
    } else if (BROKEN.matcher(last).matches() || HEADINGS.contains(line)) {
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

  private static String trace(JsonNode entry) {
    boolean broken = entry.path("message").asText().matches(".*\\bbroke\\b.*");
    return broken ? "" : entry.path("error").path("stack_trace").asText();
  }

  private static List<String> ofJson(String line) {
    try {
      JsonNode entry = JSON.readTree(line);
      String level = entry.path("log").path("level").asText(entry.path("log.level").asText());
      return level.equals("DEBUG") || level.equals("TRACE")
          ? List.of()
          : TextsPeopleRead.faults(entry.path("message").asText() + trace(entry));
    } catch (IOException e) {
      return TextsPeopleRead.faults(line);
    }
  }
}
