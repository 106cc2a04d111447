package io.campaignroutes.check;

import io.campaignroutes.text.Closest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.spi.Language;

/** Rules on what stands between {@code ${..}} and {@code {{..}}} in routes. */
final class RouteExpressions {
  /** The parser would look for the bean; the rule on beans does. */
  static final Pattern BEAN_CALL =
      Pattern.compile("\\$\\{bean:(\\w+)(?:(?:\\?method=|\\.)(\\w+(?:\\([^}]*\\))?))?[^}]*}");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");

  /** Where an expression is asked whether it holds. */
  private static final Set<String> PREDICATES =
      Set.of(
          "when",
          "filter",
          "validate",
          "onWhen",
          "handled",
          "continued",
          "retryWhile",
          "completionPredicate");

  private final Project project;
  private final Language simple = Camel.simple();
  private final List<Fault> faults = new ArrayList<>();

  private RouteExpressions(Project project) {
    this.project = project;
  }

  static List<Fault> unparsable(Project project) {
    RouteExpressions rule = new RouteExpressions(project);
    for (Source file : project.routeFiles()) {
      rule.look(file.root(), "", false);
    }
    return rule.faults;
  }

  private void look(Place place, String key, boolean predicate) {
    place.items().forEach(item -> look(item, key, predicate));
    for (var field : place.fields()) {
      String name = field.getKey();
      Place value = field.getValue();
      boolean asked =
          PREDICATES.contains(name)
              || name.equals("loop") && value.get("doWhile").json().asBoolean(false)
              || predicate && (name.equals("expression") || name.equals("simple"));
      if (name.equals("simple")) {
        parse(value.json().isTextual() ? value : value.get("expression"), predicate);
      } else if (name.equals("message") && key.equals("log")
          || name.equals("uri") && key.equals("toD")
          || name.equals("method") && value.text().contains("${")) {
        parse(value, false);
      }
      look(value, name, asked);
    }
  }

  private void parse(Place place, boolean predicate) {
    if (!place.json().isTextual()) {
      return;
    }
    String text =
        BEAN_CALL.matcher(project.settings().resolved(place.text())).replaceAll("\\${body}");
    try {
      if (predicate) {
        simple.createPredicate(text);
      } else {
        simple.createExpression(text);
      }
    } catch (RuntimeException e) {
      String said = String.valueOf(e.getMessage()).split("\n")[0].strip();
      faults.add(
          place.fault(
              "Camel cannot parse \"%s\": %s."
                  .formatted(place.text(), said.replaceFirst("\\.$", "")),
              "Correct it as the simple language has it."));
    }
  }

  static List<Fault> withoutValue(Project project) {
    if (!project.settings().isReadable()) {
      return List.of(); // told where the configuration is looked at
    }
    List<Fault> faults = new ArrayList<>();
    for (Source file : project.routeFiles()) {
      file.root()
          .walk(
              (key, place) -> {
                if (!place.json().isTextual()) {
                  return;
                }
                Matcher matcher = PLACEHOLDER.matcher(place.text());
                while (matcher.find()) {
                  String name = matcher.group(1).strip();
                  if (!hasValue(project, name)) {
                    faults.add(
                        place.fault(
                            "{{%s}} has no value in config/application.yaml.".formatted(name),
                            Closest.to(name, project.settings().names())
                                .map(near -> "Did you mean {{" + near + "}}?")
                                .orElse(
                                    "Set it there, or write its default here: {{"
                                        + name
                                        + ":default}}.")));
                  }
                }
              });
    }
    return faults;
  }

  private static boolean hasValue(Project project, String name) {
    return name.contains(":")
        || name.startsWith("?")
        || project.settings().value(name.replaceFirst("^!", "")).isPresent();
  }
}
