package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code {field}} of a path or a query, each with what an argument of that name says. */
final class Placeholders {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

  private Placeholders() {}

  /**
   * Fills a template, each value encoded for a URL.
   *
   * @throws IllegalArgumentException when an argument is missing
   */
  static String fill(String template, JsonNode arguments) {
    Matcher matcher = PLACEHOLDER.matcher(template);
    var filled = new StringBuilder();
    while (matcher.find()) {
      JsonNode value = arguments.path(matcher.group(1));
      if (value.isMissingNode() || value.isNull()) {
        throw new IllegalArgumentException(
            "'" + template + "' needs '" + matcher.group(1) + "', which is not there");
      }
      String encoded = URLEncoder.encode(value.asText(), StandardCharsets.UTF_8);
      matcher.appendReplacement(filled, Matcher.quoteReplacement(encoded.replace("+", "%20")));
    }
    return matcher.appendTail(filled).toString();
  }
}
