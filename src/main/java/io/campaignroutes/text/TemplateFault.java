package io.campaignroutes.text;

import com.schibsted.spt.data.jslt.JsltException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a JSLT template cannot be understood, in words for people.
 *
 * @param line of the template, from 1
 * @param what what is wrong there, without a full stop
 */
public record TemplateFault(int line, String what) {
  private static final Pattern PLACE = Pattern.compile("\\bline (\\d+), column (\\d+)");
  private static final Pattern AT = Pattern.compile(" at \\S*?:?(\\d+):(\\d+)$");
  private static final int MAX_SHOWN = 30;
  private static final int MAX_WHAT = 200;

  /** What a template engine found in a template. */
  public static TemplateFault of(JsltException e, String template) {
    String said = String.valueOf(e.getMessage()).strip();
    Matcher place = PLACE.matcher(said);
    Matcher at = AT.matcher(said);
    boolean placed = place.find();
    boolean ended = !placed && at.find();
    int line = Integer.parseInt(placed ? place.group(1) : ended ? at.group(1) : "1");
    int column = Integer.parseInt(placed ? place.group(2) : ended ? at.group(2) : "1");
    boolean syntax = said.contains("Encountered") || said.contains("Lexical error");
    if (!syntax) { // such as a function that does not exist: told plainly
      return new TemplateFault(line, Plain.line(AT.matcher(said).replaceFirst(""), MAX_WHAT));
    }
    String rest = rest(template, line, column);
    return new TemplateFault(
        line,
        rest.isEmpty() || said.contains("<EOF>")
            ? "it ends too early; a bracket, a quote or a value is missing"
            : "it cannot be understood from \"" + rest + "\" on");
  }

  private static String rest(String template, int line, int column) {
    String[] lines = template.split("\n", -1);
    String text = line <= lines.length ? lines[line - 1] : "";
    return Plain.line(text.substring(Math.min(text.length(), Math.max(0, column - 1))), MAX_SHOWN);
  }
}
