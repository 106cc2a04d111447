package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import io.campaignroutes.sandbox.SimulatedApi.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * The sandbox's tenant of Personal Connection for tests: on a clock that moves when a test says so,
 * called directly or over HTTP.
 */
public final class TestTenant implements AutoCloseable {

  static {
    ((ch.qos.logback.classic.Logger)
            LoggerFactory.getLogger(PersonalConnection.class.getPackageName()))
        .setLevel(ch.qos.logback.classic.Level.WARN);
  }

  /** A Monday, ten o'clock at the business unit. */
  public static final Instant BEGIN = Instant.parse("2025-11-03T15:00:00Z");

  private final SetClock clock = new SetClock();
  private final PersonalConnectionProperties properties;
  private final PersonalConnection tenant;
  private final PeopleAtWork people;
  private final Map<String, Integer> counts = new TreeMap<>();
  private HttpServer server;
  private ExecutorService workers;
  private volatile Consumer<String> doing = operation -> {};
  private String token;
  private volatile Watch watch;

  /** What becomes of a call on its way. */
  public enum Trouble {
    NONE,
    /** It never arrives. */
    CUT_BEFORE,
    /** It is done, and the answer is lost. */
    CUT_AFTER,
    /** 429, without a word of when to come again. */
    THROTTLED,
    FAILED,
    /** Refused, and only a header says why. */
    HEADER_ONLY,
    /** Answered 200, and not done. */
    ERRORS_INSIDE
  }

  /**
   * Who hears of every call, by the operation's name and its path, with its query if it has one.
   */
  public interface Watch {
    /** Says what becomes of a call that arrives. */
    Trouble arrives(String operation, String path);

    /** A call's work is done; it is answered afterwards. */
    void done(String operation, String path);
  }

  private static final class SetClock extends Clock {
    private final long began = System.nanoTime();
    private volatile Instant now = BEGIN;
    private volatile double speed;

    @Override
    public Instant instant() {
      return now.plusNanos(Math.round((System.nanoTime() - began) * speed));
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** A tenant with what can be set as it is usually. */
  public TestTenant() {
    this(5000);
  }

  /** The same with so many records in each list. */
  public TestTenant(int records) {
    this(records, BEGIN);
  }

  /** The same at another time. */
  public TestTenant(int records, Instant begin) {
    clock.now = begin;
    properties =
        new PersonalConnectionProperties(
            "sandbox-key",
            "sandbox-secret=",
            "sandbox-client",
            "sandbox-secret",
            Duration.ofHours(1),
            Duration.ofMillis(1500),
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            Duration.ofSeconds(7),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            0,
            100_000,
            records,
            1,
            true);
    tenant = new PersonalConnection(clock, properties);
    people = tenant.people();
  }

  /**
   * The same, on time that goes on by itself from now on.
   *
   * @param speed seconds that pass there in one of ours
   */
  public static TestTenant live(int records, double speed) {
    TestTenant live = new TestTenant(records, Instant.now());
    live.clock.speed = speed;
    return live;
  }

  /** Has somebody hear of every call that comes over HTTP. */
  public void watched(Watch by) {
    watch = by;
  }

  /** The tenant itself. */
  public PersonalConnection tenant() {
    return tenant;
  }

  /** Lets time pass. */
  public void pass(Duration time) {
    clock.now = clock.now.plus(time);
    tenant.advance();
  }

  /** The time there. */
  public Instant now() {
    return clock.instant();
  }

  /** A supervisor has a skill start, stop, deactivate or activate. */
  public void supervisor(int skill, String what) {
    people.does(skill, what);
  }

  /** A supervisor changes settings. */
  public void supervisor(int skill, String block, ObjectNode change) {
    people.changes(skill, block, change);
  }

  /** What the tenant is changes. */
  public ObjectNode changes(ObjectNode change) {
    return people.tenant(change);
  }

  /** What has really happened, by skill. */
  public JsonNode truth() {
    return people.truth();
  }

  /**
   * Has somebody told of each call over HTTP, by its operation, when it is done and not answered.
   */
  public void doing(Consumer<String> whom) {
    doing = whom;
  }

  /** The names of all lists, in the order of their ids. */
  public List<String> lists() {
    List<String> names = new ArrayList<>();
    read("/lists/call-lists?top=100")
        .path("callingLists")
        .forEach(list -> names.add(list.path("listName").asText()));
    return names;
  }

  /** How often each operation was called. */
  public Map<String, Integer> counts() {
    synchronized (counts) {
      return new TreeMap<>(counts);
    }
  }

  /** Calls an operation of the newest version with a good token; its answer. */
  Answer call(String method, String path, Object body) {
    return call("v33.0", method, path, body);
  }

  Answer call(String version, String method, String path, Object body) {
    Map<String, String> headers = new HashMap<>();
    headers.put("authorization", "Bearer " + token());
    headers.put("accept", "application/json");
    headers.put("content-type", "application/json");
    return send(method, "/tenant/incontactapi/services/" + version + path, headers, body);
  }

  /** Reads what is below the API's address; null where there is nothing (204). */
  public JsonNode read(String path) {
    Answer answer = call("GET", path, null);
    if (answer.status() == 401) {
      forgetToken();
      answer = call("GET", path, null);
    }
    if (answer.status() == 204) {
      return null;
    }
    if (answer.status() != 200) {
      throw new IllegalStateException(path + " is answered " + answer.status());
    }
    try {
      return SandboxJson.MAPPER.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends what follows the base as it is. */
  Answer send(String method, String path, Map<String, String> headers, Object body) {
    int mark = path.indexOf('?');
    byte[] bytes =
        body == null
            ? new byte[0]
            : body instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : SandboxJson.bytes(body);
    return tenant.answer(
        new Request(
            method,
            mark < 0 ? path : path.substring(0, mark),
            mark < 0 ? null : path.substring(mark + 1),
            headers,
            "http://cxone.test:80",
            bytes));
  }

  /** An access token, as the JSON call gives it; kept until a test forgets it. */
  String token() {
    if (token == null) {
      token =
          json(send(
                  "POST",
                  "/authentication/v1/token/access-key",
                  Map.of("content-type", "application/json"),
                  SandboxJson.object()
                      .put("accessKeyId", properties.accessKeyId())
                      .put("accessKeySecret", properties.accessKeySecret())))
              .get("access_token")
              .asText();
    }
    return token;
  }

  void forgetToken() {
    token = null;
  }

  static JsonNode json(Answer answer) {
    try {
      return SandboxJson.read(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers on loopback and a free port from now on; the base below which everything is. */
  public String serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    workers = Executors.newFixedThreadPool(4);
    server.setExecutor(workers);
    server.createContext(PersonalConnection.BASE, this::answer);
    server.start();
    return "http://127.0.0.1:" + server.getAddress().getPort() + PersonalConnection.BASE;
  }

  private void answer(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    String path = exchange.getRequestURI().getRawPath().substring(PersonalConnection.BASE.length());
    Optional<String> operation = tenant.operation(exchange.getRequestMethod(), path);
    operation.ifPresent(
        name -> {
          synchronized (counts) {
            counts.merge(name, 1, Integer::sum);
          }
        });
    Request request =
        new Request(
            exchange.getRequestMethod(),
            path,
            exchange.getRequestURI().getRawQuery(),
            headers,
            "http://" + headers.get("host"),
            exchange.getRequestBody().readAllBytes());
    try (exchange) {
      Answer answer =
          watch == null || operation.isEmpty()
              ? tenant.answer(request)
              : watched(operation.get(), request);
      operation.ifPresent(doing);
      if (answer != null) {
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.sendResponseHeaders(
            answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
      }
    }
  }

  /** What is answered to a call that may go wrong; null for a cut connection. */
  private Answer watched(String operation, Request request) {
    String path = request.query() == null ? request.path() : request.path() + "?" + request.query();
    Trouble trouble = watch.arrives(operation, path);
    switch (trouble) {
      case CUT_BEFORE -> {
        return null;
      }
      case THROTTLED, FAILED -> {
        return new Answer(trouble == Trouble.FAILED ? 500 : 429, Map.of(), new byte[0]);
      }
      case HEADER_ONLY -> {
        return Refused.headerOnly(400, "InvalidSomething");
      }
      case ERRORS_INSIDE -> {
        ObjectNode errors = SandboxJson.object().put("errorCount", 1);
        errors.putArray("skillsResults").addObject().put("success", "false").put("error", "No.");
        return Answer.json(200, errors);
      }
      default -> {
        Answer answer = tenant.answer(request);
        watch.done(operation, path);
        return trouble == Trouble.CUT_AFTER ? null : answer;
      }
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
      workers.shutdownNow();
    }
  }
}
