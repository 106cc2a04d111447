package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCxone;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the packaged service over and over while records leave its store, and counts: each campaign
 * is in one archive, once, and {@code audit verify} finds all as it was. {@code
 * -Drecords.kill.rounds=100} makes a long run of it, {@code -Drecords.kill.seed=...} repeats the
 * moments of a run.
 */
class RecordsKillIT {
  private static final int ROUNDS = Integer.getInteger("records.kill.rounds", 4);
  private static final int EACH = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What is over may leave at once. */
  private static final String[] SETTINGS = {
    "--records.keep-without-rule=P0D",
    "--records.period=100ms",
    "--records.batch=2",
    "--launch.look-period=1s"
  };

  @TempDir Path temp;

  private Path audit() {
    return temp.resolve("data/audit");
  }

  private ServiceProcess start(StubCxone cxone, Path log) throws IOException {
    return ServiceProcess.start(
        PackagedService.command(), temp.resolve("data"), cxone.environment(), log, SETTINGS);
  }

  @Test
  void killedAtAnyMomentNothingIsLostAndNothingIsDoubled() throws Exception {
    long seed = Long.getLong("records.kill.seed", System.nanoTime());
    System.out.println("-Drecords.kill.seed=" + seed);
    Random random = new Random(seed);
    Path log = Files.createDirectories(Path.of("target")).resolve("records-kill-it.log");
    Files.deleteIfExists(log);
    List<String> ids = new ArrayList<>();
    try (var cxone = new StubCxone(seed)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (ServiceProcess service = start(cxone, log)) {
          var client = new ServiceClient(service.awaitReady(PATIENCE));
          for (int i = 0; i < EACH; i++) {
            ServiceClient.Answer answer = client.create("Spring " + round + " " + i);
            assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
            ids.add(answer.body().path("campaignId").asText());
          }
          ids.subList(ids.size() - EACH, ids.size()).forEach(id -> client.command(id, "stop", 20));
          TimeUnit.MILLISECONDS.sleep(random.nextInt(6_000)); // the moment of the kill
          service.kill();
        }
        // a line that was being written is mended by the next start
        assertThat(verify()).matches("(?s)(INTACT|BROKEN:[^\n]*the last line is torn).*");
      }
      try (ServiceProcess service = start(cxone, log)) {
        var client = new ServiceClient(service.awaitReady(PATIENCE));
        await("all have left")
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  assertThat(client.all()).isEmpty();
                  assertThat(names(audit())).noneMatch(name -> name.startsWith("cmp_"));
                });
        ServiceClient.Answer gone = client.get("/campaigns/" + ids.get(0));
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.body().path("detail").asText()).contains("archive records-0");
        for (String part : List.of("/audit", "/pacing", "/metrics", "/contacts/summary")) {
          assertThat(client.get("/campaigns/" + ids.get(0) + part).status())
              .as(part)
              .isEqualTo(404);
        }
        ServiceClient.Answer again = client.take("Spring 0 0");
        assertThat(again.status()).as("the key of one that has left").isEqualTo(409);
        assertThat(client.text("/actuator/prometheus"))
            .contains("campaign_routes_records_archived_total", "campaign_routes_records_held 0.0");
        assertThat(service.stop(Duration.ofSeconds(60))).isTrue();
      }
    }
    Path key = temp.resolve("kept.pub");
    Files.copy(audit().resolve("checkpoint.pub"), key);
    assertThat(verify("--key", key)).startsWith("INTACT");
    String all = archived();
    assertThat(ids).hasSize(ROUNDS * EACH);
    assertThat(ids).allSatisfy(id -> assertThat(all).containsOnlyOnce("\"row\":{\"id\":\"" + id));
    assertThat(Files.readString(log).lines().filter(line -> line.contains(" ERROR "))).isEmpty();
  }

  private String verify(Object... options) {
    var out = new ByteArrayOutputStream();
    var printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    Object[] words =
        Stream.concat(Stream.of("audit", "verify", audit()), Stream.of(options)).toArray();
    CliRun.of(printed, printed, words);
    return out.toString(StandardCharsets.UTF_8);
  }

  private String archived() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name : names(audit().resolve("archive"))) {
      Path archive = audit().resolve("archive").resolve(name);
      try (var in = new GZIPInputStream(Files.newInputStream(archive))) {
        new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("{\"table\":\"campaign\","))
            .forEach(line -> all.append(line).append('\n'));
      }
    }
    return all.toString();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
