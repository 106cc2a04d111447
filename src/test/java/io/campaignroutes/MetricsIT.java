package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.benchmark.FreePort;
import io.campaignroutes.benchmark.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service beside Prometheus' own tools: what it tells is named as Prometheus wants it,
 * is scraped by a real one, and is what alerts and board ask for. Where Prometheus is not installed
 * (Debian: {@code apt-get install prometheus}) the tests that need it are left out and say so.
 */
class MetricsIT {
  private static final Path LOG = Path.of("target", "metrics-it.log");
  private static final Path RULES = Path.of("config", "prometheus");

  private static final Path BOARD = Path.of("config", "grafana", "campaign-routes.json");

  /** Those of a tenant are told on its platform only: the suite of its collectors has them. */
  private static final Pattern OUR_METRIC = Pattern.compile("campaign_routes_(?!tenant_)[a-z_]+");

  @TempDir private static Path temp;
  private static ServiceProcess service;
  private static ServiceClient client;

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(LOG.getParent());
    Files.deleteIfExists(LOG);
    service =
        ServiceProcess.start(
                PackagedService.command(),
                temp.resolve("data"),
                Map.of("SPRING_PROFILES_ACTIVE", "sandbox"),
                LOG)
            .awaitReady(Duration.ofMinutes(3));
    client = new ServiceClient(service);
    await("the sandbox's example campaign is ACTIVE")
        .atMost(Duration.ofSeconds(30))
        .until(() -> !client.get("/campaigns?status=ACTIVE").body().path("items").isEmpty());
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
  }

  private static String scraped() {
    return client.text("/actuator/prometheus");
  }

  @Test
  void tellsOfCampaignsCallsStoreInboxAndAudit() {
    assertThat(scraped())
        .contains(
            "campaign_routes_campaigns{stage=\"ACTIVE\"} 1.0",
            "campaign_routes_launch_seconds_count 1",
            "campaign_routes_launch_seconds_bucket{le=\"+Inf\"} 1",
            "campaign_routes_cxone_calls_total{operation=\"createCampaign\",outcome=\"ok\"} 1.0",
            "campaign_routes_cxone_request_seconds_count{operation=\"createCampaign\",status=\"2xx\"}"
                + " 1",
            "campaign_routes_cxone_breaker_state{state=\"closed\"} 1.0",
            "campaign_routes_cxone_rate_limit_wait_seconds_count{urgency=\"launch\"}",
            "campaign_routes_inbox_files 0.0",
            "campaign_routes_inbox_oldest_age_seconds 0.0",
            "campaign_routes_inbox_usable 1.0",
            "campaign_routes_inbox_stays 0.0",
            "campaign_routes_inbox_unfiled 0.0",
            "campaign_routes_audit_lag_lines",
            "campaign_routes_store_transactions_total",
            "route_id=\"campaign-create\"")
        .containsPattern("campaign_routes_cxone_token_age_seconds \\d")
        .containsPattern("campaign_routes_audit_lines_total [1-9]")
        .containsPattern("campaign_routes_store_commit_seconds_count [1-9]");
  }

  @Test
  void saysNothingOfTracesThatNobodyWants() throws IOException {
    assertThat(service.log()).doesNotContainIgnoringCase("opentelemetry").doesNotContain("Traces");
  }

  @Test
  void alertsAndBoardAskForNothingThatIsNotTold() throws IOException {
    Set<String> asked = new TreeSet<>();
    for (Path file :
        List.of(
            RULES.resolve("alerts.yaml"),
            BOARD,
            Path.of("src/main/k8s/overlays/postgresql/horizontalpodautoscaler.yaml"))) {
      Matcher matcher = OUR_METRIC.matcher(Files.readString(file));
      while (matcher.find()) {
        asked.add(matcher.group());
      }
    }
    await("a first decision and a first delivery")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(asked).hasSizeGreaterThan(10).allMatch(scraped()::contains));
  }

  @Test
  void namesAreWhatPrometheusWantsThemToBe() throws Exception {
    assertThat(promtool(scraped(), "check", "metrics")).isEmpty();
  }

  @Test
  void alertsAndExampleConfigurationAreValid() throws Exception {
    assertThat(promtool("", "check", "rules", RULES.resolve("alerts.yaml").toString()))
        .contains("SUCCESS");
    assertThat(promtool("", "check", "config", RULES.resolve("prometheus.yaml").toString()))
        .contains("SUCCESS");
    String kubernetes = Files.readString(RULES.resolve("kubernetes.yaml"));
    String pods = "    kubernetes_sd_configs:\n      - role: pod\n";
    // Debian's does not know Kubernetes; all else is looked at
    assertThat(kubernetes).contains(pods);
    Files.copy(RULES.resolve("alerts.yaml"), temp.resolve("alerts.yaml"));
    Path known = temp.resolve("kubernetes.yaml");
    Files.writeString(known, kubernetes.replace(pods, "    static_configs: [{targets: []}]\n"));
    assertThat(promtool("", "check", "config", known.toString())).contains("SUCCESS");
  }

  @Test
  void everyAlertComesWhenItShouldAndNotBefore() throws Exception {
    Path tests = Path.of("src", "test", "prometheus", "alerts-test.yaml");
    Matcher alert =
        Pattern.compile("- alert: (\\w+)").matcher(Files.readString(RULES.resolve("alerts.yaml")));
    while (alert.find()) {
      assertThat(Files.readString(tests)).contains("{alertname=\"" + alert.group(1) + "\"}");
    }
    assertThat(promtool("", "test", "rules", tests.toString())).contains("SUCCESS");
  }

  @Test
  void aRealPrometheusScrapesItAndAnswersWhatTheBoardAsks() throws Exception {
    installed("prometheus");
    Path folder = Files.createDirectory(temp.resolve("prometheus"));
    Path config = folder.resolve("prometheus.yaml");
    Files.copy(RULES.resolve("alerts.yaml"), folder.resolve("alerts.yaml"));
    Files.writeString(
        config,
        Files.readString(RULES.resolve("prometheus.yaml"))
            .replace("localhost:8080", service.uri("").getAuthority())
            .replace("15s", "1s"));
    int port = FreePort.any();
    Process prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + temp.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target", "metrics-it-prometheus.log").toFile())
            .start();
    try {
      await("a scrape")
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(
              () ->
                  assertThat(query(port, "campaign_routes_campaigns{stage=\"ACTIVE\"}"))
                      .isEqualTo("1"));
      assertThat(query(port, "up")).isEqualTo("1");
      for (String asked : askedByTheBoard()) {
        await(asked)
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(query(port, asked)).isNotEmpty());
      }
      await("a first evaluation of every rule")
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(rulesOf(port))
                      .hasSizeGreaterThan(20)
                      .allSatisfy(
                          rule ->
                              assertThat(rule.path("health").asText())
                                  .as(rule.toString())
                                  .isEqualTo("ok")));
    } finally {
      prometheus.destroy();
      if (!prometheus.waitFor(10, TimeUnit.SECONDS)) {
        prometheus.destroyForcibly();
      }
    }
  }

  /** What its panels ask for, as Grafana would fill it in. */
  private static List<String> askedByTheBoard() throws IOException {
    List<String> asked = new ArrayList<>();
    for (JsonNode expression : ServiceClient.JSON.readTree(BOARD.toFile()).findValues("expr")) {
      asked.add(expression.asText().replace("$__rate_interval", "1m"));
    }
    assertThat(asked).hasSizeGreaterThan(20).noneMatch(one -> one.contains("$"));
    return asked;
  }

  /** The value of the first series that an expression gives; empty while there is none. */
  private static String query(int port, String expression) throws Exception {
    JsonNode answer =
        prometheus(port, "query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    assertThat(answer.path("status").asText()).as(answer.toString()).isEqualTo("success");
    return answer.at("/data/result/0/value/1").asText();
  }

  private static List<JsonNode> rulesOf(int port) throws Exception {
    List<JsonNode> rules = new ArrayList<>();
    prometheus(port, "rules").at("/data/groups/0/rules").forEach(rules::add);
    return rules;
  }

  private static JsonNode prometheus(int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
            .timeout(Duration.ofSeconds(5))
            .build();
    return ServiceClient.JSON.readTree(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private static String promtool(String input, String... words) throws Exception {
    installed("promtool");
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(words));
    Path in = Files.writeString(temp.resolve("promtool.in"), input);
    Path out = temp.resolve("promtool.out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(out, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private static void installed(String program) {
    boolean there =
        Pattern.compile(java.io.File.pathSeparator)
            .splitAsStream(System.getenv("PATH"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    if (!there) {
      System.err.println(
          "NOT TESTED: " + program + " is not installed (Debian: apt-get install prometheus).");
    }
    assumeTrue(there, program + " is not installed");
  }
}
