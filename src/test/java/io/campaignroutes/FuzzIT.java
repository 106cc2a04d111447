package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.fuzz.Caller;
import io.campaignroutes.fuzz.FuzzInput;
import io.campaignroutes.fuzz.FuzzInput.Door;
import io.campaignroutes.fuzz.FuzzTable;
import io.campaignroutes.fuzz.InboxDrops;
import io.campaignroutes.fuzz.Requests;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.witness.Witnesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.StopWatch;

/**
 * The packaged service is given what nobody should send it, at each of its doors. {@code
 * -Dfuzz.inputs=200000} is the long run, {@code -Dfuzz.seed=...} another one. What has once found a
 * fault lies in {@code src/test/resources/fuzz} and comes first.
 */
class FuzzIT {
  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 5_000);
  private static final boolean LONG = INPUTS >= 50_000;
  private static final long SEED = 20261129;
  private static final int CALLERS = 6;
  private static final int LAUNCHERS = 40;
  private static final int MOST_WAITING = 60;
  private static final long EVENTS = 10_000_000;
  private static final long ENTRIES = 20_000_000;
  private static final long ANSWERS = 30_000_000;
  private static final String KEY = "fuzz-key-71c3";
  private static final String TOKEN = "fuzz-token-9ab4";
  private static final Path CONFIG = Path.of("config");
  private static final Path CORPUS = Path.of("src/test/resources/fuzz");
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private static final JsonNode FIGURES =
      ServiceClient.JSON
          .createObjectNode()
          .put("connectedCalls", 20)
          .put("abandonedCalls", 0)
          .put("avgHandleTime", 180)
          .put("availableAgents", 9);

  /** A look that is waited for longest comes after half a minute. */
  private static final Duration AGREES = Duration.ofSeconds(90);

  private static final Pattern DRAFT =
      Pattern.compile(
          "(?<name>\\S+) (is at CXone and not here|\\(cmp_\\w+\\) is shown as FAILED, .*"
              + "\"code\":\"CAMPAIGN_NOT_FOUND\".*, and CXone has no such campaign)",
          Pattern.DOTALL);

  @TempDir private Path temp;
  private final FuzzTable table = new FuzzTable();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final Set<String> wrongRequests = ConcurrentHashMap.newKeySet();
  private final long seed = Long.getLong("fuzz.seed", SEED);
  private Requests requests;
  private ServiceProcess service;

  @Test
  void whateverIsSentNothingBreaksAndNothingWrongIsLaunched() throws Exception {
    System.out.println("FuzzIT: repeat with -Dfuzz.inputs=" + INPUTS + " -Dfuzz.seed=" + seed);
    Path log = Path.of("target", "fuzz-it.log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    Path inbox = Files.createDirectories(temp.resolve("data/inbox"));
    ServiceProcess.witnessedBy(Witnesses.ofHostileCallers());
    try (var cxone = new StubCxone(seed)) {
      cxone.answerDelay(Duration.ZERO);
      Map<String, String> environment = new HashMap<>(cxone.environment());
      environment.put("THROTTLE_PERIOD", "1s");
      environment.put("ACTIVATION_TIMEOUT", "4s");
      environment.put("API_KEY", KEY);
      environment.put("WEBHOOK_TOKEN", TOKEN);
      try (var started =
          ServiceProcess.start(
                  PackagedService.command("-Xmx192m", "-XX:TieredStopAtLevel=" + (LONG ? 4 : 1)),
                  temp.resolve("data"),
                  environment,
                  log,
                  "--inbox.settle=300ms",
                  "--launch.settle-grace=500ms",
                  "--launch.settle-time=1s",
                  "--launch.retry-initial=100ms",
                  "--launch.retry-max=1s",
                  "--launch.look-period=1s",
                  "--cxone.call-deadline=2s",
                  "--cxone.pool-cache=1ms")
              .awaitReady(LONGEST)) {
        service = started;
        var client = new ServiceClient(service, KEY);
        assertThat(client.create("before all").status()).isEqualTo(201);
        List<String> known = List.of(client.named("before all").path("id").asText());
        requests = new Requests(CONFIG, known, seed, KEY, TOKEN);
        var drops =
            new InboxDrops(CONFIG, inbox, Files.createDirectories(temp.resolve("drafts")), seed);
        List<Long> heap = new ArrayList<>();
        kept(drops);
        var watch = new StopWatch();
        for (int quarter = 0; quarter < 4; quarter++) {
          watch.start("quarter " + quarter);
          send(quarter, drops);
          await("the inbox to be empty").atMost(LONGEST).until(() -> drops.waiting() == 0);
          heap.add(liveBytes());
          watch.stop();
          System.out.printf(
              "FuzzIT: %,d over HTTP so far, %d faults, %,d bytes live, %d s%n",
              table.all(), faults.size(), heap.get(quarter), (long) watch.getTotalTimeSeconds());
        }
        drops.judge(table, faults::add);
        checkTaken(client, drops);
        watch.start("answers");
        answers(cxone, client);
        watch.stop();
        heap.add(liveBytes());
        System.out.println(table);
        System.out.println(watch.prettyPrint(TimeUnit.SECONDS));
        System.out.println("FuzzIT: live bytes after each quarter: " + heap);
        cxone.noFaults();
        await("what is shown to be so")
            .atMost(AGREES)
            .untilAsserted(
                () ->
                    assertThat(new Agreement(client, cxone).differences())
                        .filteredOn(difference -> !isDraftLeftBehind(cxone, difference))
                        .isEmpty());
        assertThat(client.create("after all").status()).isEqualTo(201);
        assertThat(client.get("/actuator/health").body().path("status").asText()).isEqualTo("UP");
        assertSoftly(
            softly -> {
              softly.assertThat(faults).isEmpty();
              softly
                  .assertThat(heap.get(3))
                  .as("live bytes at the end")
                  .isLessThan(heap.get(0) * 6 / 5 + (16 << 20));
            });
        assertThat(service.stop(Duration.ofSeconds(30))).as("it ends when asked to").isTrue();
      }
    }
  }

  /** What has once found a fault. */
  private void kept(InboxDrops drops) throws IOException {
    for (Door door : List.of(Door.HTTP, Door.WEBHOOK)) {
      try (Stream<Path> files = Files.list(CORPUS.resolve(door.name().toLowerCase()))) {
        Iterator<FuzzInput> inputs =
            files
                .sorted()
                .map(
                    file ->
                        new FuzzInput(
                            -1, door, "kept: " + file.getFileName(), true, true, bytes(file)))
                .toList()
                .iterator();
        call(() -> inputs.hasNext() ? inputs.next() : null);
      }
    }
    try (Stream<Path> files = Files.list(CORPUS.resolve("inbox"))) {
      for (Path file : files.sorted().toList()) {
        drops.drop(file.getFileName().toString(), bytes(file));
      }
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A quarter of what comes over HTTP and into the inbox. */
  private void send(int quarter, InboxDrops drops) throws Exception {
    long api = INPUTS * 52L / 100 / 4;
    long events = INPUTS * 21L / 100 / 4;
    long entries = INPUTS * 25L / 100 / 4;
    var next = new AtomicLong();
    ExecutorService workers = Executors.newFixedThreadPool(CALLERS + 1);
    List<Future<?>> all = new ArrayList<>();
    for (int n = 0; n < CALLERS; n++) {
      all.add(
          workers.submit(
              () -> {
                call(
                    () -> {
                      long number = next.getAndIncrement();
                      return number < api
                          ? requests.api(quarter * api + number)
                          : number < api + events
                              ? requests.event(EVENTS + quarter * events + number - api)
                              : null;
                    });
                return null;
              }));
    }
    all.add(
        workers.submit(
            () -> {
              for (long n = 0; n < entries; ) {
                while (drops.waiting() > MOST_WAITING) {
                  TimeUnit.MILLISECONDS.sleep(20);
                }
                n += drops.drop(ENTRIES + quarter * entries + n, (int) (entries - n));
              }
              return null;
            }));
    workers.shutdown();
    for (Future<?> one : all) {
      one.get();
    }
  }

  private void call(Supplier<FuzzInput> inputs) throws IOException {
    try (var caller = new Caller(service.address())) {
      for (FuzzInput input = inputs.get(); input != null; input = inputs.get()) {
        if (input.invalid()) {
          wrongRequests.add(FuzzInput.name(input.number()));
        }
        Caller.Answer answer = caller.send(input);
        table.count(input.door(), input.kind(), answer.outcome());
        check(input, answer);
      }
    }
  }

  private void check(FuzzInput input, Caller.Answer answer) throws IOException {
    boolean framing = input.kind().matches("framing.*|method");
    boolean wrong =
        answer.status() < 0
            || answer.status() >= 500 && !(framing && List.of(501, 505).contains(answer.status()))
            || answer.status() == 0 && !framing
            || input.door() == Door.HTTP
                && input.invalid()
                && List.of(201, 202).contains(answer.status());
    if (wrong) {
      fault(input, answer.outcome() + " " + new String(answer.body(), StandardCharsets.UTF_8));
    }
  }

  /** Keeps the input, so that it can be sent again, and be put where the others lie. */
  private void fault(FuzzInput input, String what) throws IOException {
    Path kept = Files.createDirectories(Path.of("target", "fuzz"));
    Path file = kept.resolve(input.door().name().toLowerCase() + "-" + input.number());
    Files.write(file, input.bytes());
    faults.add(input.kind() + " (" + file + "): " + what);
  }

  /** Campaigns are there, and none that an input asked for which must not lead to one. */
  private void checkTaken(ServiceClient client, InboxDrops drops) {
    List<JsonNode> all = client.all();
    assertThat(all).hasSizeGreaterThan(INPUTS / 100);
    // a digit that was changed makes another input's name, and not its key as well
    List<String> names =
        all.stream()
            .filter(one -> isOwn(one.path("name").asText(), one.path("externalId").asText("")))
            .map(one -> one.path("name").asText())
            .toList();
    Set<String> wrong = new HashSet<>(drops.wrong());
    wrong.addAll(wrongRequests);
    assertThat(names).as("campaigns that must not be").doesNotContainAnyElementsOf(wrong);
  }

  private static boolean isOwn(String name, String key) {
    return key.isEmpty() || !key.matches("key-fz\\d+x") || key.equals("key-" + name);
  }

  private void answers(StubCxone cxone, ServiceClient client) throws Exception {
    cxone.figures(campaign -> FIGURES);
    var fuzzed = new FuzzedAnswers(cxone, client, table, faults::add, seed);
    fuzzed.kept(CORPUS.resolve("cxone"));
    var numbers = new AtomicLong(ANSWERS);
    ExecutorService workers = Executors.newFixedThreadPool(LAUNCHERS);
    List<Future<?>> all = new ArrayList<>();
    for (int n = 0; n < LAUNCHERS; n++) {
      all.add(workers.submit(() -> fuzzed.run(numbers, INPUTS * 2L / 100)));
    }
    workers.shutdown();
    for (Future<?> one : all) {
      one.get();
    }
  }

  /**
   * Of a create that CXone says it has refused, or names another id for, though it was done: nobody
   * can know, nor dial.
   */
  private static boolean isDraftLeftBehind(StubCxone cxone, String difference) {
    Matcher draft = DRAFT.matcher(difference);
    if (!draft.matches()) {
      return false;
    }
    var there = cxone.named(draft.group("name"));
    return !there.isEmpty()
        && there.stream().allMatch(campaign -> campaign.status().equals("DRAFT"));
  }

  /** What is left of the heap after a collection. */
  private long liveBytes() throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(service.figures().process().pid()),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String told = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(jcmd.waitFor()).as(told).isZero();
    String total = told.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
    return Long.parseLong(total.strip().split("\\s+")[2]);
  }
}
