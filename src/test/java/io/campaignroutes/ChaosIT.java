package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.campaignroutes.benchmark.DestinationsFile;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.benchmark.StubDestination;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.sandbox.StubCxone.Activation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGTERM, SIGKILL and a full disk at random moments of launches, running campaigns, commands and
 * events. CXone does everything right here, so whatever is amiss afterwards is the service's doing.
 * {@code -Dchaos.each=30} is the long run: so many of each, with 300 launches and 50 campaigns that
 * run; {@code -Dchaos.seed=...} repeats the moments of a run, {@code
 * -Dchaos.causes=SIGTERM,SIGKILL} leaves the others out.
 */
class ChaosIT {
  private static final int EACH = Integer.getInteger("chaos.each", 0);
  private static final boolean LONG = EACH > 0;
  private static final int LAUNCHES = LONG ? 300 : 60;
  private static final int RUNNING = LONG ? 50 : 15;
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration GOES_ON = Duration.ofSeconds(30);
  private static final Duration SETTLES = Duration.ofSeconds(120);
  private static final String TOKEN = "chaos-token-41c9";
  private static final String SECRET = "whsec_Y2hhb3MtaXQtY2hhb3MtaXQtY2hhb3MtaXQtMTIzNDU2Nzg=";

  /**
   * Idle agents that never change while calls are connected would be taken for all staffed ones.
   */
  private static JsonNode figures() {
    return JSON.createObjectNode()
        .put("connectedCalls", 2)
        .put("abandonedCalls", 0)
        .put("avgHandleTime", 180)
        .put("availableAgents", ThreadLocalRandom.current().nextInt(8, 11));
  }

  private static final String[] SETTINGS = {
    "--launch.settle-grace=500ms",
    "--launch.retry-initial=100ms",
    "--launch.retry-max=1s",
    "--launch.look-period=" + (LONG ? "5s" : "2s"),
    "--pacing.period=" + (LONG ? "5s" : "2s"),
    "--inbox.settle=300ms"
  };

  /** What happens to the service. */
  private enum Cause {
    SIGTERM,
    SIGKILL,
    FULL_DISK
  }

  @TempDir private Path temp;
  private Random random;
  private Path data;
  private boolean mounted;
  private Path log;
  private StubCxone cxone;
  private volatile ServiceProcess service;
  private volatile ServiceClient client;
  private String destinations;

  private final Queue<String> toPost = new ConcurrentLinkedQueue<>();
  private final Queue<Map.Entry<String, List<String>>> toDrop = new ArrayDeque<>();
  private final Set<String> expected = new TreeSet<>();
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

  /** When the figures of a campaign were asked for last, by its name. */
  private final Map<String, Long> asked = new ConcurrentHashMap<>();

  private final Map<Cause, Integer> happened = new EnumMap<>(Cause.class);
  private final List<String> untrue = new ArrayList<>();
  private final Map<String, Long> checked = new HashMap<>();
  private final List<Long> recoveries = new ArrayList<>();
  private Path copies;
  private final List<Path> kept = new ArrayList<>();

  @Test
  void whateverEndsOrFillsUpNothingIsLostDoubledOrUntrue() throws Exception {
    long seed = Long.getLong("chaos.seed", System.nanoTime());
    System.out.println("ChaosIT: repeat with -Dchaos.seed=" + seed);
    random = new Random(seed);
    log = Path.of("target", "chaos-it.log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    copies = Files.createDirectories(temp.resolve("copies"));
    data = Files.createDirectories(temp.resolve("data"));
    mounted = mount(data, LONG ? "256m" : "48m");
    if (!mounted) {
      System.out.println("ChaosIT: no file system can be mounted here; the full disk is left out.");
    }
    cxone = new StubCxone(seed);
    cxone.activation(Activation.after(Duration.ofSeconds(2))); // so that some are always under way
    cxone.figures(
        campaign -> {
          asked.put(campaign.name(), System.nanoTime());
          return figures();
        });
    plan();
    var sink = new EventSink();
    try (var destination = new StubDestination(sink);
        var events = new EventSource(TOKEN, () -> service)) {
      cxone.watch(events::changed);
      destinations =
          DestinationsFile.write(
              temp.resolve("destinations.yaml"),
              List.of(new DestinationsFile.Destination("sink", destination.url(), SECRET, 16)));
      start();
      for (int n = 0; n < RUNNING; n++) {
        take("running " + n);
      }
      await("what runs is ACTIVE")
          .atMost(START)
          .until(() -> client.all("/campaigns?status=ACTIVE").size() == running().size());

      var steering =
          new Steering(seed, () -> client, name -> name.hashCode() % 3 == 0, LONG ? 1_000 : 200)
              .start();
      CompletableFuture<?> posting = CompletableFuture.runAsync(this::postAll);
      for (Cause cause : causes()) {
        dropSome();
        pause(200 + random.nextInt(1_800));
        happen(cause);
        copyCheckpoint();
        noteUntrueDecisions(20);
      }
      while (!toDrop.isEmpty()) {
        dropSome();
      }
      steering.end();
      posting.get();
      assertAllSettles(steering, events, sink);
      assertThat(service.stop(Duration.ofSeconds(30))).as("it ends when asked to").isTrue();
      assertAuditVerifies();
    }
  }

  @AfterEach
  void tidyUp() throws Exception {
    if (service != null) {
      service.close();
    }
    if (cxone != null) {
      cxone.close();
    }
    if (mounted) {
      new ProcessBuilder("umount", "-l", data.toString()).inheritIO().start().waitFor();
    }
  }

  // What is handed in

  private void plan() {
    for (int n = 0; n < LAUNCHES; n++) {
      String name = "launch " + n;
      if (n % 15 == 7) {
        cxone.activation(name, Activation.to("ERROR", "AGENT_POOL_UNAVAILABLE"));
      }
      expected.add(name);
      if (n % 2 == 0) {
        toPost.add(name);
      } else if (n % 4 == 1) {
        toDrop.add(Map.entry("file-" + n + ".json", List.of(name)));
      } else if (n % 20 == 3) {
        List<String> lines = new ArrayList<>();
        for (int line = n; line < Math.min(LAUNCHES, n + 20); line += 4) {
          lines.add("launch " + line);
        }
        toDrop.add(Map.entry("lines-" + n + ".ndjson", lines));
      }
    }
  }

  private boolean fails(String name) {
    return name.startsWith("launch ") && Integer.parseInt(name.substring(7)) % 15 == 7;
  }

  private void take(String name) {
    ServiceClient.Answer answer = client.take(name);
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
    expected.add(name);
  }

  private List<String> running() {
    return expected.stream().filter(name -> name.startsWith("running ")).toList();
  }

  /** Posts everything, each until it is answered 202, spread over the causes. */
  private void postAll() {
    long gap = (LONG ? 6_000L * EACH : 12_000) / toPost.size();
    while (!toPost.isEmpty()) {
      pause(1 + gap);
      ServiceClient now = client;
      if (now == null) {
        continue;
      }
      String name = toPost.peek();
      try {
        ServiceClient.Answer answer = now.take(name);
        if (answer.status() == 202) {
          acknowledged.put(name, answer.body().path("campaignId").asText());
          toPost.remove();
        } else {
          assertThat(answer.status()).as("%s", answer.body()).isGreaterThanOrEqualTo(500);
        }
      } catch (RuntimeException e) {
        // away: the same key once more
      }
    }
  }

  /** Some of the files; where the disk is full, later. */
  private void dropSome() throws IOException {
    int files = LONG ? 2 : 5;
    for (int n = 0; n < files && !toDrop.isEmpty(); n++) {
      Map.Entry<String, List<String>> file = toDrop.peek();
      StringBuilder text = new StringBuilder();
      if (file.getKey().endsWith(".json") && random.nextBoolean()) {
        ArrayNode all = JSON.createArrayNode();
        file.getValue().forEach(name -> all.add(request(name)));
        text.append(all);
      } else {
        file.getValue().forEach(name -> text.append(request(name)).append('\n'));
      }
      Path inbox = Files.createDirectories(data.resolve("inbox"));
      Path draft = Files.writeString(inbox.resolve(file.getKey() + ".tmp"), text);
      Files.move(draft, inbox.resolve(file.getKey()), StandardCopyOption.ATOMIC_MOVE);
      toDrop.remove();
    }
  }

  // What happens

  private List<Cause> causes() {
    List<Cause> causes = new ArrayList<>();
    if (LONG) {
      for (Cause cause : Cause.values()) {
        causes.addAll(Collections.nCopies(EACH, cause));
      }
    } else {
      causes.addAll(List.of(Cause.SIGTERM, Cause.SIGTERM, Cause.SIGKILL, Cause.FULL_DISK));
    }
    String only = System.getProperty("chaos.causes", "");
    causes.removeIf(
        cause ->
            cause == Cause.FULL_DISK && !mounted
                || !only.isEmpty() && !List.of(only.split(",")).contains(cause.name()));
    Collections.shuffle(causes, random);
    return causes;
  }

  private void happen(Cause cause) throws Exception {
    switch (cause) {
      case SIGTERM -> {
        ServiceProcess was = service;
        assertThat(was.stop(Duration.ofSeconds(40))).as("it ends when asked to").isTrue();
        start();
      }
      case SIGKILL -> {
        service.kill();
        start();
      }
      case FULL_DISK -> {
        Path filler = data.resolve("filler");
        fill(filler);
        pause(1_000 + random.nextInt(LONG ? 7_000 : 3_000));
        fill(filler); // what was freed meanwhile
        pause(500);
        Files.delete(filler);
        assertGoesOn();
      }
    }
    happened.merge(cause, 1, Integer::sum);
  }

  private void start() throws Exception {
    client = null;
    Map<String, String> environment = new HashMap<>(cxone.environment());
    environment.put("WEBHOOK_TOKEN", TOKEN);
    environment.put("ALLOW_PRIVATE_DESTINATIONS", "true");
    environment.put("DELIVERY_RETRY_SCHEDULE", String.join(",", Collections.nCopies(20, "1s")));
    List<String> settings = new ArrayList<>(List.of(SETTINGS));
    settings.add(destinations);
    service =
        ServiceProcess.start(
                PackagedService.command("-Xmx256m"),
                data,
                environment,
                log,
                settings.toArray(new String[0]))
            .awaitReady(START);
    client = new ServiceClient(service);
  }

  /** Once there is room again everything goes on by itself, without a restart. */
  private void assertGoesOn() {
    long freed = System.nanoTime();
    String probe = "probe " + happened.getOrDefault(Cause.FULL_DISK, 0);
    await("a campaign is taken after the disk was full")
        .atMost(GOES_ON)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(() -> client.take(probe).status() == 202);
    expected.add(probe);
    await("it is launched after the disk was full")
        .atMost(GOES_ON)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> client.stage(probe).equals("ACTIVE"));
    await("all that dials is paced after the disk was full")
        .atMost(GOES_ON)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () ->
                assertThat(
                        cxone.campaigns().stream()
                            .filter(c -> c.course().get(c.course().size() - 1).dialing())
                            .map(StubCampaign::name)
                            .filter(name -> asked.getOrDefault(name, 0L) - freed < 0))
                    .isEmpty());
    recoveries.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - freed));
  }

  /** The key is copied once and the newest checkpoint now and then: what careful operators do. */
  private void copyCheckpoint() throws IOException {
    Path audit = data.resolve("audit");
    Path key = copies.resolve("checkpoint.pub");
    if (!Files.exists(key)) {
      Files.copy(audit.resolve("checkpoint.pub"), key);
    }
    String all = Files.readString(audit.resolve("checkpoints.jsonl"));
    String whole = all.substring(0, all.lastIndexOf('\n') + 1);
    if (!whole.isEmpty()) {
      kept.add(
          Files.writeString(
              copies.resolve("checkpoint-" + kept.size() + ".jsonl"),
              whole.substring(whole.lastIndexOf('\n', whole.length() - 2) + 1)));
    }
  }

  /**
   * CXone has figures, agents and open hours all the time: nobody may decide, or say, otherwise.
   * Only that lines enough ring already, for a moment, is the law's own judgement of such figures.
   */
  private void noteUntrueDecisions(int most) {
    List<JsonNode> all = new ArrayList<>(client.all());
    Collections.shuffle(all, random);
    all.stream()
        .filter(campaign -> campaign.path("cxoneCampaignId").isTextual())
        .limit(most)
        .forEach(
            campaign -> {
              String id = campaign.path("id").asText();
              for (JsonNode decision :
                  client.get("/campaigns/" + id + "/pacing?limit=1000").body().path("items")) {
                long seq = decision.path("seq").asLong();
                if (seq > checked.getOrDefault(id, 0L)) {
                  boolean wrong =
                      decision.path("maxCallsPerSecond").asDouble() == 0
                              && !decision.path("clamp").asText().equals("COLD")
                          || decision.at("/inputs/missing").isTextual();
                  if (wrong) {
                    untrue.add(
                        "%s: %s (%s)"
                            .formatted(
                                campaign.path("name").asText(),
                                decision.path("reason").asText(),
                                decision.at("/inputs/missing").asText("nothing missing")));
                  }
                }
              }
              checked.put(
                  id,
                  client
                      .get("/campaigns/" + id + "/pacing?limit=1")
                      .body()
                      .at("/items/0/seq")
                      .asLong());
            });
  }

  // The disk

  private static boolean mount(Path folder, String size) throws Exception {
    try {
      return new ProcessBuilder(
                  "mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString())
              .inheritIO()
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such command
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[64 * 1024];
    for (int size = block.length; size >= 1; size /= 16) {
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        while (true) {
          out.write(block, 0, size);
        }
      } catch (IOException e) {
        if (!String.valueOf(e.getMessage()).contains("No space left")) {
          throw e;
        }
      }
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // What is so in the end

  private void assertAllSettles(Steering steering, EventSource events, EventSink sink)
      throws Exception {
    var agreement = new Agreement(client, cxone);
    Path inbox = data.resolve("inbox");
    await("everything is taken and settled")
        .atMost(SETTLES)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              assertThat(filesIn(inbox)).as("files left in the inbox").isEmpty();
              assertThat(client.all().stream().map(c -> c.path("name").asText()))
                  .containsExactlyInAnyOrderElementsOf(expected);
              assertThat(agreement.differences()).isEmpty();
              assertThat(wrongStages(steering)).isEmpty();
              assertThat(events.done()).as("every event is accepted").isTrue();
            });
    await("every accepted event is delivered")
        .atMost(SETTLES)
        .untilAsserted(
            () -> {
              Set<String> missing = new HashSet<>(events.accepted());
              missing.removeAll(sink.events());
              assertThat(missing).isEmpty();
            });
    await("here and at CXone is the same") // pacing may be about to hold one, or to release it
        .atMost(SETTLES)
        .untilAsserted(() -> assertThat(agreement.differences()).isEmpty());
    assertThat(cxone.doubles()).as("names that CXone has twice").isEmpty();
    assertThat(sink.wrong()).isEmpty();
    for (JsonNode campaign : client.all()) {
      String name = campaign.path("name").asText();
      assertThat(acknowledged.getOrDefault(name, campaign.path("id").asText()))
          .as("the id told for %s", name)
          .isEqualTo(campaign.path("id").asText());
    }
    noteUntrueDecisions(Integer.MAX_VALUE);
    long offset = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    untrue.addAll(agreement.untrueLines(ms -> TimeUnit.MILLISECONDS.toNanos(ms) + offset));
    int lines = 0;
    for (JsonNode campaign : client.all()) {
      for (JsonNode line : agreement.lines(campaign.path("id").asText())) {
        lines++;
        if (line.path("event").asText().equals("COMMAND_REFUSED")) {
          untrue.add(line.toString());
        }
      }
    }
    table(steering, events, sink, lines);
    assertThat(untrue).as("what audit and decisions say and was not so").isEmpty();
    assertThat(filesIn(inbox.resolve("failed"))).as("refused files").isEmpty();
  }

  /** Campaigns that are neither where they go by themselves nor where an operator sent them. */
  private List<String> wrongStages(Steering steering) {
    List<String> wrong = new ArrayList<>();
    for (JsonNode campaign : client.all()) {
      String name = campaign.path("name").asText();
      Set<String> possible =
          steering.possible(campaign.path("id").asText(), fails(name) ? "FAILED" : "ACTIVE");
      if (!possible.contains(campaign.path("stage").asText())) {
        wrong.add(
            "%s is %s and may be %s only; %s; %s"
                .formatted(
                    name,
                    campaign.path("stage").asText(),
                    possible,
                    campaign.path("failure"),
                    steering.told(campaign.path("id").asText())));
      }
    }
    return wrong;
  }

  /** With the key and each of the checkpoints that were kept elsewhere. */
  private void assertAuditVerifies() {
    assertThat(kept).isNotEmpty();
    for (Path checkpoint : kept) {
      var said = new ByteArrayOutputStream();
      var out = new PrintStream(said, true, StandardCharsets.UTF_8);
      int exit =
          CliRun.of(
              out,
              out,
              "audit",
              "verify",
              data.resolve("audit"),
              "--key",
              copies.resolve("checkpoint.pub"),
              "--checkpoint",
              checkpoint,
              "--lenient"); // what was written in the last minute is covered after the next start
      assertThat(exit).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }
  }

  private static List<String> filesIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }

  private void table(Steering steering, EventSource events, EventSink sink, int lines) {
    Map<String, Object> rows = new LinkedHashMap<>();
    happened.forEach((cause, times) -> rows.put(cause.name(), times));
    rows.put(
        "slowest recovery from a full disk, ms", recoveries.stream().max(Long::compare).orElse(0L));
    rows.put("campaigns running from the start", RUNNING);
    rows.put("campaigns launched meanwhile", expected.size() - RUNNING);
    rows.put("commands by outcome", steering.counts());
    Map<String, Integer> stages = new TreeMap<>();
    client.all().forEach(c -> stages.merge(c.path("stage").asText(), 1, Integer::sum));
    rows.put("campaigns by stage in the end", stages);
    rows.put("campaigns doubled at CXone", cxone.doubles().size());
    rows.put("events accepted", events.accepted().size());
    rows.put("posts of events without a 202", events.repeats());
    rows.put("events delivered", sink.events().size());
    rows.put("events delivered more than once", sink.doubles());
    rows.put("audit lines", lines);
    rows.put("untrue lines and decisions", untrue.size());
    rows.forEach((what, count) -> System.out.printf("ChaosIT: %-45s %s%n", what, count));
  }
}
