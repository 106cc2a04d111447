package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.ServiceProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/**
 * The packaged service behind a real nginx that serves it below a path. Without an nginx, or a
 * Chromium, the tests are left out, unless {@code -Dconsole.required=true}.
 */
class ProxyIT {
  private static final String KEY = "key-behind-the-proxy";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir static Path temp;
  private static ServiceProcess service;
  private static Nginx nginx;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = Nginx.program();
    required(program.isPresent(), "nginx", "nginx");
    Path log = Path.of("target", "proxy-it.log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    service =
        ServiceProcess.start(
                PackagedService.command(),
                temp.resolve("data"),
                Map.of("API_KEY", KEY, "TRUSTED_PROXIES", "127.0.0.1/32"),
                log,
                "--spring.profiles.active=sandbox")
            .awaitReady(Duration.ofSeconds(120));
    nginx = Nginx.start(program.get(), service.address(), temp.resolve("nginx"));
  }

  private static void required(boolean found, String name, String packages) {
    String notice =
        "No %s was found, so the service was not tested behind a proxy. Install it (Debian: apt-get"
            + " install %s).";
    if (!found) {
      assertThat(Boolean.getBoolean("console.required"))
          .as(notice.formatted(name, packages))
          .isFalse();
      System.out.println("ProxyIT: " + notice.formatted(name, packages));
    }
    assumeTrue(found, "There is no " + name + " on this machine.");
  }

  @AfterAll
  static void stop() {
    if (nginx != null) {
      nginx.close();
    }
    if (service != null) {
      service.close();
    }
  }

  private static HttpResponse<String> send(String method, URI uri, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + KEY)
            .header("Content-Type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return HTTP.send(
        request.method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static ObjectNode request(String name) {
    return ServiceClient.request(name).put("agentPoolId", "pool-east");
  }

  /** What is created; its {@code Location} leads to it through the proxy. */
  private static JsonNode located(HttpResponse<String> answer, int status) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    String location = answer.headers().firstValue("Location").orElseThrow();
    assertThat(location).startsWith("/dialer/");
    HttpResponse<String> there = send("GET", nginx.uri(location), "");
    assertThat(there.statusCode()).as(there.body()).isEqualTo(200);
    return JSON.readTree(there.body());
  }

  @Test
  void everyLocationLeadsBackThroughTheProxy() throws Exception {
    URI campaigns = nginx.uri("/dialer/campaigns");
    JsonNode taken = located(send("POST", campaigns, request("taken").toString()), 202);
    assertThat(taken.path("name").asText()).isEqualTo("taken");
    String created = "/dialer/campaigns/create";
    String id =
        located(send("POST", nginx.uri(created), request("created").toString()), 201)
            .path("id")
            .asText();
    URI pause = nginx.uri("/dialer/campaigns/" + id + "/pause");
    assertThat(located(send("POST", pause, "", "Prefer", "wait=0"), 202).path("id").asText())
        .isEqualTo(id);
    URI deliveries = nginx.uri("/dialer/deliveries");
    String delivery =
        await("a delivery")
            .atMost(Duration.ofSeconds(30))
            .until(
                () -> JSON.readTree(send("GET", deliveries, "").body()).at("/items/0/id").asText(),
                found -> !found.isEmpty());
    URI replay = nginx.uri("/dialer/deliveries/" + delivery + "/replay");
    await("its replay")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> located(send("POST", replay, ""), 202));
  }

  @Test
  void whoeverCallsTheServiceItselfIsToldItsOwnPaths() throws Exception {
    HttpResponse<String> answer =
        send("POST", service.uri("/campaigns"), request("not through it").toString());
    assertThat(answer.headers().firstValue("Location").orElseThrow()).startsWith("/campaigns/cmp_");
  }

  @Test
  void anErrorIsAProblemThereToo() throws Exception {
    for (String path : List.of("/dialer/campaigns/none", "/dialer/none", "/dialer/campaigns;x")) {
      HttpResponse<String> answer = send("GET", nginx.uri(path), "");
      assertThat(answer.statusCode()).as(path).isBetween(400, 404);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }
  }

  @Test
  void theConsoleIsServedBelowThePathOfTheProxy() throws Exception {
    Optional<Browser> found = Browser.start(nginx.uri("/dialer/"), temp.resolve("profile"));
    required(found.isPresent(), "Chromium with its chromedriver", "chromium chromium-driver");
    try (Browser browser = found.get()) {
      browser.open("#/campaigns");
      browser.type("#api-key", KEY);
      browser.key(Keys.ENTER);
      browser.seeText("h1", "Campaigns");
      browser.seeText("#live", "Live");
      String id =
          located(
                  send("POST", nginx.uri("/dialer/campaigns"), request("through it").toString()),
                  202)
              .path("id")
              .asText();
      // told by the stream: the list is asked for again after 10 s at the earliest
      browser.seeText("[data-key='" + id + "']", "Active");
      browser.press("[data-key='" + id + "'] a");
      browser.seeText("h1", "through it");
      browser.seeText(".verdict", "ialing");
      browser.pressButton(".head", "Pause");
      browser.pressButton("dialog", "Pause");
      browser.seeText(".head", "Paused");
      browser.open("#/plan");
      browser.see("section[aria-label=Payload]");
      browser.open("#/deliveries");
      browser.seeText("h1", "Deliveries");
      browser.open("#/system");
      browser.seeText("h1", "System");
      assertThat(
              (List<?>)
                  browser.run("return performance.getEntriesByType('resource').map(r => r.name)"))
          .isNotEmpty()
          .allSatisfy(
              name -> assertThat(name.toString()).startsWith(nginx.uri("/dialer/").toString()));
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
