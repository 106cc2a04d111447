package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.campaignroutes.check.Fault;
import io.campaignroutes.check.Project;
import io.campaignroutes.check.RouteRule;
import io.campaignroutes.cxone.PlatformRequests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the files of {@code routes/} to the rules of the command {@code check}: what Camel's loader
 * lets through without a word, and the names and forms of this house. Each rule is asked about the
 * real files, and each is shown to fail on a small file that breaks it.
 */
class RoutesLintTest {
  /** Every route of the service. A route that comes or goes is added or struck out here. */
  private static final Set<String> ROUTE_IDS =
      Set.of(
          "audit-append",
          "audit-checkpoint",
          "audit-project",
          "audit-write",
          "campaign-activate",
          "campaign-agents",
          "campaign-api-audit",
          "campaign-api-audit-service",
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
          "campaign-api-validate-file",
          "campaign-check",
          "campaign-check-status",
          "campaign-activation",
          "campaign-command",
          "campaign-confirm",
          "campaign-findings",
          "campaign-contacts-find",
          "campaign-contacts-send",
          "campaign-contacts-status",
          "campaign-create",
          "campaign-dry-run-chunk",
          "campaign-inbox",
          "campaign-inbox-check",
          "campaign-inbox-check-file",
          "campaign-inbox-chunk",
          "campaign-inbox-file",
          "campaign-inbox-large",
          "campaign-intake",
          "campaign-judge-contacts",
          "campaign-launch",
          "campaign-pacing",
          "campaign-pacing-catch-up",
          "campaign-pacing-figures",
          "campaign-pacing-change",
          "campaign-pacing-agents",
          "campaign-pacing-pool",
          "campaign-pacing-resume",
          "campaign-pacing-unpaced",
          "campaign-unpaced",
          "campaign-pause",
          "campaign-poll",
          "campaign-register",
          "campaign-resume",
          "campaign-run",
          "campaign-none",
          "campaign-resolve-create",
          "campaign-stop",
          "campaign-upload-contacts",
          "campaign-watch",
          "console-audit-check",
          "console-diagnosis",
          "console-overview",
          "console-system",
          "console-watch",
          "contacts-api-delete",
          "contacts-api-files",
          "contacts-api-lines",
          "contacts-api-summary",
          "contacts-api-take",
          "contacts-removal",
          "cxone-call",
          "cxone-send",
          "cxone-token",
          "cxone-token-fetch",
          "cxone-token-refresh",
          "platform-activate",
          "platform-agents",
          "platform-create",
          "platform-figures",
          "platform-find",
          "platform-pause",
          "platform-register",
          "platform-set-rate",
          "platform-status",
          "platform-stop",
          "platform-totals",
          "pool-api-list",
          "pool-api-show",
          "records",
          "records-archive",
          "records-chains",
          "records-leave",
          "replicas-watch",
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
          "webhook-catch-up",
          "webhook-retention",
          "webhook-run");

  /** What the platform personal-connection has besides. */
  private static final Set<String> SKILL_ROUTE_IDS =
      Set.of(
          "collect",
          "collect-activity",
          "collect-completed",
          "collect-lists",
          "collect-settings",
          "collect-run",
          "collect-skills",
          "collect-states",
          "list-job",
          "list-look",
          "list-make",
          "platform-find-upload",
          "platform-findings",
          "platform-upload-contacts",
          "platform-upload-status",
          "skill-close",
          "skill-equip",
          "skill-finish",
          "skill-look",
          "skill-make",
          "skill-missing-agents",
          "skill-prepare",
          "skill-read",
          "skill-settle",
          "skill-see",
          "skill-stop",
          "skill-take-back",
          "skill-usable",
          "skill-write",
          "tenant-agents",
          "tenant-business-unit",
          "tenant-lists",
          "tenant-skill-agents",
          "tenant-team",
          "tenant-skills",
          "tenant-states",
          "tenant-zones");

  private static Project project;

  @BeforeAll
  static void readTheRealRoutes() throws IOException {
    project = Project.read(Path.of("routes"), Path.of("config"));
  }

  @ParameterizedTest
  @EnumSource
  void theRealRoutesBreakNoRule(RouteRule rule) {
    assertThat(rule.faults(project)).isEmpty();
  }

  @Test
  void theRoutesAreExactlyTheOnesListedHere() throws IOException {
    assertThat(ids("v2")).containsExactlyInAnyOrderElementsOf(ROUTE_IDS);
    assertThat(ids("personal-connection"))
        .containsAll(ROUTE_IDS)
        .filteredOn(id -> !ROUTE_IDS.contains(id))
        .containsExactlyInAnyOrderElementsOf(SKILL_ROUTE_IDS);
  }

  private static List<String> ids(String platform) throws IOException {
    List<String> ids = new ArrayList<>();
    Path shared = Path.of("routes/platform");
    for (Path folder : List.of(Path.of("routes"), shared, shared.resolve(platform))) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".camel.yaml")).toList()) {
          new YAMLMapper()
              .readTree(file.toFile()).findValues("route").stream()
                  .map(route -> route.path("id").asText())
                  .forEach(ids::add);
        }
      }
    }
    return ids;
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("brokenFiles")
  void everyRuleFindsTheFileThatBreaksIt(
      RouteRule rule, String fault, String yaml, @TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("openapi.yaml"),
        "openapi: 3.1.0\npaths: {/described: {get: {}}, /both: {get: {}}}\n");

    assertThat(faults(rule, yaml, folder))
        .as("faults that the rule %s finds", rule)
        .anySatisfy(found -> assertThat(found.problem()).contains(fault))
        .allSatisfy(found -> assertThat(found.remedy()).isNotBlank());
  }

  @ParameterizedTest
  @EnumSource
  void noRuleFindsAFaultInASmallSoundFile(RouteRule rule, @TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("openapi.yaml"), "openapi: 3.1.0\npaths: {\"/both/{id}\": {post: {}}}\n");

    assertThat(faults(rule, SOUND, folder)).isEmpty();
  }

  private static List<Fault> faults(RouteRule rule, String yaml, Path folder) throws IOException {
    Files.writeString(folder.resolve("spring-call.camel.yaml"), yaml);
    Files.writeString(
        folder.resolve("application.yaml"),
        "cxone:\n  platform: v2\n  api: config/cxone/v2.yaml\n");
    Path platform = Files.createDirectories(folder.resolve("platform/v2"));
    if (Files.notExists(platform.resolve("platform-all.camel.yaml"))) {
      Files.writeString(platform.resolve("platform-all.camel.yaml"), platform());
    }
    Files.createDirectories(folder.resolve("cxone"));
    Files.writeString(
        folder.resolve("cxone/v2.yaml"), "operations: {agentPool: {method: GET, path: /a}}\n");
    return rule.faults(Project.read(folder, folder));
  }

  /** The whole port, each operation as small as can be. */
  private static String platform() {
    return PlatformRequests.operations().stream()
        .map(operation -> route("platform-" + operation, "- log: {message: Done.}"))
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "PORT_IS_SERVED; - route: {id: platform-pause, from: {uri: 'direct:platform-pause'}}; The"
            + " platform 'v2' does not serve activate, agents, create, figures, find, register,",
        "PORT_IS_SERVED; []; There is no platform 'v2'",
        "PORT_IS_SERVED; + platform-sing: - stop: {}; serves 'sing', which is no operation",
        "PORT_HAS_TWO_SIDES; + platform-a: - to: {uri: direct:spring-a};"
            + " direct:spring-a is on the other side",
        "PORT_HAS_TWO_SIDES; + platform-a: - bean: {ref: campaignStore, method: get};"
            + " The bean 'campaignStore' belongs to the other side",
        "PORT_HAS_TWO_SIDES; + platform-a: - log: {message: '${variable.urgency}'};"
            + " The variable 'urgency' comes from the other side",
      },
      delimiter = ';')
  void aPlatformIsHeldToThePort(RouteRule rule, String yaml, String fault, @TempDir Path folder)
      throws IOException {
    Path platform = Files.createDirectories(folder.resolve("platform/v2"));
    String[] added = yaml.replaceFirst("^\\+ ", "").split(": ", 2);
    Files.writeString(
        platform.resolve("platform-all.camel.yaml"),
        yaml.startsWith("+") ? platform() + "\n" + route(added[0], added[1]) : yaml + "\n");

    assertThat(faults(rule, route("spring-a", "- stop: {}"), folder))
        .anySatisfy(found -> assertThat(found.problem()).contains(fault));
  }

  @Test
  void everyRuleHasAFileThatBreaksIt() {
    assertThat(brokenFiles().map(a -> (RouteRule) a.get()[0]).collect(Collectors.toSet()))
        .isEqualTo(EnumSet.allOf(RouteRule.class));
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
            uri: scheduler
            parameters:
              name: spring-tick
            steps:
              - bean:
                  ref: commandSteps
                  method: dropCommand
              - log:
                  message: Done.
      """;

  static Stream<Arguments> brokenFiles() {
    return Stream.of(
        broken(
            RouteRule.SCHEMA,
            "'stepz' is not known",
            "- route: {id: spring-a, from: {uri: direct:a, stepz: []}}"),
        broken(RouteRule.SCHEMA, "'set-body' is not known", route("spring-a", "- set-body: {}")),
        broken(
            RouteRule.ROOT, "no list", "route: {id: spring-a, from: {uri: direct:a, steps: []}}"),
        broken(RouteRule.ROOT, "no list", "# nothing\n"),
        broken(RouteRule.CANONICAL, "bare 'from'", "- from: {uri: direct:a, steps: [{stop: {}}]}"),
        broken(
            RouteRule.CANONICAL, "'log: \"hi\"' is a compact step", route("spring-a", "- log: hi")),
        broken(RouteRule.CANONICAL, "'to: direct:b'", route("spring-a", "- to: direct:b")),
        broken(RouteRule.CANONICAL, "'simple: \"x\"'", route("spring-a", "- setBody: {simple: x}")),
        broken(
            RouteRule.CANONICAL,
            "'constant:' stands directly under 'setBody:'",
            route("spring-a", "- setBody: {constant: {expression: x}}")),
        broken(
            RouteRule.CANONICAL,
            "options in the uri",
            route("spring-a", "- to: {uri: 'file:x?fileExist=Append'}")),
        broken(
            RouteRule.YAML,
            "The key 'id' appears twice",
            "- route:\n    id: spring-a\n    id: spring-b\n    from: {uri: direct:a, steps: []}"),
        broken(
            RouteRule.UNIQUE_IDS,
            "Route 'spring-a' has the id of a route",
            route("spring-a", "- stop: {}") + "\n" + route("spring-a", "- stop: {}")),
        broken(
            RouteRule.UNIQUE_IDS,
            "The step's id 'spring-a' stands in",
            route("spring-a", "- stop: {id: spring-a}")),
        broken(
            RouteRule.DESCRIBED,
            "A route without id has no id",
            "- route: {description: D., from: {uri: direct:a, steps: []}}"),
        broken(
            RouteRule.DESCRIBED,
            "Route 'spring-a' has no description",
            "- route: {id: spring-a, from: {uri: direct:a, steps: []}}"),
        broken(
            RouteRule.ERROR_HANDLING,
            "Route 'spring-a' does not say",
            "- route: {id: spring-a, from: {uri: direct:a, steps: []}}"),
        broken(
            RouteRule.CONFIGURATION_DEFINED,
            "'nowhere', which no file defines",
            "- route: {id: spring-a, routeConfigurationId: nowhere, from: {uri: direct:a}}"),
        broken(
            RouteRule.DIRECT_REACHES_ONE,
            "Nobody consumes direct:nobody",
            route("spring-a", "- to: {uri: direct:nobody}")),
        broken(
            RouteRule.DIRECT_REACHES_ONE,
            "Nobody consumes direct:nobody",
            route("spring-a", "- filter: {steps: [{wireTap: {uri: direct:nobody}}]}")),
        broken(
            RouteRule.DIRECT_REACHES_ONE,
            "Nobody consumes direct:nobody",
            "- rest: {path: /a, get: [{id: get-a, to: {uri: direct:nobody}}]}"),
        broken(
            RouteRule.DIRECT_REACHES_ONE,
            "direct:spring-a is consumed by 2 routes",
            route("spring-a", "- to: {uri: direct:spring-a}")
                + "\n- route: {id: spring-b, from: {uri: direct, parameters: {name: spring-a}}}"),
        broken(
            RouteRule.DIRECT_NAMED_AFTER_ROUTE,
            "Route 'spring-a' begins with direct:b",
            "- route: {id: spring-a, from: {uri: direct:b, steps: []}}"),
        broken(
            RouteRule.DIRECT_IS_CALLED,
            "Route 'spring-a' is called by nobody",
            route("spring-a", "- stop: {}")),
        broken(
            RouteRule.HTTP_BORDER,
            "does not begin with 'process: {ref: httpRequest}'",
            rest("spring-a") + route("spring-a", "- process: {ref: httpAnswer}")),
        broken(
            RouteRule.HTTP_BORDER,
            "does not end with 'process: {ref: httpAnswer}'",
            rest("spring-a") + route("spring-a", "- process: {ref: httpRequest}")),
        broken(
            RouteRule.HTTP_BORDER,
            "Route 'spring-b' answers GET /described",
            rest("spring-a")
                + route("spring-a", "- setVariable: {name: a}\n- to: {uri: direct:spring-b}")
                + "\n"
                + route("spring-b", "- process: {ref: httpRequest}\n- log: {message: hi}")),
        broken(
            RouteRule.HTTP_FAILURE,
            "Route 'spring-a' takes GET /described",
            rest("spring-a") + route("spring-a", "- process: {ref: httpAnswer}")),
        broken(
            RouteRule.HTTP_FAILURE,
            "Route 'spring-a' takes GET /described",
            rest("spring-a")
                + "- route: {id: spring-a, routeConfigurationId: e, from: {uri: direct:spring-a}}\n"
                + "- routeConfiguration: {id: e, onException: [{onException: {steps: [{stop:"
                + " {}}]}}]}"),
        broken(
            RouteRule.NOT_ONE_BEAN,
            "Route 'spring-a' is only one bean call",
            route("spring-a", "- bean: {ref: launchSteps, method: everything}")),
        broken(
            RouteRule.NOT_ONE_BEAN,
            "Route 'spring-a' is only one bean call",
            route("spring-a", "- to: {uri: 'bean:launchSteps', parameters: {method: everything}}")),
        broken(
            RouteRule.ID_NAMES, "'spring_A' is not in kebab case", route("spring_A", "- stop: {}")),
        broken(
            RouteRule.ID_NAMES,
            "The id 'toCxone' is not in kebab case",
            route("spring-a", "- to: {id: toCxone, uri: 'http://cxone.example'}")),
        broken(
            RouteRule.ID_NAMES,
            "Route 'autumn-a' does not begin with its file's subject, 'spring'",
            route("autumn-a", "- stop: {}")),
        broken(
            RouteRule.OUTSIDE_CALLS,
            "calls http://cxone.example in a step without an id",
            route("spring-a", "- to: {uri: 'http://cxone.example'}")),
        broken(
            RouteRule.ENDPOINTS,
            "There is no component 'sprinkle'",
            route("spring-a", "- to: {id: to-b-c, uri: 'sprinkle:x'}")),
        broken(
            RouteRule.ENDPOINTS,
            "The component file has no option 'fileExists'",
            route(
                "spring-a",
                "- to: {uri: file, parameters: {directoryName: x, fileExists: Append}}")),
        broken(
            RouteRule.BEANS,
            "There is no bean 'lunch'",
            route("spring-a", "- bean: {ref: lunch, method: look}")),
        broken(
            RouteRule.BEANS,
            "has no method 'lok'",
            route("spring-a", "- to: {uri: 'bean:launchSteps', parameters: {method: lok}}")),
        broken(
            RouteRule.EXPRESSIONS,
            "Camel cannot parse \"${bdy}\"",
            route("spring-a", "- setBody: {expression: {simple: {expression: '${bdy}'}}}")),
        broken(
            RouteRule.PLACEHOLDERS,
            "{{spring.nothing}} has no value",
            route("spring-a", "- log: {message: '{{spring.nothing}}'}")),
        broken(
            RouteRule.OPERATIONS,
            "describes no operation 'sing'",
            route("spring-a", "- bean: {ref: cxoneApi, method: \"call('sing', ${body}, 1)\"}")),
        broken(
            RouteRule.ARGUMENTS,
            "operations.agentPool uses no 'poolId', which direct:platform-agents asks it with",
            route(
                "platform-agents",
                "- bean: {ref: cxoneApi, method: \"call('agentPool', ${body}, 1)\"}")),
        broken(
            RouteRule.PORT_IS_SERVED,
            "Route 'platform-sing' serves 'sing', which is no operation of the port",
            route("platform-sing", "- stop: {}")),
        broken(
            RouteRule.PORT_CALLS_ARE_DECLARED,
            "direct:platform-pause is called and nothing says what with",
            route("spring-a", "- to: {uri: direct:platform-pause}")),
        broken(
            RouteRule.PORT_CALLS_ARE_DECLARED,
            "direct:platform-set-rate is called and nothing says what with",
            route(
                "spring-a",
                "- bean: {ref: platform, method: pause(1)}\n"
                    + "- to: {uri: direct:platform-set-rate}")),
        broken(
            RouteRule.PORT_HAS_TWO_SIDES,
            "The bean 'cxoneApi' belongs to the other side",
            route("spring-a", "- bean: {ref: cxoneApi, method: answer}")),
        broken(
            RouteRule.OPENAPI,
            "GET /elsewhere is not in",
            "- rest: {path: /elsewhere, get: [{id: get-a, to: {uri: direct:spring-a}}]}"),
        broken(
            RouteRule.OPENAPI, "No route serves GET /described", route("spring-a", "- stop: {}")));
  }

  private static Arguments broken(RouteRule rule, String fault, String yaml) {
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

  @Test
  void whatAStepMakesOfACampaignIsWhatItsRunGoesOnWith() throws IOException {
    String text = Files.readString(Path.of("routes/campaign-launch.camel.yaml"));
    assertThat(text.lines().filter(line -> line.contains("method: dropCommand"))).hasSize(1);
    for (String[] step : calls(text)) {
      assertThat(step[1]).as(step[0]).isEqualTo("variableReceive: campaign");
    }
  }

  /**
   * Calls of beans with a campaign, with the line that follows; putting a run down ends it, one
   * asks which step comes next, and one whether it may call now.
   */
  private static List<String[]> calls(String text) {
    List<String> lines = text.lines().map(String::strip).toList();
    List<String[]> calls = new ArrayList<>();
    for (int n = 1; n < lines.size() - 1; n++) {
      boolean step = lines.get(n).matches("method: \\w+\\(\\$\\{variable.campaign}.*");
      if (step && !lines.get(n).matches("method: (putDown|route|closed)\\(.*")) {
        calls.add(new String[] {lines.get(n), lines.get(n + 1)});
      }
    }
    assertThat(calls).hasSizeGreaterThan(10);
    return calls;
  }
}
