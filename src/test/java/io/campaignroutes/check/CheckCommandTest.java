package io.campaignroutes.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import io.campaignroutes.CliRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds {@code check} to the mistakes that people make: each is one small edit of the real files.
 */
class CheckCommandTest {
  /** More lines than this about one mistake would bury it. */
  private static final int MAX_FINDINGS = 3;

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void copyTheRealFiles() throws IOException {
    for (String name : List.of("routes", "config")) {
      try (Stream<Path> all = Files.walk(Path.of(name))) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          Path copy = folder.resolve(file.toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
  }

  /**
   * One mistake.
   *
   * @param file the file that is edited, or made when it is not there
   * @param find what the edit replaces; "" adds to the end of the file
   * @param replace by what
   * @param at a text in the line that has to be named, after the edit
   * @param says what the finding has to say, its remedy included
   */
  record Mistake(String file, String find, String replace, String at, List<String> says) {}

  static Stream<Named<Mistake>> mistakes() {
    return Stream.of(
        mistake(
            "unknown EIP",
            "routes/campaign-launch.camel.yaml",
            "  - bean:\n            ref: workerPools\n            method: claim('LOOK')",
            "  - baen:\n            ref: workerPools\n            method: claim('LOOK')",
            "baen:",
            "'baen' is not known",
            "Did you mean 'bean'?"),
        mistake(
            "kebab-case EIP",
            "routes/audit.camel.yaml",
            "        - removeHeaders:",
            "        - remove-headers:",
            "remove-headers:",
            "'remove-headers' is not known",
            "Did you mean 'removeHeaders'?"),
        mistake(
            "unknown field of an EIP",
            "routes/audit.camel.yaml",
            "            breakOnShutdown: true\n"
                + "            expression:\n"
                + "              simple:\n"
                + "                expression: \"${body.isEmpty}",
            "            breakOnShutDown: true\n"
                + "            expression:\n"
                + "              simple:\n"
                + "                expression: \"${body.isEmpty}",
            "breakOnShutDown",
            "'breakOnShutDown' is not known",
            "Did you mean 'breakOnShutdown'?"),
        mistake(
            "misspelt endpoint option",
            "routes/audit.camel.yaml",
            "              fileExist: Append",
            "              fileExists: Append",
            "fileExists",
            "The component file has no option 'fileExists'.",
            "Did you mean 'fileExist'?"),
        mistake(
            "misspelt endpoint option of HTTP",
            "routes/platform/cxone-call.camel.yaml",
            "throwExceptionOnFailure: false",
            "throwExceptionOnFailures: false",
            "throwExceptionOnFailures",
            "has no option 'throwExceptionOnFailures'",
            "Did you mean 'throwExceptionOnFailure'?"),
        mistake(
            "endpoint option with a value it cannot have",
            "routes/audit.camel.yaml",
            "fileExist: Append",
            "fileExist: Apend",
            "fileExist: Apend",
            "'Apend' for its option 'fileExist'",
            "Append"),
        mistake(
            "endpoint option that is no number",
            "routes/audit.camel.yaml",
            "bufferSize: 65536",
            "bufferSize: large",
            "bufferSize: large",
            "'large' for its option 'bufferSize'",
            "whole number"),
        mistake(
            "option of the other end",
            "routes/audit.camel.yaml",
            "fileExist: Append",
            "fileExist: Append\n              noop: true",
            "noop",
            "does not use its option 'noop' in a 'to'",
            "Remove it."),
        mistake(
            "unknown component",
            "routes/campaign-launch.camel.yaml",
            "      uri: scheduler\n      parameters:\n        name: campaign-watch",
            "      uri: shceduler\n      parameters:\n        name: campaign-watch",
            "shceduler",
            "There is no component 'shceduler'",
            "lib/"),
        mistake(
            "a timer that sleeps by the wall clock",
            "routes/campaign-launch.camel.yaml",
            "      uri: scheduler\n"
                + "      parameters:\n"
                + "        name: campaign-watch\n"
                + "        initialDelay: 500\n"
                + "        delay:",
            "      uri: timer\n"
                + "      parameters:\n"
                + "        timerName: campaign-watch\n"
                + "        delay: 500\n"
                + "        period:",
            "uri: timer",
            "A timer sleeps by the wall clock",
            "Use 'scheduler'"),
        mistake(
            "unknown bean",
            "routes/campaign-api.camel.yaml",
            "        - bean:\n            ref: answers\n            method: launched",
            "        - bean:\n            ref: answer\n            method: launched",
            "ref: answer\n",
            "There is no bean 'answer'.",
            "Did you mean 'answers'?"),
        mistake(
            "unknown bean in a uri",
            "routes/campaign-launch.camel.yaml",
            "            uri: bean:launchSteps\n"
                + "            parameters:\n"
                + "              method: checked",
            "            uri: bean:launchStep\n"
                + "            parameters:\n"
                + "              method: checked",
            "bean:launchStep\n",
            "There is no bean 'launchStep'.",
            "Did you mean 'launchSteps'?"),
        mistake(
            "unknown bean after a hash",
            "routes/campaign-launch.camel.yaml",
            "\"#lookWorkers\"",
            "\"#lookWorker\"",
            "#lookWorker\"",
            "There is no bean 'lookWorker'.",
            "Did you mean 'lookWorkers'?"),
        mistake(
            "unknown bean method",
            "routes/campaign-launch.camel.yaml",
            "method: claim('LOOK')",
            "method: clam('LOOK')",
            "clam(",
            "has no method 'clam'",
            "Did you mean 'claim'?"),
        mistake(
            "bean method with an argument too many",
            "routes/campaign-launch.camel.yaml",
            "method: claim('LOOK')",
            "method: claim('LOOK', 3)",
            "claim('LOOK', 3)",
            "workerPools.claim is called with 2 arguments.",
            "It takes 1."),
        mistake(
            "unknown method of a bean in an expression",
            "routes/campaign-launch.camel.yaml",
            "\"${variable.campaign.remoteId} == null\"",
            "\"${bean:workerPools?method=clam} == null\"",
            "method=clam",
            "has no method 'clam'",
            "Did you mean 'claim'?"),
        mistake(
            "process of a bean that is no processor",
            "routes/webhook-receive.camel.yaml",
            "        - process:\n            ref: httpRequest",
            "        - process:\n"
                + "            ref: httpRequest\n"
                + "        - process:\n"
                + "            ref: answers",
            "ref: answers",
            "The bean 'answers' is no Processor.",
            "bean: {ref, method}"),
        mistake(
            "unknown exception class",
            "routes/platform/v2/platform.camel.yaml",
            "io.campaignroutes.cxone.CxoneRefusedException",
            "io.campaignroutes.cxone.CxoneRefusal",
            "CxoneRefusal]",
            "There is no class io.campaignroutes.cxone.CxoneRefusal.",
            "package included"),
        mistake(
            "duplicate route id in two files",
            "routes/campaign-inbox.camel.yaml",
            "",
            """

            - route:
                id: audit-append
                description: A second one.
                routeConfigurationId: inbox-errors
                from:
                  uri: scheduler
                  parameters:
                    name: second
                  steps:
                    - log:
                        message: Again.
                    - stop: {}
            """,
            "id: audit-append",
            "has the id of a route in",
            "audit.camel.yaml"),
        mistake(
            "duplicate YAML key in routes",
            "routes/platform/cxone-token.camel.yaml",
            "        delay: 1000\n",
            "        delay: 1000\n        delay: 2000\n",
            "delay: 2000",
            "The key 'delay' appears twice",
            "Remove one of them."),
        mistake(
            "duplicate YAML key in settings",
            "config/application.yaml",
            "  chunk: 100\n",
            "  chunk: 100\n  chunk: 200\n",
            "chunk: 200",
            "The key 'chunk' appears twice",
            "Remove one of them."),
        mistake(
            "unknown routeConfigurationId",
            "routes/webhook-receive.camel.yaml",
            "routeConfigurationId: api-errors",
            "routeConfigurationId: api-error",
            "api-error\n",
            "names the routeConfigurationId 'api-error', which no file defines",
            "Did you mean 'api-errors'?"),
        mistake(
            "direct that nobody consumes",
            "routes/platform/cxone-call.camel.yaml",
            "                  uri: direct:cxone-token",
            "                  uri: direct:cxone-tokens",
            "uri: direct:cxone-tokens",
            "Nobody consumes direct:cxone-tokens.",
            "Did you mean 'direct:cxone-token'?"),
        mistake(
            "root that is a map",
            "routes/webhook-receive.camel.yaml",
            null,
            """
            route:
              id: webhook-receive
              from:
                uri: direct:webhook-receive
                steps:
                  - stop: {}
            """,
            "route:",
            "The root is no list",
            "- route:"),
        mistake(
            "compact step",
            "routes/errors.camel.yaml",
            "            - log:\n"
                + "                message: \"${exception.message} The result of this run is"
                + " dropped.\"",
            "            - log: \"${exception.message} The result of this run is dropped.\"",
            "- log: \"",
            "is a compact step",
            "Write its fields below it"),
        mistake(
            "compact expression",
            "routes/campaign-api.camel.yaml",
            "        - setBody:\n"
                + "            expression:\n"
                + "              simple:\n"
                + "                expression: \"${body.campaign}\"",
            "        - setBody:\n            simple: \"${body.campaign}\"",
            "simple: \"${body.campaign}\"",
            "compact form",
            "Write 'simple:' and 'expression:"),
        mistake(
            "bare from",
            "routes/campaign-inbox.camel.yaml",
            "",
            "\n- from:\n    uri: scheduler:tick\n    steps:\n      - stop: {}\n",
            "- from:",
            "A bare 'from'",
            "'- route:'"),
        mistake(
            "step of a campaign without its route",
            "routes/campaign-launch.camel.yaml",
            "uri: direct:campaign-none\n",
            "uri: direct:campaign-nothing\n",
            "direct:campaign-${variable.next}",
            "Nobody consumes direct:campaign-none."),
        mistake(
            "transition to an unknown stage",
            "config/launch.yaml",
            "stage: PAUSED, due: status",
            "stage: PAUSE, due: status",
            "stage: PAUSE,",
            "PAUSE"),
        mistake(
            "outcome that nothing follows from",
            "config/launch.yaml",
            "    may-still-appear:  {when: it is not there yet, due: list}\n",
            "",
            "resolve-create:",
            "The row 'may-still-appear' is missing.",
            "Put it back."),
        mistake(
            "transition that leaves a campaign unwatched",
            "config/launch.yaml",
            "when: CXone dials again, stage: ACTIVE, due: status",
            "when: CXone dials again, stage: ACTIVE, due: never",
            "CXone dials again, stage: ACTIVE, due: never",
            "nobody would look after the campaign",
            "'end' or 'next-run'"),
        mistake(
            "missing property placeholder",
            "routes/campaign-launch.camel.yaml",
            "{{launch.watch-period}}",
            "{{launch.watch-perod}}",
            "watch-perod",
            "{{launch.watch-perod}} has no value",
            "Did you mean {{launch.watch-period}}?"),
        mistake(
            "simple expression that cannot be parsed",
            "routes/campaign-launch.camel.yaml",
            "\"${variable.campaign.remoteId} == null\"",
            "\"${variable.campaign.remoteId == null\"",
            "${variable.campaign.remoteId == null",
            "Camel cannot parse",
            "Correct it"),
        mistake(
            "simple function that does not exist",
            "routes/campaign-launch.camel.yaml",
            "\"${variable.campaign.id}\"",
            "\"${variabel.campaign.id}\"",
            "variabel",
            "Camel cannot parse",
            "Correct it"),
        mistake(
            "simple predicate without its other half",
            "routes/campaign-launch.camel.yaml",
            "\"${variable.campaign.remoteId} == null\"",
            "\"${variable.campaign.remoteId} == \"",
            "\"${variable.campaign.remoteId} == \"",
            "Camel cannot parse",
            "Correct it"),
        mistake(
            "tab",
            "routes/webhook-receive.camel.yaml",
            "    description: What CXone posts",
            "\tdescription: What CXone posts",
            "\tdescription",
            "This is not valid YAML",
            "YAML takes no tabs"),
        mistake(
            "indentation",
            "routes/webhook-receive.camel.yaml",
            "    routeConfigurationId: api-errors",
            "   routeConfigurationId: api-errors",
            "   routeConfigurationId",
            "This is not valid YAML",
            "Look at the indentation"),
        mistake(
            "indentation in settings",
            "config/application.yaml",
            "  rate-limit-wait: 5s",
            " rate-limit-wait: 5s",
            " rate-limit-wait",
            "This is not valid YAML",
            "Look at the indentation"),
        mistake(
            "unknown setting",
            "config/application.yaml",
            "  rate-limit-wait: 5s",
            "  rate-limit-wiat: 5s",
            "rate-limit-wiat",
            "'rate-limit-wiat' is not known under 'cxone'",
            "Did you mean 'rate-limit-wait'?"),
        mistake(
            "unknown section",
            "config/application.yaml",
            "\ninbox:",
            "\ninbx:",
            "inbx:",
            "'inbx' is not known",
            "Did you mean 'inbox'?"),
        mistake(
            "unknown setting of Camel",
            "config/application.yaml",
            "    stream-caching-enabled: false",
            "    stream-cachng-enabled: false",
            "stream-cachng-enabled",
            "There is no setting 'camel.main.stream-cachng-enabled'",
            "Did you mean 'camel.main.stream-caching-enabled'?"),
        mistake(
            "unknown setting of Spring Boot",
            "config/application.yaml",
            "      minimum-idle: 2",
            "      minimum-idel: 2",
            "minimum-idel",
            "There is no setting",
            "Did you mean 'spring.datasource.hikari.minimum-idle'?"),
        mistake(
            "duration that is none",
            "config/application.yaml",
            "  lease: 90s",
            "  lease: 90sec",
            "lease: 90sec",
            "launch.lease is '90sec', which is no duration",
            "5s"),
        mistake(
            "number that is none",
            "config/application.yaml",
            "  workers: 64",
            "  workers: many",
            "workers: many",
            "launch.workers is 'many', which is no whole number",
            "such as 20"),
        mistake(
            "number without a unit",
            "config/application.yaml",
            "  claim-period: 20ms",
            "  claim-period: 20",
            "claim-period: 20",
            "launch.claim-period is '20' without a unit",
            "Write 20s for seconds (or 20ms, 20m, 20h)."),
        mistake(
            "address that no path can follow",
            "config/application.yaml",
            "${PUBLIC_URL:http://localhost:${server.port}}",
            "x.example",
            "public-url: x.example",
            "cxone.public-url is 'x.example', which does not begin with https:// or http://.",
            "https://cxone.example.com"),
        mistake(
            "choice that is none",
            "config/application.yaml",
            "${CXONE_TOKEN_CREDENTIALS:body}",
            "header",
            "token-credentials: header",
            "'header'",
            "body, basic, query"),
        mistake(
            "setting whose own placeholder has no value",
            "config/application.yaml",
            "  dir: ${campaign-routes.data-dir}/inbox",
            "  dir: ${campaign-routes.data-dri}/inbox",
            "data-dri",
            "${campaign-routes.data-dri} has no value",
            "Did you mean ${campaign-routes.data-dir}?"),
        mistake(
            "unknown default policy",
            "config/application.yaml",
            "    default-policy: us-federal",
            "    default-policy: us-fedral",
            "us-fedral",
            "There is no policy \"us-fedral\"",
            "us-federal"),
        mistake(
            "JSLT template that does not compile",
            "config/cxone/v2.yaml",
            "    answer: '{\"id\": .id}'",
            "    answer: '{\"id\": .id'",
            "answer: '{\"id\": .id'",
            "The JSLT template registerWebhook.answer does not compile",
            "Correct it there"),
        mistake(
            "JSLT template of several lines that does not compile",
            "config/cxone/v2.yaml",
            "        \"type\": \"CAMPAIGN\",",
            "        \"type\" \"CAMPAIGN\",",
            "\"type\" \"CAMPAIGN\"",
            "The JSLT template registerWebhook.request does not compile",
            "Correct it there"),
        mistake(
            "operation missing that a route names",
            "config/cxone/v2.yaml",
            "  pauseCampaign:",
            "  pausCampaign:",
            null,
            "v2.yaml describes no operation 'pauseCampaign'.",
            "Did you mean 'pausCampaign'?"),
        mistake(
            "rate that is read by a name of its own",
            "config/cxone/v2.yaml",
            "{\"maxCallsPerSecond\": .rate}",
            "{\"maxCallsPerSecond\": .maxCallsPerSecond}",
            "{\"maxCallsPerSecond\": .maxCallsPerSecond}",
            "operations.setPacing uses no 'rate', which direct:platform-set-rate asks it with.",
            "Write .rate into its request"),
        mistake(
            "campaign that a call does not name",
            "config/cxone/v2.yaml",
            "        \"name\": \"CampaignSync_\" + .remoteId,",
            "        \"name\": \"CampaignSync\",",
            "    request: |",
            "operations.registerWebhook uses no 'remoteId', which direct:platform-register",
            "Write .remoteId into its request"),
        mistake(
            "period that a question leaves open",
            "config/cxone/v2.yaml",
            "        \"endDate\": .to,",
            "        \"endDate\": .until,",
            null,
            "operations.campaignFigures uses no 'to', which direct:platform-totals asks it with.",
            "Write .to into its request"),
        mistake(
            "code of a failure that is told by another name",
            "config/cxone/v2.yaml",
            "\"failureCode\": .errorCode, \"pacing\"",
            "\"errorCode\": .errorCode, \"pacing\"",
            "\"errorCode\": .errorCode, \"pacing\"",
            "operations.getCampaign makes no 'failureCode', which direct:platform-status answers",
            "Make it in its answer, with null where the platform tells none."),
        mistake(
            "rate that is not where the file says",
            "config/cxone/v2.yaml",
            "rate: /pacing/maxCallsPerSecond",
            "rate: /pacing/callsPerSecond",
            "campaign: |",
            "says with rate: that a campaign's rate stands at /pacing/callsPerSecond, and"
                + " campaign:",
            "as config/cxone/v2.yaml has it."),
        mistake(
            "event whose type is not read",
            "config/cxone/v2.yaml",
            "      \"type\": .eventType,\n",
            "",
            "  event: |",
            "events makes no 'type' of an event. Make it in event, with null where the platform"
                + " tells"),
        mistake(
            "template of events that does not compile",
            "config/cxone/v2.yaml",
            "\"type\": .eventType,",
            "\"type\": .eventType",
            "\"id\": .eventId",
            "The JSLT template events.event does not compile"),
        mistake(
            "header that the webhooks' secret cannot come in",
            "config/cxone/v2.yaml",
            "token-header: X-Webhook-Token",
            "token-header: X Webhook Token",
            "token-header: X Webhook Token",
            "token-header"),
        mistake(
            "API file that is not there",
            "config/application.yaml",
            "/cxone/${cxone.platform}.yaml",
            "/cxone/v3.yaml",
            "/cxone/v3.yaml",
            "There is no file that describes the operations of the platform 'v2'",
            "config/cxone"),
        mistake(
            "operation that the platform does not serve",
            "routes/platform/v2/platform.camel.yaml",
            "direct:platform-stop",
            "direct:platform-halt",
            null,
            "The platform 'v2' does not serve stop of the port.",
            "direct:platform-stop"),
        mistake(
            "call of an operation that is none",
            "routes/campaign-launch.camel.yaml",
            "direct:platform-stop",
            "direct:platform-stopp",
            "direct:platform-stopp",
            "Nobody consumes direct:platform-stopp.",
            "Did you mean 'direct:platform-stop'?"),
        mistake(
            "call of an operation with too little",
            "routes/campaign-launch.camel.yaml",
            "method: stop(${variable.campaign.arguments}, ${variable.campaign.urgency},"
                + " ${variable.campaign.dueSince})",
            "method: stop(${variable.campaign.arguments})",
            "method: stop(",
            "platform.stop is called with 1 arguments.",
            "It takes 3."),
        mistake(
            "platform that is not there",
            "config/application.yaml",
            "${CXONE_PLATFORM:v2}",
            "${CXONE_PLATFORM:v4}",
            null,
            "There is no platform 'v4'",
            "routes/platform"),
        mistake(
            "second platform that lacks nearly everything",
            "routes/platform/other/platform.camel.yaml",
            null,
            """
            - route:
                id: platform-agents
                description: Nobody.
                from:
                  uri: direct:platform-agents
                  steps:
                    - log:
                        message: None.
                errorHandler:
                  noErrorHandler: {}
            """,
            null,
            "The platform 'other' does not serve activate, create,",
            "direct:platform-"),
        mistake(
            "unknown key of an operation",
            "config/cxone/v2.yaml",
            "    accept: [409]",
            "    acept: [409]",
            "acept:",
            "'acept' is not known",
            "Did you mean 'accept'?"),
        mistake(
            "unknown kind of operation",
            "config/cxone/v2.yaml",
            "    kind: CREATE",
            "    kind: MAKE",
            "kind: MAKE",
            "'kind' is \"MAKE\"",
            "CREATE, IDEMPOTENT, READ"),
        mistake(
            "policy that loosens its parent",
            "config/policies/us-fl.yaml",
            "08:00-20:00",
            "08:00-22:00",
            "08:00-22:00",
            "profiles.us-fl.calling_windows is less strict than",
            "A profile may only tighten"),
        mistake(
            "unknown policy key",
            "config/policies/us-fl.yaml",
            "    calling_windows:",
            "    calling_hours:",
            "calling_hours",
            "'calling_hours' is not known under 'us-fl'",
            "Known: abandonment"),
        mistake(
            "policy that extends one that is not there",
            "config/policies/us-md.yaml",
            "extends: us-federal",
            "extends: us-fedral",
            "us-md:",
            "extends us-fedral, which is unknown",
            "Known: au"),
        mistake(
            "policy hours that are none",
            "config/policies/au.yaml",
            "sat: [\"09:00-17:00\"]",
            "sat: [\"9-17\"]",
            "\"9-17\"",
            "\"9-17\"",
            "08:00-21:00"),
        mistake(
            "default that breaks the schema",
            "config/campaign-defaults.yaml",
            "endHour: 17",
            "endHour: 25",
            "endHour: 25",
            "endHour",
            "24"),
        mistake(
            "default of the wrong kind",
            "config/campaign-defaults.yaml",
            "dialerStrategy: PREDICTIVE",
            "dialerStrategy: AGGRESSIVE",
            "AGGRESSIVE",
            "dialerStrategy",
            "PROGRESSIVE"),
        mistake(
            "bad JSON in the request schema",
            "config/campaign-request.schema.json",
            "  \"type\": \"object\",\n  \"description\": \"One outbound",
            "  \"type\": \"object\"\n  \"description\": \"One outbound",
            "\"description\": \"One outbound",
            "This is not valid JSON",
            "Correct it there."),
        mistake(
            "openapi.yaml without a route's path",
            "config/openapi.yaml",
            "  /campaigns/{id}/pause:",
            "  /campaigns/{id}/halt:",
            null,
            "No route serves POST /campaigns/{id}/halt",
            "Remove it"),
        mistake(
            "route without a path in openapi.yaml",
            "routes/campaign-api.camel.yaml",
            "        path: /{id}/retry",
            "        path: /{id}/again",
            "- id: post-campaign-retry",
            "POST /campaigns/{id}/again is not in",
            "Describe it there."),
        mistake(
            "reference in openapi.yaml that leads nowhere",
            "config/openapi.yaml",
            "          $ref: \"#/components/responses/TooLarge\"",
            "          $ref: \"#/components/responses/TooBig\"",
            "TooBig",
            "#/components/responses/TooBig leads nowhere.",
            "components"),
        mistake(
            "example that the checks refuse",
            "config/examples/welcome-call.json",
            "\"endHour\": 17",
            "\"endHour\": 23",
            "\"endHour\": 23",
            "The checks refuse this example",
            "refused"),
        mistake(
            "line of an example that the checks refuse",
            "config/examples/three-campaigns.ndjson",
            "\"timeZone\": \"America/Los_Angeles\"",
            "\"timeZone\": \"America/Los_Angels\"",
            "America/Los_Angels",
            "The checks refuse this example",
            "refused"),
        mistake(
            "destination that breaks its schema",
            "config/endpoints.yaml",
            null,
            """
            # yaml-language-server: $schema=endpoints.schema.json
            destinations:
              braze:
                url: https://braze.example/hook
                ulr: twice
            """,
            "ulr:",
            "'ulr' is not known under 'braze'",
            "Did you mean 'url'?"),
        mistake(
            "schema that is not there",
            "config/endpoints.yaml",
            null,
            "# yaml-language-server: $schema=no.schema.json\na: 1\n",
            "$schema=no",
            "There is no schema",
            "Correct the path after $schema="),
        mistake(
            "template in a file of its own that does not compile",
            "config/transforms/braze.jslt",
            null,
            "{\n  \"a\" .b\n}\n",
            "\"a\" .b",
            "This JSLT template does not compile",
            "Correct it there"));
  }

  private static Named<Mistake> mistake(
      String name, String file, String find, String replace, String at, String... says) {
    return named(name, new Mistake(file, find, replace, at, List.of(says)));
  }

  @Test
  void aRouteOfOnesOwnThatReadsAndWritesJsonIsRight() throws IOException {
    String name = "routes/crm-calls.camel.yaml";
    Files.copy(Path.of("src/test/resources", name), folder.resolve(name));
    assertThat(check(folder.toString())).as(out.toString()).isZero();
  }

  @Test
  void aPlatformMayPostNoEvents() throws IOException {
    Path file = folder.resolve("config/cxone/v2.yaml");
    String whole = Files.readString(file);
    String events =
        whole.substring(whole.indexOf("events:\n  token"), whole.indexOf("operations:"));
    Files.writeString(file, whole.replace(events, ""));
    assertThat(check(folder.toString())).as(out.toString()).isZero();
  }

  /** The service would find out when somebody launches such a campaign. */
  @Test
  void namesTheExampleThatThePlatformsTemplateMakesNoCampaignOf() throws IOException {
    Path file = folder.resolve("config/cxone/v2.yaml");
    String whole = Files.readString(file);
    Files.writeString(
        file,
        whole.replace(
            "    \"schedule\": .schedule +",
            "    \"hours\": if (.schedule.endHour == 24) error(\"no midnight\"),\n"
                + "    \"schedule\": .schedule +"));

    assertThat(check(folder.toString())).as(out.toString()).isEqualTo(1);

    assertThat(findings())
        .singleElement()
        .asString()
        .startsWith(folder.resolve("config/examples/round-the-clock.json") + ":1: ")
        .contains("v2.yaml, campaign: makes no campaign of a request", "no midnight")
        .endsWith("Have campaign: in that file take every request.");
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void findsTheMistakeAndNamesFileLineAndRemedy(Mistake mistake) throws IOException {
    Files.writeString(
        folder.resolve("config/endpoints.schema.json"),
        """
        {"type": "object", "properties": {"destinations": {"additionalProperties":
          {"additionalProperties": false, "properties": {"url": {"type": "string"}}}}}}
        """);
    Path file = folder.resolve(mistake.file());
    String edited = edited(file, mistake);
    Files.createDirectories(file.getParent());
    Files.writeString(file, edited);

    assertThat(check(folder.toString())).as(out.toString()).isEqualTo(1);

    List<String> findings = findings();
    String place =
        mistake.at() == null ? folder.toString() : file + ":" + line(edited, mistake.at());
    assertThat(findings)
        .anySatisfy(
            finding ->
                assertThat(finding)
                    .startsWith(place + (mistake.at() == null ? "" : ": "))
                    .contains(mistake.says()));
    assertThat(findings).hasSizeLessThanOrEqualTo(MAX_FINDINGS);
    assertThat(findings).allMatch(finding -> finding.matches("\\S+:\\d+: .+\\. .+[.?]"));
    assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern(" in \\d+ routes");
  }

  private static String edited(Path file, Mistake mistake) throws IOException {
    if (mistake.find() == null) {
      return mistake.replace();
    }
    String text = Files.readString(file);
    if (mistake.find().isEmpty()) {
      return text + mistake.replace();
    }
    assertThat(text).as("the text that the edit replaces").contains(mistake.find());
    int from = text.indexOf(mistake.find());
    return text.substring(0, from)
        + mistake.replace()
        + text.substring(from + mistake.find().length());
  }

  private static int line(String text, String at) {
    assertThat(text).contains(at);
    return 1 + (int) text.substring(0, text.indexOf(at)).chars().filter(c -> c == '\n').count();
  }

  private List<String> findings() {
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    return lines.subList(0, lines.size() - 1);
  }

  private int check(String... args) {
    return CliRun.of(
        new PrintStream(out, true),
        new PrintStream(err, true),
        Stream.concat(Stream.of("check"), Stream.of(args)).toArray());
  }

  @Test
  void findsNothingInTheRealFilesAndSaysWhatItLookedAt() {
    assertThat(check()).as(out.toString()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .matches(
            "Nothing is wrong: \\d+ routes in \\d+ files of routes/ and \\d+ files of config/ were"
                + " checked\\.\\R");
  }

  @Test
  void tellsOfMoreThanOneMistakeAtOnce() throws IOException {
    for (String name : List.of("us-fl", "us-md", "us-ok")) {
      Path file = folder.resolve("config/policies/" + name + ".yaml");
      Files.writeString(
          file, Files.readString(file).replace("severity", "severty").replace("cite", "site"));
    }
    assertThat(check(folder.toString())).isEqualTo(1);
    assertThat(findings())
        .anyMatch(f -> f.contains("us-fl"))
        .anyMatch(f -> f.contains("us-md"))
        .anyMatch(f -> f.contains("us-ok"));
  }

  @Test
  void tellsOfEveryPolicyThatLoosensItsParent() throws IOException {
    for (String name : List.of("us-fl", "us-md", "us-wa")) {
      Path file = folder.resolve("config/policies/" + name + ".yaml");
      Files.writeString(file, Files.readString(file).replace("08:00-20:00", "07:00-22:00"));
    }
    assertThat(check(folder.toString())).isEqualTo(1);
    assertThat(findings())
        .hasSize(3)
        .allMatch(finding -> finding.contains("calling_windows is less strict than"));
  }

  @Test
  void writesNothing() throws IOException {
    List<Path> before = tree();
    check(folder.toString());
    assertThat(tree()).isEqualTo(before);
  }

  private List<Path> tree() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted().toList();
    }
  }

  @Test
  void saysThatItCannotReadAFolderThatIsNotThere() {
    assertThat(check(folder.resolve("elsewhere").toString())).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("is no folder")
        .contains("Run this where");
  }

  @Test
  void understandsNoOtherWords() {
    assertThat(check("--verbose")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage: check");
  }

  @Test
  void printsCamelsSchemaForEditors() {
    assertThat(check("schema")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"routeConfiguration\"");
  }
}
