package io.campaignroutes.check;

import io.campaignroutes.check.Project.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Rules on names and on what a route has to say for itself. */
final class RouteNames {
  private static final Set<String> INSIDE = Set.of("direct", "bean", "log", "scheduler");
  private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

  private RouteNames() {}

  static List<Fault> doubledIds(Project project) {
    Map<String, Place> first = new TreeMap<>();
    List<Fault> faults = new ArrayList<>();
    for (Route route : project.routes()) {
      Place before = first.putIfAbsent(route.id(), route.place().get("id"));
      if (before != null && !route.id().isEmpty()) {
        faults.add(
            route.fault(
                "has the id of a route in %s:%d, and Camel would keep only the last one."
                    .formatted(before.source().name(), before.line()),
                "Rename one."));
      }
    }
    for (Route route : project.routes()) {
      int itself = route.place().get("id").line();
      route
          .place()
          .walk(
              (key, id) -> {
                if (key.equals("id") && id.line() != itself) {
                  doubledStep(id, first.putIfAbsent(id.text(), id), faults);
                }
              });
    }
    return faults;
  }

  private static void doubledStep(Place id, Place before, List<Fault> faults) {
    if (before != null && !id.text().isBlank()) {
      faults.add(
          id.fault(
              "The step's id '%s' stands in %s:%d already, and Camel would not start."
                  .formatted(id.text(), before.source().name(), before.line()),
              "Rename one."));
    }
  }

  static List<Fault> undescribed(Project project) {
    List<Fault> faults = new ArrayList<>();
    for (Route route : project.routes()) {
      for (String field : List.of("id", "description")) {
        if (route.place().get(field).text().isBlank()) {
          faults.add(route.fault("has no %s.".formatted(field), "Give it one."));
        }
      }
    }
    return faults;
  }

  static List<Fault> oddIds(Project project) {
    List<Fault> faults = new ArrayList<>();
    for (Source file : project.routeFiles()) {
      file.root()
          .walk(
              (key, place) -> {
                if (key.equals("id") && !KEBAB.matcher(place.text()).matches()) {
                  faults.add(
                      place.fault(
                          "The id '%s' is not in kebab case.".formatted(place.text()),
                          "Rename it, as in 'campaign-launch'."));
                }
              });
    }
    for (Route route : project.routes()) {
      String subject = route.file().split("[-.]")[0];
      if (!route.id().startsWith(subject)) {
        faults.add(
            route.fault(
                "does not begin with its file's subject, '%s'.".formatted(subject),
                "Rename or move it."));
      }
    }
    return faults;
  }

  static List<Fault> onlyOneBean(Project project) {
    return project.routes().stream()
        .filter(r -> r.steps().size() == 1 && isBean(r.steps().get(0)))
        .map(
            r ->
                r.fault(
                    "is only one bean call and hides what happens.",
                    "Show its steps in the route, or do the work where its caller is."))
        .toList();
  }

  private static boolean isBean(Place step) {
    return step.has("bean")
        || step.has("process")
        || Project.uri(step.get("to")).startsWith("bean:");
  }

  static List<Fault> outsideCallsWithoutId(Project project) {
    List<Fault> faults = new ArrayList<>();
    for (Route route : project.routes()) {
      route
          .place()
          .walk(
              (key, to) -> {
                String uri = Project.uri(to);
                if (key.equals("to")
                    && !uri.isEmpty()
                    && !INSIDE.contains(uri.split(":")[0])
                    && !to.get("id").text().matches("to(-[a-z0-9]+)+")) {
                  faults.add(
                      to.fault(
                          "%s calls %s in a step without an id.".formatted(route.name(), uri),
                          "Name it 'to-<system>-<what>', for tests and operators."));
                }
              });
    }
    return faults;
  }
}
