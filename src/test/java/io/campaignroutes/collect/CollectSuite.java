package io.campaignroutes.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.sandbox.connection.TestTenant;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.store.Tx;
import io.campaignroutes.tenant.TickingPools;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What is counted of a tenant, against what has really happened there. */
abstract class CollectSuite {
  private static final CollectProperties USUAL =
      new Binder(new MapConfigurationPropertySource())
          .bindOrCreate("personal-connection.collect", CollectProperties.class);

  @TempDir Path temp;
  private final TestTenant tenant = new TestTenant(100_000);
  private final TenantReader reader = new TenantReader(tenant);
  private TestStores.Opened opened;
  private CollectQueue queue;
  private DayCalls calls;
  private Collect collect;
  private CollectFigures figures;
  private long ahead;
  private Instant began;

  abstract TestStores.Opened open();

  @BeforeEach
  void openStore() {
    opened = open();
    start();
    began = Instant.ofEpochMilli(opened.store().now());
  }

  @AfterEach
  void closeStore() {
    opened.close();
  }

  /** A new process on the same store. */
  private void start() {
    calls = new DayCalls(opened.store());
    reader.countedBy(calls);
    queue = new CollectQueue(opened.store(), USUAL, calls);
    collect = new Collect(opened.store(), queue, new DayThreshold(opened.store(), calls, USUAL));
    figures = new CollectFigures(opened.store(), USUAL);
  }

  @Test
  void countsAreTheTruthWhoeverIsKilledWhenever() {
    long seed = new Random().nextLong();
    Random chance = new Random(seed);
    for (int n = 0; n < 40; n++) {
      collectAll();
      pass(Duration.ofSeconds(5));
    }
    tenant.tenant().addRunningSkills(21_001, 20, 3, 100_000);
    List<CollectRun> late = new ArrayList<>();
    List<JsonNode> lateAnswers = new ArrayList<>();
    for (int n = 0; n < 300; n++) {
      for (CollectRun run : collect.claim()) {
        JsonNode answer = reader.read(run);
        switch (chance.nextInt(40)) {
          case 0 -> { // killed ahead of the transaction
            late.add(run);
            lateAnswers.add(answer);
          }
          case 1 -> collect.failed(run, new IllegalStateException("cut"));
          case 2 -> { // killed behind it, and told by a second process that has not noticed
            reader.write(collect, run, answer);
            reader.write(collect, run, answer);
          }
          default -> reader.write(collect, run, answer);
        }
      }
      if (chance.nextInt(60) == 0) {
        start();
      }
      if (chance.nextInt(20) == 0) {
        for (int i = 0; i < late.size(); i++) { // whoever was thought dead comes back
          reader.write(collect, late.get(i), lateAnswers.get(i));
        }
        late.clear();
        lateAnswers.clear();
      }
      pass(Duration.ofSeconds(5));
    }
    for (int skill = 21_001; skill < 21_021; skill++) {
      tenant.supervisor(skill, "stop");
    }
    for (int n = 0; n < 90; n++) {
      pass(Duration.ofSeconds(60));
      collectAll();
    }
    JsonNode truth = tenant.truth();
    for (int skill = 21_001; skill < 21_021; skill++) {
      assertCounted(seed, truth, skill);
    }
  }

  private void assertCounted(long seed, JsonNode truth, int skill) {
    JsonNode counted = figures.between(period(skill));
    JsonNode happened = truth.get(String.valueOf(skill));
    assertThat(counted.get("connectedCalls").asLong())
        .as("connected of %d, seed %d", skill, seed)
        .isEqualTo(happened.get("connected").asLong())
        .isPositive();
    assertThat(counted.get("abandonedCalls").asLong())
        .as("abandoned of %d, seed %d", skill, seed)
        .isEqualTo(happened.get("abandoned").asLong());
    assertThat(counted.get("attemptedCalls").asLong())
        .as("dialed of %d, seed %d", skill, seed)
        .isEqualTo(happened.get("dialed").asLong());
    assertThat(counted.get("handledCalls").asLong())
        .as("handled of %d, seed %d", skill, seed)
        .isEqualTo(happened.get("handled").asLong());
  }

  @Test
  void aCallThatIsTalkedCountsAsConnectedAndIsNotCountedAgainWhenItEnds() {
    tenant.supervisor(20_001, "start");
    for (int n = 0; n < 30; n++) {
      pass(Duration.ofSeconds(5));
      collectAll();
    }
    JsonNode truth = tenant.truth().get("20001");
    assertThat(truth.get("handled").asLong()).isLessThan(truth.get("connected").asLong());
    long counted = figures.between(period(20_001)).get("connectedCalls").asLong();
    assertThat(counted)
        .isBetween(truth.get("connected").asLong() - 5, truth.get("connected").asLong());
    assertThat(counted).isGreaterThan(truth.get("handled").asLong());
  }

  /** Before it was started and after it was given back a skill dials for others. */
  @Test
  void aCampaignsCountsAreThoseOfTheTimeForWhichTheSkillIsItsOwn() {
    long begun = opened.store().now() / 60_000;
    opened
        .store()
        .write(
            tx -> {
              for (int minute = 0; minute < 100; minute++) {
                tx.sql()
                    .sql("insert into skill_count values ('20002', ?, 10, 1, 0, 0, 0)")
                    .param(begun + minute)
                    .update();
              }
              owns(tx, "cmp_first", begun + 10, begun + 15L);
              owns(tx, "cmp_second", begun + 20, begun + 50L);
              owns(tx, "cmp_first", begun + 80, null);
              return null;
            });
    assertThat(attempted("cmp_first", begun)).isEqualTo(100 + 200); // until the second begins
    assertThat(attempted("cmp_second", begun)).isEqualTo(300 + 100); // and ten minutes for talks
    assertThat(attempted("cmp_none", begun)).isEqualTo(1_000);
  }

  private static void owns(Tx tx, String campaignId, long began, Long ended) {
    tx.sql()
        .sql("insert into skill_period (campaign_id, skill_id, began, ended) values (?, ?, ?, ?)")
        .params(campaignId, "20002", began, ended)
        .update();
  }

  private long attempted(String campaignId, long begun) {
    ObjectNode arguments = ((ObjectNode) request(20_002).arguments()).put("id", campaignId);
    arguments.put("from", Instant.ofEpochSecond(60 * begun).toString());
    arguments.put("to", Instant.ofEpochSecond(60 * (begun + 100)).toString());
    return figures
        .between(new PlatformRequest(arguments, Urgency.PACING, 0))
        .get("attemptedCalls")
        .asLong();
  }

  @Test
  void figuresTellWhoIsIdleAndHowOldTheyAre() {
    tenant.supervisor(20_001, "start");
    for (int n = 0; n < 400; n++) {
      pass(Duration.ofSeconds(5));
      collectAll();
    }
    JsonNode now = figures.now(request(20_001));
    assertThat(now.get("connected").asInt()).isPositive();
    assertThat(now.get("attempted").asInt()).isGreaterThan(now.get("connected").asInt());
    assertThat(now.get("staffed").asInt()).isBetween(2, 11);
    assertThat(now.get("agents").asInt()).isBetween(0, now.get("staffed").asInt());
    assertThat(now.get("avgHandleTime").asDouble()).isBetween(100.0, 280.0);
    assertThat(now.at("/ages/states").asInt()).isLessThan(30);
  }

  @Test
  void figuresThatAreOldAreNone() {
    assertThatThrownBy(() -> figures.now(request(20_001)))
        .isInstanceOfSatisfying(
            CxoneRefusedException.class, e -> assertThat(e.notFound()).isTrue());
    collectAll();
    collectAll();
    figures.now(request(20_001));
    pass(Duration.ofSeconds(70));
    assertThatThrownBy(() -> figures.now(request(20_001)))
        .isInstanceOf(CxoneUnavailableException.class)
        .hasMessageContaining("s old");
  }

  @Test
  void howManyAreStaffedIsNotToldWhenThatIsOld() {
    collectAll();
    collectAll();
    assertThat(figures.now(request(20_001)).has("staffed")).isTrue();
    pass(Duration.ofMinutes(10));
    for (CollectRun run : collect.claim()) {
      if (run.collector() != Collector.ACTIVITY) {
        reader.write(collect, run, reader.read(run));
      }
    }
    assertThat(figures.now(request(20_001)).has("staffed")).isFalse();
  }

  @Test
  void agentsWhoAreNotAmongAllAreForgotten() {
    opened
        .store()
        .write(
            tx ->
                tx.sql()
                    .sql(
                        "insert into tenant_agent (agent_id, state, wrap_up)"
                            + " values ('gone', 'Available', 0)")
                    .update());
    collectAll();
    assertThat(count("select count(*) from tenant_agent where agent_id = 'gone'")).isZero();
    assertThat(count("select count(*) from tenant_agent")).isPositive();
  }

  @Test
  void aReadIsOneReplicasAtATime() {
    assertThat(collect.claim()).as("calls are read when CXone's clock is known").hasSize(5);
    pass(Duration.ofSeconds(61));
    collectAll();
    pass(Duration.ofMinutes(10));
    assertThat(collect.claim()).hasSize(6);
    assertThat(queue.claim()).isEmpty();
    pass(Duration.ofSeconds(61));
    assertThat(collect.claim()).hasSize(6);
  }

  @Test
  void whatIsReadSeldomWhileNoSkillRunsIsReadAsUsualOnceOneDoes() {
    collect(false);
    assertThat(dueIn(Collector.LISTS)).isGreaterThan(USUAL.lists().toMillis());
    pass(USUAL.skills().plusSeconds(1));
    collect(true);
    assertThat(dueIn(Collector.LISTS)).isBetween(0L, USUAL.lists().toMillis());
    assertThat(dueIn(Collector.ACTIVITY)).isBetween(0L, USUAL.activity().toMillis());
  }

  /** So that it is asked for by itself, which tells whether it is gone. */
  @Test
  void aSkillThatTheLastListHasNotIsNotToldOf() {
    CollectedNow now = new CollectedNow(opened.store(), USUAL);
    collect(true);
    assertThat(now.skills().findValuesAsText("id")).containsExactly("29999");
    pass(USUAL.skills().plusSeconds(1));
    opened
        .store()
        .write(
            tx -> { // one that the list is too old for
              new SkillsSeen().runs(tx, "29998");
              return null;
            });
    collectSkills(JsonNodeFactory.instance.objectNode());
    assertThat(now.skills().findValuesAsText("id")).isEmpty();
    assertThat(count("select missing from skill_now where skill_id = '29999'")).isEqualTo(1);
    assertThat(count("select missing from skill_now where skill_id = '29998'")).isZero();
    pass(USUAL.skills().plusSeconds(1));
    collect(true);
    assertThat(now.skills().findValuesAsText("id")).containsExactly("29999");
    assertThat(count("select count(*) from skill_event where skill_id = '29999'"))
        .as("nothing has happened to it that is told")
        .isEqualTo(1);
  }

  @Test
  void aChangeThatSeveralSeeAtOnceIsNotedOnce() throws Exception {
    for (int n = 0; n < 10; n++) {
      String skill = "3000" + n;
      TestStores.atOnce(
          4,
          () ->
              opened
                  .store()
                  .write(
                      tx -> {
                        new SkillsSeen().runs(tx, skill);
                        return null;
                      }));
      assertThat(count("select count(*) from skill_event where skill_id = '" + skill + "'"))
          .isEqualTo(1);
    }
  }

  private void collect(boolean running) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ObjectNode skill = answer.putArray("skills").addObject();
    skill.put("id", "29999").put("running", running).put("active", true);
    collectSkills(answer);
  }

  private void collectSkills(ObjectNode answer) {
    for (CollectRun run : collect.claim()) {
      if (run.collector() == Collector.SKILLS) {
        collect.skills(run, answer);
      } else {
        reader.write(collect, run, reader.read(run));
      }
    }
  }

  private long dueIn(Collector collector) {
    long due =
        opened
            .store()
            .read()
            .sql("select due_at from collector where name = ?")
            .param(collector.label())
            .query(Long.class)
            .single();
    return due - opened.store().now();
  }

  /** Twenty minutes of the five hundred skills that run, and what a day of them would ask for. */
  final void countTheCallsOfADay() {
    tenant.tenant().addRunningSkills(21_001, 500, 2, 100_000);
    TickingPools pools =
        new TickingPools(
            opened.store(),
            tenant,
            new CollectedNow(opened.store(), USUAL),
            new SkillsSeen(),
            reader::called);
    pools.adopt(21_001, 500);
    for (int n = 0; n < 240; n++) {
      pass(Duration.ofSeconds(5));
      pools.tick(n % 12 == 0);
      for (CollectRun run : collect.claim()) {
        if (run.collector() == Collector.SETTINGS) {
          pools.settings();
        }
        reader.write(collect, run, reader.read(run));
      }
    }
    calls.keep();
    System.out.println("500 skills run: " + reader.calls() * 72 + " calls a day");
    assertThat(reader.calls() * 72).isLessThan(30_000);
    assertThat(count("select sum(calls) from tenant_day")).isEqualTo((int) reader.calls());
    assertThat(pools.changesSeen()).isZero();
    for (int skill = 21_001; skill < 21_501; skill++) {
      tenant.supervisor(skill, "stop");
    }
    for (int n = 0; n < 90; n++) {
      pass(Duration.ofSeconds(60));
      collectAll();
    }
    JsonNode truth = tenant.truth();
    for (int skill = 21_001; skill < 21_501; skill++) {
      assertCounted(1, truth, skill);
    }
  }

  @Test
  void whatFourSkillsAreSetToIsReadWithinAMinuteAndSoManyCallsDoForADay() {
    tenant.tenant().addRunningSkills(21_001, 4, 2, 100_000);
    TickingPools pools =
        new TickingPools(
            opened.store(),
            tenant,
            new CollectedNow(opened.store(), USUAL),
            new SkillsSeen(),
            reader::called);
    pools.adopt(21_001, 4);
    long oldest = 0;
    for (int n = 0; n < 600; n++) {
      pass(Duration.ofSeconds(1));
      for (CollectRun run : collect.claim()) {
        if (run.collector() == Collector.SETTINGS) {
          pools.settings();
        }
        reader.write(collect, run, reader.read(run));
      }
      if (n > 120) {
        long read = count("select min(tried_at) / 1000 from skill");
        oldest = Math.max(oldest, opened.store().now() / 1000 - read);
      }
    }
    assertThat(oldest).isBetween(40L, 62L);
    assertThat(reader.calls() * 144).isLessThan(30_000);
  }

  @Test
  void entriesThatNameNobodyAreLeftOutAndTheOthersCount() {
    collectAll();
    pass(Duration.ofMinutes(10));
    for (CollectRun run : collect.claim()) {
      reader.write(collect, run, odd(reader.read(run)));
    }
    assertThat(queue.failing()).isEmpty();
    assertThat(count("select count(*) from collector where poll_time = 'odd'")).isEqualTo(5);
    assertThat(count("select count(*) from tenant_call where contact_id = 'whole'")).isEqualTo(1);
    assertThat(count("select count(*) from tenant_call where contact_id = 'of-no-skill'")).isZero();
  }

  /** The same with entries that have no id, or no skill. */
  private static JsonNode odd(JsonNode answer) {
    ObjectNode odd = answer.deepCopy();
    odd.put("pollTime", "odd");
    for (String field : List.of("skills", "agents", "contacts", "lists")) {
      if (odd.path(field) instanceof ArrayNode entries) {
        entries.addObject().put("id", "0").putArray("skills").addObject().put("total", 3);
        entries.addObject().put("name", "x");
        entries.addNull();
      }
    }
    if (odd.path("contacts") instanceof ArrayNode contacts) {
      contacts.addObject().put("id", "of-no-skill").put("agentId", "1001");
      contacts.addObject().put("id", "whole").put("skillId", "20001").put("agentId", "1001");
    }
    return odd;
  }

  private int count(String sql) {
    return opened.store().read().sql(sql).query(Integer.class).single();
  }

  @Test
  void aReadThatFailsAgainAndAgainIsToldWithItsReason() {
    for (int n = 0; n < 3; n++) {
      assertThat(health().health().getStatus()).isEqualTo(Status.UP);
      for (CollectRun run : collect.claim()) {
        if (run.collector() == Collector.STATES) {
          collect.failed(run, new IllegalStateException("cut"));
        }
      }
      pass(Duration.ofSeconds(70));
    }
    Health health = health().health();
    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
    assertThat(health.getDetails()).containsEntry("failing", Map.of("states", "cut"));
  }

  @Test
  void whatItsAlertAsksForIsTold() throws IOException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new CollectMeters(calls, new DayThreshold(opened.store(), calls, USUAL), USUAL)
        .bindTo(registry);
    Matcher asked =
        Pattern.compile("campaign_routes_tenant_[a-z_]+")
            .matcher(Files.readString(Path.of("config/prometheus/alerts.yaml")));
    assertThat(asked.results().map(MatchResult::group).distinct())
        .hasSize(2)
        .allMatch(name -> registry.scrape().contains("\n" + name));
  }

  private CollectHealthIndicator health() {
    return new CollectHealthIndicator(queue, calls, new DayThreshold(opened.store(), calls, USUAL));
  }

  @Test
  void callsThatComeNearTheTenantsThresholdAreToldOnceADay() {
    DayThreshold threshold = new DayThreshold(opened.store(), calls, USUAL);
    assertThat(threshold.calls()).isZero();
    opened
        .store()
        .write(
            tx ->
                tx.sql()
                    .sql(
                        "insert into tenant_read (name, answer, read_at) values"
                            + " ('businessUnit', '{\"callsADay\": 1000}', 1)")
                    .update());
    calls.ended(true, 500);
    calls.ended(false, 299);
    calls.keep();
    assertThat(threshold.isNear()).isFalse();
    calls.ended(false, 1);
    calls.keep();
    assertThat(threshold.isNear()).isTrue();
    assertThat(opened.store().write(calls::warnsFirst)).isTrue();
    assertThat(opened.store().write(calls::warnsFirst)).isFalse();
    assertThat(health().health().getDetails())
        .containsEntry("calls", "800 today; from 1000 on CXone is told of the tenant");
  }

  @Test
  void agentsAreAllToldAgainNowAndThenSoThatWhoHasLeftIsForgotten() {
    collectAll();
    collectAll();
    opened
        .store()
        .write(
            tx ->
                tx.sql()
                    .sql(
                        "insert into tenant_agent (agent_id, state, wrap_up)"
                            + " values ('gone', 'Available', 0)")
                    .update());
    pass(Duration.ofMinutes(10));
    collectAll();
    assertThat(count("select count(*) from tenant_agent where agent_id = 'gone'")).isEqualTo(1);
    opened.store().write(tx -> tx.sql().sql("update collector set full_at = 1").update());
    pass(Duration.ofMinutes(10));
    collectAll();
    assertThat(count("select count(*) from tenant_agent where agent_id = 'gone'")).isZero();
  }

  private void collectAll() {
    for (CollectRun run : collect.claim()) {
      reader.write(collect, run, reader.read(run));
    }
  }

  private void pass(Duration time) {
    ahead += time.toMillis();
    opened.clock().accept(ahead);
    tenant.pass(time);
  }

  private static PlatformRequest request(int skill) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    arguments.put("remoteId", String.valueOf(skill));
    return new PlatformRequest(arguments, Urgency.PACING, 0);
  }

  private PlatformRequest period(int skill) {
    ObjectNode arguments = ((ObjectNode) request(skill).arguments());
    arguments.put("from", began.toString());
    arguments.put("to", Instant.ofEpochMilli(opened.store().now()).toString());
    return new PlatformRequest(arguments, Urgency.PACING, 0);
  }
}
