package io.campaignroutes.check;

import io.campaignroutes.text.Closest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.impl.DefaultRuntimeCamelCatalog;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.util.TimeUtils;

/** Rules on endpoints: a component that is there, with options that it has. */
final class RouteEndpoints {
  private static final Set<String> STEPS =
      Set.of("from", "to", "toD", "wireTap", "enrich", "pollEnrich", "poll", "deadLetterChannel");

  private final Project project;
  private final DefaultRuntimeCamelCatalog catalog = Camel.catalog();
  private final List<Fault> faults = new ArrayList<>();

  private RouteEndpoints(Project project) {
    this.project = project;
  }

  static List<Fault> faults(Project project) {
    RouteEndpoints rule = new RouteEndpoints(project);
    for (Source file : project.routeFiles()) {
      file.root().walk(rule::look);
    }
    return rule.faults;
  }

  private void look(String key, Place step) {
    if (!STEPS.contains(key) || !step.json().isObject() || !step.get("uri").json().isTextual()) {
      return;
    }
    Place uri = step.get("uri");
    if (key.equals("toD") && uri.text().startsWith("${")) {
      return; // known only when it runs
    }
    String scheme = scheme(uri.text());
    if (scheme.equals("timer")) {
      faults.add(
          uri.fault(
              "A timer sleeps by the wall clock: after that is set back, it stands still until the"
                  + " old time has come again.",
              "Use 'scheduler', with the timer's delay as its initialDelay and the period as its"
                  + " delay."));
      return;
    }
    ComponentModel model = scheme.isEmpty() ? null : Camel.component(scheme).orElse(null);
    if (model == null) {
      faults.add(
          uri.fault(
              "There is no component '%s'.".formatted(scheme),
              "Correct the uri, or put the component's jars into lib/, as README.md says."));
      return;
    }
    options(key, step, scheme, model);
  }

  /** An address that the environment gives is one of HTTP. */
  private String scheme(String uri) {
    String resolved = project.settings().resolved(uri);
    if (uri.startsWith("{{") && !resolved.matches("[a-z][a-z0-9-]*:.*")) {
      return "http";
    }
    return resolved.split("[:?]")[0].strip();
  }

  private void options(String key, Place step, String scheme, ComponentModel model) {
    Map<String, String> given = new LinkedHashMap<>();
    for (Map.Entry<String, Place> option : step.get("parameters").fields()) {
      given.put(option.getKey(), project.settings().resolved(option.getValue().text()));
    }
    EndpointValidationResult result = catalog.validateProperties(scheme, given);
    boolean lenient = model.isLenientProperties();
    for (String unknown : set(result.getUnknown())) {
      if (!lenient || Closest.to(unknown, names(model)).isPresent()) {
        option(step, unknown, "has no option '%s'.", Closest.remedy(unknown, names(model)), scheme);
      }
    }
    wrong(step, scheme, result.getInvalidBoolean(), "It has to be true or false.");
    Map<String, String> noNumbers = new LinkedHashMap<>(map(result.getInvalidInteger()));
    noNumbers.entrySet().removeIf(one -> isLong(model, one.getKey()) && isDuration(one.getValue()));
    wrong(step, scheme, noNumbers, "It has to be a whole number.");
    wrong(step, scheme, result.getInvalidNumber(), "It has to be a number.");
    Map<String, String> noDurations = new LinkedHashMap<>(map(result.getInvalidDuration()));
    noDurations.values().removeIf(RouteEndpoints::isDuration);
    wrong(step, scheme, noDurations, "It has to be a duration such as 500 or 5s.");
    Map<String, String> wrongChoices = map(result.getInvalidEnum());
    for (String name : wrongChoices.keySet()) {
      wrong(
          step,
          scheme,
          Map.of(name, wrongChoices.get(name)),
          "It has to be one of " + result.getEnumChoices(name) + ".");
    }
    for (ComponentModel.EndpointOptionModel option : model.getEndpointOptions()) {
      boolean onlyThere =
          key.equals("from")
              ? option.getLabel().startsWith("producer")
              : option.getLabel().startsWith("consumer");
      if (onlyThere && given.containsKey(option.getName())) {
        option(
            step,
            option.getName(),
            "does not use its option '%s' "
                + (key.equals("from") ? "in a 'from'." : "in a '" + key + "'."),
            "Remove it.",
            scheme);
      }
    }
  }

  /** What the catalog takes for a plain number may be one of milliseconds. */
  private static boolean isLong(ComponentModel model, String name) {
    return model.getEndpointOptions().stream()
        .anyMatch(option -> option.getName().equals(name) && option.getJavaType().equals("long"));
  }

  /** The runtime takes more than the catalog knows of, 200ms for one. */
  private static boolean isDuration(String text) {
    try {
      TimeUtils.toMilliSeconds(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void wrong(Place step, String scheme, Map<?, ?> values, String remedy) {
    for (Map.Entry<String, String> one : map(values).entrySet()) {
      if (!one.getValue().startsWith("{{") && !one.getValue().startsWith("#")) {
        option(
            step,
            one.getKey(),
            "has '" + one.getValue().replace("%", "%%") + "' for its option '%s'.",
            remedy,
            scheme);
      }
    }
  }

  private void option(Place step, String name, String problem, String remedy, String scheme) {
    faults.add(
        step.at("parameters", name)
            .fault("The component %s ".formatted(scheme) + problem.formatted(name), remedy));
  }

  private static Set<String> names(ComponentModel model) {
    Set<String> names = new TreeSet<>();
    model.getEndpointOptions().forEach(option -> names.add(option.getName()));
    return names;
  }

  private static Set<String> set(Set<String> maybe) {
    return maybe == null ? Set.of() : maybe;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> map(Map<?, ?> maybe) {
    return maybe == null ? Map.of() : (Map<String, String>) maybe;
  }
}
