package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.sandbox.StubCxone.Call;
import io.campaignroutes.sandbox.StubFault;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns of one agent pool are paced together by the packaged service, whatever is killed. */
class PoolIT {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CAMPAIGNS = 8;
  private static final int POOLS = 12;

  /** ms within which what a decision lowers is lowered at CXone. */
  private static final long LOWERED = 1_500;

  private static final String[] SETTINGS = {
    "--pacing.period=500ms",
    "--pacing.rest-period=1s",
    "--pacing.law.stale-after=4s",
    "--pacing.law.tick=500ms",
    "--pacing.lease=6s",
    "--cxone.call-deadline=2s",
    "--cxone.pool-cache=100ms",
    "--launch.look-period=1s"
  };

  /** For trials that kill nothing and set nothing: they stop their campaigns when they are over. */
  private static StubCxone sharedCxone;

  private static ServiceProcess shared;

  @TempDir Path temp;
  private Path log;

  @BeforeAll
  static void startShared(@TempDir Path data) throws Exception {
    sharedCxone = new StubCxone(1);
    shared = start(sharedCxone, Map.of(), data, emptyLog("shared")).awaitReady(START);
  }

  @AfterAll
  static void stopShared() {
    shared.close();
    sharedCxone.close();
  }

  @BeforeEach
  void emptyLog(TestInfo test) throws Exception {
    log = emptyLog(test.getTestMethod().orElseThrow().getName());
  }

  private static Path emptyLog(String of) throws Exception {
    Path log = Path.of("target", "pool-it-" + of + ".log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    return log;
  }

  @Test
  void allOfThemTogetherNeverDialFasterThanThePoolsDecisionThoughTheServiceIsKilled()
      throws Exception {
    String store = "jdbc:sqlite:" + temp.resolve("data/store/campaign-routes.db");
    try (var cxone = new StubCxone(1)) {
      cxone.figures(campaign -> figures(160));
      Decisions decisions;
      try (var service = start(cxone, Map.of(), "data").awaitReady(START)) {
        launch(service);
        await().atMost(PATIENCE).until(() -> dialing(cxone) == CAMPAIGNS);
        decisions = new Decisions(store, null);
        cxone.fault(StubFault.cutAfter().in(Call.PATCH).likely(0.3));
        cxone.figures(campaign -> figures(400));
        await().atMost(PATIENCE).until(() -> cxone.count(Call.PATCH) > 3 * CAMPAIGNS);
        service.kill();
      }
      cxone.noFaults();
      cxone.figures(campaign -> figures(40));
      try (var service = start(cxone, Map.of(), "data").awaitReady(START)) {
        int before = cxone.count(Call.REALTIME);
        await().atMost(PATIENCE).until(() -> cxone.count(Call.REALTIME) > before + 8 * CAMPAIGNS);
        decisions.close();
        decisions.assertHoldFor(cxone);
        ServiceClient client = new ServiceClient(service);
        JsonNode pool = client.get("/pools/pool-1").body();
        assertThat(client.get("/pools?limit=1").body().at("/items/0/id").asText())
            .isEqualTo("pool-1");
        assertThat(pool.path("campaigns")).hasSize(CAMPAIGNS);
        assertThat(pool.at("/agents/staffed").asInt()).isEqualTo(12);
        assertThat(client.get("/pools/no%20pool").status()).isEqualTo(404);
      }
    }
    assertNoErrors();
  }

  @Test
  void poolsWithTheSameAgentsShareThemThoughTheServiceIsKilled() throws Exception {
    String store = "jdbc:sqlite:" + temp.resolve("data/store/campaign-routes.db");
    List<String> pools = List.of("shared.1", "shared.2", "own-1", "own-2");
    try (var cxone = new StubCxone(1)) {
      cxone.figures(campaign -> figures(12));
      Decisions decisions;
      Map<String, Long> ticks;
      try (var service = start(cxone, Map.of(), "data").awaitReady(START)) {
        ServiceClient client = new ServiceClient(service);
        for (int n = 0; n < CAMPAIGNS; n++) {
          ObjectNode request = request("campaign " + n);
          request.put("agentPoolId", pools.get(n % pools.size())).put("pacingLimit", 20);
          assertThat(client.post("/campaigns", request).status()).isEqualTo(202);
        }
        await().atMost(PATIENCE).until(() -> cxone.count(Call.REALTIME) >= CAMPAIGNS);
        decisions = new Decisions(store, null);
        cxone.figures(campaign -> figures(40));
        int before = cxone.count(Call.REALTIME);
        await().atMost(PATIENCE).until(() -> cxone.count(Call.REALTIME) > before + 8 * CAMPAIGNS);
        service.kill();
        ticks = ticks(store);
      }
      try (var service = start(cxone, Map.of(), "data").awaitReady(START)) {
        await("each tick after the kill goes by who else has its agents")
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  assertThat(ticks(store))
                      .allSatisfy((id, n) -> assertThat(n).isGreaterThan(ticks.get(id)));
                  assertThat(parts(store))
                      .isEqualTo(
                          Map.of("shared.1", 0.5, "shared.2", 0.5, "own-1", 1.0, "own-2", 1.0));
                });
        int before = cxone.count(Call.REALTIME);
        await().atMost(PATIENCE).until(() -> cxone.count(Call.REALTIME) > before + 4 * CAMPAIGNS);
        decisions.close();
        decisions.assertHoldFor(cxone);
      }
    }
    assertNoErrors();
  }

  /** How many ticks each pool has had. */
  private static Map<String, Long> ticks(String store) throws Exception {
    return ofPools(store, "seq", row -> row.getLong(2));
  }

  /** The share of its agents that each pool has dialed for since its latest tick. */
  private static Map<String, Double> parts(String store) throws Exception {
    return ofPools(store, "state", row -> JSON.readTree(row.getString(2)).path("part").asDouble());
  }

  /** Reads a column. */
  private interface Column<T> {
    T of(ResultSet row) throws Exception;
  }

  private static <T> Map<String, T> ofPools(String store, String column, Column<T> value)
      throws Exception {
    Map<String, T> all = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection(store);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select id, " + column + " from pool")) {
      while (row.next()) {
        all.put(row.getString(1), value.of(row));
      }
    }
    return all;
  }

  @Test
  void aTickReadsTheAgentsOnceHoweverManyCampaignsThereAre() {
    whileTheyRun(
        "one-read",
        cxone -> {
          ServiceClient client = new ServiceClient(shared);
          await("all of them are paced")
              .atMost(PATIENCE)
              .until(
                  () ->
                      client.all().stream()
                              .filter(one -> one.path("stage").asText().equals("ACTIVE"))
                              .filter(one -> one.at("/pacing/decidedAt").isTextual())
                              .count()
                          == CAMPAIGNS);
          int asked = cxone.count(Call.REALTIME);
          await().atMost(PATIENCE).until(() -> cxone.count(Call.REALTIME) > asked + CAMPAIGNS);
          int pools = cxone.count(Call.POOL);
          int figures = cxone.count(Call.REALTIME);
          await().atMost(PATIENCE).until(() -> cxone.count(Call.POOL) >= pools + 8);
          int ticks = cxone.count(Call.POOL) - pools;
          assertThat(cxone.count(Call.REALTIME) - figures)
              .isBetween((ticks - 2) * CAMPAIGNS, (ticks + 1) * CAMPAIGNS);
        });
  }

  /** What a tick waits for never waits for a thread that a tick has. */
  @Test
  void manyPoolsAreTickedByFewThreads() throws Exception {
    Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    try (var cxone = new StubCxone(1)) {
      cxone.figures(
          campaign -> {
            int times =
                asked.computeIfAbsent(campaign.name(), n -> new AtomicInteger()).incrementAndGet();
            return figures(times % 4 < 2 ? 8 : 160);
          });
      try (var service = start(cxone, Map.of(), "data", "--pacing.workers=2").awaitReady(START)) {
        ServiceClient client = new ServiceClient(service);
        for (int n = 0; n < POOLS; n++) {
          assertThat(
                  client
                      .post("/campaigns", request("campaign " + n).put("agentPoolId", "pool-" + n))
                      .status())
              .isEqualTo(202);
        }
        await()
            .atMost(PATIENCE)
            .until(
                () -> asked.size() == POOLS && asked.values().stream().allMatch(a -> a.get() > 8));
        assertThat(cxone.count(Call.PATCH)).isGreaterThan(POOLS);
      }
    }
    assertNoErrors();
  }

  @Test
  void aPoolWhoseAgentsLeaveDialsNoMoreWhateverTheFiguresSay() throws Exception {
    whileTheyRun(
        "all-leave",
        cxone -> {
          cxone.agents("all-leave", 0);
          await().atMost(Duration.ofSeconds(3)).until(() -> dialing(cxone) == 0);
          cxone.agents("all-leave", 3);
          await().atMost(PATIENCE).until(() -> dialing(cxone) == CAMPAIGNS);
        });
    assertNoErrorsInShared();
  }

  @Test
  void oneWhoseFiguresDoNotComeDoesNotHoldUpTheOthers() {
    whileTheyRun(
        "one-silent",
        cxone -> {
          String silent = "one-silent 0";
          cxone.moods(
              (call, campaign) ->
                  call == Call.REALTIME && campaign.name().equals(silent)
                      ? StubFault.lost()
                      : null);
          await()
              .atMost(PATIENCE)
              .until(() -> cxone.named(silent).get(0).status().equals("PAUSED"));
          await()
              .during(Duration.ofSeconds(2))
              .atMost(PATIENCE)
              .until(() -> dialing(cxone) == CAMPAIGNS - 1);
        });
  }

  /** Each of these calls takes as long as a call may, which is four ticks here. */
  @Test
  void callsThatHangHoldUpNoTick() throws Exception {
    whileTheyRun(
        "hanging",
        cxone -> {
          int rates = cxone.count(Call.PATCH);
          cxone.fault(StubFault.lost().in(Call.POOL));
          cxone.fault(StubFault.lost().in(Call.PATCH));
          AtomicInteger times = new AtomicInteger();
          cxone.figures(campaign -> figures(times.incrementAndGet() % 20 < 10 ? 400 : 20));
          int before = cxone.count(Call.POOL);
          long start = System.nanoTime();
          await().atMost(PATIENCE).until(() -> cxone.count(Call.POOL) >= before + 8);
          assertThat(Duration.ofNanos(System.nanoTime() - start))
              .isLessThan(Duration.ofSeconds(20));
          assertThat(cxone.count(Call.PATCH)).isGreaterThan(rates);
        });
    assertNoErrorsInShared();
  }

  @Test
  void replicasShareThePoolsAndOutliveEachOther() throws Exception {
    List<ServiceProcess> replicas = new ArrayList<>();
    try (var postgres = EmbeddedPostgres.builder().start();
        var cxone = new StubCxone(1)) {
      cxone.figures(campaign -> figures(160));
      Map<String, String> store =
          Map.of(
              "SPRING_DATASOURCE_URL",
              postgres.getJdbcUrl("postgres", "postgres"),
              "SPRING_DATASOURCE_USERNAME",
              "postgres");
      try {
        for (int n = 0; n < 2; n++) {
          replicas.add(start(cxone, store, "r" + n).awaitReady(START));
        }
        launch(replicas.get(0));
        await().atMost(PATIENCE).until(() -> dialing(cxone) == CAMPAIGNS);
        int pools = cxone.count(Call.POOL);
        int figures = cxone.count(Call.REALTIME);
        await().atMost(PATIENCE).until(() -> cxone.count(Call.REALTIME) >= figures + 8 * CAMPAIGNS);
        assertThat(cxone.count(Call.POOL) - pools).as("only one of them ticks").isLessThan(12);
        var decisions = new Decisions(postgres.getJdbcUrl("postgres", "postgres"), "postgres");
        cxone.figures(campaign -> figures(400));
        int before = cxone.count(Call.PATCH);
        await().atMost(PATIENCE).until(() -> cxone.count(Call.PATCH) > before + CAMPAIGNS);
        replicas.remove(0).kill();
        cxone.figures(campaign -> figures(40));
        int last = cxone.count(Call.REALTIME);
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> cxone.count(Call.REALTIME) > last + 6 * CAMPAIGNS);
        decisions.close();
        decisions.assertHoldFor(cxone);
      } finally {
        replicas.forEach(ServiceProcess::close);
      }
    }
    assertNoErrors();
  }

  /** What the store says of the pools from a time on, looked at so often that none is missed. */
  private static final class Decisions {
    private final NavigableMap<Long, Double> rates = new ConcurrentSkipListMap<>();
    private final Connection connection;
    private final Thread thread = new Thread(this::look, "decisions");
    private volatile boolean ended;

    Decisions(String url, String user) throws SQLException {
      connection = DriverManager.getConnection(url, user, null);
      thread.start();
      await("what was decided before it looked is lowered")
          .atMost(PATIENCE)
          .until(() -> !rates.isEmpty() && rates.lastKey() > judged());
    }

    /** From when on what was decided is known. */
    private long judged() {
      return rates.firstKey() + TimeUnit.MILLISECONDS.toNanos(LOWERED);
    }

    private void look() {
      while (!ended) {
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery("select sum(rate) from pool")) {
          row.next();
          rates.put(System.nanoTime(), row.getDouble(1));
          TimeUnit.MILLISECONDS.sleep(10);
        } catch (SQLException e) {
          // the store is busy, or restarts
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    void close() throws Exception {
      ended = true;
      thread.join();
      connection.close();
    }

    /** The highest decision in force shortly before a moment, or seen shortly after it. */
    private double allowed(long at) {
      long from = at - TimeUnit.MILLISECONDS.toNanos(LOWERED);
      Long before = rates.floorKey(from);
      return rates
          .subMap(
              before == null ? from : before, true, at + TimeUnit.MILLISECONDS.toNanos(100), true)
          .values()
          .stream()
          .mapToDouble(Double::doubleValue)
          .max()
          .orElseThrow();
    }

    void assertHoldFor(StubCxone cxone) {
      List<StubCampaign> campaigns = cxone.campaigns();
      NavigableSet<Long> moments = new TreeSet<>();
      campaigns.forEach(c -> c.course().forEach(moment -> moments.add(moment.at())));
      int checked = 0;
      for (long at : moments.subSet(judged(), rates.lastKey())) {
        double sum = campaigns.stream().mapToDouble(c -> rate(c, at)).sum();
        assertThat(sum).as("of %d moments after the first", checked).isLessThan(allowed(at) + 1e-6);
        checked++;
      }
      assertThat(checked).isGreaterThan(CAMPAIGNS);
    }

    private static double rate(StubCampaign campaign, long at) {
      StubCampaign.Moment last = null;
      for (StubCampaign.Moment moment : campaign.course()) {
        last = moment.at() <= at ? moment : last;
      }
      return last != null && last.dialing() ? last.rate() : 0;
    }
  }

  // Helpers

  /** Campaigns of a pool of their own are launched, tried and stopped. */
  private static void whileTheyRun(String pool, Consumer<StubCxone> trial) {
    sharedCxone.noFaults();
    sharedCxone.figures(campaign -> figures(160));
    try {
      launch(shared, pool, pool + " ");
      await().atMost(PATIENCE).until(() -> dialing(sharedCxone) == CAMPAIGNS);
      trial.accept(sharedCxone);
    } finally {
      sharedCxone.noFaults();
      ServiceClient client = new ServiceClient(shared);
      client.all().forEach(one -> client.command(one.path("id").asText(), "stop", 0));
      await("all have stopped")
          .atMost(PATIENCE)
          .until(() -> client.all().stream().allMatch(one -> stopped(one)));
    }
  }

  private static boolean stopped(JsonNode campaign) {
    return campaign.path("stage").asText().equals("STOPPED");
  }

  private ServiceProcess start(
      StubCxone cxone, Map<String, String> store, String data, String... settings)
      throws Exception {
    return start(cxone, store, temp.resolve(data), log, settings);
  }

  private static ServiceProcess start(
      StubCxone cxone, Map<String, String> store, Path data, Path log, String... settings)
      throws Exception {
    Map<String, String> environment = new TreeMap<>(cxone.environment());
    environment.putAll(store);
    return ServiceProcess.start(
        PackagedService.command(),
        data,
        environment,
        log,
        Stream.of(SETTINGS, settings).flatMap(Stream::of).toArray(String[]::new));
  }

  private static void launch(ServiceProcess service) {
    launch(service, "pool-1", "campaign ");
  }

  private static void launch(ServiceProcess service, String pool, String names) {
    ServiceClient client = new ServiceClient(service);
    for (int n = 0; n < CAMPAIGNS; n++) {
      ObjectNode request = request(names + n).put("agentPoolId", pool);
      assertThat(client.post("/campaigns", request).status()).isEqualTo(202);
    }
  }

  private static JsonNode figures(int idle) {
    return JSON.createObjectNode()
        .put("connectedCalls", 60)
        .put("abandonedCalls", 0)
        .put("avgHandleTime", 180)
        .put("availableAgents", idle);
  }

  private static long dialing(StubCxone cxone) {
    return cxone.campaigns().stream().filter(c -> c.status().equals("ACTIVE")).count();
  }

  private static void assertNoErrorsInShared() throws Exception {
    assertThat(shared.log().lines().filter(line -> line.contains(" ERROR "))).isEmpty();
  }

  private void assertNoErrors() throws Exception {
    assertThat(Files.readString(log).lines().filter(line -> line.contains(" ERROR "))).isEmpty();
  }
}
