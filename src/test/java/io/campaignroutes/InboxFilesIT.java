package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCxone;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drops files of all kinds into the inbox of two packaged services side by side, one in a UTF-8
 * locale and one in none. The files are the same in each run; {@code -Dinbox.seed=...} makes
 * others, {@code -Dinbox.files=...} fewer. Files without read permission are among them only where
 * the tests do not run as root, who may read everything.
 */
class InboxFilesIT {
  private static final int FILES = Integer.getInteger("inbox.files", 500);
  private static final int DROPPERS = 12;
  private static final int CHECKED = 5_000;
  private static final long SEED = 20260424;

  /** For a machine that has much else to do; each wait ends with what it waits for. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final String[] SETTINGS = {
    "--inbox.settle=700ms", "--inbox.chunk=5", "--cxone.rate-limit=0"
  };

  @TempDir private Path temp;

  @Test
  void eachFileEndsInOnePlaceWithOneVerdictAndEachGoodRequestIsLaunchedOnce() throws Exception {
    long seed = Long.getLong("inbox.seed", SEED);
    System.out.println("InboxFilesIT: repeat with -Dinbox.seed=" + seed);
    try (var cxone = new StubCxone(seed);
        Run utf8 = new Run("utf8", Map.of("LC_ALL", "C.UTF-8"), cxone, seed);
        Run plain = new Run("plain", Map.of("LC_ALL", "C", "LANG", "C"), cxone, seed)) {
      for (Run run : List.of(utf8, plain)) {
        run.service.awaitReady(LONGEST);
      }
      ExecutorService droppers = Executors.newFixedThreadPool(DROPPERS);
      List<Future<?>> dropped = new ArrayList<>();
      for (int i = 0; i < FILES; i++) {
        for (Run run : List.of(utf8, plain)) {
          dropped.add(droppers.submit(dropping(run.files.get(i))));
        }
      }
      for (Future<?> each : dropped) {
        each.get();
      }
      droppers.shutdown();
      for (Run run : List.of(utf8, plain)) {
        await(run.name)
            .atMost(LONGEST)
            .pollInterval(Duration.ofMillis(500))
            .untilAsserted(run::assertPlacesAndVerdicts);
        run.assertLaunchedOnce();
        run.assertLogIsShort();
      }
    }
  }

  @Test
  void aFileThatIsOnlyCheckedLaunchesNothingThoughTheServiceIsKilled() throws Exception {
    Path data = temp.resolve("check");
    Path inbox = data.resolve("inbox");
    Path file = Files.createDirectories(inbox.resolve("check")).resolve("all.ndjson");
    Path log = Path.of("target", "inbox-files-it-check.log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    Path draft = temp.resolve("all.tmp");
    try (BufferedWriter lines = Files.newBufferedWriter(draft)) {
      for (int n = 0; n < CHECKED; n++) {
        lines.write(ServiceClient.request("checked " + n).put("agentPoolId", "pool-1") + "\n");
      }
    }
    try (var cxone = new StubCxone(1)) {
      try (var service = checking(cxone, data, log)) {
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        await().atMost(LONGEST).until(() -> cxone.count(StubCxone.Call.POOL) > 0);
        service.kill();
      }
      assertThat(file).as("was read only in part").exists();
      try (var service = checking(cxone, data, log)) {
        await().atMost(LONGEST).until(() -> Files.exists(inbox.resolve("checked/all.ndjson")));
        JsonNode report =
            ServiceClient.JSON.readTree(
                Files.readAllBytes(inbox.resolve("checked/all.ndjson.check.json")));
        assertThat(report.path("valid").asBoolean()).isTrue();
        assertThat(report.path("good").asInt()).isEqualTo(CHECKED);
        assertThat(report.at("/pools/0/file/campaigns").asInt()).isEqualTo(CHECKED);
        assertThat(report.at("/warnings/0/message").asText()).contains("would share the 12 agents");
        assertThat(new ServiceClient(service).all()).isEmpty();
      }
      assertThat(cxone.campaigns()).isEmpty();
    }
  }

  private static ServiceProcess checking(StubCxone cxone, Path data, Path log) throws Exception {
    return ServiceProcess.start(
            PackagedService.command(), data, cxone.environment(), log, "--inbox.settle=300ms")
        .awaitReady(LONGEST);
  }

  private static Callable<Void> dropping(InboxFiles.Dropped file) {
    return () -> {
      file.drop();
      return null;
    };
  }

  /** A service, and what is dropped into its inbox. */
  private final class Run implements AutoCloseable {
    private final String name;
    private final Path inbox;
    private final Path log;
    private final ServiceProcess service;
    private final List<InboxFiles.Dropped> files;

    Run(String name, Map<String, String> locale, StubCxone cxone, long seed) throws IOException {
      this.name = name;
      this.inbox = Files.createDirectories(temp.resolve(name).resolve("inbox"));
      this.log = Path.of("target", "inbox-files-it-" + name + ".log");
      Files.createDirectories(log.getParent());
      Files.deleteIfExists(log);
      this.files =
          new InboxFiles(seed, name, inbox, Files.createDirectories(temp.resolve("drafts-" + name)))
              .make(FILES);
      Map<String, String> environment = new HashMap<>(cxone.environment());
      environment.putAll(locale);
      this.service =
          ServiceProcess.start(
              PackagedService.command(), inbox.getParent(), environment, log, SETTINGS);
    }

    /** Where contents lie, by their SHA-256; links and reports do not count. */
    private Map<String, List<Path>> places() {
      Map<String, List<Path>> places = new HashMap<>();
      for (Path folder : List.of(inbox, inbox.resolve("done"), inbox.resolve("failed"))) {
        if (Files.exists(folder)) {
          try (Stream<Path> all = Files.list(folder)) {
            all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                .forEach(
                    file -> places.computeIfAbsent(hash(file), h -> new ArrayList<>()).add(file));
          } catch (IOException | UncheckedIOException e) {
            throw new AssertionError("still moving", e);
          }
        }
      }
      return places;
    }

    void assertPlacesAndVerdicts() {
      Map<String, List<Path>> places = places();
      for (InboxFiles.Dropped file : files) {
        for (InboxFiles.Version version : file.versions) {
          List<Path> at = places.getOrDefault(hash(version.bytes()), List.of());
          List<String> folders = at.stream().map(path -> folder(path)).distinct().toList();
          if (version.mayBeMissed() && at.isEmpty()) {
            continue;
          }
          assertThat(at).as(file + " in places").hasSize(version.names());
          assertThat(folders).as(file.toString()).containsExactly(version.folder());
          at.forEach(path -> assertVerdict(file, version, path));
        }
      }
    }

    private String folder(Path path) {
      return path.getParent().equals(inbox) ? "inbox" : path.getParent().getFileName().toString();
    }

    private void assertVerdict(InboxFiles.Dropped file, InboxFiles.Version version, Path path) {
      boolean stays = version.folder().equals("inbox");
      assertThat(Files.exists(beside(path, ".error.json")))
          .as("%s has an error report", file)
          .isEqualTo(!stays && version.refused());
      assertThat(Files.exists(beside(path, ".result.json")))
          .as("%s has a result", file)
          .isEqualTo(!stays && !version.good().isEmpty());
    }

    private Path beside(Path path, String ending) {
      return Path.of(java.net.URI.create(path.toUri() + ending));
    }

    void assertLaunchedOnce() {
      Map<String, Long> launched =
          new ServiceClient(service)
              .all().stream()
                  .map(campaign -> campaign.path("name").asText())
                  .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
      Map<String, List<Path>> places = places();
      Map<String, Long> expected = new HashMap<>();
      for (InboxFiles.Dropped file : files) {
        for (InboxFiles.Version version : file.versions) {
          boolean read = places.containsKey(hash(version.bytes()));
          if (read && !version.folder().equals("inbox")) {
            version.good().forEach(campaign -> expected.put(campaign, 1L));
          }
        }
      }
      assertThat(launched).as(name).isEqualTo(expected);
    }

    void assertLogIsShort() throws IOException {
      List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      assertThat(lines)
          .noneMatch(line -> line.startsWith(InboxFiles.FORGED))
          .noneMatch(line -> line.startsWith("\tat "))
          .noneMatch(line -> line.contains(" ERROR "));
      Map<String, Long> told =
          lines.stream()
              .filter(line -> line.contains(" Inbox "))
              .flatMap(
                  line -> InboxFiles.TOKEN.matcher(line).results().map(r -> r.group()).distinct())
              .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
      for (InboxFiles.Dropped file : files) {
        assertThat(told.getOrDefault(file.token, 0L))
            .as(file + " in the log")
            .isBetween(file.told ? 1L : 0L, 3L * Math.max(1, file.versions.size()));
      }
    }

    @Override
    public void close() {
      service.close();
    }
  }

  private static String hash(Path file) {
    try {
      return hash(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
