package io.campaignroutes.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import io.campaignroutes.benchmark.FreePort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an issuer of files: what it tells, what it does not, and when. */
class IssuerTest {
  private static final String DISCOVERY = "/realm/.well-known/openid-configuration";
  private static final RSAKey FIRST = key("first");
  private static final RSAKey SECOND = key("second");

  private final int port = port();
  private final String name = "http://127.0.0.1:" + port + "/realm";
  private final Map<String, String> files = new ConcurrentHashMap<>();
  private final AtomicInteger reads = new AtomicInteger();
  private HttpServer server;
  private Issuer issuer;

  private static int port() {
    try {
      return FreePort.any();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RSAKey key(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void tells() {
    describe(name, name + "/keys");
    publish(FIRST);
  }

  @AfterEach
  void stop() {
    if (issuer != null) {
      issuer.close();
    }
    if (server != null) {
      server.stop(0);
    }
  }

  private void describe(String itself, String keys) {
    files.put(DISCOVERY, "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(itself, keys));
  }

  private void publish(RSAKey... keys) {
    files.put("/realm/keys", new JWKSet(java.util.List.of(keys)).toPublicJWKSet().toString());
  }

  private void up() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          String file = files.get(exchange.getRequestURI().getPath());
          if (exchange.getRequestURI().getPath().endsWith("/keys")) {
            reads.incrementAndGet();
          }
          byte[] body = file == null ? new byte[0] : file.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(
              file == null ? 404 : 200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private void begin() {
    issuer =
        new Issuer(
            new OidcProperties(name, "x", "roles", "", "", Duration.ofHours(8), 1),
            new IssuerHttp());
  }

  private int keys(String id) throws Issuer.SilentException {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(id).build();
    return issuer.get(new JWKSelector(JWKMatcher.forJWSHeader(header)), null).size();
  }

  private void known() {
    await().atMost(Duration.ofSeconds(60)).until(() -> issuer.fault() == null);
  }

  private void told(String... words) {
    issuer.look();
    assertThat(issuer.fault()).contains(words);
  }

  @Test
  void keysAreReadWithoutBeingAskedFor() throws Exception {
    up();
    begin();
    known();
    assertThat(keys("first")).isEqualTo(1);
  }

  @Test
  void oneThatIsDownHoldsNothingUpAndIsAskedAgain() throws Exception {
    begin();
    told("openid-configuration cannot be read");
    assertThatThrownBy(() -> keys("first")).isInstanceOf(Issuer.SilentException.class);
    up();
    known();
    assertThat(keys("first")).isEqualTo(1);
  }

  @Test
  void oneThatTakesTheCallAndSaysNothingIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(port)) {
      begin();
      told("openid-configuration cannot be read");
      assertThatThrownBy(() -> keys("first")).isInstanceOf(Issuer.SilentException.class);
    }
  }

  @Test
  void keysThatWereToldStayInForceWhileItIsDown() throws Exception {
    up();
    begin();
    known();
    server.stop(0);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> keys("second") == 0 && issuer.fault() != null);
    assertThat(keys("first")).isEqualTo(1);
  }

  @Test
  void aNewKeyIsAskedForAndAnUnknownOneNotForEver() throws Exception {
    up();
    begin();
    known();
    publish(FIRST, SECOND);
    await().atMost(Duration.ofSeconds(60)).until(() -> keys("second") == 1);
    int before = reads.get();
    for (int i = 0; i < 200; i++) {
      assertThat(keys("nobody" + i)).isZero();
    }
    assertThat(reads.get()).isLessThan(before + 100);
  }

  @Test
  void oneThatIsCalledOtherwiseIsNotBelieved() throws Exception {
    describe(name + "/", name + "/keys");
    up();
    begin();
    told("is called '" + name + "/'", "Set OIDC_ISSUER to that");
    assertThatThrownBy(() -> keys("first")).isInstanceOf(Issuer.SilentException.class);
  }

  @Test
  void whatIsNoDescriptionAndWhatHoldsNoKeysIsTold() throws Exception {
    files.put("/realm/keys", "{\"keys\": 7}");
    up();
    begin();
    told("/realm/keys holds no keys");
    files.put("/realm/keys", "<html>");
    told("/realm/keys holds no keys");
    describe(name, "file:///etc/passwd");
    told("its jwks_uri is no https address");
    files.put(DISCOVERY, "<html>");
    told("holds no JSON");
    files.remove(DISCOVERY);
    told("it answers 404");
  }
}
