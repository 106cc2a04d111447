package io.campaignroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.http.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.DispatcherServletAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.WebMvcAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.ComponentScan;

/** The sandbox as the service meets it: a real server, real connections, real security filters. */
class SandboxOverHttpTest {

  /** No {@code @Configuration}, so that no scan of the service's own tests takes it in. */
  @ComponentScan(basePackageClasses = SandboxConfiguration.class)
  @ImportAutoConfiguration({
    PropertyPlaceholderAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    ServletWebServerFactoryAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    ErrorMvcAutoConfiguration.class,
    SecurityAutoConfiguration.class,
    SecurityFilterAutoConfiguration.class,
    UserDetailsServiceAutoConfiguration.class
  })
  static class Server {}

  private record Received(String token, String body) {}

  @TempDir static Path dir;

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final List<Received> RECEIVED = new CopyOnWriteArrayList<>();
  private static final AtomicInteger REFUSALS = new AtomicInteger();
  private static final AtomicInteger NAMES = new AtomicInteger();

  private static HttpServer endpoint;
  private static ServletWebServerApplicationContext server;

  @BeforeAll
  static void start() throws IOException {
    endpoint = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    endpoint.createContext(
        "/hook",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          boolean refuse = REFUSALS.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
          if (!refuse) {
            RECEIVED.add(
                new Received(exchange.getRequestHeaders().getFirst("X-Webhook-Token"), body));
          }
          exchange.sendResponseHeaders(refuse ? 503 : 202, -1);
          exchange.close();
        });
    endpoint.start();
    server = serve(dir);
  }

  @AfterAll
  static void stop() {
    server.close();
    endpoint.stop(0);
  }

  @AfterEach
  void clear() throws Exception {
    call("DELETE", "/sandbox/faults", null, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"body", "basic", "query"})
  void aTokenIsGivenForCredentialsInAnyPlace(String place) throws Exception {
    HttpResponse<String> answer = token(place, "sandbox-secret");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).get("expires_in").asInt()).isEqualTo(3600);
    HttpResponse<String> refused = token(place, "wrong");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(json(refused).get("error").asText()).isEqualTo("invalid_client");
  }

  @Test
  void aCallWithoutAGoodTokenIsRefused() throws Exception {
    assertThat(call("GET", "/sandbox/cxone/api/v2/campaigns", null, null).statusCode())
        .isEqualTo(401);
    HttpResponse<String> answer = call("GET", "/sandbox/cxone/api/v2/campaigns", "made up", null);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(json(answer).get("errorCode").asText()).isEqualTo("UNAUTHORIZED");
  }

  @Test
  void aTokenWithoutTheScopeIsForbiddenAndTheScopeIsNamed() throws Exception {
    HttpResponse<String> answer =
        send(
            "POST",
            "/sandbox/cxone/oauth/token",
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox-secret"
                + "&scope=campaign%3Aview");
    String token = json(answer).get("access_token").asText();
    HttpResponse<String> forbidden =
        call("GET", "/sandbox/cxone/api/v2/agents/pools/pool-east", token, null);
    assertThat(forbidden.statusCode()).isEqualTo(403);
    assertThat(forbidden.body()).contains("agent:view");
  }

  @Test
  void aLaunchRunsThroughAndItsEventReachesTheRegisteredEndpoint() throws Exception {
    String id = create();
    assertThat(cxone("POST", "/webhooks", hook(id)).statusCode()).isEqualTo(201);
    assertThat(cxone("POST", "/webhooks", hook(id)).statusCode()).isEqualTo(409);
    REFUSALS.set(1);

    HttpResponse<String> put = cxone("PUT", "/campaigns/" + id, "{\"status\":\"ACTIVE\"}");
    assertThat(json(put).get("status").asText()).isEqualTo("PENDING");
    await()
        .until(
            () -> json(cxone("GET", "/campaigns/" + id, null)).get("status").asText(),
            "ACTIVE"::equals);
    String of = "\"campaignId\":\"" + id + "\"";
    await().until(() -> RECEIVED.stream().anyMatch(r -> r.body().contains(of)));
    Received event = RECEIVED.stream().filter(r -> r.body().contains(of)).findFirst().get();
    assertThat(event.token()).isEqualTo("t0ken");
    JsonNode body = SandboxJson.MAPPER.readTree(event.body());
    assertThat(body.get("eventType").asText()).isEqualTo("CAMPAIGN_ACTIVATED");
    assertThat(body.get("status").asText()).isEqualTo("ACTIVE");
    assertThat(body.get("eventId").asText()).isNotBlank();

    String query =
        "{\"interval\":\"PT5M\",\"filter\":{\"campaignId\":\"%s\"},\"metrics\":[\"connectedCalls\","
            + "\"avgHandleTime\",\"abandonedCalls\",\"availableAgents\"]}";
    await()
        .until(
            () -> cxone("POST", "/analytics/realtime/campaigns", query.formatted(id)).statusCode(),
            status -> status == 200);
    cxone("PUT", "/campaigns/" + id, "{\"status\":\"STOPPED\"}");
  }

  @Test
  void aCustomEventIsSentOnAsItIs() throws Exception {
    String id = create();
    cxone("POST", "/webhooks", hook(id));
    String raw = "{\"campaignId\": \"" + id + "\",  \"odd\" : true}";
    HttpResponse<String> answer = call("POST", "/sandbox/events", null, raw);
    assertThat(json(answer).get("status").asInt()).isEqualTo(202);
    assertThat(RECEIVED).contains(new Received("t0ken", raw));
  }

  @Test
  void aConnectionCutBeforeTheWorkLeavesNothingBehind() throws Exception {
    String name = name();
    fault("createCampaign", "{\"cut\":\"before\",\"times\":1}");
    assertThatThrownBy(() -> cxone("POST", "/campaigns", Examples.campaign(name).toString()))
        .isInstanceOf(IOException.class);
    assertThat(found(name)).isEmpty();
  }

  @Test
  void aConnectionCutAfterTheWorkLosesTheAnswerOnly() throws Exception {
    String name = name();
    fault("createCampaign", "{\"cut\":\"after\",\"times\":1}");
    assertThatThrownBy(() -> cxone("POST", "/campaigns", Examples.campaign(name).toString()))
        .isInstanceOf(IOException.class);
    assertThat(found(name)).hasSize(1);
  }

  @Test
  void aStatusFaultAnswersWithItsRetryAfterAndDoesNoWork() throws Exception {
    String name = name();
    fault("createCampaign", "{\"status\":429,\"retryAfter\":7,\"times\":1}");
    HttpResponse<String> answer = cxone("POST", "/campaigns", Examples.campaign(name).toString());
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("7");
    assertThat(json(answer).get("errorCode").asText()).isEqualTo("RATE_LIMIT_EXCEEDED");
    assertThat(found(name)).isEmpty();
  }

  @Test
  void callsAreCountedByOperationAndAnswer() throws Exception {
    call("DELETE", "/sandbox/calls", null, null);
    // A POST: the JDK's client sends a GET again by itself when its connection breaks.
    fault("createCampaign", "{\"cut\":\"before\",\"times\":1}");
    String payload = Examples.campaign(name()).toString();
    assertThatThrownBy(() -> cxone("POST", "/campaigns", payload)).isInstanceOf(IOException.class);
    cxone("POST", "/campaigns", payload);
    cxone("POST", "/campaigns", "{}");
    JsonNode counted =
        json(call("GET", "/sandbox/calls", null, null)).at("/operations/createCampaign");
    assertThat(counted.toString())
        .isEqualTo("{\"calls\":3,\"faults\":1,\"answers\":{\"201\":1,\"400\":1,\"cut\":1}}");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT,/sandbox/faults/nothing,404",
    "PUT,/sandbox/faults/token,400",
    "DELETE,/sandbox/faults/token,204",
    "GET,/sandbox/cxone/api/v3/campaigns,404"
  })
  void wrongUseIsAnsweredInTheSandboxsOwnWords(String method, String path, int status)
      throws Exception {
    HttpResponse<String> answer =
        call(method, path, null, method.equals("PUT") ? "{\"x\":1}" : null);
    assertThat(answer.statusCode()).isEqualTo(status);
    if (status >= 400) {
      assertThat(json(answer).get("message").asText()).isNotBlank();
    }
  }

  @Test
  void aCallOfAnotherTypeOrNoneIsRefused() throws Exception {
    String campaigns = "/sandbox/cxone/api/v2/campaigns";
    String token = "Bearer " + bearer();
    Map<String, String> text = Map.of("Authorization", token, "Content-Type", "text/plain");
    assertThat(send("POST", campaigns, text, "{}").statusCode()).isEqualTo(415);
    Map<String, String> none = Map.of("Authorization", token);
    assertThat(send("GET", campaigns + "?name=x", none, null).statusCode()).isEqualTo(415);
  }

  @Test
  void campaignsTokensAndWebhooksSurviveARestart(@TempDir Path own) throws Exception {
    ServletWebServerApplicationContext shared = server;
    server = serve(own);
    try {
      String token = bearer();
      String id = create();
      cxone("POST", "/webhooks", hook(id));
      server.close();
      server = serve(own);
      HttpResponse<String> kept = call("GET", "/sandbox/cxone/api/v2/campaigns/" + id, token, null);
      assertThat(kept.statusCode()).isEqualTo(200);
      assertThat(cxone("POST", "/webhooks", hook(id)).statusCode()).isEqualTo(409);
    } finally {
      server.close();
      server = shared;
    }
  }

  @Test
  void aChangeIsOnDiskWithinASecond() throws Exception {
    String name = name();
    cxone("POST", "/campaigns", Examples.campaign(name).toString());
    await()
        .atMost(java.time.Duration.ofSeconds(1))
        .until(() -> Files.readString(dir.resolve("state.json")).contains(name));
  }

  private static ServletWebServerApplicationContext serve(Path dir) {
    return (ServletWebServerApplicationContext)
        new SpringApplicationBuilder(Server.class)
            .profiles("sandbox")
            .run(
                "--server.port=0",
                "--spring.config.location=optional:classpath:/none/",
                "--spring.main.banner-mode=off",
                "--sandbox.dir=" + dir,
                "--campaign-routes.config-dir=" + dir.resolve("config"),
                "--campaign-routes.data-dir=" + dir.resolve("data"));
  }

  private static String create() throws Exception {
    HttpResponse<String> answer = cxone("POST", "/campaigns", Examples.campaign(name()).toString());
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(json(answer).get("status").asText()).isEqualTo("DRAFT");
    return json(answer).get("id").asText();
  }

  private static String name() {
    return "Campaign-" + NAMES.incrementAndGet();
  }

  private static String hook(String id) {
    return Examples.webhook(id, "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/hook")
        .toString();
  }

  private static List<JsonNode> found(String name) throws Exception {
    List<JsonNode> found = new ArrayList<>();
    json(cxone("GET", "/campaigns?name=" + name, null)).get("campaigns").forEach(found::add);
    return found;
  }

  private static void fault(String operation, String json) throws Exception {
    assertThat(call("PUT", "/sandbox/faults/" + operation, null, json).statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> cxone(String method, String path, String body)
      throws Exception {
    return call(method, "/sandbox/cxone/api/v2" + path, bearer(), body);
  }

  private static String bearer() throws Exception {
    return json(token("body", "sandbox-secret")).get("access_token").asText();
  }

  private static HttpResponse<String> token(String place, String secret) throws Exception {
    String pair = "client_id=sandbox&client_secret=" + secret;
    String path = "/sandbox/cxone/oauth/token" + (place.equals("query") ? "?" + pair : "");
    String form = "grant_type=client_credentials" + (place.equals("body") ? "&" + pair : "");
    String type = "application/x-www-form-urlencoded";
    String basic =
        Base64.getEncoder().encodeToString(("sandbox:" + secret).getBytes(StandardCharsets.UTF_8));
    return send(
        "POST",
        path,
        place.equals("basic")
            ? Map.of("Content-Type", type, "Authorization", "Basic " + basic)
            : Map.of("Content-Type", type),
        form);
  }

  private static HttpResponse<String> call(String method, String path, String token, String body)
      throws Exception {
    return send(
        method,
        path,
        token == null
            ? Map.of("Content-Type", "application/json")
            : Map.of("Content-Type", "application/json", "Authorization", "Bearer " + token),
        body);
  }

  private static HttpResponse<String> send(
      String method, String path, Map<String, String> headers, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.getWebServer().getPort() + path));
    headers.forEach(request::header);
    request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static ObjectNode json(HttpResponse<String> answer) {
    return SandboxJson.readObject(answer.body().getBytes(StandardCharsets.UTF_8));
  }
}
