package io.campaignroutes.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.campaignroutes.store.TestStores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real forwarding routes over a SQLite store, and a receiver on the loopback address. */
class ForwardRoutesTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  /** A post that was received. */
  private record Post(String path, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).get(0);
    }
  }

  @TempDir Path temp;
  private final List<Post> posts = Collections.synchronizedList(new ArrayList<>());
  private final List<AutoCloseable> open = new ArrayList<>();
  private HttpServer receiver;
  private WebhookFixture desk;
  private volatile boolean dripping;
  private Duration lease = Duration.ofSeconds(60);
  private final Endpoint endpoint = new Endpoint();

  /** An endpoint that keeps its first caller. */
  public static final class Endpoint {
    final List<String> taken = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch free = new CountDownLatch(1);

    public void take(String event) throws InterruptedException {
      taken.add(event);
      if (taken.size() == 1) {
        free.await();
      }
    }

    List<String> of(String campaign) {
      return List.copyOf(taken).stream().filter(event -> event.contains(campaign)).toList();
    }
  }

  @BeforeEach
  void receive() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    ExecutorService threads = Executors.newCachedThreadPool();
    receiver.setExecutor(threads);
    receiver.createContext("/", this::answer);
    receiver.start();
    open.add(threads::shutdownNow);
    open.add(() -> receiver.stop(0));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    posts.add(new Post(path, exchange.getRequestHeaders(), body));
    if (path.equals("/drip")) {
      dripping = true;
      exchange.sendResponseHeaders(200, 1_000);
      try (var out = exchange.getResponseBody()) {
        while (dripping) {
          out.write('x');
          out.flush();
          Thread.sleep(50);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    byte[] answer = "the answer".getBytes(StandardCharsets.UTF_8);
    if (path.equals("/elsewhere")) {
      exchange.getResponseHeaders().set("Location", url("/followed"));
    }
    exchange.sendResponseHeaders(
        switch (path) {
          case "/elsewhere" -> 302;
          case "/broken" -> 500;
          default -> 200;
        },
        answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + path;
  }

  private void forward(String destinations, boolean allowPrivate) throws Exception {
    forward(destinations, allowPrivate, SystemDefaultDnsResolver.INSTANCE);
  }

  private void forward(String destinations, boolean allowPrivate, DnsResolver names)
      throws Exception {
    desk =
        new WebhookFixture(
            TestStores.sqlite(temp.resolve("store.db")),
            temp,
            destinations,
            WebhookFixture.properties(lease, "0.01S", "0.01S"));
    DeliveryClient client = new DeliveryClient(desk.properties.callDeadline());
    AutoCloseable connections = DeliveryClient.connections(16, 16, allowPrivate, names);
    ExecutorService workers = Executors.newCachedThreadPool();
    CamelContext context = new DefaultCamelContext();
    DeliveryMessages steps = new DeliveryMessages();
    var registry = context.getRegistry();
    registry.bind("forwarder", desk.forwarder);
    registry.bind("retention", desk.retention);
    registry.bind("endpoint", endpoint);
    registry.bind("deliveryWorkers", workers);
    registry.bind("deliveryClient", client);
    registry.bind("deliveryConnections", connections);
    registry.bind("nextDelivery", steps.nextDelivery());
    registry.bind("deliveryByHttp", steps.deliveryByHttp());
    registry.bind("deliveryBody", steps.deliveryBody());
    registry.bind("deliverySignature", steps.deliverySignature());
    registry.bind("deliveryAnswer", steps.deliveryAnswer());
    registry.bind("deliveryFailed", steps.deliveryFailed());
    registry.bind("stageErrors", new Object());
    registry.bind("tickErrors", new Object());
    registry.bind("launch", new Object());
    registry.bind("answers", new Object());
    registry.bind("httpAnswer", (org.apache.camel.Processor) exchange -> {});
    registry.bind("inboxFolder", new Object());
    context.getPropertiesComponent().setInitialProperties(new Properties());
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(
            ResourceHelper.resolveResource(context, "file:routes/errors.camel.yaml"),
            ResourceHelper.resolveResource(context, "file:routes/webhook-forward.camel.yaml"));
    context.start();
    open.add(desk);
    open.add(connections);
    open.add(client);
    open.add(workers::shutdownNow);
    open.add(context::stop);
  }

  @AfterEach
  void close() throws Exception {
    dripping = false;
    endpoint.free.countDown();
    Collections.reverse(open);
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private static void soon(org.awaitility.core.ThrowingRunnable holds) {
    await().atMost(Duration.ofSeconds(20)).untilAsserted(holds);
  }

  private void becomes(DeliveryStatus status) {
    soon(() -> assertThat(desk.list(status)).hasSize(1));
  }

  @Test
  void anEventArrivesByteForByteSignedAndWithNothingOfTheSendersHeaders() throws Exception {
    forward(
        "destinations: [{name: one, url: '%s', headers: {X-Source: us}, secrets: %s}]"
            .formatted(url("/hook"), SECRET),
        true);
    String event = desk.event("c-1").replace("}", ",  \"x\": [1, 2.50, \"ü\"] }");
    desk.receive(event);
    becomes(DeliveryStatus.DELIVERED);
    Post post = posts.get(0);
    Delivery delivery = desk.list(null).get(0);
    assertThat(post.body()).isEqualTo(event);
    assertThat(post.header("Webhook-id")).isEqualTo(delivery.id()).doesNotContain(".");
    assertThat(post.header("X-source")).isEqualTo("us");
    assertThat(post.header("Content-type")).isEqualTo("application/json");
    assertThat(post.header("Webhook-signature"))
        .isEqualTo(
            new Signature(SECRET)
                .of(
                    delivery.id(),
                    Long.parseLong(post.header("Webhook-timestamp")),
                    event.getBytes(StandardCharsets.UTF_8)));
    assertThat(post.headers().keySet())
        .allMatch(name -> !name.toLowerCase(java.util.Locale.ROOT).startsWith("camel"));
    assertThat(desk.deliveries.attempts(delivery.id()))
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.status()).isEqualTo(200))
        .satisfies(attempt -> assertThat(attempt.answer()).isEqualTo("the answer"));
  }

  @Test
  void aFailingDestinationIsTriedAsOftenAsTheScheduleSaysUnderOneId() throws Exception {
    forward("destinations: [{name: one, url: '%s'}]".formatted(url("/broken")), true);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.DEAD);
    assertThat(posts).hasSize(3);
    assertThat(posts.stream().map(post -> post.header("Webhook-id")).distinct()).hasSize(1);
  }

  @Test
  void aRedirectIsAFailureAndNotFollowed() throws Exception {
    forward("destinations: [{name: one, url: '%s'}]".formatted(url("/elsewhere")), true);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.DEAD);
    assertThat(posts).allSatisfy(post -> assertThat(post.path()).isEqualTo("/elsewhere"));
  }

  @Test
  void aDrippingAnswerIsCutOffAtTheDeadlineAndDelaysNobodyElse() throws Exception {
    forward(
        "destinations: [{name: one, url: '%s'}, {name: two, url: '%s'}]"
            .formatted(url("/drip"), url("/hook")),
        true);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.DELIVERED);
    becomes(DeliveryStatus.DEAD);
    Delivery dead = desk.list(DeliveryStatus.DEAD).get(0);
    assertThat(dead.destination()).isEqualTo("one");
    assertThat(dead.lastError()).contains("No answer in time");
    assertThat(desk.deliveries.attempts(dead.id()))
        .allSatisfy(attempt -> assertThat(attempt.durationMs()).isBetween(450, 5_000));
  }

  @Test
  void aNameThatLeadsToAPrivateNetworkIsRefusedWhenTheConnectionIsMade() throws Exception {
    int port = receiver.getAddress().getPort();
    forward("destinations: [{name: one, url: 'http://localhost:%d/'}]".formatted(port), false);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.PARKED);
    assertThat(desk.list(null).get(0).lastError()).contains("ALLOW_PRIVATE_DESTINATIONS");
    assertThat(posts).isEmpty();
  }

  @Test
  void aTemplateMakesTheBodyAndAFileIsADestinationToo() throws Exception {
    Files.writeString(temp.resolve("t.jslt"), "{\"text\": .campaignId + \" \" + .status}");
    forward(
        "destinations: [{name: one, template: t.jslt, to: 'file:%s?fileName=out.json'}]"
            .formatted(temp),
        true);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.DELIVERED);
    assertThat(temp.resolve("out.json")).hasContent("{\"text\":\"c-1 ACTIVE\"}");
  }

  @Test
  void anEndpointThatBlocksForLongerThanTheLeaseGetsEachEventOnceInOrderAndDelaysNoOtherLine()
      throws Exception {
    lease = Duration.ofMillis(900);
    forward("destinations: [{name: one, to: 'bean:endpoint?method=take', concurrency: 2}]", true);
    desk.receive("c-1", 3);
    soon(() -> assertThat(endpoint.taken).hasSize(1));
    desk.receive("c-2", 2);
    soon(() -> assertThat(endpoint.of("c-2")).hasSize(2));
    long until = System.nanoTime() + lease.multipliedBy(4).toNanos();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              assertThat(endpoint.of("c-1")).hasSize(1);
              return System.nanoTime() - until > 0;
            });
    soon(
        () ->
            assertThat(desk.forwarder.unavailable().values())
                .singleElement()
                .asString()
                .contains("has been under way"));
    endpoint.free.countDown();
    soon(() -> assertThat(desk.list(DeliveryStatus.DELIVERED)).hasSize(5));
    assertThat(endpoint.of("c-1")).hasSize(3).isSorted();
    assertThat(desk.list(null)).allSatisfy(one -> assertThat(one.attemptCount()).isOne());
    assertThat(desk.forwarder.unavailable()).isEmpty();
  }

  private RawReceiver raw(String answer) throws IOException {
    RawReceiver receiver = new RawReceiver(answer);
    open.add(receiver);
    return receiver;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hook",
        "/~team/hook",
        "/a%2Fb%7Ec/%C3%BC",
        "/hook?sig=a%2Fb+c%20d~e|f&t=2026-11-27T23:00:00Z&u='*!()$,;@:/?",
        "/a//b/../c/./d;v=1?x=%e2%82%ac&&y",
        "/?filter[x]=1",
        "/hook?",
        "?only=query",
        "",
      })
  void anAddressIsSentByteForByteAsItWasGiven(String target) throws Exception {
    RawReceiver receiver = raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    forward(
        "destinations: [{name: one, url: \"HTTP://127.0.0.1:%d%s\"}]"
            .formatted(receiver.port(), target),
        true);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.DELIVERED);
    String sent = target.startsWith("/") ? target : "/" + target;
    assertThat(receiver.asked()).containsExactly("POST " + sent + " HTTP/1.1");
    assertThat(receiver.heads.get(0))
        .contains("Host: 127.0.0.1:" + receiver.port() + "\r\n")
        .doesNotContainIgnoringCase("campaign-routes-");
  }

  @Test
  void aLiteralIpv6AddressIsSentAsItWasGiven() throws Exception {
    RawReceiver receiver = raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    forward(
        "destinations: [{name: one, url: 'http://[::ffff:127.0.0.1]:%d/~x'}]"
            .formatted(receiver.port()),
        true);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.DELIVERED);
    assertThat(receiver.asked()).containsExactly("POST /~x HTTP/1.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain",
        "Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
        "Content-Encoding: x-gzip, br\r\nContent-Length: 5\r\n\r\nplain",
        "Content-Encoding: deflate\r\nContent-Length: 5\r\n\r\nplain",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\nno chunk\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nplain",
        "Content-Length: 500\r\n\r\ncut off",
        "Content-Type: text/plain; charset=no-such\r\nContent-Length: 5\r\n\r\nplain",
        "Content-Type: ;;/\r\nContent-Length: 5\r\n\r\nplain",
        "Content-Type: application/x-java-serialized-object\r\nContent-Length: 5\r\n\r\nplain",
        "Retry-After: never\r\nDate: today\r\nContent-Length: 5\r\n\r\nplain",
        "CamelHttpResponseCode: 500\r\nContent-Length: 5\r\n\r\nplain",
      })
  void ofA2xxTheStatusDecidesWhateverElseIsSaid(String rest) throws Exception {
    RawReceiver receiver = raw("HTTP/1.1 200 OK\r\n" + rest);
    forward(
        "destinations: [{name: one, url: 'http://127.0.0.1:%d/'}]".formatted(receiver.port()),
        true);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.DELIVERED);
    assertThat(receiver.asked()).hasSize(1);
    assertThat(desk.list(null).get(0).lastStatus()).isEqualTo(200);
  }

  @Test
  void whatFollowsA204IsNotTakenForTheNextAnswer() throws Exception {
    RawReceiver receiver =
        raw("HTTP/1.1 204 No Content\r\nContent-Type: application/json\r\n\r\n{}");
    forward(
        "destinations: [{name: one, url: 'http://127.0.0.1:%d/'}]".formatted(receiver.port()),
        true);
    desk.receive("c-1", 5);
    soon(() -> assertThat(desk.list(DeliveryStatus.DELIVERED)).hasSize(5));
    assertThat(receiver.asked()).hasSize(5);
    assertThat(desk.list(null)).allSatisfy(one -> assertThat(one.attemptCount()).isOne());
  }

  @Test
  void whatOneAddressLeavesOnAConnectionIsNotTheAnswerOfAnotherOfItsHost() throws Exception {
    RawReceiver receiver =
        new RawReceiver(
            head ->
                head.startsWith("POST /odd ")
                    ? "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                    : "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
    open.add(receiver);
    forward(
        "destinations: [{name: odd, url: 'http://127.0.0.1:%1$d/odd'}, {name: broken, url: 'http://127.0.0.1:%1$d/broken'}]"
            .formatted(receiver.port()),
        true);
    for (int n = 0; n < 3; n++) {
      desk.receive("c-" + n, 1);
    }
    soon(
        () ->
            assertThat(desk.list(null))
                .filteredOn(one -> one.destination().equals("broken"))
                .extracting(Delivery::status)
                .containsOnly(DeliveryStatus.DEAD));
  }

  @Test
  void anAnswerThatIsLongerThanAnybodyReadsCountsByItsStatus() throws Exception {
    RawReceiver receiver =
        raw("HTTP/1.1 201 Created\r\nContent-Length: 99999999\r\n\r\n" + "x".repeat(500_000));
    forward(
        "destinations: [{name: one, url: 'http://127.0.0.1:%d/'}]".formatted(receiver.port()),
        true);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.DELIVERED);
    assertThat(desk.deliveries.attempts(desk.ids().get(0)).get(0).answer())
        .isEqualTo("x".repeat(1_000));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | The connection was cut off before the answer",
        "SSH-2.0-OpenSSH_9.6 | The connection was cut off before the answer",
      })
  void whatIsNoAnswerIsToldInWords(String answer, String told) throws Exception {
    RawReceiver receiver = raw(answer.isEmpty() ? "" : answer + "\r\n".repeat(3));
    forward(
        "destinations: [{name: one, url: 'http://127.0.0.1:%d/'}]".formatted(receiver.port()),
        true);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.DEAD);
    assertThat(desk.list(null).get(0).lastError()).startsWith(told).doesNotContain("Exception");
  }

  @Test
  void aSilentNameServerCostsADeliveryNoMoreThanItsDeadlineAndDelaysNobodyElse() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    open.add(over::countDown);
    AtomicInteger asked = new AtomicInteger();
    DnsResolver names =
        new DnsResolver() {
          @Override
          public InetAddress[] resolve(String host) throws UnknownHostException {
            if (host.equals("silent.test")) {
              asked.incrementAndGet();
              try {
                over.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
            return SystemDefaultDnsResolver.INSTANCE.resolve("127.0.0.1");
          }

          @Override
          public String resolveCanonicalHostname(String host) {
            return host;
          }
        };
    int port = receiver.getAddress().getPort();
    forward(
        "destinations: [{name: one, url: 'http://silent.test:%d/'}, {name: two, url:"
                .formatted(port)
            + " 'http://speaks.test:%d/'}]".formatted(port),
        true,
        names);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.DELIVERED);
    becomes(DeliveryStatus.DEAD);
    Delivery dead = desk.list(DeliveryStatus.DEAD).get(0);
    assertThat(dead.destination()).isEqualTo("one");
    assertThat(dead.lastError())
        .isEqualTo("The host is not known: no name server has told where silent.test is");
    assertThat(desk.deliveries.attempts(dead.id()))
        .hasSize(3)
        .allSatisfy(attempt -> assertThat(attempt.durationMs()).isBetween(450, 3_000));
    assertThat(asked).hasValue(1);
    assertThat(posts).hasSize(1);
  }

  @Test
  void aTemplateThatFailsParksTheDelivery() throws Exception {
    Files.writeString(temp.resolve("t.jslt"), "{\"text\": number(.campaignId)}");
    forward(
        "destinations: [{name: one, template: t.jslt, url: '%s'}]".formatted(url("/hook")), true);
    desk.receive(desk.event("c-1"));
    becomes(DeliveryStatus.PARKED);
    assertThat(desk.list(null).get(0).lastError()).contains("template");
    assertThat(posts).isEmpty();
  }
}
