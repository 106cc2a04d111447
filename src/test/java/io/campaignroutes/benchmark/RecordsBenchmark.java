package io.campaignroutes.benchmark;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.campaignroutes.records.RecordsFixture;
import io.campaignroutes.store.TestStores;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Measures how large records are: in an embedded store, in audit files, in archives, and what of
 * them stays in the store when they have left.
 */
final class RecordsBenchmark extends Benchmark {
  private static final int A_YEAR = 365_000; // of 1,000 a day
  private static final int A_BATCH = 50;
  private static final int AT_ONCE = 50;

  private final int campaigns;
  private final int lines;
  private final int decisions;

  RecordsBenchmark(BenchmarkCommand.Options options, PrintStream out, PrintStream err)
      throws IOException {
    super(options, out, err);
    this.campaigns = Math.max(1, options.number("--campaigns"));
    this.lines = options.number("--lines");
    this.decisions = options.number("--decisions");
  }

  @Override
  void run() throws IOException {
    ((Logger) LoggerFactory.getLogger("ROOT")).setLevel(Level.WARN); // it runs in this process
    Path audit = temp.resolve("audit");
    try (TestStores.Opened opened = TestStores.sqlite(temp.resolve("store.db"));
        RecordsFixture records = new RecordsFixture(opened, audit, A_BATCH)) {
      records.project();
      long empty = used(records);
      OffsetDateTime ended = OffsetDateTime.now(ZoneOffset.UTC).minus(Period.of(5, 0, 2));
      for (int begun = 0; begun < campaigns; begun += AT_ONCE) {
        List<String> running = new ArrayList<>();
        for (int i = begun; i < Math.min(campaigns, begun + AT_ONCE); i++) {
          running.add(records.active("Spring " + i + " for the north of the country"));
        }
        for (int change = 0; change < lines; change++) {
          running.forEach(records::change);
          records.project(); // a checkpoint over all that have changed
        }
        for (String id : running) {
          records.end(id, ended.plusSeconds(begun).toInstant(), decisions);
        }
        records.project();
        err.println(begun + running.size() + " campaigns have ended");
      }
      long inStore = used(records) - empty;
      long files = size(audit, "cmp_");
      long checkpoints = size(audit, "checkpoints.jsonl");
      row(
          "campaigns, each with " + lines + " changes of pacing, " + decisions + " decisions",
          "%,d",
          campaigns);
      each("in the store, indexes and lines of checkpoints included", inStore);
      each("in audit files", files);
      each("in checkpoints.jsonl, each over the changes of " + AT_ONCE + " campaigns", checkpoints);
      long began = System.nanoTime();
      records.leave();
      double took = (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
      if (records.count("campaign") > 0 || size(audit, "cmp_") > 0) {
        throw new IOException("Not all have left");
      }
      each("archived", size(audit.resolve("archive"), "records-"));
      each("left in the store, lines of checkpoints included", used(records) - empty);
      records.keepNoChains();
      records.leave();
      Path archives = audit.resolve("archive");
      long chains = size(archives, "checkpoints-") + size(archives, "service-");
      each("checkpoints and the service's chain, archived", chains);
      each("left in the store for good", used(records) - empty);
      each("left in audit files: service.jsonl", size(audit, "service.jsonl"));
      figures.add(Figures.Kind.RATE, "campaigns/s that leave", campaigns / took);
      row("archived, verified and removed in a second", "%.0f campaigns", campaigns / took);
    }
    tell();
  }

  private void each(String what, long bytes) {
    figures.add(Figures.Kind.SIZE, what + ", bytes each", (double) bytes / campaigns);
    row(
        what,
        "%,d bytes each; %.1f GB for a year of 1,000 a day",
        bytes / campaigns,
        bytes / (double) campaigns * A_YEAR / 1e9);
  }

  /** Pages in use: a file does not shrink, it uses them again. */
  private static long used(RecordsFixture records) {
    return records
        .bench
        .store
        .read()
        .sql(
            "select (c.page_count - f.freelist_count) * s.page_size from pragma_page_count c,"
                + " pragma_freelist_count f, pragma_page_size s")
        .query(Long.class)
        .single();
  }

  private static long size(Path folder, String begins) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().startsWith(begins))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }
}
