package io.campaignroutes.records;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.CliRun;
import io.campaignroutes.audit.AuditArchives;
import io.campaignroutes.audit.AuditBatch;
import io.campaignroutes.audit.AuditCheckpoints;
import io.campaignroutes.audit.AuditEvent.PacingChange;
import io.campaignroutes.audit.AuditFile;
import io.campaignroutes.audit.AuditFiles;
import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.audit.AuditProperties;
import io.campaignroutes.audit.ChainArchives;
import io.campaignroutes.audit.ChainCheck;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.compliance.ComplianceSettings;
import io.campaignroutes.compliance.Policies;
import io.campaignroutes.store.Secrets;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Campaigns that are really launched and ended, and the beans by which their records leave. */
public final class RecordsFixture implements AutoCloseable {
  /** As long as those that pacing makes, and as hard to compress. */
  private static String decision(Random random) {
    ObjectNode decision = Json.object();
    decision.put("at", Instant.ofEpochMilli(1_900_000_000_000L + random.nextInt()).toString());
    decision.put("reason", "Abandonment fell below the target, so it dials faster.");
    ObjectNode inputs = decision.putObject("inputs");
    for (int i = 0; i < 30; i++) {
      inputs.put("figure" + i, Math.round(random.nextDouble() * 1e6) / 1e5);
    }
    return Json.text(decision);
  }

  /** Policies as {@code config/policies} has them. */
  static final Policies POLICIES =
      Policies.load(Path.of("config/policies"), LocalDate.of(2026, 3, 2), Duration.ofDays(4_000));

  public final CampaignFixture bench;
  public final Path dir;
  private final int batch;
  private AuditFiles files;
  private AuditCheckpoints checkpoints;
  AuditArchives audit;
  RecordsState state;
  RecordsQueue queue;
  RecordsDue due;
  RecordsSteps steps;
  RecordsTidy tidy;
  ChainArchives chainArchives;
  RecordsChains chains;
  private Duration keepChains = Duration.ofDays(30);
  private final Random random = new Random(1);

  /**
   * @param dir folder of audit files
   * @param batch campaigns that leave together
   */
  public RecordsFixture(TestStores.Opened opened, Path dir, int batch) {
    this.bench = new CampaignFixture(opened);
    this.dir = dir;
    this.batch = batch;
    restart(bench.store);
  }

  /** The beans as a process has them that begins. */
  void restart(Store store) {
    restart(store, POLICIES, properties(true));
  }

  private RecordsProperties properties(boolean enabled) {
    return new RecordsProperties(
        enabled, Duration.ofSeconds(60), batch, Duration.ofMinutes(10), keepChains, null);
  }

  /** The same, switched off. */
  void restartSwitchedOff() {
    restart(bench.store, POLICIES, properties(false));
  }

  /** Has the chains that never end leave at once, but for their newest lines. */
  public void keepNoChains() {
    keepChains = Duration.ofDays(-2); // today is before the day after tomorrow
    restart(bench.store);
  }

  void restart(Store store, Policies policies, RecordsProperties properties) {
    var settings =
        new AuditProperties(
            dir,
            null,
            Duration.ofMillis(10),
            Duration.ofMillis(10),
            Duration.ZERO,
            Duration.ofSeconds(60),
            200,
            "",
            "");
    var log = new AuditLog(store);
    checkpoints = new AuditCheckpoints(store, new Secrets(store), settings);
    files = new AuditFiles(store, log, checkpoints, settings);
    audit = new AuditArchives(store, log, new ChainCheck(log, store, settings), settings);
    state = new RecordsState();
    queue = new RecordsQueue(store, audit, properties, state);
    due =
        new RecordsDue(
            store,
            new Keeping(policies, ComplianceSettings.defaults(), properties),
            audit,
            properties,
            state);
    steps = new RecordsSteps(store, audit, queue, due, state);
    tidy = new RecordsTidy(store, audit);
    chainArchives = new ChainArchives(store, settings);
    chains = new RecordsChains(store, chainArchives, queue, properties);
  }

  /** A campaign that was launched, paced and stopped, and that nobody looks after any more. */
  public String ended(String name, Instant at, int lines, int decisions) {
    return ended(name, null, at, lines, decisions);
  }

  String ended(String name, String key, Instant at, int lines, int decisions) {
    String id = active(name, key);
    for (int i = 0; i < lines; i++) {
      change(id);
    }
    end(id, at, decisions);
    return id;
  }

  /** A campaign that runs. */
  public String active(String name) {
    return active(name, null);
  }

  /** Its pacing changes. */
  public void change(String id) {
    bench.store.write(
        tx ->
            bench.campaigns.pacingChanged(
                tx,
                id,
                new PacingChange(
                    tx.now() + random.nextInt(1_000_000),
                    Math.round(random.nextDouble() * 1_000) / 100.0,
                    "%.2f %% abandoned, %d agents idle"
                        .formatted(random.nextDouble() * 3, random.nextInt(30))),
                Map.of("idleAgents", random.nextInt(30), "abandonment", random.nextDouble() / 30)));
  }

  /** It is stopped, and nobody looks after it any more. */
  public void end(String id, Instant at, int decisions) {
    bench.store.write(
        tx -> {
          tx.sql()
              .sql(
                  "insert into pacing (campaign_id, pool_id, seq, rate, changed_at) values (?,"
                      + " 'pool-1', ?, 1, ?) on conflict (campaign_id) do update set due_at = null")
              .params(id, decisions, tx.now())
              .update();
          for (int i = 1; i <= decisions; i++) {
            tx.sql()
                .sql("insert into pacing_decision (campaign_id, seq, decision) values (?, ?, ?)")
                .params(id, i, decision(random))
                .update();
          }
          return null;
        });
    bench.commands.give(id, Command.STOP, CampaignFixture.DESK);
    bench.carriedOut(bench.claimLater(PriorityClass.COMMAND, id), "STOPPED");
    bench.set(id, "lane = null, claim_token = null, stage_at = " + at.toEpochMilli());
  }

  private String active(String name, String key) {
    Campaign active =
        key == null
            ? bench.active(name)
            : bench.active(CampaignFixture.request(name, "'externalId':'" + key + "'"));
    return active.id();
  }

  /** So long ago that no policy wants the records any more. */
  static Instant longAgo() {
    return OffsetDateTime.now(ZoneOffset.UTC).minus(Period.of(5, 0, 2)).toInstant();
  }

  /** Brings all lines into their files and under a checkpoint, as the routes do. */
  public void project() throws IOException {
    do {
      for (AuditBatch each = files.claim(); !each.isEmpty(); each = files.claim()) {
        for (AuditFile file : each.files()) {
          files.checkTail(file);
          for (byte[] line : file.missing()) {
            Files.write(
                dir.resolve(file.fileName()),
                line,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
          }
          files.written(file);
          files.release(file);
        }
        files.markWritten(each);
      }
    } while (checkpoints.writeCheckpoint() > 0);
  }

  /** What the routes do with one tick. */
  public void tick() throws IOException {
    RecordsRun run = queue.claim();
    while (!run.isNone()) {
      queue.cleanUp(run);
      tidy.lines();
      tidy.files();
      due.choose(run);
      if (!run.campaigns().isEmpty()) {
        steps.archive(run);
        steps.verify(run);
        steps.remove(run);
      }
      chains.archive(run);
      chains.verify(run);
      chains.remove(run);
      run = queue.next(run);
    }
  }

  /** Has the next tick come at once, as when its time has come and a lease has ended. */
  public void dueNow() {
    bench.store.write(
        tx -> tx.sql().sql("update records_job set due_at = 0, claim_token = null").update());
  }

  /** Ticks until all that is due has left, and nothing remains of it. */
  public void leave() throws IOException {
    for (int i = 0; i < 3; i++) {
      project();
      dueNow();
      tick();
    }
    project();
  }

  public long count(String sql) {
    return bench.store.read().sql("select count(*) from " + sql).query(Long.class).single();
  }

  List<Path> archives() throws IOException {
    Path folder = dir.resolve("archive");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  /** How 'audit verify' ended, and what it printed. */
  record Verified(int code, String out) {}

  Verified verify(Object... options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    Object[] words = Stream.concat(Stream.of("audit", "verify", dir), Stream.of(options)).toArray();
    int code = CliRun.of(printed, printed, words);
    return new Verified(code, out.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    bench.close();
  }
}
