package io.campaignroutes.check;

import io.campaignroutes.campaign.LaunchTable;
import io.campaignroutes.check.Project.Route;
import io.campaignroutes.text.Closest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules on how routes hang together: {@code direct:} calls and error configurations. */
final class RouteLinks {
  /** The dispatch over the steps of {@code config/launch.yaml}. */
  private static final String NEXT_STEP = "direct:campaign-${variable.next}";

  private RouteLinks() {}

  static List<Fault> withoutErrorHandling(Project project) {
    return project.routes().stream()
        .filter(r -> r.place().get("routeConfigurationId").text().isBlank())
        .filter(r -> !r.place().at("errorHandler", "noErrorHandler").json().isObject())
        .map(
            r ->
                r.fault(
                    "does not say what its failures lead to.",
                    "Name a routeConfigurationId, or 'errorHandler: {noErrorHandler: {}}' to leave"
                        + " them to its caller."))
        .toList();
  }

  static List<Fault> undefinedConfigurations(Project project) {
    List<Fault> faults = new ArrayList<>();
    for (Route route : project.routes()) {
      Place named = route.place().get("routeConfigurationId");
      for (String id : named.text().split(",")) {
        if (!id.isBlank() && !project.configurations().containsKey(id.strip())) {
          faults.add(
              named.fault(
                  "%s names the routeConfigurationId '%s', which no file defines: it would have no error handling."
                      .formatted(route.name(), id.strip()),
                  Closest.remedy(id.strip(), project.configurations().keySet())));
        }
      }
    }
    return faults;
  }

  static List<Fault> directToNobodyOrMany(Project project) {
    List<Fault> faults = new ArrayList<>();
    for (Place call : calls(project)) {
      Place at = call.get("uri").exists() ? call.get("uri") : call;
      targets(call).forEach(target -> faults.addAll(consumers(project, at, target)));
    }
    return faults;
  }

  private static List<Fault> consumers(Project project, Place at, String target) {
    List<Fault> faults = new ArrayList<>();
    List<Route> consumers = project.consumers(target);
    if (consumers.isEmpty() && !RoutePort.isOperation(target)) {
      Set<String> known =
          project.routes().stream()
              .map(Route::from)
              .filter(from -> from.startsWith("direct:"))
              .collect(Collectors.toSet());
      faults.add(at.fault("Nobody consumes %s.".formatted(target), Closest.remedy(target, known)));
    } else if (consumers.size() > 1) {
      faults.add(
          at.fault(
              "%s is consumed by %d routes: %s."
                  .formatted(
                      target,
                      consumers.size(),
                      consumers.stream().map(Route::id).collect(Collectors.joining(", "))),
              "Exactly one route must begin with it."));
    }
    return faults;
  }

  static List<Fault> directNotNamedAfterRoute(Project project) {
    return project.routes().stream()
        .filter(r -> r.from().startsWith("direct:") && !r.from().equals("direct:" + r.id()))
        .map(
            r ->
                r.fault(
                    "begins with %s.".formatted(r.from()),
                    "A direct endpoint has its route's name: direct:%s.".formatted(r.id())))
        .toList();
  }

  static List<Fault> directNeverCalled(Project project) {
    Set<String> called =
        calls(project).stream().flatMap(RouteLinks::targets).collect(Collectors.toSet());
    return project.routes().stream()
        .filter(r -> r.from().startsWith("direct:") && !called.contains(r.from()))
        .filter(r -> !r.from().startsWith(RoutePort.OPERATION)) // held to the port instead
        .filter(r -> !project.isShared(r.place().source())) // a platform may do without
        .map(r -> r.fault("is called by nobody.", "Call it or delete it."))
        .toList();
  }

  /** What a call sends to: where the step of a campaign decides, the route of each step. */
  private static Stream<String> targets(Place call) {
    String uri = Project.uri(call);
    return uri.equals(NEXT_STEP)
        ? LaunchTable.routes().stream().map(step -> "direct:campaign-" + step)
        : Stream.of(uri);
  }

  /** Every step, verb or handler that sends to a {@code direct:}, and every such destination. */
  static List<Place> calls(Project project) {
    List<Place> calls = new ArrayList<>();
    project.config("destinations.yaml").stream()
        .flatMap(file -> file.root().get("destinations").items().stream())
        .map(destination -> destination.get("to"))
        .filter(to -> Project.uri(to).startsWith("direct:"))
        .forEach(calls::add);
    for (Source file : project.routeFiles()) {
      file.root()
          .walk(
              (key, place) -> {
                boolean step = place.json().isObject() || key.equals("to");
                if (step && !key.equals("from") && Project.uri(place).startsWith("direct:")) {
                  calls.add(place);
                }
              });
    }
    return calls;
  }
}
