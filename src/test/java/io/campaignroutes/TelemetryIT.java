package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.campaignroutes.benchmark.ServiceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged service with JSON logs and traces switched on, each by its one variable. */
class TelemetryIT {
  private static final Path LOG = Path.of("target", "telemetry-it.log");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path temp;
  private static final Queue<String> SPANS = new ConcurrentLinkedQueue<>();
  private static HttpServer collector;
  private static ServiceProcess service;

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(LOG.getParent());
    Files.deleteIfExists(LOG);
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        call -> {
          SPANS.add(new String(call.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
          call.sendResponseHeaders(200, -1);
          call.close();
        });
    collector.start();
    service =
        ServiceProcess.start(
                PackagedService.command(),
                temp.resolve("data"),
                Map.of(
                    "SPRING_PROFILES_ACTIVE", "sandbox",
                    "LOG_FORMAT", "json",
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                        "http://127.0.0.1:" + collector.getAddress().getPort(),
                    "OTEL_BSP_SCHEDULE_DELAY", "200"),
                LOG)
            .awaitReady(Duration.ofMinutes(3));
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
    collector.stop(0);
  }

  @Test
  void tracesOfALaunchReachTheCollector() {
    await("spans of the sandbox's example campaign")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(SPANS)
                    .anyMatch(spans -> spans.contains("campaign-run"))
                    .anyMatch(spans -> spans.contains("cxone-call")));
    assertThat(SPANS).allMatch(spans -> !spans.contains("Bearer "));
  }

  @Test
  void linesAboutACampaignAreJsonAndCarryItsId() throws IOException {
    await("the example campaign to be ACTIVE")
        .atMost(Duration.ofSeconds(30))
        .until(() -> service.log().contains("is ACTIVE"));
    List<String> lines = service.log().lines().toList();
    for (String line : lines) {
      JsonNode json = ServiceClient.JSON.readTree(line);
      assertThat(json.path("@timestamp").asText()).isNotBlank();
      if (json.at("/log/logger").asText().endsWith("campaign.Launch")) {
        assertThat(json.path("message").asText())
            .contains(json.path("correlationId").asText("none"));
      }
    }
    assertThat(lines).anyMatch(line -> line.contains("\"correlationId\":\"cmp_"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/campaigns/none", "/nowhere", "/campaigns?limit=x"})
  void aProblemCarriesTheCallersCorrelationId(String path) throws Exception {
    HttpResponse<String> answer = get(path, "order-4711");
    assertThat(answer.headers().firstValue("X-Correlation-Id")).hasValue("order-4711");
    assertThat(ServiceClient.JSON.readTree(answer.body()).path("correlationId").asText())
        .isEqualTo("order-4711");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "<script>", "\u00e4", "$ {jndi:x}"})
  void anIdThatIsNoneIsReplaced(String id) throws Exception {
    HttpResponse<String> answer = get("/campaigns/none", id);
    assertThat(answer.headers().firstValue("X-Correlation-Id").orElseThrow())
        .matches("req_[0-9a-z]{26}");
    assertThat(answer.body()).doesNotContain(id);
  }

  private static HttpResponse<String> get(String path, String correlationId) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(service.uri(path))
            .header("X-Correlation-Id", correlationId)
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
