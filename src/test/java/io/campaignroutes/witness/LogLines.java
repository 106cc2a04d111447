package io.campaignroutes.witness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
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
      String level = entry.path("log").path("level").asText(entry.path("log.level").asText());
      return level.equals("DEBUG") || level.equals("TRACE")
          ? List.of()
          : TextsPeopleRead.faults(entry.path("message").asText());
    } catch (IOException e) {
      return TextsPeopleRead.faults(line);
    }
  }
}
