package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.sandbox.StubFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the packaged service over and over at random moments, while CXone cuts connections before
 * and after doing the work, and counts. {@code -Dkill.seed=...} repeats the moments of a run.
 */
class KillIT {
  private static final int KILLS = 8;
  private static final int POSTED = 60;
  private static final int FILES = 20;
  private static final int LINES = 60;
  private static final Duration START = Duration.ofMinutes(3);
  private static final List<String> STAGES =
      List.of("RECEIVED", "CHECKED", "CREATED", "REGISTERED", "ACTIVATING", "ACTIVE");

  private static final JsonNode FIGURES =
      JSON.createObjectNode()
          .put("connectedCalls", 2)
          .put("abandonedCalls", 0)
          .put("avgHandleTime", 180)
          .put("availableAgents", 9);

  private static final String[] SETTINGS = {
    "--launch.settle-grace=500ms",
    "--launch.settle-time=1s",
    "--launch.lease=8s",
    "--cxone.call-deadline=2s",
    "--launch.retry-initial=100ms",
    "--launch.retry-max=1s",
    "--inbox.settle=300ms"
  };

  private final Queue<String> toPost = new ConcurrentLinkedQueue<>();
  private final Queue<Map.Entry<String, String>> toDrop = new ArrayDeque<>();
  private final List<String> expected = new ArrayList<>();

  /** Our id by name, as a 202 has told it. */
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

  @Test
  void killsNeitherLoseNorDoubleACampaign(@TempDir Path temp) throws Exception {
    long seed = Long.getLong("kill.seed", System.nanoTime());
    System.out.println("KillIT: repeat with -Dkill.seed=" + seed);
    var random = new Random(seed);
    Path data = temp.resolve("data");
    Path inbox = Files.createDirectories(data.resolve("inbox"));
    Path log = Path.of("target", "kill-it.log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    plan();
    List<String> command = PackagedService.command();
    Path lines = null;
    try (var cxone = new StubCxone(seed)) {
      cxone.figures(campaign -> FIGURES);
      cxone.fault(StubFault.cutBefore().likely(0.1));
      cxone.fault(StubFault.cutAfter().likely(0.1));
      cxone.fault(StubFault.errorBefore(503).likely(0.05));
      cxone.fault(StubFault.throttled(1).likely(0.05));
      for (int kill = 1; kill <= KILLS; kill++) {
        try (var service =
            ServiceProcess.start(command, data, cxone.environment(), log, SETTINGS)) {
          if (kill % 4 == 0) {
            pause(500 + random.nextInt(4_500)); // some during the start, or right after
            service.kill();
            continue;
          }
          service.awaitReady(START);
          for (int n = 0; n < FILES / KILLS + 1 && !toDrop.isEmpty(); n++) {
            drop(inbox, toDrop.remove());
          }
          if (kill == 2) {
            lines = drop(inbox, lines());
          }
          CompletableFuture<?> handedIn = handIn(service, POSTED / KILLS + 2);
          pause(500 + random.nextInt(2_500));
          service.kill();
          handedIn.get();
        }
      }

      while (!toDrop.isEmpty()) {
        drop(inbox, toDrop.remove());
      }
      try (var service = ServiceProcess.start(command, data, cxone.environment(), log, SETTINGS)) {
        service.awaitReady(START);
        var client = new ServiceClient(service);
        cxone.noFaults();
        handIn(service, Integer.MAX_VALUE).get();
        await("all are ACTIVE")
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(200))
            .untilAsserted(
                () ->
                    assertThat(stages(client))
                        .as("campaigns by stage")
                        .isEqualTo(Map.of("ACTIVE", expected.size())));
        await("all files are taken")
            .atMost(Duration.ofSeconds(10))
            .until(() -> filesIn(inbox).isEmpty());

        assertNoneLostNoneDoubled(client, cxone);
        assertHistoryAndAudit(client, data.resolve("audit"));
        assertRatesAgree(client, cxone);
        assertFilesAreDone(inbox);
        assertTheSameLinesAgainLaunchNothing(inbox, client, cxone);
        assertThat(service.stop(Duration.ofSeconds(30))).as("it ends when asked to").isTrue();
      }
    }
    assertChainIntact(data.resolve("audit"));
    assertThat(Files.readString(log).lines().filter(l -> l.contains(" ERROR "))).isEmpty();
  }

  private void plan() {
    for (int n = 0; n < POSTED; n++) {
      toPost.add("posted " + n);
    }
    for (int n = 0; n < FILES; n++) {
      ArrayNode many = JSON.createArrayNode();
      for (int entry = 0; entry < (n % 4 == 0 ? 3 : 1); entry++) {
        many.add(request("file " + n + "." + entry));
        expected.add("file " + n + "." + entry);
      }
      toDrop.add(
          Map.entry(
              "file-" + n + ".json", many.size() == 1 ? many.get(0).toString() : many.toString()));
    }
    expected.addAll(toPost);
    for (int n = 0; n < LINES; n++) {
      expected.add("line " + n);
    }
  }

  private static Map.Entry<String, String> lines() {
    var text = new StringBuilder();
    for (int n = 0; n < LINES; n++) {
      text.append(request("line " + n)).append('\n');
    }
    return Map.entry("lines.ndjson", text.toString());
  }

  private static Path drop(Path inbox, Map.Entry<String, String> file) throws IOException {
    Path draft = Files.writeString(inbox.resolve(file.getKey() + ".tmp"), file.getValue());
    return Files.move(draft, inbox.resolve(file.getKey()), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The moments of the kills are what is tested: they are waited for and nothing else is. */
  private static void pause(long millis) {
    await()
        .pollDelay(Duration.ofMillis(millis))
        .atMost(Duration.ofMillis(millis + 1_000))
        .until(() -> true);
  }

  /** Posts campaigns until enough are acknowledged or the service is gone. */
  private CompletableFuture<?> handIn(ServiceProcess service, int most) {
    var client = new ServiceClient(service);
    return CompletableFuture.runAsync(
        () -> {
          for (int n = 0; n < most && service.isAlive() && !toPost.isEmpty(); n++) {
            String name = toPost.peek();
            try {
              ServiceClient.Answer answer = client.take(name);
              assertThat(answer.status()).as("answer %s", answer.body()).isEqualTo(202);
              String id = answer.body().path("campaignId").asText();
              assertThat(acknowledged.putIfAbsent(name, id)).isNull();
              toPost.remove();
            } catch (UncheckedIOException e) {
              // killed: the same key once more with the next start
            }
          }
        });
  }

  private static Map<String, Integer> stages(ServiceClient client) {
    Map<String, Integer> stages = new TreeMap<>();
    client.all().forEach(c -> stages.merge(c.path("stage").asText(), 1, Integer::sum));
    return stages;
  }

  private void assertNoneLostNoneDoubled(ServiceClient client, StubCxone cxone) {
    Map<String, String> remoteIds = new HashMap<>();
    for (JsonNode campaign : client.all()) {
      String name = campaign.path("name").asText();
      assertThat(remoteIds.put(name, campaign.path("cxoneCampaignId").asText()))
          .as("a second campaign %s here", name)
          .isNull();
      String id = acknowledged.getOrDefault(name, campaign.path("id").asText());
      assertThat(campaign.path("id").asText()).as("the id told for %s", name).isEqualTo(id);
    }
    assertThat(acknowledged).hasSize(POSTED);
    assertThat(remoteIds.keySet()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(cxone.doubles()).as("names that CXone has twice").isEmpty();
    Map<String, String> atCxone = new HashMap<>();
    for (StubCampaign campaign : cxone.campaigns()) {
      atCxone.put(campaign.name(), campaign.id());
      // without figures its pacing may hold it by now
      assertThat(campaign.asked()).as(campaign.name()).startsWith("ACTIVE");
    }
    assertThat(atCxone).isEqualTo(remoteIds);
    assertThat(cxone.webhooks().stream().map(StubCxone.Webhook::name))
        .containsExactlyInAnyOrderElementsOf(
            remoteIds.values().stream().map(id -> "CampaignSync_" + id).toList());
  }

  private void assertHistoryAndAudit(ServiceClient client, Path audit) {
    for (JsonNode campaign : client.all()) {
      String id = campaign.path("id").asText();
      // one that CXone shows ACTIVE in its very answer to the activation never was ACTIVATING here
      List<String> stages = client.stages(id);
      assertThat(stages)
          .as("history of %s", id)
          .isIn(STAGES, STAGES.stream().filter(s -> !s.equals("ACTIVATING")).toList());
      JsonNode by = handedInBy(campaign.path("name").asText());
      assertThat(client.get("/campaigns/" + id).body().path("history"))
          .as("history of %s", id)
          .allSatisfy(entry -> assertThat(entry.path("by")).isEqualTo(by));
      String lines = client.text("/campaigns/" + id + "/audit");
      assertThat(lines.lines().map(KillIT::event).filter("CAMPAIGN_ACTIVE"::equals))
          .as("CAMPAIGN_ACTIVE lines of %s", id)
          .hasSize(1);
      assertThat(lines.lines().map(KillIT::event).filter(e -> e.startsWith("CAMPAIGN_")))
          .as("events of %s", id)
          .containsExactlyElementsOf(stages.stream().map(s -> "CAMPAIGN_" + s).toList());
      await("audit file of " + id)
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThat(audit.resolve(id + ".jsonl"))
                      .hasContent(client.text("/campaigns/" + id + "/audit"))
                      .isRegularFile());
    }
  }

  /** What a kill left open of a change of pacing is settled: here and at CXone is the same rate. */
  private static void assertRatesAgree(ServiceClient client, StubCxone cxone) {
    var agreement = new Agreement(client, cxone);
    for (StubCampaign campaign : cxone.campaigns()) {
      await("rate of " + campaign.name())
          .atMost(Duration.ofSeconds(20))
          .until(() -> agreement.sameRate(campaign));
    }
  }

  private JsonNode handedInBy(String name) {
    if (acknowledged.containsKey(name)) {
      return JSON.createObjectNode().put("name", "anonymous");
    }
    String file =
        name.startsWith("line ")
            ? "lines.ndjson"
            : name.replaceAll("file (\\d+)\\..*", "file-$1.json");
    return JSON.createObjectNode().put("name", file).put("kind", "inbox");
  }

  private static String event(String line) {
    try {
      return JSON.readTree(line).path("event").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  private static List<String> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private void assertFilesAreDone(Path inbox) throws IOException {
    List<String> names = new ArrayList<>(List.of("lines.ndjson", "lines.ndjson.result.json"));
    for (int n = 0; n < FILES; n++) {
      names.add("file-" + n + ".json");
      names.add("file-" + n + ".json.result.json");
    }
    Collections.sort(names);
    assertThat(filesIn(inbox.resolve("done"))).isEqualTo(names);
    if (Files.exists(inbox.resolve("failed"))) {
      assertThat(filesIn(inbox.resolve("failed"))).isEmpty();
    }
    var reported = new TreeSet<String>();
    for (String name : names) {
      if (name.endsWith(".result.json")) {
        JSON.readTree(inbox.resolve("done").resolve(name).toFile())
            .path("campaigns")
            .forEach(c -> assertThat(reported.add(c.path("name").asText())).isTrue());
      }
    }
    var handedInAsFiles = new TreeSet<>(expected);
    handedInAsFiles.removeAll(acknowledged.keySet());
    assertThat(reported).isEqualTo(handedInAsFiles);
  }

  private void assertTheSameLinesAgainLaunchNothing(
      Path inbox, ServiceClient client, StubCxone cxone) throws IOException {
    int creates = cxone.count(StubCxone.Call.CREATE);
    drop(inbox, Map.entry("again.ndjson", lines().getValue()));
    await("the file is taken")
        .atMost(Duration.ofSeconds(15))
        .until(() -> filesIn(inbox.resolve("done")).contains("again.ndjson"));
    assertThat(client.all()).hasSize(expected.size());
    assertThat(cxone.count(StubCxone.Call.CREATE)).isEqualTo(creates);
  }

  private static void assertChainIntact(Path audit) {
    var said = new ByteArrayOutputStream();
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    int exit = CliRun.of(out, out, "audit", "verify", audit);
    assertThat(exit).as(said.toString(StandardCharsets.UTF_8)).isZero();
  }
}
