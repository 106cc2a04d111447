package io.campaignroutes.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A fast CXone for load and fault tests: the calls that a launch needs, on the JDK's own HTTP
 * server, on loopback and a free port. No call holds a thread while it waits for its answer. It
 * checks tokens, does what it is told to do wrong ({@link #fault}), and keeps a full record, so
 * that a test can count what has really arrived: doubles above all, which it lets happen.
 */
public final class StubCxone implements AutoCloseable {
  /** The credentials that the token endpoint takes. */
  public static final String CLIENT_ID = "stub-client";

  public static final String CLIENT_SECRET = "stub-secret-9f31c07b";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TIME_ZONES =
      List.of("America/New_York", "America/Chicago", "America/Los_Angeles", "Europe/London");

  static {
    // else the server waits 40 ms between the head and the body of an answer; read once, at start
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
  }

  /** A call of CXone's API. */
  public enum Call {
    TOKEN,
    POOL,
    CREATE,
    FIND,
    GET,
    PUT,
    PATCH,
    WEBHOOK,
    REALTIME,
    HISTORY
  }

  /**
   * What becomes of a campaign that is asked to activate.
   *
   * @param after how long it stays PENDING; null for ever
   * @param status what it has then
   * @param errorCode its error code then, null for none
   */
  public record Activation(Duration after, String status, String errorCode) {

    /** ACTIVE after a while. */
    public static Activation after(Duration after) {
      return new Activation(after, "ACTIVE", null);
    }

    /** PENDING for ever. */
    public static Activation never() {
      return new Activation(null, null, null);
    }

    /** Another end than ACTIVE. */
    public static Activation to(String status, String errorCode) {
      return new Activation(Duration.ofMillis(100), status, errorCode);
    }
  }

  /**
   * A request that arrived.
   *
   * @param at by {@link System#nanoTime()}
   * @param what the campaign's name in a create, else the path with its query
   * @param fault what was done wrong with it, null for nothing
   */
  public record Arrival(long at, Call call, String what, StubFault.Kind fault) {}

  /** A webhook that was registered. */
  public record Webhook(String id, String name, JsonNode payload) {}

  private record Answer(int status, String type, byte[] body) {
    Answer(int status, JsonNode body) {
      this(status, "application/json", body.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private final HttpServer server;
  private final ExecutorService readers;
  private final ScheduledThreadPoolExecutor answerers;
  private final Random dice;

  private final Map<String, StubCampaign> campaigns = new ConcurrentHashMap<>();
  private final Map<String, List<StubCampaign>> byName = new ConcurrentHashMap<>();
  private final Map<String, Webhook> webhooks = new ConcurrentHashMap<>();
  private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private final Map<Call, AtomicInteger> counts = new HashMap<>();
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();
  private final List<String> tokensIssued = new CopyOnWriteArrayList<>();
  private final List<StubFault> faults = new CopyOnWriteArrayList<>();
  private final Map<String, Activation> activations = new ConcurrentHashMap<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicInteger seenActive = new AtomicInteger();

  private volatile Duration answerDelay = Duration.ofMillis(20);
  private volatile Activation activation = Activation.after(Duration.ofMillis(300));
  private volatile Function<StubCampaign, JsonNode> figures = campaign -> null;
  private volatile BiFunction<Call, StubCampaign, StubFault> moods = (call, campaign) -> null;
  private volatile Consumer<StubCampaign> watcher;
  private volatile Duration tokenLife = Duration.ofHours(1);

  /** Starts it with faults that fall at random. */
  public StubCxone() throws IOException {
    this(new Random().nextLong());
  }

  /**
   * Starts it.
   *
   * @param seed for the faults that are not certain
   */
  public StubCxone(long seed) throws IOException {
    dice = new Random(seed);
    for (Call call : Call.values()) {
      counts.put(call, new AtomicInteger());
    }
    readers = Executors.newFixedThreadPool(4, threads("stub-reader-"));
    answerers = new ScheduledThreadPoolExecutor(2, threads("stub-answerer-"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.setExecutor(readers);
    server.createContext("/", this::handle);
    server.start();
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger number = new AtomicInteger();
    return run -> {
      Thread thread = new Thread(run, name + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** What {@code CXONE_BASE_URL} is to be. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The environment of a service that calls this stub, without a limit of calls a second. */
  public Map<String, String> environment() {
    return Map.of(
        "CXONE_BASE_URL",
        url(),
        "CXONE_CLIENT_ID",
        CLIENT_ID,
        "CXONE_CLIENT_SECRET",
        CLIENT_SECRET,
        "CXONE_RATE_LIMIT",
        "0");
  }

  /** How long each answer takes; 20 ms when never said. */
  public void answerDelay(Duration delay) {
    answerDelay = delay;
  }

  /** What becomes of campaigns that are asked to activate; ACTIVE after 300 ms when never said. */
  public void activation(Activation plan) {
    activation = plan;
  }

  /** The same for one campaign. */
  public void activation(String name, Activation plan) {
    activations.put(name, plan);
  }

  /**
   * What the real-time figures of a campaign are; null for none yet, which is what all have when
   * never said. Called by several threads.
   */
  public void figures(Function<StubCampaign, JsonNode> of) {
    figures = of;
  }

  /** How long tokens live that are issued from now on. */
  public void tokenLife(Duration life) {
    tokenLife = life;
  }

  /** Does something wrong from now on, or as often as the fault says. */
  public void fault(StubFault fault) {
    faults.add(fault);
  }

  /**
   * Asked with each request for what goes wrong with it, before the other faults are; null for
   * nothing. The campaign is null in calls that name none.
   */
  public void moods(BiFunction<Call, StubCampaign, StubFault> moods) {
    this.moods = moods;
  }

  /**
   * Told of each change of a campaign's status at the time of the change, with the campaign's lock
   * held.
   */
  public void watch(Consumer<StubCampaign> watcher) {
    this.watcher = watcher;
  }

  /** Does everything right from now on. */
  public void noFaults() {
    faults.clear();
    moods = (call, campaign) -> null;
  }

  /** All tokens issued so far are refused from now on. */
  public void revokeTokens() {
    tokens.clear();
  }

  /** Every token ever issued. */
  public List<String> tokensIssued() {
    return tokensIssued;
  }

  /** All campaigns, in no particular order. */
  public List<StubCampaign> campaigns() {
    return List.copyOf(campaigns.values());
  }

  /** The campaigns of a name: more than one is a double. */
  public List<StubCampaign> named(String name) {
    List<StubCampaign> named = byName.get(name);
    return named == null ? List.of() : List.copyOf(named);
  }

  /** The webhooks registered, in no particular order. */
  public List<Webhook> webhooks() {
    return List.copyOf(webhooks.values());
  }

  /** Everything that arrived since the start or {@link #forgetArrivals}, oldest first. */
  public List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  /** What arrived of one call. */
  public List<Arrival> arrivals(Call call) {
    return arrivals.stream().filter(a -> a.call() == call).toList();
  }

  /** How many requests of one call arrived. */
  public int count(Call call) {
    return counts.get(call).get();
  }

  /** How many campaigns a poll has seen active. */
  public int seenActive() {
    return seenActive.get();
  }

  /** Starts the record of arrivals afresh, for long runs. */
  public void forgetArrivals() {
    arrivals.clear();
  }

  @Override
  public void close() {
    server.stop(0);
    readers.shutdownNow();
    answerers.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getRawPath();
    Call call = call(exchange.getRequestMethod(), path);
    if (call == null) {
      later(exchange, problem(404, "NO_SUCH_CALL"), answerDelay, null);
      return;
    }
    JsonNode json =
        call == Call.TOKEN || body.length == 0
            ? JsonNodeFactory.instance.objectNode()
            : JSON.readTree(body);
    StubCampaign campaign = campaign(call, path, json);
    StubFault fault = fault(call, campaign);
    int wish =
        call == Call.PUT && campaign != null
            ? campaign.wished(json.path("status").asText(), fault)
            : Integer.MAX_VALUE;
    counts.get(call).incrementAndGet();
    String what = call == Call.CREATE ? json.path("name").asText() : target(exchange);
    arrivals.add(new Arrival(System.nanoTime(), call, what, fault == null ? null : fault.kind()));
    if (fault == null) {
      later(exchange, work(exchange, call, path, body, json, campaign), answerDelay, null);
      return;
    }
    switch (fault.kind()) {
      case CUT_BEFORE -> cutLater(exchange);
      case ERROR_BEFORE ->
          later(exchange, problem(fault.status(), "STUB_FAULT"), answerDelay, null);
      case THROTTLED -> {
        exchange.getResponseHeaders().set("Retry-After", fault.retryAfter());
        later(exchange, problem(429, "RATE_LIMIT_EXCEEDED"), answerDelay, null);
      }
      case TOKEN_REVOKED -> {
        tokens.remove(bearer(exchange));
        later(exchange, problem(401, "invalid_token"), answerDelay, null);
      }
      case CUT_AFTER -> {
        work(exchange, call, path, body, json, campaign);
        cutLater(exchange);
      }
      case ERROR_AFTER -> {
        work(exchange, call, path, body, json, campaign);
        later(exchange, problem(fault.status(), "STUB_FAULT"), answerDelay, null);
      }
      case SLOW ->
          later(
              exchange,
              work(exchange, call, path, body, json, campaign),
              answerDelay.plus(fault.pause()),
              null);
      case SAYS_BEFORE -> later(exchange, saying(fault), answerDelay, null);
      case SAYS_AFTER -> {
        work(exchange, call, path, body, json, campaign);
        later(exchange, saying(fault), answerDelay, null);
      }
      case LATE ->
          answerers.schedule(
              () -> {
                if (campaign == null || !campaign.overtaken(wish)) {
                  later(
                      exchange,
                      work(exchange, call, path, body, json, campaign),
                      Duration.ZERO,
                      null);
                }
              },
              fault.pause().toMillis(),
              TimeUnit.MILLISECONDS);
      case LOST -> {
        // the connection stays open until the caller closes it
      }
      case DRIP ->
          later(
              exchange,
              work(exchange, call, path, body, json, campaign),
              answerDelay,
              fault.pause());
    }
  }

  private static String target(HttpExchange exchange) {
    String query = exchange.getRequestURI().getRawQuery();
    return exchange.getRequestURI().getRawPath() + (query == null ? "" : "?" + query);
  }

  private static Answer saying(StubFault fault) {
    return new Answer(fault.status(), fault.type(), fault.body().getBytes(StandardCharsets.UTF_8));
  }

  /** The campaign that a call is about, null when it names none that is there. */
  private StubCampaign campaign(Call call, String path, JsonNode json) {
    return switch (call) {
      case GET, PUT, PATCH -> campaigns.get(decode(path.substring(path.lastIndexOf('/') + 1)));
      case REALTIME, HISTORY -> campaigns.get(json.at("/filter/campaignId").asText());
      default -> null;
    };
  }

  private StubFault fault(Call call, StubCampaign campaign) {
    StubFault mood = moods.apply(call, campaign);
    if (mood != null) {
      return mood;
    }
    for (StubFault fault : faults) {
      double thrown;
      synchronized (dice) {
        thrown = dice.nextDouble();
      }
      if (fault.strikes(call, thrown)) {
        return fault;
      }
    }
    return null;
  }

  private static Call call(String method, String path) {
    String campaigns = "/api/v2/campaigns";
    if (path.equals("/oauth/token")) {
      return method.equals("POST") ? Call.TOKEN : null;
    }
    if (path.equals(campaigns)) {
      return method.equals("POST") ? Call.CREATE : method.equals("GET") ? Call.FIND : null;
    }
    if (path.startsWith(campaigns + "/")) {
      return switch (method) {
        case "GET" -> Call.GET;
        case "PUT" -> Call.PUT;
        case "PATCH" -> Call.PATCH;
        default -> null;
      };
    }
    if (path.startsWith("/api/v2/agents/pools/")) {
      return method.equals("GET") ? Call.POOL : null;
    }
    if (!method.equals("POST")) {
      return null;
    }
    return switch (path) {
      case "/api/v2/webhooks" -> Call.WEBHOOK;
      case "/api/v2/analytics/realtime/campaigns" -> Call.REALTIME;
      case "/api/v2/analytics/campaigns/details/query" -> Call.HISTORY;
      default -> null;
    };
  }

  private Answer work(
      HttpExchange exchange,
      Call call,
      String path,
      byte[] body,
      JsonNode json,
      StubCampaign campaign) {
    if (call == Call.TOKEN) {
      return token(body);
    }
    String token = bearer(exchange);
    if (token == null || !tokens.contains(token)) {
      return problem(401, "invalid_token");
    }
    return switch (call) {
      case POOL -> pool(decode(path.substring(path.lastIndexOf('/') + 1)));
      case CREATE -> create(json);
      case FIND -> find(exchange.getRequestURI().getRawQuery());
      case WEBHOOK -> webhook(json);
      case GET -> campaign == null ? problem(404, "NOT_FOUND") : get(campaign);
      case PUT -> campaign == null ? problem(404, "NOT_FOUND") : put(campaign, json);
      case PATCH -> campaign == null ? problem(404, "NOT_FOUND") : patch(campaign, json);
      case REALTIME -> realtime(campaign);
      case HISTORY ->
          campaign == null
              ? problem(404, "NOT_FOUND")
              : new Answer(
                  200,
                  JSON.createObjectNode()
                      .put("attemptedCalls", 0)
                      .put("connectedCalls", 0)
                      .put("abandonedCalls", 0)
                      .put("avgAnswerTime", 0));
      default -> throw new IllegalStateException(call.name());
    };
  }

  private Answer realtime(StubCampaign campaign) {
    JsonNode known = campaign == null ? null : figures.apply(campaign);
    return known == null ? problem(404, "NO_DATA") : new Answer(200, known);
  }

  private static String bearer(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    return header != null && header.startsWith("Bearer ") ? header.substring(7) : null;
  }

  private Answer token(byte[] body) {
    List<String> form =
        Arrays.stream(new String(body, StandardCharsets.UTF_8).split("&"))
            .map(StubCxone::decode)
            .toList();
    boolean known =
        form.contains("grant_type=client_credentials")
            && form.contains("client_id=" + CLIENT_ID)
            && form.contains("client_secret=" + CLIENT_SECRET);
    if (!known) {
      return new Answer(401, JSON.createObjectNode().put("error", "invalid_client"));
    }
    String token =
        "stub-token-" + ids.incrementAndGet() + "-" + Long.toHexString(System.nanoTime());
    tokens.add(token);
    tokensIssued.add(token);
    return new Answer(
        200,
        JSON.createObjectNode()
            .put("access_token", token)
            .put("token_type", "Bearer")
            .put("expires_in", tokenLife.toSeconds()));
  }

  /** Every pool but those called unknown has three agents ready in each of some time zones. */
  private static Answer pool(String id) {
    if (id.startsWith("unknown")) {
      return problem(404, "POOL_NOT_FOUND");
    }
    ObjectNode pool = JSON.createObjectNode().put("id", id);
    ArrayNode agents = pool.putArray("agents");
    for (String zone : TIME_ZONES) {
      for (int n = 1; n <= 3; n++) {
        agents
            .addObject()
            .put("id", zone + "-" + n)
            .put("status", "AVAILABLE")
            .putObject("schedule")
            .put("timeZone", zone);
      }
    }
    return new Answer(200, pool);
  }

  private Answer create(JsonNode payload) {
    if (payload.path("name").asText("").isEmpty() || !payload.path("agentPool").has("id")) {
      return problem(400, "CAMPAIGN_INVALID_CONFIG");
    }
    StubCampaign campaign = new StubCampaign("cx-" + ids.incrementAndGet(), payload, this::changed);
    campaigns.put(campaign.id(), campaign);
    byName.computeIfAbsent(campaign.name(), name -> new CopyOnWriteArrayList<>()).add(campaign);
    return new Answer(201, campaign.json());
  }

  private Answer find(String query) {
    String name = null;
    for (String part : query == null ? new String[0] : query.split("&")) {
      if (part.startsWith("name=")) {
        name = decode(part.substring(5));
      }
    }
    ObjectNode found = JSON.createObjectNode();
    ArrayNode list = found.putArray("campaigns");
    named(name == null ? "" : name).forEach(campaign -> list.add(campaign.json()));
    return new Answer(200, found);
  }

  private Answer get(StubCampaign campaign) {
    if (campaign.polled()) {
      seenActive.incrementAndGet();
    }
    return new Answer(200, campaign.json());
  }

  private void changed(StubCampaign campaign) {
    Consumer<StubCampaign> told = watcher;
    if (told != null) {
      told.accept(campaign);
    }
  }

  private Answer put(StubCampaign campaign, JsonNode json) {
    Activation plan = activations.getOrDefault(campaign.name(), activation);
    campaign.ask(json.path("status").asText(), plan);
    if (watcher != null && plan.after() != null) { // else its status is found out when it is asked
      answerers.schedule(
          () -> {
            campaign.status();
          },
          plan.after().toMillis() + 1,
          TimeUnit.MILLISECONDS);
    }
    return new Answer(200, campaign.json());
  }

  private static Answer patch(StubCampaign campaign, JsonNode json) {
    campaign.pacing(json.path("pacing"));
    return new Answer(200, campaign.json());
  }

  private Answer webhook(JsonNode payload) {
    String name = payload.path("name").asText();
    String id = "wh-" + ids.incrementAndGet();
    Webhook before = webhooks.putIfAbsent(name, new Webhook(id, name, payload));
    return before == null
        ? new Answer(201, JSON.createObjectNode().put("id", id))
        : problem(409, "WEBHOOK_EXISTS");
  }

  private static Answer problem(int status, String code) {
    return new Answer(
        status, JSON.createObjectNode().put("errorCode", code).put("message", "stub: " + code));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private void cutLater(HttpExchange exchange) {
    answerers.schedule(exchange::close, answerDelay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void later(HttpExchange exchange, Answer answer, Duration delay, Duration drip) {
    Runnable send =
        () -> {
          try {
            byte[] body = answer.body();
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            if (body.length == 0) {
              exchange.close();
            } else if (drip == null) {
              exchange.getResponseBody().write(body);
              exchange.close();
            } else {
              drip(exchange, body, 0, drip);
            }
          } catch (IOException | RuntimeException e) {
            exchange.close(); // the caller has gone, by a kill or a deadline
          }
        };
    answerers.schedule(send, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void drip(HttpExchange exchange, byte[] body, int from, Duration pause) {
    try {
      OutputStream out = exchange.getResponseBody();
      out.write(body[from]);
      out.flush();
      if (from + 1 == body.length) {
        exchange.close();
        return;
      }
    } catch (IOException e) {
      exchange.close();
      return;
    }
    answerers.schedule(
        () -> drip(exchange, body, from + 1, pause), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Names that more than one campaign has. */
  public List<String> doubles() {
    List<String> doubles = new ArrayList<>();
    byName.forEach(
        (name, same) -> {
          if (same.size() > 1) {
            doubles.add(name);
          }
        });
    return doubles;
  }
}
