package io.campaignroutes.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.Figures.Kind;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Measures the ticks of many agent pools that many campaigns share: whether each pool has its next
 * decision a period after the last one, and what that costs a campaign.
 */
final class PoolBenchmark extends Benchmark {
  private static final Duration CXONE = Duration.ofMillis(20);

  /** ms: {@code pacing.period}, which is left as it is. */
  private static final long PERIOD = 5_000;

  /** ms: a decision that comes so much later than a period after the last one is late. */
  private static final long LATE = 1_000;

  private static final Duration ROUND = Duration.ofSeconds(60);
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final double ANSWERED = 0.3;
  private static final double ABANDONED = 0.01;

  private final int campaigns;
  private final int pools;
  private final int rounds;
  private final Duration warmUp;
  private final Map<String, Calls> calls = new ConcurrentHashMap<>();

  PoolBenchmark(BenchmarkCommand.Options options, PrintStream out, PrintStream err)
      throws IOException {
    super(options, out, err);
    this.campaigns = options.number("--campaigns");
    this.pools = Math.max(1, options.number("--pools"));
    this.rounds = options.number("--rounds");
    this.warmUp = Duration.ofSeconds(options.number("--warm-up"));
  }

  @Override
  void run() throws IOException, InterruptedException {
    try (StubCxone cxone = new StubCxone();
        ServiceProcess service = service(cxone.environment(), "--inbox.settle=300ms")) {
      cxone.answerDelay(CXONE);
      cxone.figures(
          campaign -> calls.computeIfAbsent(campaign.id(), id -> new Calls()).of(campaign));
      launch();
      long start = System.nanoTime();
      try (Decisions decisions = new Decisions(serviceDir().resolve("data/store"))) {
        await(Duration.ofMinutes(20), () -> decisions.paced() == campaigns);
        err.printf(
            "%d campaigns in %d pools are paced after %.0f s%n",
            campaigns, pools, (System.nanoTime() - start) / 1e9);
        watch(decisions, cxone, warmUp);
        for (int round = 1; round <= rounds; round++) {
          measure(round, cxone, service, decisions);
        }
      }
    }
    tell();
  }

  private void measure(int round, StubCxone cxone, ServiceProcess service, Decisions decisions)
      throws IOException, InterruptedException {
    cxone.forgetArrivals();
    decisions.forget();
    int writes = cxone.count(StubCxone.Call.PATCH);
    int realtime = cxone.count(StubCxone.Call.REALTIME);
    int agents = cxone.count(StubCxone.Call.POOL);
    double used = service.figures().cpuSeconds();
    double all = machineSeconds();
    long start = System.nanoTime();
    watch(decisions, cxone, ROUND);
    double seconds = (System.nanoTime() - start) / 1e9;
    used = service.figures().cpuSeconds() - used;
    List<Double> late = decisions.lateness;
    double ticks = Math.max(1, late.size() * (double) campaigns / pools);
    String what = "%d campaigns in %d pools, ".formatted(campaigns, pools);
    figures.add(
        Kind.PROCESSOR_TIME,
        what + "ms of processor time a campaign and tick",
        1000 * used / ticks);
    figures.add(Kind.TIME, what + "late by p99 s", quantile(late, 0.99));
    figures.add(Kind.SIZE, what + "MiB", service.figures().residentMb());
    row(
        "%d campaigns in %d pools, round %d".formatted(campaigns, pools, round),
        "%.1f %% of %d ticks on time; late by p50 %.2f, p99 %.2f, longest %.2f s; %.2f ms of"
            + " processor time a campaign and tick; calls a second: %.0f for agents, %.0f for"
            + " figures, %.0f changes; %d MiB resident; all of the machine's processes used %.2f"
            + " cores, the service %.2f",
        100.0 * late.stream().filter(l -> l <= LATE / 1e3).count() / Math.max(1, late.size()),
        late.size(),
        quantile(late, 0.5),
        quantile(late, 0.99),
        quantile(late, 1),
        1000 * used / ticks,
        (cxone.count(StubCxone.Call.POOL) - agents) / seconds,
        (cxone.count(StubCxone.Call.REALTIME) - realtime) / seconds,
        (cxone.count(StubCxone.Call.PATCH) - writes) / seconds,
        service.figures().residentMb(),
        (machineSeconds() - all) / seconds,
        used / seconds);
  }

  /** Agents come and go meanwhile, so that decisions change rates. */
  private void watch(Decisions decisions, StubCxone cxone, Duration time)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      TimeUnit.SECONDS.sleep(1);
      decisions.look();
      var random = ThreadLocalRandom.current();
      for (int n = 0; n < pools / 10 + 1; n++) {
        cxone.agents(pool(random.nextInt(pools)), 1 + random.nextInt(3));
      }
    }
  }

  /** Processor time that everything on the machine has used; 0 where the system does not tell. */
  private static double machineSeconds() {
    try {
      String[] jiffies =
          Files.readAllLines(Path.of("/proc/stat")).get(0).replaceFirst("cpu +", "").split(" ");
      return (Double.parseDouble(jiffies[0])
              + Double.parseDouble(jiffies[1])
              + Double.parseDouble(jiffies[2]))
          / 100;
    } catch (IOException e) {
      return 0;
    }
  }

  private static String pool(int number) {
    return "pool-" + number;
  }

  private void launch() throws IOException {
    Path inbox = serviceDir().resolve("data/inbox");
    try (BufferedWriter file = Files.newBufferedWriter(inbox.resolve("all.tmp"))) {
      for (int n = 0; n < campaigns; n++) {
        ObjectNode request = request("paced " + n).put("agentPoolId", pool(n % pools));
        file.write(JSON.writeValueAsString(request));
        file.write('\n');
      }
    }
    Files.move(
        inbox.resolve("all.tmp"), inbox.resolve("all.ndjson"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The calls of a campaign within the last five minutes, as its rates lead to them. */
  private static final class Calls {
    private final Deque<double[]> lately = new ArrayDeque<>();
    private long at = System.nanoTime();
    private double answered;

    synchronized JsonNode of(StubCampaign campaign) {
      long now = System.nanoTime();
      double rate = campaign.pacing().path("maxCallsPerSecond").asDouble();
      if (campaign.status().equals("ACTIVE") && rate > 0) {
        double more = rate * ANSWERED * (now - at) / 1e9;
        lately.add(new double[] {now, more});
        answered += more;
      }
      at = now;
      while (!lately.isEmpty() && now - lately.peek()[0] > WINDOW_NANOS) {
        answered -= lately.remove()[1];
      }
      return JSON.createObjectNode()
          .put("connectedCalls", Math.round(answered * (1 - ABANDONED)))
          .put("abandonedCalls", Math.round(answered * ABANDONED))
          .put("avgHandleTime", 30)
          .put("availableAgents", 3);
    }
  }

  /** What the service's store says of its pools. */
  private static final class Decisions implements AutoCloseable {
    private record Last(long seq, long at) {}

    private final Connection store;
    private final Map<String, Last> last = new HashMap<>();
    private List<Double> lateness = new ArrayList<>();

    Decisions(Path folder) throws IOException {
      try {
        store = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("campaign-routes.db"));
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }

    /** Campaigns that have had a tick. */
    int paced() {
      try (Statement statement = store.createStatement();
          ResultSet count =
              statement.executeQuery(
                  "select count(*) from pacing where due_at is not null and seq > 0")) {
        TimeUnit.SECONDS.sleep(1);
        return count.getInt(1);
      } catch (SQLException e) {
        return 0; // the store is busy
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void forget() {
      lateness = new ArrayList<>();
    }

    void look() throws IOException {
      try (Statement statement = store.createStatement();
          ResultSet pool = statement.executeQuery("select id, seq, changed_at from pool")) {
        while (pool.next()) {
          Last now = new Last(pool.getLong(2), pool.getLong(3));
          Last before = last.put(pool.getString(1), now);
          if (before != null && now.seq() > before.seq()) {
            double gap = (now.at() - before.at()) / (double) (now.seq() - before.seq());
            lateness.add(Math.max(0, gap - PERIOD) / 1e3);
          }
        }
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        store.close();
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  }
}
