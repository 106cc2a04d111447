package io.campaignroutes.check;

import io.campaignroutes.check.Project.Route;
import io.campaignroutes.check.Project.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rules on the HTTP API: what crosses its border, and its description. */
final class RouteHttp {
  /**
   * Paths that are served in front of the routes: probes and figures, a stream, which has no end,
   * and who one is.
   */
  private static final Pattern NO_ROUTE = Pattern.compile("/actuator/|/events$|/whoami$|/console/");

  private RouteHttp() {}

  static List<Fault> openBorders(Project project) {
    List<Fault> faults = new ArrayList<>();
    for (Verb verb : project.verbs()) {
      Optional<Route> border = border(project, verb);
      if (border.isEmpty()) {
        continue; // another rule tells of a direct endpoint that is not there
      }
      Route route = border.get();
      List<Place> steps = route.steps();
      if (steps.isEmpty() || !Project.isProcess(steps.get(0), "httpRequest")) {
        faults.add(
            route.fault(
                "answers %s but does not begin with 'process: {ref: httpRequest}', so the caller's headers would travel on."
                    .formatted(verb.call()),
                "Make it the first step."));
      }
      if (steps.isEmpty() || !Project.isProcess(steps.get(steps.size() - 1), "httpAnswer")) {
        faults.add(
            route.fault(
                "answers %s but does not end with 'process: {ref: httpAnswer}', so every header left would be sent."
                    .formatted(verb.call()),
                "Make it the last step."));
      }
    }
    return faults;
  }

  /** The route behind a verb, past those that only set variables and call another one. */
  private static Optional<Route> border(Project project, Verb verb) {
    Optional<Route> route = project.consumer(Project.uri(verb.place().get("to")));
    for (int hops = 0; hops < 10 && route.isPresent(); hops++) {
      List<Place> steps = route.get().steps();
      Place last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
      boolean thin =
          last != null
              && Project.uri(last.get("to")).startsWith("direct:")
              && steps.subList(0, steps.size() - 1).stream().allMatch(s -> s.has("setVariable"));
      if (!thin) {
        return route;
      }
      route = project.consumer(Project.uri(last.get("to")));
    }
    return route;
  }

  static List<Fault> openFailures(Project project) {
    List<Fault> faults = new ArrayList<>();
    for (Verb verb : project.verbs()) {
      Optional<Route> route = project.consumer(Project.uri(verb.place().get("to")));
      if (route.isPresent() && !answersFailures(project, route.get())) {
        faults.add(
            route
                .get()
                .fault(
                    "takes %s, but its failures do not all end with 'process: {ref: httpAnswer}'."
                        .formatted(verb.call()),
                    "Name a routeConfigurationId whose every onException does."));
      }
    }
    return faults;
  }

  private static boolean answersFailures(Project project, Route route) {
    Place named = project.configurations().get(route.place().get("routeConfigurationId").text());
    List<Place> cases = named == null ? List.of() : named.get("onException").items();
    return !cases.isEmpty()
        && cases.stream()
            .map(c -> c.at("onException", "steps").items())
            .allMatch(s -> !s.isEmpty() && Project.isProcess(s.get(s.size() - 1), "httpAnswer"));
  }

  static List<Fault> openApiDifferences(Project project) {
    Optional<Source> openApi = project.config("openapi.yaml");
    if (openApi.isEmpty() || !openApi.get().isReadable()) {
      return List.of(); // told where the configuration is looked at
    }
    Map<String, Place> described = new TreeMap<>();
    for (Map.Entry<String, Place> path : openApi.get().root().get("paths").fields()) {
      for (Map.Entry<String, Place> verb : path.getValue().fields()) {
        if (Project.VERBS.contains(verb.getKey()) && !NO_ROUTE.matcher(path.getKey()).lookingAt()) {
          described.put(
              verb.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), verb.getValue());
        }
      }
    }
    Set<String> served = project.verbs().stream().map(Verb::call).collect(Collectors.toSet());
    List<Fault> faults = new ArrayList<>();
    for (Verb verb : project.verbs()) {
      if (!described.containsKey(verb.call())) {
        faults.add(
            verb.place()
                .fault(
                    "%s is not in %s.".formatted(verb.call(), openApi.get().name()),
                    "Describe it there."));
      }
    }
    described.forEach(
        (call, place) -> {
          if (!served.contains(call)) {
            faults.add(
                place.fault(
                    "No route serves %s, which is described here.".formatted(call),
                    "Remove it, or serve it by a 'rest:' in routes/."));
          }
        });
    return faults;
  }
}
