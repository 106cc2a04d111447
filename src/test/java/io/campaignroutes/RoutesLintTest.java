package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the files of {@code routes/} to what Camel's loader lets through without a word: a route id
 * given twice, an error configuration that does not exist, a {@code direct:} that nobody consumes,
 * a file whose root is no list. Each rule is a test over the real files, and each is shown to fail
 * on a small file that breaks it.
 */
class RoutesLintTest {
  private static final Path ROUTES = Path.of("routes");
  private static final Path OPENAPI = Path.of("config", "openapi.yaml");

  /** Every route of the service. A route that comes or goes is added or struck out here. */
  private static final Set<String> ROUTE_IDS =
      Set.of(
          "agent-pool",
          "audit-append",
          "audit-checkpoint",
          "audit-project",
          "audit-write",
          "campaign-activate",
          "campaign-agents",
          "campaign-api-audit",
          "campaign-api-command",
          "campaign-api-create",
          "campaign-api-list",
          "campaign-api-metrics",
          "campaign-api-openapi",
          "campaign-api-pacing",
          "campaign-api-pause",
          "campaign-api-resume",
          "campaign-api-retry",
          "campaign-api-show",
          "campaign-api-stop",
          "campaign-api-sweep",
          "campaign-api-take",
          "campaign-api-validate",
          "campaign-check",
          "campaign-command",
          "campaign-create",
          "campaign-inbox",
          "campaign-inbox-chunk",
          "campaign-intake",
          "campaign-launch",
          "campaign-look",
          "campaign-pause",
          "campaign-poll",
          "campaign-register",
          "campaign-resume",
          "campaign-run",
          "campaign-settle",
          "campaign-stop",
          "campaign-watch",
          "cxone-call",
          "cxone-send",
          "cxone-token",
          "cxone-token-fetch",
          "cxone-token-refresh",
          "webhook-api-destination",
          "webhook-api-destinations",
          "webhook-api-list",
          "webhook-api-off",
          "webhook-api-on",
          "webhook-api-replay",
          "webhook-api-replay-many",
          "webhook-api-show",
          "webhook-forward",
          "webhook-receive",
          "webhook-retention",
          "webhook-run");

  /** Named after what they give rather than after their file; a prefix would only lengthen them. */
  private static final Set<String> OWN_SUBJECT = Set.of("agent-pool");

  @Test
  void everyFileFollowsTheSchemaOfCamelsYamlDsl() {
    holds(Rule.SCHEMA);
  }

  @Test
  void everyFileIsAListOfRoutesConfigurationsAndRests() {
    holds(Rule.ROOT);
  }

  @Test
  void everyStepIsWrittenInTheCanonicalForm() {
    holds(Rule.CANONICAL);
  }

  @Test
  void noKeyIsGivenTwiceInOneMap() {
    holds(Rule.DUPLICATE_KEYS);
  }

  @Test
  void noRouteIdIsGivenTwice() {
    holds(Rule.UNIQUE_IDS);
  }

  @Test
  void everyRouteHasAnIdAndADescription() {
    holds(Rule.DESCRIBED);
  }

  @Test
  void everyRouteSaysWhatItsFailuresLeadTo() {
    holds(Rule.ERROR_HANDLING);
  }

  @Test
  void everyErrorConfigurationThatARouteNamesIsDefined() {
    holds(Rule.CONFIGURATION_DEFINED);
  }

  @Test
  void everyDirectCallReachesExactlyOneRoute() {
    holds(Rule.DIRECT_REACHES_ONE);
  }

  @Test
  void everyDirectEndpointIsNamedAfterItsRoute() {
    holds(Rule.DIRECT_NAMED_AFTER_ROUTE);
  }

  @Test
  void everyDirectRouteIsCalledBySomebody() {
    holds(Rule.DIRECT_IS_CALLED);
  }

  @Test
  void everyRouteOfTheHttpApiReadsTheRequestFirstAndWritesTheAnswerLast() {
    holds(Rule.HTTP_BORDER);
  }

  @Test
  void everyFailureOfTheHttpApiEndsInAnAnswerOfOurs() {
    holds(Rule.HTTP_FAILURE);
  }

  @Test
  void noRouteIsOnlyOneBeanCall() {
    holds(Rule.NOT_ONE_BEAN);
  }

  @Test
  void everyIdIsInKebabCaseAndARoutesBeginsWithItsFilesSubject() {
    holds(Rule.ID_NAMES);
  }

  @Test
  void everyCallToTheOutsideHasAStepId() {
    holds(Rule.OUTSIDE_CALLS);
  }

  @Test
  void theRoutesAreExactlyTheOnesListedHere() {
    holds(Rule.EXACT_SET);
  }

  @Test
  void theOpenApiDescriptionHasExactlyThePathsOfTheRoutes() {
    holds(Rule.OPENAPI);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("brokenFiles")
  void everyRuleFindsTheFileThatBreaksIt(Rule rule, String fault, String yaml, @TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("spring-call.camel.yaml"), yaml);
    Path openApi = folder.resolve("openapi.yaml");
    Files.writeString(
        openApi, "openapi: 3.1.0\npaths: {/described: {get: {}}, /both: {get: {}}}\n");

    assertThat(rule.faults.apply(new Folder(folder, openApi)))
        .as("faults that the rule %s finds", rule)
        .anyMatch(found -> found.contains(fault) && found.startsWith("spring-call.camel.yaml"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void noRuleFindsAFaultInASmallSoundFile(Rule rule, @TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("spring-call.camel.yaml"), SOUND);
    Path openApi = folder.resolve("openapi.yaml");
    Files.writeString(openApi, "openapi: 3.1.0\npaths: {\"/both/{id}\": {post: {}}}\n");

    Folder sound = new Folder(folder, openApi);
    List<String> faults =
        rule == Rule.EXACT_SET
            ? sound.exactly(Set.of("spring-call", "spring-send", "spring-tick"))
            : rule.faults.apply(sound);
    assertThat(faults).isEmpty();
  }

  @Test
  void everyRuleHasAFileThatBreaksIt() {
    assertThat(brokenFiles().map(a -> (Rule) a.get()[0]).collect(Collectors.toSet()))
        .isEqualTo(EnumSet.allOf(Rule.class));
  }

  static Stream<Rule> rules() {
    return Arrays.stream(Rule.values());
  }

  private static void holds(Rule rule) {
    List<String> faults = rule.faults.apply(new Folder(ROUTES, OPENAPI));
    if (!faults.isEmpty()) {
      fail("\n" + String.join("\n", faults));
    }
  }

  /** The rules; each turns a folder into sentences, one a fault: where, what and the remedy. */
  enum Rule {
    SCHEMA(Folder::againstSchema),
    ROOT(Folder::oddRoots),
    CANONICAL(Folder::compactForms),
    DUPLICATE_KEYS(Folder::doubledKeys),
    UNIQUE_IDS(Folder::doubledIds),
    DESCRIBED(Folder::undescribed),
    ERROR_HANDLING(Folder::withoutErrorHandling),
    CONFIGURATION_DEFINED(Folder::undefinedConfigurations),
    DIRECT_REACHES_ONE(Folder::directToNobodyOrMany),
    DIRECT_NAMED_AFTER_ROUTE(Folder::directNotNamedAfterRoute),
    DIRECT_IS_CALLED(Folder::directNeverCalled),
    HTTP_BORDER(Folder::openHttpBorders),
    HTTP_FAILURE(Folder::openHttpFailures),
    NOT_ONE_BEAN(Folder::onlyOneBean),
    ID_NAMES(Folder::oddIds),
    OUTSIDE_CALLS(Folder::outsideCallsWithoutId),
    EXACT_SET(folder -> folder.exactly(ROUTE_IDS)),
    OPENAPI(Folder::openApiDifferences);

    private final Function<Folder, List<String>> faults;

    Rule(Function<Folder, List<String>> faults) {
      this.faults = faults;
    }
  }

  /** A route, where it stands. */
  private record Route(String file, int line, JsonNode node) {
    String id() {
      return node.path("id").asText("");
    }

    String from() {
      return uri(node.path("from"));
    }

    List<JsonNode> steps() {
      return list(node.at("/from/steps"));
    }

    String where() {
      return file + ":" + line + ": route " + (id().isEmpty() ? "without id" : "'" + id() + "'");
    }
  }

  /** A verb of the rest DSL. */
  private record Verb(String file, int line, String method, String path, JsonNode node) {
    String where() {
      return file + ":" + line + ": " + call();
    }

    String call() {
      return method + " " + path;
    }
  }

  /** One file, as text and as what the two YAML readers make of it. */
  private record RouteFile(String name, String text, JsonNode root, String doubledKey) {
    int line(String key, String value) {
      var at = Pattern.compile("\\b" + key + ":\\s*[\"']?" + Pattern.quote(value) + "(?![\\w-])");
      String[] lines = text.split("\n");
      for (int i = 0; i < lines.length; i++) {
        if (at.matcher(lines[i]).find()) {
          return i + 1;
        }
      }
      return 1;
    }
  }

  /** All files of a routes folder, and the description of the HTTP API that goes with them. */
  private static final class Folder {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper STRICT_YAML =
        new ObjectMapper(
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
    private static final JsonSchema SCHEMA = schema();
    private static final List<String> VERBS =
        List.of("get", "put", "post", "patch", "delete", "head", "options", "trace");
    private static final Set<String> LANGUAGES =
        Set.of(
            "constant",
            "csimple",
            "exchangeProperty",
            "header",
            "jq",
            "jsonpath",
            "method",
            "simple",
            "tokenize",
            "variable",
            "xpath");

    /** Where the schema wants the language without "expression" around it. */
    private static final Set<String> BARE_LANGUAGE =
        Set.of("expression", "handled", "continued", "retryWhile", "correlationExpression");

    private static final Set<String> INSIDE = Set.of("direct", "bean", "log", "timer");
    private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private final List<RouteFile> files = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final List<Verb> verbs = new ArrayList<>();
    private final Map<String, JsonNode> configurations = new TreeMap<>();
    private final JsonNode openApi;

    Folder(Path routesFolder, Path openApi) {
      try (Stream<Path> paths = Files.list(routesFolder)) {
        for (Path path :
            paths.filter(p -> p.toString().endsWith(".camel.yaml")).sorted().toList()) {
          read(path);
        }
        this.openApi = YAML.readTree(openApi.toFile());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      assertThat(files).as("files in %s", routesFolder.toAbsolutePath()).isNotEmpty();
    }

    private void read(Path path) throws IOException {
      String text = Files.readString(path);
      String doubledKey = null;
      try {
        STRICT_YAML.readTree(text);
      } catch (JsonProcessingException e) {
        doubledKey = e.getLocation().getLineNr() + ": " + e.getOriginalMessage();
      }
      var file =
          new RouteFile(path.getFileName().toString(), text, YAML.readTree(text), doubledKey);
      files.add(file);
      for (JsonNode element : list(file.root())) {
        JsonNode route = element.path("route");
        if (route.isObject()) {
          routes.add(new Route(file.name(), file.line("id", route.path("id").asText()), route));
        }
        JsonNode configuration = element.path("routeConfiguration");
        if (configuration.isObject()) {
          configurations.put(configuration.path("id").asText(""), configuration);
        }
        JsonNode rest = element.path("rest");
        for (String method : VERBS) {
          for (JsonNode verb : list(rest.path(method))) {
            verbs.add(
                new Verb(
                    file.name(),
                    file.line("id", verb.path("id").asText()),
                    method.toUpperCase(Locale.ROOT),
                    rest.path("path").asText("") + verb.path("path").asText(""),
                    verb));
          }
        }
      }
    }

    private static JsonSchema schema() {
      try (InputStream schema =
          RoutesLintTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(schema);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    List<String> againstSchema() {
      List<String> faults = new ArrayList<>();
      for (RouteFile file : files) {
        List<String> messages =
            SCHEMA.validate(file.root()).stream().map(Object::toString).sorted().toList();
        messages.stream()
            .limit(10)
            .forEach(
                message ->
                    faults.add(
                        "%s: %s%s. Write it as schema/camelYamlDsl.json of camel-yaml-dsl has it."
                            .formatted(file.name(), message, routeAt(file, message))));
      }
      return faults;
    }

    /** The schema's messages begin with a path such as {@code $[2].route.from}. */
    private static String routeAt(RouteFile file, String message) {
      var index = Pattern.compile("\\$\\[(\\d+)]").matcher(message);
      String id =
          index.find()
              ? file.root().path(Integer.parseInt(index.group(1))).at("/route/id").asText("")
              : "";
      return id.isEmpty() ? "" : " (route '" + id + "', line " + file.line("id", id) + ")";
    }

    List<String> oddRoots() {
      List<String> faults = new ArrayList<>();
      for (RouteFile file : files) {
        if (!file.root().isArray() || file.root().isEmpty()) {
          faults.add(
              file.name()
                  + ":1: the root is no list, so Camel would load nothing of it. Begin every"
                  + " element with '- route:', '- routeConfiguration:' or '- rest:'.");
        }
      }
      return faults;
    }

    List<String> compactForms() {
      List<String> faults = new ArrayList<>();
      for (RouteFile file : files) {
        for (JsonNode element : list(file.root())) {
          String id = element.at("/route/id").asText("");
          String where =
              id.isEmpty()
                  ? file.name() + ": " + names(element)
                  : file.name() + ":" + file.line("id", id) + ": route '" + id + "'";
          if (element.has("from")) {
            faults.add(where + " has a bare 'from'. Put it under '- route:' with an id.");
          }
          compact(element, "", where, faults);
        }
      }
      return faults;
    }

    private static void compact(JsonNode node, String key, String where, List<String> faults) {
      if (node.isArray()) {
        for (JsonNode item : node) {
          if (key.equals("steps")) {
            compactStep(item, where, faults);
          }
          compact(item, key, where, faults);
        }
        return;
      }
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        String name = field.getKey();
        JsonNode value = field.getValue();
        if (name.equals("parameters")) {
          continue;
        }
        if ((name.equals("from") || name.equals("to")) && value.isTextual()) {
          faults.add(
              "%s has '%s: %s'. Write uri: below it.".formatted(where, name, value.asText()));
        }
        if (name.equals("uri") && value.asText().contains("?")) {
          faults.add(
              "%s has options in the uri %s. Write them under parameters:."
                  .formatted(where, value.asText()));
        }
        if (LANGUAGES.contains(name) && isLanguage(key, name, value)) {
          compactExpression(key, name, value, where, faults);
        }
        compact(value, name, where, faults);
      }
    }

    private static void compactStep(JsonNode step, String where, List<String> faults) {
      if (step.isTextual()) {
        faults.add("%s has the step '%s'. Write '%s: {}'.".formatted(where, step, step.asText()));
      }
      for (Map.Entry<String, JsonNode> field : step.properties()) {
        if (!field.getValue().isObject() && !field.getKey().equals("to")) {
          faults.add(
              "%s has the compact step '%s: %s'. Write its fields below it, each with its name."
                  .formatted(where, field.getKey(), field.getValue()));
        }
      }
    }

    /** {@code method} and {@code header} are fields of steps too. */
    private static boolean isLanguage(String key, String name, JsonNode value) {
      return value.isObject()
          || BARE_LANGUAGE.contains(key)
          || !name.equals("method") && !name.equals("header");
    }

    private static void compactExpression(
        String key, String language, JsonNode value, String where, List<String> faults) {
      if (!value.isObject()) {
        faults.add(
            "%s has '%s: %s'. Write '%s:' and 'expression: %s' below it."
                .formatted(where, language, value, language, value));
      } else if (!BARE_LANGUAGE.contains(key)) {
        faults.add(
            "%s has '%s:' directly under '%s:'. Put 'expression:' between the two."
                .formatted(where, language, key));
      }
    }

    List<String> doubledKeys() {
      return files.stream()
          .filter(file -> file.doubledKey() != null)
          .map(
              file ->
                  file.name()
                      + ":"
                      + file.doubledKey()
                      + ". Camel would silently take the last one; strike one out.")
          .toList();
    }

    List<String> doubledIds() {
      Map<String, String> first = new TreeMap<>();
      List<String> faults = new ArrayList<>();
      for (Route route : routes) {
        String before = first.putIfAbsent(route.id(), route.file());
        if (before != null && !route.id().isEmpty()) {
          faults.add(
              "%s has the id of a route in %s, and Camel would keep only the last one. Rename one."
                  .formatted(route.where(), before));
        }
      }
      return faults;
    }

    List<String> undescribed() {
      List<String> faults = new ArrayList<>();
      for (Route route : routes) {
        for (String field : List.of("id", "description")) {
          if (route.node().path(field).asText("").isBlank()) {
            faults.add("%s has no %s. Give it one.".formatted(route.where(), field));
          }
        }
      }
      return faults;
    }

    List<String> withoutErrorHandling() {
      return routes.stream()
          .filter(r -> r.node().path("routeConfigurationId").asText("").isBlank())
          .filter(r -> !r.node().at("/errorHandler/noErrorHandler").isObject())
          .map(
              r ->
                  r.where()
                      + " does not say what its failures lead to. Name a routeConfigurationId, or"
                      + " 'errorHandler: {noErrorHandler: {}}' to leave them to its caller.")
          .toList();
    }

    List<String> undefinedConfigurations() {
      List<String> faults = new ArrayList<>();
      for (Route route : routes) {
        String named = route.node().path("routeConfigurationId").asText("");
        if (!named.isBlank() && !configurations.containsKey(named)) {
          faults.add(
              ("%s names the routeConfigurationId '%s', which no file defines: it would "
                      + "have no error handling. Defined are %s.")
                  .formatted(route.where(), named, configurations.keySet()));
        }
      }
      return faults;
    }

    List<String> directToNobodyOrMany() {
      List<String> faults = new ArrayList<>();
      for (RouteFile file : files) {
        for (JsonNode element : list(file.root())) {
          for (String target : calls(element)) {
            long consumers = routes.stream().filter(r -> r.from().equals(target)).count();
            if (consumers != 1) {
              faults.add(
                  ("%s:%d: %s calls %s, which %d routes consume. Exactly one route must "
                          + "begin with it.")
                      .formatted(
                          file.name(),
                          file.line("uri", target),
                          names(element),
                          target,
                          consumers));
            }
          }
        }
      }
      return faults;
    }

    List<String> directNotNamedAfterRoute() {
      return routes.stream()
          .filter(r -> r.from().startsWith("direct:") && !r.from().equals("direct:" + r.id()))
          .map(
              r ->
                  "%s begins with %s. A direct endpoint has its route's name: direct:%s."
                      .formatted(r.where(), r.from(), r.id()))
          .toList();
    }

    List<String> directNeverCalled() {
      Set<String> called =
          files.stream()
              .flatMap(file -> list(file.root()).stream())
              .flatMap(element -> calls(element).stream())
              .collect(Collectors.toSet());
      return routes.stream()
          .filter(r -> r.from().startsWith("direct:") && !called.contains(r.from()))
          .map(r -> r.where() + " is called by nobody. Call it or delete it.")
          .toList();
    }

    List<String> openHttpBorders() {
      List<String> faults = new ArrayList<>();
      for (Verb verb : verbs) {
        Optional<Route> border = border(verb);
        if (border.isEmpty()) {
          continue; // another rule tells of a direct endpoint that is not there
        }
        Route route = border.get();
        List<JsonNode> steps = route.steps();
        if (steps.isEmpty() || !isProcess(steps.get(0), "httpRequest")) {
          faults.add(
              ("%s answers %s but does not begin with 'process: {ref: httpRequest}', so "
                      + "the caller's headers would travel on. Make it the first step.")
                  .formatted(route.where(), verb.call()));
        }
        if (steps.isEmpty() || !isProcess(steps.get(steps.size() - 1), "httpAnswer")) {
          faults.add(
              ("%s answers %s but does not end with 'process: {ref: httpAnswer}', so "
                      + "every header left would be sent. Make it the last step.")
                  .formatted(route.where(), verb.call()));
        }
      }
      return faults;
    }

    /** The route behind a verb, past those that only set variables and call another one. */
    private Optional<Route> border(Verb verb) {
      Optional<Route> route = consumer(uri(verb.node().path("to")));
      for (int hops = 0; hops < 10 && route.isPresent(); hops++) {
        List<JsonNode> steps = route.get().steps();
        JsonNode last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
        boolean thin =
            last != null
                && uri(last.path("to")).startsWith("direct:")
                && steps.subList(0, steps.size() - 1).stream().allMatch(s -> s.has("setVariable"));
        if (!thin) {
          return route;
        }
        route = consumer(uri(last.path("to")));
      }
      return route;
    }

    private Optional<Route> consumer(String uri) {
      return routes.stream().filter(r -> !uri.isEmpty() && r.from().equals(uri)).findFirst();
    }

    List<String> openHttpFailures() {
      List<String> faults = new ArrayList<>();
      for (Verb verb : verbs) {
        Optional<Route> route = consumer(uri(verb.node().path("to")));
        if (route.isPresent() && !answersFailures(route.get())) {
          faults.add(
              ("%s takes %s, but its failures do not all end with 'process: {ref: "
                      + "httpAnswer}'. Name a routeConfigurationId whose every onException does.")
                  .formatted(route.get().where(), verb.call()));
        }
      }
      return faults;
    }

    private boolean answersFailures(Route route) {
      JsonNode named = configurations.get(route.node().path("routeConfigurationId").asText(""));
      List<JsonNode> cases = named == null ? List.of() : list(named.path("onException"));
      return !cases.isEmpty()
          && cases.stream()
              .map(c -> list(c.at("/onException/steps")))
              .allMatch(s -> !s.isEmpty() && isProcess(s.get(s.size() - 1), "httpAnswer"));
    }

    List<String> onlyOneBean() {
      return routes.stream()
          .filter(r -> r.steps().size() == 1 && isBean(r.steps().get(0)))
          .map(
              r ->
                  r.where()
                      + " is only one bean call and hides what happens. Show its steps in the"
                      + " route, or do the work where its caller is.")
          .toList();
    }

    private static boolean isBean(JsonNode step) {
      return step.has("bean") || step.has("process") || uri(step.path("to")).startsWith("bean:");
    }

    List<String> oddIds() {
      List<String> faults = new ArrayList<>();
      for (RouteFile file : files) {
        for (JsonNode element : list(file.root())) {
          for (String id : element.findValuesAsText("id")) {
            if (!KEBAB.matcher(id).matches()) {
              faults.add(
                  "%s:%d: the id '%s' is not in kebab case. Rename it, as in 'campaign-launch'."
                      .formatted(file.name(), file.line("id", id), id));
            }
          }
        }
      }
      for (Route route : routes) {
        String subject = route.file().split("[-.]")[0];
        if (!route.id().startsWith(subject) && !OWN_SUBJECT.contains(route.id())) {
          faults.add(
              "%s does not begin with its file's subject, '%s'. Rename or move it."
                  .formatted(route.where(), subject));
        }
      }
      return faults;
    }

    List<String> outsideCallsWithoutId() {
      List<String> faults = new ArrayList<>();
      for (Route route : routes) {
        for (JsonNode to : route.node().findValues("to")) {
          String uri = uri(to);
          if (!INSIDE.contains(uri.split(":")[0])
              && !to.path("id").asText("").matches("to(-[a-z0-9]+)+")) {
            faults.add(
                ("%s calls %s in a step without an id. Name it 'to-<system>-<what>', for "
                        + "tests and operators.")
                    .formatted(route.where(), uri));
          }
        }
      }
      return faults;
    }

    List<String> exactly(Set<String> expected) {
      Set<String> there = new TreeSet<>(routes.stream().map(Route::id).toList());
      List<String> faults =
          new ArrayList<>(
              routes.stream()
                  .filter(r -> !expected.contains(r.id()))
                  .map(r -> r.where() + " is not in the list of this test. Add it.")
                  .toList());
      expected.stream()
          .filter(id -> !there.contains(id))
          .sorted()
          .map(
              id ->
                  "routes/: route '"
                      + id
                      + "' is in the list of this test but in no file. Strike it out, or bring it"
                      + " back.")
          .forEach(faults::add);
      return faults;
    }

    List<String> openApiDifferences() {
      Set<String> described = new TreeSet<>();
      for (Map.Entry<String, JsonNode> path : openApi.path("paths").properties()) {
        path.getValue()
            .fieldNames()
            .forEachRemaining(
                verb -> {
                  if (VERBS.contains(verb) && !path.getKey().startsWith("/actuator")) {
                    described.add(verb.toUpperCase(Locale.ROOT) + " " + path.getKey());
                  }
                });
      }
      Set<String> served = verbs.stream().map(Verb::call).collect(Collectors.toSet());
      List<String> faults = new ArrayList<>();
      verbs.stream()
          .filter(verb -> !described.contains(verb.call()))
          .map(verb -> verb.where() + " is not in config/openapi.yaml. Describe it there.")
          .forEach(faults::add);
      described.stream()
          .filter(one -> !served.contains(one))
          .map(
              one ->
                  files.get(0).name()
                      + " and the others serve no "
                      + one
                      + ", which config/openapi.yaml describes. Strike it out there.")
          .forEach(faults::add);
      return faults;
    }

    private static boolean isProcess(JsonNode step, String ref) {
      return step.at("/process/ref").asText("").equals(ref);
    }

    private static String names(JsonNode element) {
      String id = element.path("route").path("id").asText("");
      List<String> names = new ArrayList<>();
      element.fieldNames().forEachRemaining(names::add);
      return id.isEmpty() ? String.join(",", names) : "route '" + id + "'";
    }

    /** Every {@code direct:} that an element of a file sends to. */
    private static Set<String> calls(JsonNode element) {
      Set<String> calls = new TreeSet<>();
      calls(element, "", calls);
      return calls;
    }

    private static void calls(JsonNode node, String key, Set<String> calls) {
      String uri = node.isObject() || key.equals("to") ? uri(node) : "";
      if (!key.equals("from") && uri.startsWith("direct:")) {
        calls.add(uri);
      }
      if (node.isArray()) {
        node.forEach(item -> calls(item, key, calls));
      }
      node.properties().forEach(field -> calls(field.getValue(), field.getKey(), calls));
    }
  }

  /** The uri of a step, {@code direct} with its name as a parameter counted as {@code direct:}. */
  private static String uri(JsonNode step) {
    if (step.isTextual()) {
      return step.asText();
    }
    String uri = step.path("uri").asText("");
    String name = step.at("/parameters/name").asText("");
    return uri.equals("direct") && !name.isEmpty() ? "direct:" + name : uri;
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> items = new ArrayList<>();
    (array.isArray() ? array : JsonNodeFactory.instance.arrayNode()).forEach(items::add);
    return items;
  }

  private static final String SOUND =
      """
      - routeConfiguration:
          id: spring-errors
          onException:
            - onException:
                exception: [java.lang.Exception]
                handled:
                  constant:
                    expression: "true"
                steps:
                  - process:
                      ref: httpAnswer
      - rest:
          path: /both
          post:
            - id: post-both
              path: /{id}
              to:
                uri: direct:spring-call
      - route:
          id: spring-call
          description: Sets a variable and goes on.
          routeConfigurationId: spring-errors
          from:
            uri: direct:spring-call
            steps:
              - setVariable:
                  name: kind
                  expression:
                    constant:
                      expression: A
              - to:
                  uri: direct:spring-send
      - route:
          id: spring-send
          description: Sends.
          errorHandler:
            noErrorHandler: {}
          from:
            uri: direct:spring-send
            steps:
              - process:
                  ref: httpRequest
              - to:
                  id: to-cxone-spring
                  uri: http://cxone.example
                  parameters:
                    throwExceptionOnFailure: false
              - process:
                  ref: httpAnswer
      - route:
          id: spring-tick
          description: Looks and tells.
          routeConfigurationId: spring-errors
          from:
            uri: timer
            parameters:
              timerName: spring-tick
            steps:
              - bean:
                  ref: launch
                  method: look
              - log:
                  message: Done.
      """;

  static Stream<Arguments> brokenFiles() {
    return Stream.of(
        broken(Rule.SCHEMA, "stepz", "- route: {id: spring-a, from: {uri: direct:a, stepz: []}}"),
        broken(Rule.SCHEMA, "set-body", route("spring-a", "- set-body: {}")),
        broken(Rule.ROOT, "no list", "route: {id: spring-a, from: {uri: direct:a, steps: []}}"),
        broken(Rule.ROOT, "no list", "# nothing\n"),
        broken(Rule.CANONICAL, "bare 'from'", "- from: {uri: direct:a, steps: [{stop: {}}]}"),
        broken(Rule.CANONICAL, "compact step 'log", route("spring-a", "- log: hi")),
        broken(Rule.CANONICAL, "'to: direct:b'", route("spring-a", "- to: direct:b")),
        broken(Rule.CANONICAL, "'simple: \"x\"'", route("spring-a", "- setBody: {simple: x}")),
        broken(
            Rule.CANONICAL,
            "'constant:' directly under 'setBody:'",
            route("spring-a", "- setBody: {constant: {expression: x}}")),
        broken(
            Rule.CANONICAL,
            "options in the uri",
            route("spring-a", "- to: {uri: 'file:x?fileExist=Append'}")),
        broken(
            Rule.DUPLICATE_KEYS,
            "Duplicate field 'id'",
            "- route:\n    id: spring-a\n    id: spring-b\n    from: {uri: direct:a, steps: []}"),
        broken(
            Rule.UNIQUE_IDS,
            "route 'spring-a' has the id of a route",
            route("spring-a", "- stop: {}") + "\n" + route("spring-a", "- stop: {}")),
        broken(
            Rule.DESCRIBED,
            "route without id has no id",
            "- route: {description: D., from: {uri: direct:a, steps: []}}"),
        broken(
            Rule.DESCRIBED,
            "route 'spring-a' has no description",
            "- route: {id: spring-a, from: {uri: direct:a, steps: []}}"),
        broken(
            Rule.ERROR_HANDLING,
            "route 'spring-a' does not say",
            "- route: {id: spring-a, from: {uri: direct:a, steps: []}}"),
        broken(
            Rule.CONFIGURATION_DEFINED,
            "'nowhere', which no file defines",
            "- route: {id: spring-a, routeConfigurationId: nowhere, from: {uri: direct:a}}"),
        broken(
            Rule.DIRECT_REACHES_ONE,
            "direct:nobody, which 0 routes consume",
            route("spring-a", "- to: {uri: direct:nobody}")),
        broken(
            Rule.DIRECT_REACHES_ONE,
            "direct:nobody, which 0 routes consume",
            route("spring-a", "- filter: {steps: [{wireTap: {uri: direct:nobody}}]}")),
        broken(
            Rule.DIRECT_REACHES_ONE,
            "rest calls direct:nobody",
            "- rest: {path: /a, get: [{id: get-a, to: {uri: direct:nobody}}]}"),
        broken(
            Rule.DIRECT_REACHES_ONE,
            "direct:spring-a, which 2 routes consume",
            route("spring-a", "- to: {uri: direct:spring-a}")
                + "\n- route: {id: spring-b, from: {uri: direct, parameters: {name: spring-a}}}"),
        broken(
            Rule.DIRECT_NAMED_AFTER_ROUTE,
            "route 'spring-a' begins with direct:b",
            "- route: {id: spring-a, from: {uri: direct:b, steps: []}}"),
        broken(
            Rule.DIRECT_IS_CALLED,
            "route 'spring-a' is called by nobody",
            route("spring-a", "- stop: {}")),
        broken(
            Rule.HTTP_BORDER,
            "does not begin with 'process: {ref: httpRequest}'",
            rest("spring-a") + route("spring-a", "- process: {ref: httpAnswer}")),
        broken(
            Rule.HTTP_BORDER,
            "does not end with 'process: {ref: httpAnswer}'",
            rest("spring-a") + route("spring-a", "- process: {ref: httpRequest}")),
        broken(
            Rule.HTTP_BORDER,
            "route 'spring-b' answers GET /described",
            rest("spring-a")
                + route("spring-a", "- setVariable: {name: a}\n- to: {uri: direct:spring-b}")
                + "\n"
                + route("spring-b", "- process: {ref: httpRequest}\n- log: {message: hi}")),
        broken(
            Rule.HTTP_FAILURE,
            "route 'spring-a' takes GET /described",
            rest("spring-a") + route("spring-a", "- process: {ref: httpAnswer}")),
        broken(
            Rule.HTTP_FAILURE,
            "route 'spring-a' takes GET /described",
            rest("spring-a")
                + "- route: {id: spring-a, routeConfigurationId: e, from: {uri: direct:spring-a}}\n"
                + "- routeConfiguration: {id: e, onException: [{onException: {steps: [{stop:"
                + " {}}]}}]}"),
        broken(
            Rule.NOT_ONE_BEAN,
            "route 'spring-a' is only one bean call",
            route("spring-a", "- bean: {ref: launch, method: everything}")),
        broken(
            Rule.NOT_ONE_BEAN,
            "route 'spring-a' is only one bean call",
            route("spring-a", "- to: {uri: 'bean:launch', parameters: {method: everything}}")),
        broken(Rule.ID_NAMES, "'spring_A' is not in kebab case", route("spring_A", "- stop: {}")),
        broken(
            Rule.ID_NAMES,
            "the id 'toCxone' is not in kebab case",
            route("spring-a", "- to: {id: toCxone, uri: 'http://cxone.example'}")),
        broken(
            Rule.ID_NAMES,
            "route 'autumn-a' does not begin with its file's subject, 'spring'",
            route("autumn-a", "- stop: {}")),
        broken(
            Rule.OUTSIDE_CALLS,
            "calls http://cxone.example in a step without an id",
            route("spring-a", "- to: {uri: 'http://cxone.example'}")),
        broken(Rule.EXACT_SET, "'spring-a' is not in the list", route("spring-a", "- stop: {}")),
        broken(
            Rule.OPENAPI,
            "GET /elsewhere is not in config/openapi.yaml",
            "- rest: {path: /elsewhere, get: [{id: get-a, to: {uri: direct:spring-a}}]}"),
        broken(Rule.OPENAPI, "serve no GET /described", route("spring-a", "- stop: {}")));
  }

  private static Arguments broken(Rule rule, String fault, String yaml) {
    return arguments(rule, fault, yaml);
  }

  private static String rest(String route) {
    return "- rest: {path: /described, get: [{id: get-a, to: {uri: direct:%s}}]}\n"
        .formatted(route);
  }

  private static String route(String id, String steps) {
    return """
    - route:
        id: %s
        description: D.
        errorHandler: {noErrorHandler: {}}
        from:
          uri: direct:%s
          steps:
    %s
    """
        .formatted(id, id, steps.indent(8))
        .stripTrailing();
  }
}
