package io.campaignroutes.sandbox;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
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
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * The sandbox's CXone for load and fault tests, on the JDK's own HTTP server, on loopback and a
 * free port. No call holds a thread while it waits for its answer. It does what it is told to do
 * wrong ({@link #fault}), and keeps a full record, so that a test can count what has really
 * arrived: doubles above all, which it lets happen.
 */
public final class StubCxone implements AutoCloseable {
  /** The credentials that the token endpoint takes. */
  public static final String CLIENT_ID = "stub-client";

  public static final String CLIENT_SECRET = "stub-secret-9f31c07b";

  static {
    // else the server waits 40 ms between the head and the body of an answer; read once, at start
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
    // what it tells people who try the sandbox would drown what a test or a benchmark tells
    ((Logger) LoggerFactory.getLogger(Tenant.class.getPackageName())).setLevel(Level.WARN);
  }

  /** A call of CXone's API. */
  public enum Call {
    TOKEN(ServedOperation.TOKEN),
    POOL(ServedOperation.AGENT_POOL),
    CREATE(ServedOperation.CREATE_CAMPAIGN),
    FIND(ServedOperation.FIND_CAMPAIGNS),
    GET(ServedOperation.GET_CAMPAIGN),
    PUT(ServedOperation.UPDATE_CAMPAIGN),
    PATCH(ServedOperation.SET_PACING),
    WEBHOOK(ServedOperation.REGISTER_WEBHOOK),
    REALTIME(ServedOperation.REALTIME),
    HISTORY(ServedOperation.HISTORY);

    private final ServedOperation operation;

    Call(ServedOperation operation) {
      this.operation = operation;
    }

    private static Call of(ServedOperation operation) {
      return Arrays.stream(values())
          .filter(c -> c.operation == operation)
          .findFirst()
          .orElseThrow();
    }
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

    private Campaigns.Activation plan() {
      return new Campaigns.Activation(
          after, status == null ? null : CampaignStatus.valueOf(status), errorCode);
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

  /**
   * A webhook that was registered.
   *
   * @param token what its posts carry as {@code X-Webhook-Token}
   */
  public record Webhook(String id, String name, String token) {}

  private record Answer(int status, String type, byte[] body) {
    Answer(int status, JsonNode body) {
      this(status, "application/json", SandboxJson.bytes(body));
    }
  }

  private final HttpServer server;
  private final ExecutorService readers;
  private final ScheduledThreadPoolExecutor answerers;
  private final Random dice;

  private final IssuedTokens tokens =
      new IssuedTokens(
          CLIENT_ID, CLIENT_SECRET, Duration.ofHours(1), new SteadyClock(), new ChangeCount());
  private final Webhooks webhooks = new Webhooks(new ChangeCount());
  private final RecordedCampaigns campaigns =
      new RecordedCampaigns(
          name -> activation(name).plan(), this::figures, this::agents, this::changed);
  private final Tenant tenant = new Tenant(tokens, campaigns, webhooks);
  private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private final Map<Call, AtomicInteger> counts = new HashMap<>();
  private final List<String> tokensIssued = new CopyOnWriteArrayList<>();
  private final List<StubFault> faults = new CopyOnWriteArrayList<>();
  private final Map<String, Activation> activations = new ConcurrentHashMap<>();
  private final AtomicInteger seenActive = new AtomicInteger();

  private volatile String secret = CLIENT_SECRET;
  private volatile Duration answerDelay = Duration.ofMillis(20);
  private volatile Activation activation = Activation.after(Duration.ofMillis(300));
  private volatile Function<StubCampaign, JsonNode> figures = campaign -> null;
  private final Map<String, Integer> agents = new ConcurrentHashMap<>();
  private volatile BiFunction<Call, StubCampaign, StubFault> moods = (call, campaign) -> null;
  private volatile BiFunction<Call, String, StubFault> tricks = (call, about) -> null;
  private volatile BiFunction<Call, String, StubFault> points = (call, wished) -> null;
  private volatile Consumer<StubCampaign> watcher = campaign -> {};

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
    answerers.scheduleWithFixedDelay(campaigns::advance, 10, 10, TimeUnit.MILLISECONDS);
  }

  private Activation activation(String name) {
    return activations.getOrDefault(name, activation);
  }

  private JsonNode figures(StubCampaign campaign) {
    return figures.apply(campaign);
  }

  private int agents(String pool) {
    return agents.getOrDefault(pool, 3);
  }

  private void changed(StubCampaign campaign) {
    watcher.accept(campaign);
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

  /**
   * How many agents of each of four time zones are in a pool; 3 when never said. They are those of
   * all pools whose names are alike up to a dot.
   */
  public void agents(String pool, int ofEachZone) {
    agents.put(pool, ofEachZone);
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
   * Asked with each request for what goes wrong with it, after moods and before other faults; null
   * for nothing. Given are the call and what it is about: a campaign's name, an agent pool's id, or
   * null where it names neither.
   */
  public void tricks(BiFunction<Call, String, StubFault> tricks) {
    this.tricks = tricks;
  }

  /**
   * Asked with each request, before anybody else, for what goes wrong with it; null for nothing.
   * Given are the call and, where a status is wished of a campaign, that status.
   */
  public void points(BiFunction<Call, String, StubFault> points) {
    this.points = points;
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
    tricks = (call, about) -> null;
  }

  /** All tokens issued so far are refused from now on. */
  public void revokeTokens() {
    tokens.restore(List.of());
  }

  /** The client has another secret from now on, and what was given out before is refused. */
  public void secret(String fresh) {
    secret = fresh;
    revokeTokens();
  }

  /** The body of a request, with the secret that the tenant knows in place of a newer one. */
  private byte[] body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String form = "client_secret=";
    return secret.equals(CLIENT_SECRET)
        ? body
        : new String(body, StandardCharsets.UTF_8)
            .replace(form + CLIENT_SECRET, form + "old")
            .replace(form + secret, form + CLIENT_SECRET)
            .getBytes(StandardCharsets.UTF_8);
  }

  /** Every token ever issued. */
  public List<String> tokensIssued() {
    return tokensIssued;
  }

  /** All campaigns, in no particular order. */
  public List<StubCampaign> campaigns() {
    return campaigns.all();
  }

  /** The campaigns of a name: more than one is a double. */
  public List<StubCampaign> named(String name) {
    return campaigns.named(name);
  }

  /** The webhooks registered, in no particular order. */
  public List<Webhook> webhooks() {
    return webhooks.state().stream()
        .map(one -> new Webhook(one.id(), one.name(), one.headers().get("X-Webhook-Token")))
        .toList();
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
    String path = exchange.getRequestURI().getRawPath();
    Tenant.Call request =
        new Tenant.Call(
            ServedOperation.of(exchange.getRequestMethod(), path).orElse(null),
            path,
            exchange.getRequestURI().getRawQuery(),
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            body(exchange));
    if (request.operation() == null) {
      later(exchange, answer(tenant.answer(request)), answerDelay, null);
      return;
    }
    Call call = Call.of(request.operation());
    ObjectNode json =
        call == Call.TOKEN || request.body().length == 0 ? SandboxJson.object() : request.json();
    StubCampaign campaign = campaign(call, request, json);
    String wished = call == Call.PUT ? json.path("status").asText() : null;
    StubFault point = points.apply(call, wished);
    StubFault fault =
        point == null ? fault(call, campaign, about(call, request, json, campaign)) : point;
    int wish =
        call == Call.PUT && campaign != null ? campaign.wished(wished, fault) : Integer.MAX_VALUE;
    counts.get(call).incrementAndGet();
    String what = call == Call.CREATE ? json.path("name").asText() : target(exchange);
    arrivals.add(new Arrival(System.nanoTime(), call, what, fault == null ? null : fault.kind()));
    Supplier<Answer> work = () -> work(call, request, json, campaign);
    if (fault == null) {
      later(exchange, work.get(), answerDelay, null);
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
        String refused = request.bearer();
        tokens.restore(
            tokens.state().stream().filter(token -> !token.value().equals(refused)).toList());
        later(exchange, problem(401, "invalid_token"), answerDelay, null);
      }
      case CUT_AFTER -> {
        work.get();
        cutLater(exchange);
      }
      case ERROR_AFTER -> {
        work.get();
        later(exchange, problem(fault.status(), "STUB_FAULT"), answerDelay, null);
      }
      case SLOW -> later(exchange, work.get(), answerDelay.plus(fault.pause()), null);
      case SAYS_BEFORE -> later(exchange, saying(fault), answerDelay, null);
      case SAYS_AFTER -> {
        work.get();
        later(exchange, saying(fault), answerDelay, null);
      }
      case LATE ->
          answerers.schedule(
              () -> {
                if (campaign == null || !campaign.overtaken(wish)) {
                  later(exchange, work.get(), Duration.ZERO, null);
                }
              },
              fault.pause().toMillis(),
              TimeUnit.MILLISECONDS);
      case LOST -> {
        // the connection stays open until the caller closes it
      }
      case DRIP -> later(exchange, work.get(), answerDelay, fault.pause());
      case ALTERED -> later(exchange, altered(fault, work.get()), answerDelay, null);
    }
  }

  private static String target(HttpExchange exchange) {
    String query = exchange.getRequestURI().getRawQuery();
    return exchange.getRequestURI().getRawPath() + (query == null ? "" : "?" + query);
  }

  private static Answer altered(StubFault fault, Answer right) {
    StubFault.Said said =
        fault.alter(new StubFault.Said(right.status(), right.type(), right.body()));
    return new Answer(said.status(), said.type(), said.body());
  }

  private static Answer saying(StubFault fault) {
    return new Answer(fault.status(), fault.type(), fault.body().getBytes(StandardCharsets.UTF_8));
  }

  /** The campaign that a call is about, null when it names none that is there. */
  private StubCampaign campaign(Call call, Tenant.Call request, ObjectNode json) {
    return switch (call) {
      case GET, PUT, PATCH -> campaigns.record(request.id());
      case REALTIME, HISTORY -> campaigns.record(json.at("/filter/campaignId").asText());
      default -> null;
    };
  }

  private String about(Call call, Tenant.Call request, ObjectNode json, StubCampaign campaign) {
    return switch (call) {
      case POOL -> request.id();
      case CREATE -> json.path("name").asText();
      case WEBHOOK -> {
        String id = json.path("name").asText().replace("CampaignSync_", "");
        StubCampaign registered = campaigns.record(id);
        yield registered == null ? null : registered.name();
      }
      default -> campaign == null ? null : campaign.name();
    };
  }

  private StubFault fault(Call call, StubCampaign campaign, String about) {
    StubFault mood = moods.apply(call, campaign);
    StubFault first = mood == null ? tricks.apply(call, about) : mood;
    if (first != null) {
      return first;
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

  private Answer work(Call call, Tenant.Call request, ObjectNode json, StubCampaign campaign) {
    Tenant.Answer answer = tenant.answer(request);
    boolean done = answer.status() < 300;
    if (call == Call.TOKEN && done) {
      tokensIssued.add(answer.body().path("access_token").asText());
    } else if (call == Call.PUT && campaign != null) {
      campaign.ask(json.path("status").asText());
    } else if (call == Call.PATCH && done) {
      campaign.paced();
    } else if (call == Call.GET && done && campaign.polled()) {
      seenActive.incrementAndGet();
    }
    return answer(answer);
  }

  private static Answer answer(Tenant.Answer answer) {
    return new Answer(answer.status(), answer.body());
  }

  private static Answer problem(int status, String code) {
    return new Answer(status, SandboxException.body(code, "stub: " + code));
  }

  private void cutLater(HttpExchange exchange) {
    answerers.schedule(exchange::close, answerDelay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void later(HttpExchange exchange, Answer answer, Duration delay, Duration drip) {
    Runnable send =
        () -> {
          try {
            byte[] body = answer.body();
            if (answer.type() != null) {
              exchange.getResponseHeaders().set("Content-Type", answer.type());
            }
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
    return campaigns.doubles();
  }
}
