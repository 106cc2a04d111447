package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.campaignroutes.benchmark.FreePort;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCxone;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The packaged service, and a real issuer of tokens that is down when it starts. */
class OidcIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String KEY = "a key of this test";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path data;
  private static final Map<String, String> TOKENS = new TreeMap<>();
  private static StubCxone cxone;
  private static TestIssuer issuer;
  private static ServiceProcess service;
  private static Path log;
  private static int management;
  private static URI console;

  @BeforeAll
  static void start() throws Exception {
    int port = FreePort.any();
    console = URI.create("http://localhost:" + port);
    issuer = new TestIssuer(FreePort.any(), console.toString());
    cxone = new StubCxone();
    log = Path.of("target", "oidc-it.log");
    Files.deleteIfExists(log);
    Map<String, String> environment = new HashMap<>(cxone.environment());
    environment.put("PORT", Integer.toString(port));
    environment.put("API_KEY", KEY);
    management = FreePort.any();
    environment.put("MANAGEMENT_PORT", Integer.toString(management));
    environment.put("OIDC_ISSUER", issuer.name());
    environment.put("OIDC_AUDIENCE", TestIssuer.AUDIENCE);
    environment.put("OIDC_ROLES_CLAIM", "realm_access.roles");
    environment.put("OIDC_CLIENT_ID", TestIssuer.CONSOLE);
    environment.put("OIDC_CLIENT_SECRET", TestIssuer.PASSWORD);
    service =
        ServiceProcess.start(PackagedService.command(), data, environment, log)
            .awaitReady(Duration.ofMinutes(3));
    untilTheIssuerIsThereTokensAreUndecidedAndKeysGoOn();
    issuer.up();
    await()
        .atMost(PATIENCE)
        .until(() -> ask("GET", "/campaigns", issuer.token("viewer", t -> t)).statusCode() == 200);
    for (String role : TestIssuer.ROLES) {
      TOKENS.put(role, issued("machine-" + role));
    }
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
    issuer.close();
    cxone.close();
  }

  private static void untilTheIssuerIsThereTokensAreUndecidedAndKeysGoOn() throws Exception {
    assertThat(Person.to(new Person(console).ask("GET", "/console/sign-in")))
        .isEqualTo(console.resolve("/?sign-in=issuer"));
    HttpResponse<String> undecided = ask("GET", "/campaigns", issuer.token("admin", t -> t));
    assertThat(undecided.statusCode()).isEqualTo(503);
    assertThat(undecided.headers().firstValue("Retry-After")).isPresent();
    assertThat(JSON.readTree(undecided.body()).path("title").asText())
        .isEqualTo("Issuer unreachable");
    assertThat(ask("GET", "/campaigns", "no token at all").statusCode()).isEqualTo(401);
    assertThat(ask("GET", "/campaigns", null).statusCode()).isEqualTo(401);
    assertThat(ask("GET", "/campaigns", KEY).statusCode()).isEqualTo(200);
    for (String shown : new String[] {null, "no token at all", issuer.token("admin", t -> t)}) {
      assertThat(ask("GET", "/actuator/health/readiness", shown).statusCode()).isEqualTo(200);
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(ask("GET", "/actuator/health", KEY).body())
                    .contains("/.well-known/openid-configuration cannot be read"));
  }

  /** By the grant for machines. */
  private static String issued(String client) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(issuer.name() + "/oauth2/token"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString((client + ":" + client).getBytes(StandardCharsets.UTF_8)))
            .POST(BodyPublishers.ofString("grant_type=client_credentials"))
            .build();
    HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).path("access_token").asText();
  }

  private static HttpResponse<String> ask(String method, String path, String bearer)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.uri(path))
            .method(
                method,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("?"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(20));
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  /** Prints the table of all operations and roles. */
  @Test
  void eachRoleOfATokenMayDoWhatTheDescriptionOfTheApiSaysAndNothingElse() throws Exception {
    JsonNode api = new YAMLMapper().readTree(Path.of("config/openapi.yaml").toFile());
    List<String> table =
        new ArrayList<>(List.of("operation | no role | viewer | operator | admin"));
    String roleless = issuer.token("owner", t -> t);
    int operations = 0;
    for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        JsonNode own = operation.getValue().path("security");
        JsonNode security = own.isMissingNode() ? api.path("security") : own;
        if (operation.getKey().equals("parameters")
            || path.getKey().equals("/events") // it does not end
            || security.isEmpty()) {
          continue;
        }
        String method = operation.getKey().toUpperCase(Locale.ROOT);
        String where = path.getKey().replaceAll("\\{[^}]*}", "none");
        String needed = security.at("/0/apiKey/0").asText();
        StringBuilder line = new StringBuilder(method + " " + path.getKey());
        int none = ask(method, where, roleless).statusCode();
        line.append(" | ").append(none);
        assertThat(none).as(line.toString()).isEqualTo(403);
        for (String role : TestIssuer.ROLES) {
          HttpResponse<String> answer = ask(method, where, TOKENS.get(role));
          line.append(" | ").append(answer.statusCode());
          if (TestIssuer.ROLES.indexOf(role) < TestIssuer.ROLES.indexOf(needed)) {
            assertThat(answer.statusCode()).as(line.toString()).isEqualTo(403);
            assertThat(JSON.readTree(answer.body()).path("detail").asText())
                .contains("the role " + needed);
          } else {
            assertThat(answer.statusCode()).as(line.toString()).isNotIn(401, 403).isLessThan(500);
          }
        }
        table.add(line.toString());
        operations++;
      }
    }
    System.out.println(String.join(System.lineSeparator(), table));
    assertThat(operations).isGreaterThan(25);
  }

  @Test
  void whatIsNoTokenForThisServiceIsRefused() throws Exception {
    Instant now = Instant.now();
    Map<String, String> wrong = new TreeMap<>();
    wrong.put("another issuer", issuer.token("admin", t -> t.issuer("http://127.0.0.1:1")));
    wrong.put("another audience", issuer.token("admin", t -> t.audience("crm")));
    wrong.put("an ID token's audience", issuer.token("admin", t -> t.audience(TestIssuer.CONSOLE)));
    wrong.put(
        "expired", issuer.token("admin", t -> t.expirationTime(Date.from(now.minusSeconds(70)))));
    wrong.put("no end", issuer.token("admin", t -> t.expirationTime(null)));
    wrong.put(
        "not yet", issuer.token("admin", t -> t.notBeforeTime(Date.from(now.plusSeconds(120)))));
    wrong.put("nobody's", new PlainJWT(issuer.claims("admin").build()).serialize());
    SignedJWT shared =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("signing").build(),
            issuer.claims("admin").build());
    shared.sign(new MACSigner(issuer.key().toRSAPublicKey().getEncoded()));
    wrong.put("HS256 by the public key", shared.serialize());
    SignedJWT unknown =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("nobody").build(),
            issuer.claims("admin").build());
    unknown.sign(new RSASSASigner(issuer.key()));
    wrong.put("an unknown key", unknown.serialize());
    String good = issuer.token("admin", t -> t);
    wrong.put("cut", good.substring(0, good.length() - 4));
    for (Map.Entry<String, String> one : wrong.entrySet()) {
      HttpResponse<String> answer = ask("GET", "/campaigns", one.getValue());
      assertThat(answer.statusCode()).as(one.getKey()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      assertThat(JSON.readTree(answer.body()).path("title").asText()).isEqualTo("Unauthorized");
    }
    assertThat(ask("GET", "/campaigns", good).statusCode()).isEqualTo(200);
    for (String token : wrong.values()) {
      assertThat(Files.readString(log)).doesNotContain(token);
    }
  }

  @Test
  void aMinuteOfSkewIsAllowed() throws Exception {
    Instant now = Instant.now();
    String late = issuer.token("viewer", t -> t.expirationTime(Date.from(now.minusSeconds(20))));
    assertThat(ask("GET", "/campaigns", late).statusCode()).isEqualTo(200);
    String early = issuer.token("viewer", t -> t.notBeforeTime(Date.from(now.plusSeconds(40))));
    assertThat(ask("GET", "/campaigns", early).statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> askManagement(String method, String path) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + management + path);
    HttpRequest request =
        HttpRequest.newBuilder(address).method(method, BodyPublishers.noBody()).build();
    return HTTP.send(request, BodyHandlers.ofString());
  }

  @Test
  void theManagementPortAnswersWhatIsReadBelowActuatorToWhoeverReachesIt() throws Exception {
    assertThat(askManagement("GET", "/actuator/prometheus").body())
        .contains("campaign_routes_campaigns");
    assertThat(askManagement("GET", "/actuator/health").body()).contains("\"components\"");
    for (String path : List.of("/actuator", "/actuator/info", "/actuator/health/readiness")) {
      assertThat(askManagement("GET", path).statusCode()).as(path).isEqualTo(200);
    }
    for (String path :
        List.of(
            "/",
            "/campaigns",
            "/openapi.json",
            "/events",
            "/console/js/main.js",
            "/actuatorx",
            "/campaigns/%2e%2e/actuator/health")) {
      assertThat(askManagement("GET", path).statusCode()).as(path).isEqualTo(404);
    }
    assertThat(askManagement("GET", "/actuator/%2e%2e/campaigns").statusCode()).isIn(400, 404);
    assertThat(askManagement("POST", "/campaigns").statusCode()).isEqualTo(404);
    assertThat(askManagement("POST", "/webhooks/cxone").statusCode()).isEqualTo(404);
    assertThat(askManagement("POST", "/actuator/health").statusCode()).isEqualTo(404);
  }

  @Test
  void metricsAreAnsweredAtTheManagementPortOnly() throws Exception {
    for (String path : List.of("/actuator/prometheus", "/actuator/%70rometheus")) {
      assertThat(ask("GET", path, null).statusCode()).as(path).isEqualTo(401);
      HttpResponse<String> answer = ask("GET", path, KEY);
      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(answer.body()).contains("MANAGEMENT_PORT");
    }
    assertThat(ask("GET", "/actuator/health", null).statusCode()).isEqualTo(401);
    assertThat(ask("GET", "/actuator/health/liveness", null).statusCode()).isEqualTo(200);
  }

  // ---- people

  private static JsonNode whoAmI(Person person) throws Exception {
    HttpResponse<String> answer = person.ask("GET", "/whoami");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static Person signedIn(String name) throws Exception {
    Person person = new Person(console);
    assertThat(person.signIn(name)).isEqualTo(console.resolve("/"));
    return person;
  }

  private static Map<String, String> query(URI address) {
    Map<String, String> all = new TreeMap<>();
    for (String one : address.getRawQuery().split("&")) {
      String[] pair = one.split("=", 2);
      all.put(pair[0], java.net.URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    return all;
  }

  @Test
  void somebodySignsInByCodeAndPkceAndIsKnownByACookie() throws Exception {
    Person person = new Person(console);
    assertThat(person.ask("GET", "/whoami").statusCode()).isEqualTo(401);
    assertThat(person.ask("GET", "/console/access").body()).isEqualTo("{\"signIn\":true}");
    HttpResponse<String> begun = person.ask("GET", "/console/sign-in");
    Map<String, String> asked = query(Person.to(begun));
    assertThat(asked)
        .containsEntry("response_type", "code")
        .containsEntry("client_id", TestIssuer.CONSOLE)
        .containsEntry("redirect_uri", console + "/console/sign-in/done")
        .containsEntry("code_challenge_method", "S256")
        .containsKeys("state", "nonce", "code_challenge");
    assertThat(asked).doesNotContainKey("code_verifier");
    HttpResponse<String> done =
        person.send("GET", person.atTheIssuer(Person.to(begun), "operator"), "");
    assertThat(Person.to(done)).isEqualTo(console.resolve("/"));
    assertThat(person.setCookies(done))
        .filteredOn(cookie -> cookie.startsWith(Person.SIGNED_IN + "="))
        .singleElement()
        .asString()
        .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax")
        .doesNotContain("Domain", "Max-Age", "Expires");
    assertThat(person.cookies()).containsOnlyKeys(Person.SIGNED_IN);
    JsonNode me = whoAmI(person);
    assertThat(me.path("name").asText()).isEqualTo("operator@example.com");
    assertThat(me.path("kind").asText()).isEqualTo("person");
    assertThat(me.path("role").asText()).isEqualTo("operator");
    assertThat(Files.readString(log)).doesNotContain(person.cookies().get(Person.SIGNED_IN));
  }

  @Test
  void whatSomebodyMayDoIsSaidByTheRole() throws Exception {
    Person viewer = signedIn("viewer");
    String[] own = {"Sec-Fetch-Site", "same-origin"};
    assertThat(viewer.ask("GET", "/campaigns").statusCode()).isEqualTo(200);
    assertThat(viewer.ask("POST", "/campaigns/none/pause", own).statusCode()).isEqualTo(403);
    Person operator = signedIn("operator");
    assertThat(operator.ask("POST", "/campaigns/none/pause", own).statusCode()).isEqualTo(404);
    assertThat(operator.ask("POST", "/destinations/none/off", own).statusCode()).isEqualTo(403);
    Person admin = signedIn("admin");
    assertThat(admin.ask("POST", "/destinations/none/off", own).statusCode()).isEqualTo(404);
    assertThat(whoAmI(signedIn("elsewhere")).path("role").asText()).isEqualTo("viewer");
    Person nobody = new Person(console);
    assertThat(nobody.signIn("nobody")).isEqualTo(console.resolve("/?sign-in=role"));
    assertThat(nobody.cookies()).isEmpty();
  }

  @Test
  void noPageButTheConsolesOwnChangesAnythingByTheCookie() throws Exception {
    Person person = signedIn("operator");
    for (String[] headers :
        List.of(
            new String[] {},
            new String[] {"Sec-Fetch-Site", "cross-site"},
            new String[] {"Sec-Fetch-Site", "same-site"},
            new String[] {"Sec-Fetch-Site", "none"},
            new String[] {"Origin", "http://evil.example"},
            new String[] {"Origin", "null"},
            new String[] {"Origin", console.toString(), "Sec-Fetch-Site", "cross-site"})) {
      for (String path : List.of("/campaigns/none/pause", "/console/sign-out")) {
        HttpResponse<String> answer = person.ask("POST", path, headers);
        assertThat(answer.statusCode()).as(path + List.of(headers)).isEqualTo(403);
        assertThat(answer.body()).contains("console's own page");
      }
    }
    assertThat(whoAmI(person).path("role").asText()).isEqualTo("operator");
    assertThat(
            person.ask("POST", "/campaigns/none/pause", "Origin", console.toString()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void signingOutEndsItHereAndAtTheIssuer() throws Exception {
    Person person = signedIn("viewer");
    String secret = person.cookies().get(Person.SIGNED_IN);
    HttpResponse<String> out =
        person.ask(
            "POST",
            "/console/sign-out",
            "Sec-Fetch-Site",
            "same-origin",
            "Origin",
            console.toString());
    assertThat(out.statusCode()).isEqualTo(200);
    assertThat(person.cookies()).isEmpty();
    URI onward = URI.create(JSON.readTree(out.body()).path("continue").asText());
    assertThat(Person.to(person.send("GET", onward, ""))).isEqualTo(console.resolve("/"));
    person.cookies().put(Person.SIGNED_IN, secret);
    assertThat(person.ask("GET", "/whoami").statusCode()).isEqualTo(401);
    // and signs in again by the form, as the issuer does not know who it is any more
    assertThat(person.signIn("viewer")).isEqualTo(console.resolve("/"));
    assertThat(person.cookies().get(Person.SIGNED_IN)).isNotEqualTo(secret);
  }

  @Test
  void whoSignsInAgainIsNotKnownByTheFormerCookie() throws Exception {
    Person person = signedIn("viewer");
    String former = person.cookies().get(Person.SIGNED_IN);
    URI begin = Person.to(person.ask("GET", "/console/sign-in"));
    URI done = Person.to(person.send("GET", begin, "", "Accept", "text/html"));
    assertThat(Person.to(person.send("GET", done, ""))).isEqualTo(console.resolve("/"));
    assertThat(person.cookies().get(Person.SIGNED_IN)).isNotEqualTo(former);
    Person other = new Person(console);
    other.cookies().put(Person.SIGNED_IN, former);
    assertThat(other.ask("GET", "/whoami").statusCode()).isEqualTo(401);
  }

  @Test
  void ofTwoTabsThatSignInTheOneThatBeganLastGetsIn() throws Exception {
    Person person = new Person(console);
    URI first = person.signInAtTheIssuer("viewer");
    URI begin = Person.to(person.ask("GET", "/console/sign-in"));
    URI second = Person.to(person.send("GET", begin, "", "Accept", "text/html"));
    assertThat(Person.to(person.send("GET", first, "")))
        .isEqualTo(console.resolve("/?sign-in=again"));
    assertThat(Person.to(person.send("GET", second, ""))).isEqualTo(console.resolve("/"));
    assertThat(whoAmI(person).path("role").asText()).isEqualTo("viewer");
  }

  @Test
  void aStreamEndsWithTheTokenThatOpenedIt() throws Exception {
    String token =
        issuer.token("viewer", t -> t.expirationTime(Date.from(Instant.now().minusSeconds(50))));
    CompletableFuture<Void> stream =
        ServiceClient.listen(
            HttpRequest.newBuilder(console.resolve("/events"))
                .header("Authorization", "Bearer " + token)
                .build());
    await("a minute of skew after its end").atMost(PATIENCE).until(stream::isDone);
    assertThat(ask("GET", "/whoami", token).statusCode()).isEqualTo(401);
  }

  @Test
  void aStreamEndsWhenThePersonSignsOut() throws Exception {
    Person person = signedIn("viewer");
    CompletableFuture<Void> stream =
        ServiceClient.listen(
            HttpRequest.newBuilder(console.resolve("/events"))
                .header("Cookie", Person.SIGNED_IN + "=" + person.cookies().get(Person.SIGNED_IN))
                .build());
    await().during(Duration.ofSeconds(4)).atMost(PATIENCE).until(() -> !stream.isDone());
    person.ask("POST", "/console/sign-out", "Origin", console.toString());
    await("its end").atMost(Duration.ofSeconds(5)).until(stream::isDone);
  }

  /** Whoever probes with a token that has ended would restart the service for it. */
  @Test
  void whatIsOpenIsOpenWithATokenThatIsNoneToo() throws Exception {
    for (String path : List.of("/actuator/health/liveness", "/", "/console/app.css")) {
      assertThat(ask("GET", path, "no token at all").statusCode()).as(path).isEqualTo(200);
    }
  }

  /** What came back is not what was sent out with this browser. */
  @Test
  void aSignInThatSomebodyElseHasBegunIsRefused() throws Exception {
    Person victim = new Person(console);
    URI done = victim.signInAtTheIssuer("admin");
    URI again = console.resolve("/?sign-in=again");

    Person stranger = new Person(console); // has begun nothing
    assertThat(Person.to(stranger.send("GET", done, ""))).isEqualTo(again);
    stranger.ask("GET", "/console/sign-in"); // has begun another one
    assertThat(Person.to(stranger.send("GET", done, ""))).isEqualTo(again);
    assertThat(stranger.cookies()).as("its own goes on").containsOnlyKeys(Person.UNDER_WAY);

    String[] parts = victim.cookies().get(Person.UNDER_WAY).split("\\.");
    victim.cookies().put(Person.UNDER_WAY, parts[0] + ".another." + parts[2]);
    assertThat(Person.to(victim.send("GET", done, ""))).isEqualTo(again);
    assertThat(victim.cookies()).isEmpty();

    URI next = Person.to(victim.send("GET", Person.to(victim.ask("GET", "/console/sign-in")), ""));
    parts = victim.cookies().get(Person.UNDER_WAY).split("\\.");
    victim.cookies().put(Person.UNDER_WAY, parts[0] + "." + parts[1] + "." + "x".repeat(60));
    assertThat(Person.to(victim.send("GET", next, ""))).isEqualTo(again);
    assertThat(victim.cookies()).isEmpty();
  }

  @Test
  void whatCannotBeASignInLeadsBackToThePage() throws Exception {
    Person person = new Person(console);
    for (String path : List.of("/console/sign-in/done", "/console/sign-in/done?code=x&state=y")) {
      assertThat(Person.to(person.ask("GET", path)).getPath()).isEqualTo("/");
    }
    person.cookies().put(Person.UNDER_WAY, "..");
    assertThat(Person.to(person.ask("GET", "/console/sign-in/done?error=access_denied&state=y")))
        .isEqualTo(console.resolve("/?sign-in=again"));
    String state = query(Person.to(person.ask("GET", "/console/sign-in"))).get("state");
    String denied = "/console/sign-in/done?error=access_denied&state=";
    assertThat(Person.to(person.ask("GET", denied + "y")))
        .isEqualTo(console.resolve("/?sign-in=again"));
    assertThat(Person.to(person.ask("GET", denied + state)))
        .isEqualTo(console.resolve("/?sign-in=denied"));
  }

  /** The address to come back to is PUBLIC_URL's, whatever a request calls the service. */
  @Test
  void aStrangersHostLeadsNobodyAstray() throws Exception {
    try (java.net.Socket socket = new java.net.Socket("127.0.0.1", console.getPort())) {
      socket
          .getOutputStream()
          .write(
              ("GET /console/sign-in HTTP/1.1\r\nHost: evil.example\r\n"
                      + "X-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer).startsWith("HTTP/1.1 302").doesNotContain("evil.example");
      assertThat(answer).contains("redirect_uri=" + console + "/console/sign-in/done");
    }
  }

  /** In the Chromium of this machine, where there is one. */
  @Test
  void theConsoleShowsToEachWhatOneMayDo(@TempDir Path profile) throws Exception {
    Optional<Browser> started = Browser.start(console.resolve("/"), profile);
    assumeThat(started).isPresent();
    try (Browser browser = started.get()) {
      browser.open("#/plan");
      browser.press("#sign-in-here");
      browser.type("#username", "viewer");
      browser.type("#password", TestIssuer.PASSWORD);
      browser.key(Keys.ENTER);
      browser.seeText("#who", "viewer@example.com (viewer)");
      browser.seeText("main", "needs the role operator");
      assertThat(browser.faults()).isEmpty();
      browser.run("location.hash = '#/campaigns'");
      browser.seeText("main", "No campaigns yet");
      browser.seeText("#live", "Live");
      assertThat(browser.all("a[href='#/plan'].button")).isEmpty();
      assertThat(browser.run("return document.cookie")).isEqualTo("");
      browser.press("#sign-out");
      browser.seeText("h1", "Sign in");
      browser.press("#sign-in-here");
      browser.type("#username", "operator");
      browser.type("#password", TestIssuer.PASSWORD);
      browser.key(Keys.ENTER);
      browser.seeText("#who", "operator@example.com (operator)");
      browser.see("a[href='#/plan'].button");
      assertThat(browser.complaints())
          .filteredOn(complaint -> !complaint.contains(issuer.name())) // its own pages
          .isEmpty();
    }
  }
}
