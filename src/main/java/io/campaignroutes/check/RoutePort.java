package io.campaignroutes.check;

import io.campaignroutes.check.Project.Route;
import io.campaignroutes.cxone.PlatformRequests;
import io.campaignroutes.text.Closest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rules on the port between the flow and the platform that carries it out: {@code
 * direct:platform-<operation>}, with the operations of {@link PlatformRequests}.
 */
final class RoutePort {
  /** What the endpoint of an operation begins with. */
  static final String OPERATION = "direct:platform-";

  /**
   * The bean that makes the request of an operation; of its package the only one above the port.
   */
  private static final String REQUESTS = "platform";

  /** Packages of the beans that platforms work with. */
  private static final Set<String> BELOW =
      Set.of(
          PlatformRequests.class.getPackageName(),
          "io.campaignroutes.tenant",
          "io.campaignroutes.tenant.collect");

  private static final Set<String> WITH_REF = Set.of("bean", "process", "method");
  private static final Pattern VARIABLE = Pattern.compile("variable\\.(\\w+)");

  private final Project project;
  private final List<Fault> faults = new ArrayList<>();

  private RoutePort(Project project) {
    this.project = project;
  }

  /** The platform is there, serves every operation, and none that the port does not have. */
  static List<Fault> unserved(Project project) {
    RoutePort port = new RoutePort(project);
    Set<String> known = PlatformRequests.operations();
    List<Route> below = project.routes().stream().filter(port::isBelow).toList();
    if (below.isEmpty()) {
      return List.of(
          project
              .settings()
              .place(Project.PLATFORM)
              .fault(
                  "There is no platform '%s': %s holds no route."
                      .formatted(project.platform(), project.platformFolder()),
                  "Name a folder of %s.".formatted(project.platformFolder().getParent())));
    }
    Set<String> served = new TreeSet<>();
    for (Route route : project.routes()) {
      if (route.from().startsWith(OPERATION)) {
        String operation = route.from().substring(OPERATION.length());
        if (port.isBelow(route)) {
          served.add(operation);
        }
        if (!known.contains(operation)) {
          port.faults.add(
              route.fault(
                  "serves '%s', which is no operation of the port.".formatted(operation),
                  Closest.remedy(operation, known)));
        }
      }
    }
    Set<String> lacking = new TreeSet<>(known);
    lacking.removeAll(served);
    if (lacking.containsAll(PlatformRequests.optional())) {
      lacking.removeAll(PlatformRequests.optional()); // a platform that takes no contacts
    }
    if (!lacking.isEmpty()) {
      port.faults.add(
          new Fault(
              project.platformFolder().toString(),
              1,
              "The platform '%s' does not serve %s of the port."
                  .formatted(project.platform(), String.join(", ", lacking)),
              "Add a route that begins with %s%s."
                  .formatted(OPERATION, lacking.iterator().next())));
    }
    return port.faults;
  }

  /**
   * Whether an endpoint is that of an operation; which of them a platform lacks is told at once.
   */
  static boolean isOperation(String uri) {
    return uri.startsWith(OPERATION)
        && PlatformRequests.operations().contains(uri.substring(OPERATION.length()));
  }

  /** Each call of an operation stands directly after the step that makes its request. */
  static List<Fault> undeclared(Project project) {
    RoutePort port = new RoutePort(project);
    Set<String> declared = new HashSet<>();
    for (Source file : project.routeFiles()) {
      file.root().walk((key, place) -> declared(place, declared));
    }
    for (Place call : RouteLinks.calls(project)) {
      String uri = Project.uri(call);
      String at = call.source().name() + call.pointer();
      if (uri.startsWith(OPERATION) && !declared.contains(at)) {
        port.faults.add(
            call.fault(
                "%s is called and nothing says what with.".formatted(uri),
                "Make the step before it 'bean: {ref: %s, method: %s(..)}'."
                    .formatted(REQUESTS, method(uri))));
      }
    }
    return port.faults;
  }

  private static void declared(Place steps, Set<String> declared) {
    List<Place> items = steps.items();
    for (int i = 1; i < items.size(); i++) {
      Place call = items.get(i).get("to");
      Place before = items.get(i - 1).get("bean");
      String uri = Project.uri(call);
      if (uri.startsWith(OPERATION)
          && before.get("ref").text().equals(REQUESTS)
          && before.get("method").text().startsWith(method(uri) + "(")) {
        declared.add(call.source().name() + call.pointer());
      }
    }
  }

  /** The method of {@link PlatformRequests} that makes what an endpoint is called with. */
  private static String method(String uri) {
    Matcher word = Pattern.compile("-(\\w)").matcher(uri.substring(OPERATION.length()));
    return word.replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
  }

  /** Calls, beans and variables that lead past the port. */
  static List<Fault> crossings(Project project) {
    RoutePort port = new RoutePort(project);
    port.calls();
    Set<String> set = new HashSet<>();
    for (Source file : project.routeFiles()) {
      boolean below = project.isBelowPort(file);
      file.root().walk((key, place) -> port.bean(key, place, below));
      if (below) {
        file.root().walk((key, place) -> variableSet(key, place, set));
      }
    }
    for (Source file : project.routeFiles()) {
      if (project.isBelowPort(file)) {
        file.root().walk((key, place) -> port.variablesRead(place, set));
      }
    }
    return port.faults;
  }

  private void calls() {
    for (Place call : RouteLinks.calls(project)) {
      String uri = Project.uri(call);
      Optional<Route> called = project.consumer(uri);
      boolean from = project.isBelowPort(call.source());
      if (called.isPresent() && isBelow(called.get()) != from && !uri.startsWith(OPERATION)) {
        faults.add(
            call.fault(
                "%s is on the other side of the port.".formatted(uri),
                from
                    ? "A platform calls nothing above the port."
                    : "Ask for one of the port's operations instead."));
      }
    }
  }

  private void bean(String key, Place place, boolean below) {
    String uri = place.json().isObject() ? place.get("uri").text() : "";
    String name =
        uri.startsWith("bean:")
            ? uri.substring("bean:".length())
            : WITH_REF.contains(key) ? place.get("ref").text() : "";
    Optional<Class<?>> type = Beans.ofTheService().type(name);
    boolean unknown = type.isEmpty() || key.equals("process"); // processors are of Camel's type
    if (unknown || !below && name.equals(REQUESTS)) {
      return;
    }
    boolean ofPlatforms = BELOW.contains(type.get().getPackageName());
    if (below != ofPlatforms || name.equals(REQUESTS)) {
      faults.add(
          place.fault(
              "The bean '%s' belongs to the other side of the port.".formatted(name),
              below
                  ? "A platform knows nothing of stages; leave it to the routes above."
                  : "Ask for one of the port's operations instead."));
    }
  }

  private static void variableSet(String key, Place place, Set<String> set) {
    if (key.equals("variableReceive")) {
      set.add(place.text());
    } else if (key.equals("setVariable")) {
      set.add(place.get("name").text());
    }
  }

  private void variablesRead(Place place, Set<String> set) {
    if (!place.json().isTextual()) {
      return;
    }
    Matcher read = VARIABLE.matcher(place.text());
    while (read.find()) {
      if (!set.contains(read.group(1))) {
        faults.add(
            place.fault(
                "The variable '%s' comes from the other side of the port.".formatted(read.group(1)),
                "Whatever an operation needs stands in its request, the body."));
      }
    }
  }

  private boolean isBelow(Route route) {
    return project.isBelowPort(route.place().source());
  }
}
