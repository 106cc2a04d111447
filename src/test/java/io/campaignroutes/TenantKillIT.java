package io.campaignroutes;

import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.connection.TestTenant;
import io.campaignroutes.sandbox.connection.TestTenant.Trouble;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the packaged service in the middle of what it has a tenant of Personal Connection do, while
 * calls go wrong in every way, and looks at the tenant afterwards, which lives in this process.
 * Every second round of one trial is done; {@code -Dtenant.kill.trials=50} has all of them done, so
 * often, and {@code -Dtenant.kill.seed=...} repeats a run.
 */
class TenantKillIT {
  private static final int TRIALS = Integer.getInteger("tenant.kill.trials", 1);
  private static final int STEP = Integer.getInteger("tenant.kill.trials") == null ? 2 : 1;
  private static final Duration START = Duration.ofMinutes(3);

  /** Seconds that pass at the tenant in one of ours. */
  private static final double SPEED = 20;

  /** Of so many calls one goes wrong. */
  private static final int GOOD = 12;

  private static final int ATTEMPTS = 7;
  private static final int CONTACTS = 500;

  /** Calls of uploads, which have a trial of their own. */
  private static final Set<String> UPLOADS =
      Set.of("createList", "uploadList", "uploadJobs", "uploadJob", "list");

  private static final List<String> BLOCKS =
      List.of("general-settings", "retry-settings", "cpa-management");

  private static final String[] SETTINGS = {
    "--personal-connection.caller-id=+15550100",
    "--personal-connection.dnc-groups=70",
    "--personal-connection.abandon-timeout=1",
    "--personal-connection.collect.activity=1s",
    "--personal-connection.collect.states=1s",
    "--personal-connection.collect.completed=1s",
    "--personal-connection.collect.skills=1s",
    "--personal-connection.collect.lists=2s",
    "--personal-connection.collect.calls-a-day=10000000",
    "--contacts.upload-settle=5s",
    "--launch.settle-grace=500ms",
    "--launch.settle-time=2s",
    "--launch.lease=20s",
    "--launch.look-period=2s",
    "--launch.activation-timeout=60s",
    "--launch.retry-initial=100ms",
    "--launch.retry-max=1s",
    "--cxone.call-deadline=3s"
  };

  /** In what the service is killed, one after the other: in one of these calls. */
  private static final List<List<String>> MOMENTS =
      List.of(
          List.of("createSkill", "createCampaign", "putGeneralSettings", "putRetrySettings"),
          List.of("startSkill", "skill", "assignAgents", "putCpaManagement"),
          List.of("createSkill", "assignAgents", "getGeneralSettings", "putRetrySettings"),
          List.of("stopSkill", "startSkill"),
          List.of("stopSkill", "skill"),
          List.of("putGeneralSettings", "putRetrySettings", "putCpaManagement", "updateSkill"));

  /**
   * A campaign, and from which round on it is launched, paused (0 for never) and stopped.
   *
   * @param force whether its calls are cut then
   */
  private record Plan(String name, String pool, int launch, int pause, int stop, boolean force) {
    String stopCommand() {
      return force ? "stop?force=true" : "stop";
    }
  }

  private static final List<Plan> PLANS =
      List.of(
          new Plan("adopted one", "skill:20001", 1, 4, 6, false),
          new Plan("adopted two", "skill:21001", 1, 0, 5, true),
          new Plan("created one", "team:30", 1, 4, 6, false),
          new Plan("adopted three", "skill:21002", 3, 0, 7, false),
          new Plan("created two", "team:31", 3, 0, 5, true),
          new Plan("created three", "team:30", 3, 0, 6, false));

  @Test
  void killsAndFaultsLeaveNoSkillDoubledHalfMadeOrChanged(@TempDir Path temp) throws Exception {
    long first = Long.getLong("tenant.kill.seed", System.nanoTime());
    System.out.println("TenantKillIT: repeat with -Dtenant.kill.seed=" + first);
    int kills = 0;
    int inCalls = 0;
    Map<String, Integer> faults = new TreeMap<>();
    for (int n = 0; n < TRIALS; n++) {
      try (Trial trial = new Trial(first + n, temp.resolve("data-" + n))) {
        kills += trial.run();
        inCalls += trial.inCalls;
        trial.faults.forEach((operation, times) -> faults.merge(operation, times, Integer::sum));
      }
    }
    System.out.printf(
        "TenantKillIT: %d trials, %d kills (%d in the middle of a call), %d faults in %d operations:"
            + " 0 skills doubled, 0 half-made ones started, all settings as before, counts as they"
            + " happened%n",
        TRIALS,
        kills,
        inCalls,
        faults.values().stream().mapToInt(Integer::intValue).sum(),
        faults.size());
    assertThat(inCalls).isPositive();
  }

  /** One tenant, and one service on one store that is killed again and again. */
  private static final class Trial implements AutoCloseable, TestTenant.Watch {
    final Map<String, Integer> faults = new TreeMap<>();
    private final TestTenant tenant = TestTenant.live(100_000, SPEED);
    private final Random random;
    private final String why;
    private final Path data;
    private final Path log = Path.of("target", "tenant-kill-it.log");
    private final Map<String, String> environment;
    private final Map<String, JsonNode> before = new LinkedHashMap<>();
    private final Map<String, String> ids = new LinkedHashMap<>();
    private final Set<String> paused = new java.util.HashSet<>();
    private final JsonNode earlier;
    private final List<String> halfMade = new ArrayList<>();
    private final Map<String, List<String>> stops = new TreeMap<>();
    private volatile boolean faulty;
    private volatile Set<String> killIn = Set.of();
    int inCalls;
    private final AtomicInteger killAfter = new AtomicInteger();
    private volatile boolean killsBehind;
    private final AtomicReference<ServiceProcess> running = new AtomicReference<>();
    private volatile CountDownLatch killed = new CountDownLatch(1);

    Trial(long seed, Path data) throws Exception {
      random = new Random(seed);
      why = "seed " + seed;
      this.data = data;
      Files.deleteIfExists(log);
      tenant.tenant().addRunningSkills(21_001, 2, 4, 100_000);
      for (int skill : List.of(20_001, 21_001, 21_002)) {
        tenant.supervisor(skill, "stop");
        ObjectNode general = ServiceClient.JSON.createObjectNode();
        general.put("maximumRatio", 1 + random.nextInt(3)).put("maximumAttempts", 4);
        general.put("blockMultipleCalls", random.nextBoolean()).put("minimumRetryMinutes", 90);
        general.put("inactiveBlenderTimer", 15 + random.nextInt(100));
        tenant.supervisor(skill, "general-settings", general);
        ObjectNode cpa = ServiceClient.JSON.createObjectNode();
        tenant.supervisor(
            skill, "cpa-management", cpa.put("abandonTimeout", 2 + random.nextInt(9)));
        before.put("" + skill, settings("" + skill));
      }
      tenant.pass(Duration.ofMinutes(50)); // what was dialed until now is nobody's
      earlier = tenant.truth();
      String base = tenant.serve();
      tenant.watched(this);
      environment =
          Map.of(
              "CXONE_PLATFORM", "personal-connection",
              "CXONE_ACCESS_KEY_ID", "sandbox-key",
              "CXONE_ACCESS_KEY_SECRET", "sandbox-secret=",
              "CXONE_TOKEN_URL", base + "/authentication/v1/token/access-key",
              "CXONE_DISCOVERY_URL", base + "/.well-known/cxone-configuration",
              "CXONE_RATE_LIMIT", "0");
    }

    private JsonNode settings(String skill) {
      ObjectNode blocks = ServiceClient.JSON.createObjectNode();
      for (String block : BLOCKS) {
        blocks.set(block, tenant.read("/skills/" + skill + "/parameters/" + block));
      }
      return blocks;
    }

    int run() throws Exception {
      int kills = 0;
      List<String> command = PackagedService.command();
      for (int round = 1; round <= MOMENTS.size(); round += STEP) {
        List<String> moments = MOMENTS.get(round - 1);
        killed = new CountDownLatch(1);
        killAfter.set(1 + random.nextInt(8));
        killsBehind = random.nextBoolean();
        killIn = Set.of();
        faulty = true;
        try (var service = ServiceProcess.start(command, data, environment, log, SETTINGS)) {
          running.set(service);
          service.awaitReady(START);
          killIn = Set.copyOf(moments);
          drive(new ServiceClient(service), round, Duration.ofSeconds(7));
          inCalls += killed.getCount() == 0 ? 1 : 0;
          kills++;
        }
      }
      faulty = false;
      killIn = Set.of();
      killed = new CountDownLatch(1);
      try (var service = ServiceProcess.start(command, data, environment, log, SETTINGS)) {
        running.set(service);
        service.awaitReady(START);
        var client = new ServiceClient(service);
        drive(client, MOMENTS.size() + 1, Duration.ofMinutes(4));
        assertSkills(client);
        assertCounts(client);
        assertThat(service.stop(Duration.ofSeconds(30))).as(why).isTrue();
      }
      assertChainIntact();
      return kills;
    }

    // What a test of CXone hears

    @Override
    public Trouble arrives(String operation, String path) {
      if (operation.equals("startSkill")) {
        assertReady(path.replaceAll(".*/skills/(\\d+)/start", "$1"));
      }
      if (operation.equals("stopSkill")) {
        synchronized (stops) {
          stops
              .computeIfAbsent(
                  path.replaceAll(".*/skills/(\\d+)/.*", "$1"), of -> new ArrayList<>())
              .add(path.replaceAll(".*\\?", ""));
        }
      }
      if (!killsBehind && isMoment(operation)) {
        kill();
        return Trouble.CUT_BEFORE;
      }
      return trouble(operation);
    }

    private synchronized Trouble trouble(String operation) {
      if (!faulty
          || UPLOADS.contains(operation)
          || operation.contains("oken")
          || random.nextInt(GOOD) > 0) {
        return Trouble.NONE;
      }
      Trouble trouble = Trouble.values()[1 + random.nextInt(Trouble.values().length - 1)];
      faults.merge(operation, 1, Integer::sum);
      return trouble;
    }

    @Override
    public void done(String operation, String path) {
      if (killsBehind && isMoment(operation)) {
        kill();
      }
    }

    private boolean isMoment(String operation) {
      return killIn.contains(operation) && killAfter.decrementAndGet() == 0;
    }

    private void kill() {
      try {
        running.get().kill();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        killed.countDown();
      }
    }

    private void assertReady(String skill) {
      JsonNode now = settings(skill);
      boolean created = !before.containsKey(skill);
      JsonNode agents = created ? tenant.read("/skills/" + skill + "/agents") : null;
      if (now.at("/general-settings/maximumAttempts").asInt() != ATTEMPTS
          || now.at("/retry-settings/restrictedCallingMaxAttempts").asInt() != 1
          || now.at("/retry-settings/restrictedCallingMinutes").asInt() != 1440
          || now.at("/cpa-management/abandonTimeout").asInt() != 1
          || created && (agents == null || agents.path("agentSkillAssignments").size() < 11)) {
        synchronized (halfMade) {
          halfMade.add(skill + " " + now);
        }
      }
    }

    // What operators do

    /** Has done what is to be done in a round, until the service is killed or all of it is. */
    private void drive(ServiceClient client, int round, Duration most) throws Exception {
      long end = System.nanoTime() + most.toNanos();
      boolean last = round > MOMENTS.size();
      while (!killed.await(100, TimeUnit.MILLISECONDS)) {
        try {
          long ended = PLANS.stream().filter(plan -> go(client, plan, round)).count();
          if (last && ended == PLANS.size()) {
            return;
          }
        } catch (UncheckedIOException e) {
          if (last) {
            throw e;
          }
          continue; // killed
        }
        if (System.nanoTime() - end > 0) {
          assertThat(last).as("%s: stages %s", why, stages(client)).isFalse();
          return;
        }
      }
    }

    private static Map<String, String> stages(ServiceClient client) {
      Map<String, String> stages = new TreeMap<>();
      client
          .all()
          .forEach(
              c ->
                  stages.put(
                      c.path("name").asText(),
                      c.path("stage").asText() + " " + c.path("failure") + c.path("problem")));
      return stages;
    }

    /** What a skill that is created dials. */
    private String contacts(String name) {
      String file = name.replace(' ', '-') + ".csv";
      StringBuilder lines = new StringBuilder("phone\n");
      for (int n = 0; n < CONTACTS; n++) {
        lines.append("+1212555%04d%n".formatted(n));
      }
      HttpRequest sent =
          HttpRequest.newBuilder(running.get().uri("/contacts?name=" + file))
              .header("Content-Type", "text/csv")
              .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
              .build();
      try {
        HttpResponse<String> answer =
            HttpClient.newHttpClient().send(sent, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as("%s: %s", why, answer.body()).isEqualTo(201);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // as of every other call
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return file;
    }

    /** Whether a campaign has come to its end. */
    private boolean go(ServiceClient client, Plan plan, int round) {
      if (round < plan.launch()) {
        return false;
      }
      if (!ids.containsKey(plan.name())) {
        ObjectNode request = request(plan.name()).put("agentPoolId", plan.pool());
        request.remove("contactListId");
        request.putObject("pacing").put("maxAttemptsPerNumber", ATTEMPTS);
        if (plan.pool().startsWith("team:")) {
          request.putObject("contacts").put("file", contacts(plan.name()));
        }
        ServiceClient.Answer answer = client.post("/campaigns", request);
        assertThat(answer.status()).as("%s: %s", why, answer.body()).isEqualTo(202);
        ids.put(plan.name(), answer.body().path("campaignId").asText());
        return false;
      }
      String id = ids.get(plan.name());
      JsonNode campaign = client.get("/campaigns/" + id).body();
      String stage = campaign.path("stage").asText();
      if (campaign.hasNonNull("pendingCommand")) {
        return false;
      }
      boolean stops = round >= plan.stop() && hasHandled(plan);
      switch (stage) {
        case "FAILED", "UNSETTLED", "REJECTED" -> client.command(id, "retry", 0);
        case "ACTIVE" -> {
          if (stops) {
            client.command(id, plan.stopCommand(), 0);
          } else if (plan.pause() > 0 && round >= plan.pause() && paused.add(plan.name())) {
            client.command(id, "pause", 0);
          }
        }
        case "PAUSED" -> client.command(id, stops ? plan.stopCommand() : "resume", 0);
        default -> {
          return stage.equals("STOPPED");
        }
      }
      return false;
    }

    /**
     * Whether an adopted skill has handled a call for its campaign: there is something to count.
     */
    private boolean hasHandled(Plan plan) {
      String skill = plan.pool().replace("skill:", "");
      return !before.containsKey(skill) || since(tenant.truth().path(skill), skill, "handled") > 0;
    }

    // What must be so in the end

    private void assertSkills(ServiceClient client) {
      await(why + ": nothing runs any more")
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () ->
                  tenant
                      .truth()
                      .properties()
                      .forEach(
                          skill ->
                              assertThat(skill.getValue().path("running").asBoolean())
                                  .as(skill.getKey())
                                  .isFalse()));
      synchronized (halfMade) {
        assertThat(halfMade).as(why + ": started half made").isEmpty();
      }
      before.forEach(
          (skill, had) ->
              assertThat(settings(skill))
                  .as("%s: settings of skill %s", why, skill)
                  .isEqualTo(had));
      Map<String, List<String>> made = new TreeMap<>();
      for (JsonNode skill : tenant.read("/skills?mediaTypeId=4&top=1000").path("skills")) {
        String notes = skill.path("notes").asText("");
        if (!notes.isEmpty()) {
          made.computeIfAbsent(notes, of -> new ArrayList<>()).add(skill.path("skillId").asText());
          assertThat(skill.path("isActive").asBoolean())
              .as("%s: %s is active", why, skill)
              .isFalse();
        }
      }
      assertThat(made).as("%s: created skills", why).hasSize(3);
      made.forEach((notes, skills) -> assertThat(skills).as(why + ": " + notes).hasSize(1));
      for (Plan plan : PLANS) {
        String remote =
            client
                .get("/campaigns/" + ids.get(plan.name()))
                .body()
                .path("cxoneCampaignId")
                .asText();
        assertThat(plan.pool().startsWith("skill:") ? plan.pool() : "skill:" + made(made, plan))
            .as("%s: skill of %s", why, plan.name())
            .isEqualTo("skill:" + remote);
        assertStopped(plan, remote);
      }
    }

    /** A stop that is to cut calls still is after a kill. */
    private void assertStopped(Plan plan, String skill) {
      synchronized (stops) {
        List<String> asked = stops.getOrDefault(skill, List.of());
        int first = asked.indexOf("force=true");
        assertThat(first >= 0).as("%s: stops of %s: %s", why, plan, asked).isEqualTo(plan.force());
        if (plan.force()) {
          assertThat(asked.subList(first, asked.size())).as(why).containsOnly("force=true");
        }
      }
    }

    private String made(Map<String, List<String>> made, Plan plan) {
      return made.entrySet().stream()
          .filter(of -> of.getKey().contains(ids.get(plan.name())))
          .map(of -> of.getValue().get(0))
          .findFirst()
          .orElse("none");
    }

    private void assertCounts(ServiceClient client) {
      tenant.pass(Duration.ofMinutes(50)); // whatever was under way has ended
      for (Plan plan : PLANS) {
        if (plan.pool().startsWith("skill:")) {
          String skill = plan.pool().substring("skill:".length());
          await("counts of " + skill)
              .atMost(Duration.ofMinutes(2))
              .pollInterval(Duration.ofMillis(500))
              .untilAsserted(() -> assertCounted(client, plan, skill, tenant.truth().path(skill)));
        }
      }
    }

    private void assertCounted(ServiceClient client, Plan plan, String skill, JsonNode happened) {
      JsonNode counted =
          client.get("/campaigns/" + ids.get(plan.name()) + "/metrics").body().path("metrics");
      for (var pair :
          Map.of(
                  "attemptedCalls", "dialed",
                  "connectedCalls", "connected",
                  "handledCalls", "handled")
              .entrySet()) {
        assertThat(counted.path(pair.getKey()).asLong(-1))
            .as("%s: %s of %s, %s and %s", why, pair.getKey(), plan.name(), counted, happened)
            .isEqualTo(since(happened, skill, pair.getValue()))
            .isPositive();
      }
      assertThat(counted.path("abandonedCalls").asLong(-1))
          .as("%s: abandoned calls of %s", why, plan.name())
          .isEqualTo(since(happened, skill, "abandoned"));
    }

    private long since(JsonNode happened, String skill, String what) {
      return happened.path(what).asLong() - earlier.path(skill).path(what).asLong();
    }

    private void assertChainIntact() throws Exception {
      var said = new ByteArrayOutputStream();
      var out = new PrintStream(said, true, StandardCharsets.UTF_8);
      assertThat(CliRun.of(out, out, "audit", "verify", data.resolve("audit")))
          .as(said.toString(StandardCharsets.UTF_8))
          .isZero();
      assertThat(Files.readString(log).lines().filter(line -> line.contains(" ERROR ")))
          .as(why)
          .isEmpty();
      assertThat(Files.readString(log)).as(why).doesNotContain("A person has");
    }

    @Override
    public void close() {
      tenant.close();
    }
  }
}
