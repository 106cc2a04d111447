package io.campaignroutes.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of {@code routes/} and {@code config/}, read once for all rules and platforms. */
public final class Project {
  /** The setting that names the platform which is loaded. */
  static final String PLATFORM = "cxone.platform";

  static final List<String> VERBS =
      List.of("get", "put", "post", "patch", "delete", "head", "options", "trace");

  private final Path routesFolder;
  private final Path config;
  private final String platform;
  private final Map<Path, Source> read;
  private final List<Source> routeFiles = new ArrayList<>();
  private final List<Source> configFiles;
  private final List<Route> routes = new ArrayList<>();
  private final Map<String, List<Route>> byEndpoint = new HashMap<>();
  private final List<Verb> verbs = new ArrayList<>();
  private final Map<String, Place> configurations = new TreeMap<>();
  private final SettingsFile settings;
  private final List<Template> templates;

  /** A route, where it stands. */
  record Route(Place place) {
    String id() {
      return place.get("id").text();
    }

    String file() {
      return place.source().path().getFileName().toString();
    }

    String from() {
      return uri(place.get("from"));
    }

    List<Place> steps() {
      return place.at("from", "steps").items();
    }

    String name() {
      return id().isEmpty() ? "A route without id" : "Route '" + id() + "'";
    }

    Fault fault(String problem, String remedy) {
      Place id = place.get("id");
      return (id.exists() ? id : place).fault(name() + " " + problem, remedy);
    }
  }

  /** A verb of the rest DSL. */
  record Verb(Place place, String method, String path) {
    String call() {
      return method + " " + path;
    }
  }

  /** A JSLT template in a file of its own. */
  record Template(String name, String text) {}

  private Project(Path routesFolder, Path config) throws IOException {
    this.routesFolder = routesFolder;
    this.config = config;
    read = new HashMap<>();
    configFiles = new ArrayList<>();
    templates = new ArrayList<>();
    for (Path file : files(config, 8)) {
      if (file.toString().matches(".*\\.(ya?ml|json|ndjson)")) {
        configFiles.add(Source.read(file.toString(), file));
      } else if (file.toString().endsWith(".jslt")) {
        templates.add(new Template(file.toString(), Files.readString(file)));
      }
    }
    settings = new SettingsFile(config("application.yaml"));
    platform = settings.value(PLATFORM).orElse("v2");
    readRoutes(file -> true);
  }

  /** Of what was read already, the route files of a platform that are wanted. */
  private Project(Project other, String platform, Predicate<Source> wanted) throws IOException {
    routesFolder = other.routesFolder;
    config = other.config;
    read = other.read;
    configFiles = other.configFiles;
    templates = other.templates;
    settings = other.settings;
    this.platform = platform;
    readRoutes(wanted);
  }

  /**
   * Reads the two folders, with the platform that the settings name.
   *
   * @throws IOException when one of them, or a file in them, cannot be read
   */
  public static Project read(Path routesFolder, Path config) throws IOException {
    return new Project(routesFolder, config);
  }

  /** The same with another one of its platforms. */
  Project with(String otherPlatform) throws IOException {
    return otherPlatform.equals(platform) ? this : new Project(this, otherPlatform, file -> true);
  }

  /** The same with no route file that another one has too. */
  Project without(Project other) throws IOException {
    return new Project(this, platform, file -> !other.routeFiles.contains(file));
  }

  private void readRoutes(Predicate<Source> wanted) throws IOException {
    readRoutes(routesFolder);
    if (hasPlatform()) {
      readRoutes(routesFolder.resolve("platform")); // what platforms share
      readRoutes(platformFolder());
    }
    routeFiles.removeIf(wanted.negate());
    routeFiles.stream().flatMap(f -> f.root().items().stream()).forEach(this::readElement);
  }

  private void readRoutes(Path folder) throws IOException {
    for (Path file : files(folder, 1)) {
      if (file.toString().endsWith(".camel.yaml")) {
        if (!read.containsKey(file)) {
          read.put(file, Source.read(file.toString(), file));
        }
        routeFiles.add(read.get(file));
      }
    }
  }

  private static List<Path> files(Path folder, int depth) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new NotDirectoryException(folder + " is no folder");
    }
    try (Stream<Path> all = Files.walk(folder, depth)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }

  private void readElement(Place element) {
    if (element.get("route").json().isObject()) {
      Route route = new Route(element.get("route"));
      routes.add(route);
      byEndpoint.computeIfAbsent(route.from(), uri -> new ArrayList<>()).add(route);
    }
    Place configuration = element.get("routeConfiguration");
    if (configuration.json().isObject()) {
      configurations.put(configuration.get("id").text(), configuration);
    }
    Place rest = element.get("rest");
    for (String method : VERBS) {
      for (Place verb : rest.get(method).items()) {
        verbs.add(
            new Verb(
                verb,
                method.toUpperCase(Locale.ROOT),
                rest.get("path").text() + verb.get("path").text()));
      }
    }
  }

  /** The platform whose routes are read along. */
  String platform() {
    return platform;
  }

  Path platformFolder() {
    return routesFolder.resolve("platform").resolve(platform);
  }

  /** Whether there is a folder of the platform that the settings name. */
  boolean hasPlatform() {
    return Files.isDirectory(platformFolder());
  }

  /** Whether a file belongs to the platform, and not to what is above the port. */
  boolean isBelowPort(Source file) {
    return file.path().startsWith(routesFolder.resolve("platform"));
  }

  /** Whether a file is one that platforms share. */
  boolean isShared(Source file) {
    return routesFolder.resolve("platform").equals(file.path().getParent());
  }

  /** The platforms that there are, whether or not they serve the port. */
  List<String> platforms() throws IOException {
    Path all = routesFolder.resolve("platform");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(all)) {
      return entries
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  Path routesFolder() {
    return routesFolder;
  }

  /** The folder of the configuration. */
  Path configFolder() {
    return config;
  }

  /** Every {@code *.camel.yaml}. */
  List<Source> routeFiles() {
    return routeFiles;
  }

  /** Every YAML, JSON and NDJSON file of the configuration. */
  List<Source> configFiles() {
    return configFiles;
  }

  /** Every {@code *.jslt} of the configuration. */
  List<Template> templates() {
    return templates;
  }

  List<Route> routes() {
    return routes;
  }

  List<Verb> verbs() {
    return verbs;
  }

  Map<String, Place> configurations() {
    return configurations;
  }

  SettingsFile settings() {
    return settings;
  }

  /** A file of the configuration by its path below it. */
  Optional<Source> config(String name) {
    Path path = config.resolve(name).normalize();
    return configFiles.stream().filter(f -> f.path().normalize().equals(path)).findFirst();
  }

  /** The file that says what the platform's operations are; {@code cxone.api} may name another. */
  Optional<Source> cxoneApi() {
    if (!settings.value(PLATFORM).orElse("v2").equals(platform)) {
      return config("cxone/" + platform + ".yaml");
    }
    Path path = Path.of(settings.value("cxone.api").orElse("config/cxone/v2.yaml"));
    // the setting is relative to the working directory, in which config/ lies
    Path inConfig = path.getNameCount() > 1 ? path.subpath(1, path.getNameCount()) : path;
    return config(inConfig.toString());
  }

  /**
   * Whether every route file could be read as a list of routes. If not, rules about how routes hang
   * together would only tell of what is missing because of that.
   */
  boolean hasAllRoutes() {
    return routeFiles.stream()
        .allMatch(
            file ->
                file.isReadable()
                    && file.root().json().isArray()
                    && file.root().items().stream().noneMatch(e -> e.has("from")));
  }

  /** The routes that begin with an endpoint, in the order in which they are loaded. */
  List<Route> consumers(String uri) {
    return byEndpoint.getOrDefault(uri, List.of());
  }

  Optional<Route> consumer(String uri) {
    return uri.isEmpty() ? Optional.empty() : consumers(uri).stream().findFirst();
  }

  /** The uri of a step, {@code direct} with its name as a parameter counted as {@code direct:}. */
  static String uri(Place step) {
    if (step.json().isTextual()) {
      return step.text();
    }
    String uri = step.get("uri").text();
    String name = step.at("parameters", "name").text();
    return uri.equals("direct") && !name.isEmpty() ? "direct:" + name : uri;
  }

  static boolean isProcess(Place step, String ref) {
    return step.at("process", "ref").text().equals(ref);
  }
}
