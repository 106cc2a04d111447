package io.campaignroutes.cxone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.cxone.CxoneProperties.Placement;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  private static final String SECRET = "s&c=r+t of mine%";

  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final Tokens tokens = tokens(Placement.BODY);

  private Tokens tokens(Placement placement) {
    return new Tokens(
        TestCxone.properties(placement, SECRET, 0, Duration.ofSeconds(1)), clock::get);
  }

  @Test
  void fiftyCallersShareOneFlight() throws Exception {
    AtomicInteger flights = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(50);
    try {
      List<Future<Token>> callers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        callers.add(
            threads.submit(
                () -> {
                  Token token = tokens.currentOrTurn();
                  if (token != null) {
                    return token;
                  }
                  flights.incrementAndGet();
                  Thread.sleep(50);
                  answer("t1", 3600);
                  return tokens.fetched();
                }));
      }
      for (Future<Token> caller : callers) {
        assertThat(caller.get(20, TimeUnit.SECONDS).value()).isEqualTo("t1");
      }
      assertThat(flights).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private void refused() {
    assertThat(tokens.currentOrTurn()).isNull();
    tokens.keep(401, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void otherCredentialsAreAskedWithAtOnceWhereTheOnesBeforeWereRefused() {
    for (int n = 0; n < 8; n++) {
      refused();
      clock.addAndGet(120_000);
    }
    refused();
    assertThat(tokens.due()).isFalse();
    tokens.use(new Credentials("id-2", "secret-2", "", ""));
    assertThat(tokens.due()).isTrue();
    assertThat(tokens.currentOrTurn()).isNull();
    assertThat(tokens.form()).contains("client_id=id-2", "client_secret=secret-2");
    answer("t2", 3600);
    assertThat(tokens.currentOrTurn().value()).isEqualTo("t2");
  }

  @Test
  void aTokenThatThereIsStaysWhenCredentialsChange() {
    fetch("t1", 3600);
    tokens.use(new Credentials("id-2", "secret-2", "", ""));
    assertThat(tokens.currentOrTurn().value()).isEqualTo("t1");
    tokens.drop(tokens.currentOrTurn());
    assertThat(tokens.currentOrTurn()).isNull();
    assertThat(tokens.form()).contains("client_secret=secret-2");
  }

  @Test
  void oneFetchAsksWithOneSetOfCredentialsAndTheNextOneWithTheOthers() {
    assertThat(tokens.currentOrTurn()).isNull();
    tokens.use(new Credentials("id-2", "secret-2", "", ""));
    assertThat(tokens.form()).doesNotContain("secret-2");
    tokens.keep(401, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));
    clock.addAndGet(2_000);
    assertThat(tokens.currentOrTurn()).isNull();
    assertThat(tokens.form()).contains("client_secret=secret-2");
  }

  @Test
  void aTokenIsReplacedSixtySecondsAheadOfItsExpiry() {
    fetch("t1", 3600);
    clock.addAndGet(3_539_999);
    assertThat(tokens.currentOrTurn().value()).isEqualTo("t1");
    assertThat(tokens.due()).isFalse();
    clock.addAndGet(1);
    assertThat(tokens.due()).isTrue();
    assertThat(tokens.currentOrTurn()).as("the caller's turn").isNull();
    assertThat(tokens.due()).as("while somebody fetches").isFalse();
    assertThat(tokens.currentOrTurn().value()).as("others use the old one").isEqualTo("t1");
    answer("t2", 3600);
    assertThat(tokens.currentOrTurn().value()).isEqualTo("t2");
  }

  @Test
  void aTokenThatLivesShorterThanTheMarginIsUsedForMostOfItsLife() {
    fetch("t1", 30);
    clock.addAndGet(26_999);
    assertThat(tokens.currentOrTurn().value()).isEqualTo("t1");
    clock.addAndGet(1);
    assertThat(tokens.currentOrTurn()).isNull();
  }

  @Test
  void aTokenWithoutALifeTimeIsTakenForAnHour() {
    assertThat(tokens.currentOrTurn()).isNull();
    tokens.keep(200, Map.of(), bytes("{\"access_token\":\"t1\"}"));
    clock.addAndGet(3_539_999);
    assertThat(tokens.currentOrTurn().value()).isEqualTo("t1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e18",
        "9223372036854775807",
        "1e400",
        "\"1e18\"",
        "86401",
        "3e7",
        "99999999999999999999999"
      })
  void aTokenSaidToLastForeverIsReplacedAfterADay(String expiresIn) {
    keep(expiresIn);
    clock.addAndGet(Duration.ofHours(23).toMillis());
    assertThat(tokens.currentOrTurn().value()).isEqualTo("t1");
    clock.addAndGet(Duration.ofHours(1).toMillis());
    assertThat(tokens.currentOrTurn()).isNull();
    assertThat(tokens.notLasting()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "-1e18",
        "-9223372036854775808",
        "0.5",
        "\"soon\"",
        "true",
        "{}",
        "\"\""
      })
  void aTokenSaidToBeOverAtOnceIsUsedForMostOfAMinuteAndHealthTellsOfIt(String expiresIn) {
    keep(expiresIn);
    for (int call = 0; call < 50; call++) {
      clock.addAndGet(1_000);
      assertThat(tokens.currentOrTurn().value()).isEqualTo("t1");
    }
    assertThat(tokens.notLasting()).contains("last 60 s only");
    clock.addAndGet(10_000);
    assertThat(tokens.currentOrTurn()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3600", "\"3600\"", "3600.9"})
  void aLifeTimeMayBeAStringOrAFraction(String expiresIn) {
    keep(expiresIn);
    clock.addAndGet(3_539_000);
    assertThat(tokens.currentOrTurn().value()).isEqualTo("t1");
    clock.addAndGet(2_000);
    assertThat(tokens.due()).isTrue();
    assertThat(tokens.notLasting()).isNull();
  }

  private void keep(String expiresIn) {
    assertThat(tokens.currentOrTurn()).isNull();
    tokens.keep(200, Map.of(), bytes("{\"access_token\":\"t1\",\"expires_in\":" + expiresIn + "}"));
    assertThat(tokens.fetched().value()).isEqualTo("t1");
  }

  @Test
  void healthTellsOfTokensThatAreRefusedAMomentAfterTheyWereGiven() {
    for (int i = 0; i < 3; i++) {
      assertThat(tokens.notLasting()).isNull();
      fetch("t" + i, 3600);
      tokens.drop(tokens.currentOrTurn());
    }
    assertThat(tokens.notLasting()).contains("refuses its own tokens");
    fetch("t4", 3600);
    clock.addAndGet(120_000);
    tokens.drop(tokens.currentOrTurn());
    assertThat(tokens.notLasting()).isNull();
  }

  @Test
  void whileEveryTokenIsRefusedThereIsOneEveryFiveSecondsOnly() {
    fetch("old", 3600);
    clock.addAndGet(120_000);
    int asked = 0;
    int sent = 0;
    for (int call = 0; call < 600; call++) { // ten a second for a minute, all refused
      try {
        Token token = tokens.currentOrTurn();
        if (token == null) {
          answer("t" + asked++, 3600);
          token = tokens.fetched();
        }
        sent++;
        tokens.drop(token);
      } catch (CxoneUnavailableException none) {
        assertThat(none).hasMessageContaining("refuses its own tokens");
      }
      clock.addAndGet(100);
    }
    assertThat(asked).isBetween(12, 18);
    assertThat(sent).isBetween(12, 20);
  }

  @Test
  void tokensThatLastFiveSecondsInTruthAreReplacedAtOnce() {
    for (int i = 0; i < 20; i++) {
      fetch("t" + i, 3600);
      clock.addAndGet(5_000); // each lasts five seconds in truth
      tokens.drop(tokens.currentOrTurn());
    }
    assertThat(tokens.currentOrTurn()).isNull();
  }

  @Test
  void afterAFailureNobodyAsksBeforeTheBackOffIsOver() {
    long wait = 0;
    for (int failures = 0; failures < 12; failures++) {
      assertThat(tokens.currentOrTurn()).isNull();
      tokens.failed(new IOException("refused"));
      assertThat(tokens.due()).isFalse();
      CxoneUnavailableException early = unavailable();
      assertThat(early.retryAfter()).isNotNull();
      double base = Math.min(40_000, 1_000 * Math.pow(1.5, failures));
      wait = early.retryAfter().toMillis();
      assertThat(wait).isBetween((long) base, (long) Math.min(60_000, base * 1.5));
      clock.addAndGet(wait - 1);
      assertThat(unavailable().kind()).isEqualTo(Kind.NO_TOKEN);
      assertThat(unavailable().maybeDone()).isFalse();
      clock.addAndGet(1);
    }
    assertThat(wait).isGreaterThanOrEqualTo(40_000);
    fetch("t1", 3600);
    assertThat(tokens.state().trouble()).isNull();
  }

  @Test
  void aRetryAfterOfTheTokenEndpointIsHonoured() {
    assertThat(tokens.currentOrTurn()).isNull();
    tokens.keep(429, Map.of("Retry-After", "30"), bytes(""));
    CxoneUnavailableException early = unavailable();
    assertThat(early.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(early.retryAfter()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void waitersGetTheFailureOfTheOneWhoAsked() throws Exception {
    assertThat(tokens.currentOrTurn()).isNull();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<CxoneUnavailableException>> waiters = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        waiters.add(threads.submit(this::unavailable));
      }
      Thread.sleep(50);
      tokens.keep(401, Map.of(), bytes("{\"error\":\"invalid_client\"}"));
      for (Future<CxoneUnavailableException> waiter : waiters) {
        CxoneUnavailableException failure = waiter.get(20, TimeUnit.SECONDS);
        assertThat(failure.kind()).isEqualTo(Kind.CREDENTIALS);
        assertThat(failure.getMessage()).isEqualTo(tokens.state().trouble());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThatThrownBy(tokens::fetched).isInstanceOf(CxoneUnavailableException.class);
  }

  @Test
  void exactlyTheRefusedTokenIsDropped() {
    Token first = fetch("t1", 3600);
    tokens.drop(first);
    Token second = fetch("t2", 3600);
    tokens.drop(first);
    assertThat(tokens.currentOrTurn()).isSameAs(second);
    tokens.drop(second);
    assertThat(tokens.currentOrTurn()).isNull();
  }

  @Test
  void anOlderTokenIsUsedWhileItsRefreshFails() {
    fetch("t1", 3600);
    clock.addAndGet(3_545_000);
    assertThat(tokens.currentOrTurn()).isNull();
    tokens.keep(503, Map.of(), bytes("<html>down</html>"));
    assertThat(tokens.fetched().value()).isEqualTo("t1");
    assertThat(tokens.currentOrTurn().value()).isEqualTo("t1");
    assertThat(tokens.state().trouble()).contains("503");
    clock.addAndGet(55_000);
    assertThat(tokens.currentOrTurn()).as("expired: fetched anew").isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403})
  void refusedCredentialsNameTheVariablesToCheck(int status) {
    assertThat(tokens.currentOrTurn()).isNull();
    tokens.keep(status, Map.of(), bytes("{\"error\":\"invalid_client\"}"));
    assertThat(tokens.state().trouble())
        .contains(
            "CXONE_CLIENT_ID",
            "CXONE_CLIENT_SECRET",
            "CXONE_TOKEN_CREDENTIALS",
            "body",
            "invalid_client",
            String.valueOf(status))
        .doesNotContain(SECRET);
    assertThat(unavailable().maybeDone()).isFalse();
  }

  @Test
  void aPageInsteadOfATokenPointsAtTheUrl() {
    assertThat(tokens.currentOrTurn()).isNull();
    tokens.keep(200, Map.of(), bytes("<html>login</html>"));
    assertThat(tokens.state().trouble()).contains("CXONE_TOKEN_URL");
    clock.addAndGet(60_000);
    assertThat(tokens.currentOrTurn()).isNull();
    tokens.keep(200, Map.of(), null);
    assertThat(tokens.state().trouble()).contains("access_token");
    clock.addAndGet(60_000);
    assertThat(tokens.currentOrTurn()).isNull();
    tokens.failed(new IOException("Connection refused"));
    assertThat(tokens.state().trouble()).contains("CXONE_TOKEN_URL", "Connection refused");
  }

  @Test
  void theFormCarriesEncodedCredentials() {
    assertThat(decoded(tokens.form()))
        .containsExactlyInAnyOrder(
            "grant_type=client_credentials",
            "client_id=client id",
            "client_secret=" + SECRET,
            "scope=campaign:manage agent:view");
    assertThat(tokens.basic()).isNull();
    assertThat(tokens.query()).isNull();
  }

  @Test
  void basicCarriesThemEncodedInTheHeaderAndNowhereElse() {
    Tokens basic = tokens(Placement.BASIC);
    assertThat(basic.form()).doesNotContain("client_secret", "client_id");
    assertThat(basic.query()).isNull();
    String pair =
        new String(
            Base64.getDecoder().decode(basic.basic().substring("Basic ".length())),
            StandardCharsets.UTF_8);
    assertThat(pair.split(":")).hasSize(2);
    assertThat(URLDecoder.decode(pair.split(":")[0], StandardCharsets.UTF_8))
        .isEqualTo("client id");
    assertThat(URLDecoder.decode(pair.split(":")[1], StandardCharsets.UTF_8)).isEqualTo(SECRET);
  }

  @Test
  void theQueryCarriesThemEncodedWhenChosen() {
    Tokens query = tokens(Placement.QUERY);
    assertThat(query.form()).doesNotContain("client_secret");
    assertThat(query.basic()).isNull();
    assertThat(decoded(query.query()))
        .contains("client_secret=" + SECRET, "grant_type=client_credentials");
  }

  @ParameterizedTest
  @EnumSource
  void noSecretIsInAMessage(Placement placement) {
    Tokens some = tokens(placement);
    for (int status : new int[] {200, 302, 400, 401, 403, 404, 429, 500}) {
      assertThat(some.currentOrTurn()).isNull();
      some.keep(status, Map.of(), bytes("{\"error_description\":\"" + SECRET + "\"}"));
      assertThat(some.state().trouble()).doesNotContain(SECRET);
      clock.addAndGet(61_000);
    }
    assertThat(new Token("top-secret", 1, 2).toString()).doesNotContain("top-secret");
    assertThat(new WebhookToken("top-secret").toString()).doesNotContain("top-secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "400|{'error':'invalid_scope','error_description':'scope x is <b>unknown</b>\\n'}|CXone refuses the scopes that are asked for (400 invalid_scope): scope x is unknown. Check cxone.scope in config/application.yaml, and which scopes the API client has in CXone.",
        "401|{'error':'invalid_client','error_description':'no such client'}|CXone refuses the client credentials (401 invalid_client): no such client. Check CXONE_CLIENT_ID and CXONE_CLIENT_SECRET, and whether CXONE_TOKEN_CREDENTIALS should be other than body.",
        "200|{'error':'invalid_client'}|CXone refuses the client credentials (200 invalid_client). Check CXONE_CLIENT_ID",
        "400|{'error':'unauthorized_client'}|may not ask for a token with its own credentials (400 unauthorized_client). Check CXONE_CLIENT_ID, and allow the grant client_credentials",
        "400|{'error':'unsupported_grant_type'}|Check CXONE_TOKEN_URL, and that CXone allows the grant client_credentials.",
        "400|{'error':'invalid_request'}|Check CXONE_TOKEN_URL, and whether CXONE_TOKEN_CREDENTIALS should be other than body.",
        "200|{'error':{'code':'E7','message':'locked'}}|CXone refuses the client credentials (200 E7): locked. Check",
        "400|{'errors':[{'message':'tenant is closed'}]}|CXone refuses the client credentials (400): tenant is closed. Check",
        "200|{'token':'x'}|answered without an access_token. Check CXONE_TOKEN_URL.",
        "200|<html><title>Sign in</title></html>|answered without an access_token, with a web page in its place: Sign in. Check CXONE_TOKEN_URL.",
        "403|<html><title>Forbidden</title></html>|answers with a web page (403): Forbidden. Check CXONE_TOKEN_URL;",
        "404|<html><title>Not here</title></html>|The token endpoint failed (404): Not here. Check CXONE_TOKEN_URL.",
        "302||answers with a redirect (302) to https://login.example/x, which is not followed. Set CXONE_TOKEN_URL",
        "503|Closed for repairs|The token endpoint failed (503): Closed for repairs.",
      })
  void whatTheTokenEndpointSaysNamesTheSettingAtFault(int status, String body, String said) {
    assertThat(tokens.currentOrTurn()).isNull();
    tokens.keep(
        status,
        Map.of("Location", "https://me:pw@login.example/x?session=secret#a"),
        bytes(body == null ? "" : body.replace('\'', '"')));
    assertThat(tokens.state().trouble())
        .contains(said)
        .doesNotContain("pw@", "session", "<b>", "\n");
  }

  private CxoneUnavailableException unavailable() {
    return catchThrowableOfType(CxoneUnavailableException.class, tokens::currentOrTurn);
  }

  private Token fetch(String value, int expiresIn) {
    assertThat(tokens.currentOrTurn()).isNull();
    answer(value, expiresIn);
    return tokens.fetched();
  }

  private void answer(String value, int expiresIn) {
    tokens.keep(
        200,
        Map.of(),
        bytes("{\"access_token\":\"" + value + "\",\"expires_in\":" + expiresIn + "}"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> decoded(String form) {
    List<String> fields = new ArrayList<>();
    for (String field : form.split("&")) {
      fields.add(URLDecoder.decode(field, StandardCharsets.UTF_8));
    }
    return fields;
  }

  @Test
  void aTokenThatWasGoodForACallIsReplacedAtOnceHoweverOftenThatHappens() throws Exception {
    CxoneApi api = new CxoneApi(Path.of("config/cxone/v2.yaml"), Map.of()).telling(tokens::heard);
    for (int n = 0; n < 10; n++) {
      fetch("t" + n, 3600);
      Call call =
          api.call(
              "agentPool",
              TestCxone.request(new ObjectMapper().createObjectNode().put("poolId", "p")),
              0);
      Token token = tokens.currentOrTurn();
      api.carry(call, token);
      call.answered(200, null, "{\"agents\":[]}".getBytes(StandardCharsets.UTF_8));
      api.answer(call);
      tokens.drop(token);
    }
    assertThat(tokens.currentOrTurn()).isNull();
  }

  /** A clock that a test sets, and a tenant that is found by discovery. */
  @Test
  void aTenantThatCallsFindNobodyAtIsAskedForAgain() throws Exception {
    Path file = Path.of("config/cxone/personal-connection.yaml");
    ApiFile text = ApiFile.read(file);
    long[] now = {0};
    Tokens tokens =
        new Tokens(
            TestCxone.skillProperties("http://cxone.test"),
            text.tokenKinds(),
            text.discoveryOf(file),
            () -> now[0]);
    CxoneApi api =
        new CxoneApi(text, file, Map.of(), CallMeters.NONE, new Reachability())
            .with(Map.of("settings", new ObjectMapper().createObjectNode()))
            .telling(tokens::heard);
    assertThat(found(tokens, "https://one.example").base()).isEqualTo("https://one.example");
    now[0] += 600_000;
    for (int n = 0; n < 4; n++) {
      assertThatThrownBy(() -> call(api, tokens, 404)).isInstanceOf(CxoneRefusedException.class);
    }
    call(api, tokens, 200);
    for (int n = 0; n < 4; n++) {
      assertThatThrownBy(() -> call(api, tokens, 404)).isInstanceOf(CxoneRefusedException.class);
    }
    assertThat(tokens.currentOrTurn().base()).isEqualTo("https://one.example");
    assertThatThrownBy(() -> call(api, tokens, 404)).isInstanceOf(CxoneRefusedException.class);
    assertThat(found(tokens, "https://two.example/").base()).isEqualTo("https://two.example");
    now[0] += 9_000;
    assertThatThrownBy(() -> call(api, tokens, "apiThere", 404))
        .isInstanceOf(CxoneUnavailableException.class);
    assertThat(tokens.currentOrTurn().base()).isEqualTo("https://two.example");
    now[0] += 1_000;
    assertThatThrownBy(() -> call(api, tokens, "apiThere", 404))
        .as("which is there everywhere")
        .isInstanceOf(CxoneUnavailableException.class);
    assertThat(found(tokens, "https://three.example").base()).isEqualTo("https://three.example");
  }

  private static Token found(Tokens tokens, String base) {
    assertThat(tokens.currentOrTurn()).as("whose turn it is to ask for one").isNull();
    String claims =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"tenantId\":\"t-1\"}".getBytes(StandardCharsets.UTF_8));
    String token = "{\"access_token\":\"h.%s.s\",\"expires_in\":3600}".formatted(claims);
    assertThat(tokens.take(200, Map.of(), token.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("tenantId=t-1");
    tokens.keepBase(
        200, "{\"api_endpoint\":\"%s\"}".formatted(base).getBytes(StandardCharsets.UTF_8));
    return tokens.currentOrTurn();
  }

  private static void call(CxoneApi api, Tokens tokens, int status) {
    call(api, tokens, "skills", status);
  }

  private static void call(CxoneApi api, Tokens tokens, String operation, int status) {
    Call call = api.call(operation, TestCxone.request(new ObjectMapper().createObjectNode()), 0);
    api.carry(call, tokens.currentOrTurn());
    call.answered(status, null, "{\"skills\":[]}".getBytes(StandardCharsets.UTF_8));
    api.answer(call);
  }
}
