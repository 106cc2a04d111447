package io.campaignroutes.forecast;

import static io.campaignroutes.campaign.CampaignFixture.agents;
import static io.campaignroutes.campaign.CampaignFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.PoolCampaigns;
import io.campaignroutes.campaign.SharedAgents;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.forecast.PoolOutlook.Outlook;
import io.campaignroutes.inbox.DryRunFiles;
import io.campaignroutes.inbox.InboxProperties;
import io.campaignroutes.pacing.ControlReads;
import io.campaignroutes.pacing.LawSettings;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PacingPlans;
import io.campaignroutes.pacing.PacingProperties;
import io.campaignroutes.pacing.PoolReads;
import io.campaignroutes.simulator.CampaignForecast;
import io.campaignroutes.simulator.SharedForecast;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.UnreadableJsonException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told of a pool before anything is launched, from a real store. */
abstract class OutlookSuite {
  static final PacingProperties PACING = LawSettings.of(PacingProperties.class, Map.of());
  static final ForecastProperties FORECAST = new ForecastProperties(Duration.ofMinutes(30), 5, 2);

  private TestStores.Opened opened;
  CampaignFixture bench;
  PoolOutlook outlook;
  private DryRuns runs;
  private DryRunFiles files;
  private CampaignForecast alone;

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() {
    opened = open();
    bench = new CampaignFixture(opened);
    PacingPlans plans = new PacingPlans(CampaignFixture.CHECKS, PACING);
    PacingLaw law = new PacingLaw(PACING.law(), PACING.figures(), PACING.platform());
    alone = new CampaignForecast(plans, law, PACING);
    PoolDemands demands = new PoolDemands(bench.store, new PoolCampaigns(bench.store), plans);
    outlook =
        new PoolOutlook(
            demands,
            new PoolReads(bench.store, bench.campaigns, new ControlReads(bench.store, PACING)),
            new SharedForecast(law, PACING),
            law,
            FORECAST);
    runs = new DryRuns(bench.intake, demands, outlook, FORECAST);
    files =
        new DryRunFiles(
            bench.intake,
            new InboxProperties(Path.of("inbox"), Duration.ofSeconds(5), 100, 1 << 20));
  }

  @AfterEach
  void close() {
    bench.close();
    opened.close();
  }

  private Outlook asked(ObjectNode request, AgentPools.Pool pool) {
    CheckedRequest checked = bench.intake.check(Json.utf8(Json.text(request)), null);
    if (pool != null) {
      checked = bench.intake.withAgents(checked, pool);
    }
    assertThat(checked.findings()).isEmpty();
    return outlook.of(checked, pool, alone.of(checked, pool));
  }

  @Test
  void aCampaignThatIsAloneHasThePoolForItself() {
    Outlook told = asked(request("Spring", ""), agents(12));
    JsonNode pool = told.pool();
    assertThat(pool.path("id").asText()).isEqualTo("pool-1");
    assertThat(pool.at("/agents/staffed").asInt()).isEqualTo(12);
    assertThat(pool.path("running").asInt()).isZero();
    assertThat(pool.at("/others/campaigns").asInt()).isZero();
    assertThat(pool.at("/busiest/campaigns").asInt()).isOne();
    assertThat(pool.at("/forecast/agents").asInt()).isEqualTo(12);
    assertThat(pool.at("/forecast/utilisation").asDouble()).isBetween(0.6, 0.9);
    assertThat(pool.path("share").has("everySeconds")).isFalse();
    assertThat(told.warnings()).isEmpty();
  }

  @Test
  void agentsForWhomOtherPoolsDialCountAsAPart() {
    bench.store.write(
        tx -> {
          for (int agent = 0; agent < 8; agent++) {
            Set<String> keys = SharedAgents.keys(List.of("agent-" + agent));
            tx.sql()
                .sql("insert into pool_agent (pool_id, agent) values ('pool-2', ?)")
                .param(keys.iterator().next())
                .update();
          }
          return null;
        });
    assertThat(asked(request("Spring", ""), agents(12)).pool().path("agents").has("common"))
        .as("nobody dials for the other pool")
        .isFalse();
    bench.hand(request("Other", "'agentPoolId': 'pool-2'"), null);
    JsonNode pool = asked(request("Spring", ""), agents(12)).pool();
    assertThat(pool.at("/agents/staffed").asInt()).isEqualTo(12);
    assertThat(pool.at("/agents/common").asInt()).isEqualTo(8);
    assertThat(pool.at("/agents/own").asInt()).isEqualTo(8);
    assertThat(pool.at("/agents/commonWith/0").asText()).isEqualTo("pool-2");
    assertThat(pool.at("/forecast/agents").asInt()).isEqualTo(8);
    assertThat(pool.at("/forecast/note").asText()).contains("other pools dial too");
  }

  @Test
  void campaignsAtItsHoursAreCountedWhateverTheyDoNow() {
    String running = bench.active("Spring 1").id();
    bench.set(bench.active("Spring 2").id(), "stage = 'PAUSED'");
    bench.take("Spring 3");
    bench.set(bench.active("Spring 4").id(), "stage = 'STOPPED', ended = 1");
    bench.hand(
        request("Sunday", "'schedule': {'daysOfWeek': ['SUNDAY'], 'startHour': 9, 'endHour': 17}"),
        null);
    JsonNode pool = asked(request("Spring 5", ""), agents(12)).pool();
    assertThat(pool.at("/others/stages"))
        .isEqualTo(Json.tree(Map.of("ACTIVE", 1, "PAUSED", 1, "RECEIVED", 1)));
    assertThat(pool.at("/busiest/campaigns").asInt()).isEqualTo(4);
    assertThat(pool.at("/share/turnSeconds").asInt()).isEqualTo(60);
    assertThat(pool.at("/share/everySeconds").asInt()).isEqualTo(240);
    assertThat(bench.get(running)).isNotNull();
  }

  @Test
  void moreCampaignsThanAPoolCanFeedAreAWarningWithNumbers() {
    for (int i = 0; i < 40; i++) {
      bench.take("Spring " + i);
    }
    Outlook told = asked(request("One more", ""), agents(12));
    assertThat(told.warnings())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.field()).isEqualTo("agentPoolId");
              assertThat(one.rule()).isEqualTo("agents.shared");
              assertThat(one.message())
                  .matches(
                      "With it, 41 campaigns would share the 12 agents of agent pool pool-1 at one"
                          + " time: it would have a turn of about 44 s every 30 min, and about"
                          + " [34]\\.\\d answered calls an hour\\. It would begin with \\d\\.\\d\\d"
                          + " calls/s\\. Add agents to the pool, .*");
            });
    assertThat(asked(request("Heavy", "'weight': 10"), agents(12)).warnings())
        .as("ten times as many calls for one with ten times the weight")
        .extracting(Finding::rule)
        .isEmpty();
  }

  @Test
  void whereTheAgentsAreNotKnownOnlyTheCampaignsAreTold() {
    bench.active("Spring 1");
    Outlook told = asked(request("Spring 2", ""), null);
    assertThat(told.pool().path("agents").isNull()).isTrue();
    assertThat(told.pool().at("/others/campaigns").asInt()).isOne();
    assertThat(told.pool().has("forecast")).isFalse();
    assertThat(told.pool().has("share")).isFalse();
    assertThat(told.warnings()).isEmpty();
  }

  /** A dry run of a file as its route has it; null for agents that CXone does not tell of. */
  private JsonNode tried(String file, AgentPools.Pool agents) {
    DryRun run = runs.begin();
    files
        .chunks(Json.utf8(file))
        .forEachRemaining(
            chunk -> {
              for (String poolId : runs.poolsOf(run, chunk)) {
                if (!runs.asks(run)) {
                  continue;
                }
                if (agents == null) {
                  runs.unknown(run, poolId, "CXone did not answer.");
                } else {
                  runs.agents(run, poolId, agents);
                }
              }
              runs.add(run, chunk);
            });
    return runs.told(run);
  }

  private static String line(int n, String properties) {
    return Json.text(request("File " + n, properties));
  }

  @Test
  void aFileWithoutARequestIsNotValid() {
    for (String file : List.of("[]", " [ ]\n")) {
      JsonNode told = tried(file, agents(12));
      assertThat(told.path("valid").asBoolean()).isFalse();
      assertThat(told.path("entries").asInt()).isZero();
      assertThat(told.at("/problems/0/title").asText()).isEqualTo("Empty file");
      assertThat(told.at("/problems/0/detail").asText()).isEqualTo("The file holds no request.");
    }
  }

  @Test
  void aFileIsToldAsTheSumOfItsCampaigns() {
    String third = line(3, "'agentPoolId': 'pool-2'");
    for (String file :
        List.of(
            line(1, "") + "\n" + line(2, "") + "\n\n" + third,
            " [" + line(1, "") + "," + line(2, "") + ",\n" + third + "]")) {
      JsonNode told = tried(file, agents(12));
      assertThat(told.path("valid").asBoolean()).isTrue();
      assertThat(told.path("entries").asInt()).isEqualTo(3);
      assertThat(told.path("good").asInt()).isEqualTo(3);
      assertThat(told.path("pools").findValuesAsText("id")).containsExactly("pool-1", "pool-2");
      assertThat(told.at("/pools/0/file/campaigns").asInt()).isEqualTo(2);
      assertThat(told.at("/pools/0/file/limit").asDouble()).isEqualTo(20);
      assertThat(told.at("/pools/0/busiest/campaigns").asInt()).isEqualTo(2);
      assertThat(told.at("/pools/0/file/firstCallsPerSecond").asDouble()).isEqualTo(0.9);
      assertThat(told.at("/pools/0/forecast/utilisation").asDouble()).isBetween(0.6, 0.9);
      assertThat(told.at("/pools/1/file/campaigns").asInt()).isOne();
    }
    assertThat(bench.count("campaign")).as("nothing is taken").isZero();
  }

  @Test
  void moreCampaignsThanAPoolCanFeedAreAWarningOfTheFile() {
    String file =
        IntStream.range(0, 300).mapToObj(n -> line(n, "")).collect(Collectors.joining("\n"));
    JsonNode told = tried(file, agents(12));
    assertThat(told.path("good").asInt()).isEqualTo(300);
    JsonNode warning = told.at("/warnings/0");
    assertThat(warning.path("rule").asText()).isEqualTo("agents.shared");
    assertThat(warning.path("entries").asInt()).isEqualTo(300);
    assertThat(warning.path("message").asText())
        .matches(
            "300 campaigns would share the 12 agents of agent pool pool-1 at one time: each would"
                + " have a turn of about 15 s every 75 min, and about 0\\.[56] answered calls an"
                + " hour\\. Those of this file \\(300\\) would begin with [\\d.]+ calls/s together,"
                + " should all begin at once\\. Add agents .*");
  }

  @Test
  void whatIsWrongWithAnEntryIsToldOfIt() {
    bench.take("Taken");
    bench.hand(request("Again", "'externalId': 'again'"), null);
    JsonNode told =
        tried(
            String.join(
                "\n",
                line(1, ""),
                "no JSON, but long enough to be a request of some kind",
                line(1, ""),
                line(4, "'timeZone': 'Nowhere/None'"),
                Json.text(request("Taken", "")),
                Json.text(request("Again", "'externalId': 'again'")),
                line(7, "'externalId': 'same'"),
                line(7, "'externalId': 'same'"),
                line(9, "'externalId': 'same'")),
            agents(12));
    assertThat(told.path("valid").asBoolean()).isFalse();
    assertThat(told.path("good").asInt()).isEqualTo(2);
    assertThat(told.path("repeats").asInt()).isEqualTo(2);
    assertThat(told.path("refused").asInt()).isEqualTo(5);
    assertThat(told.path("problems").findValuesAsText("line"))
        .containsExactly("2", "3", "4", "5", "9");
    assertThat(told.path("problems").findValuesAsText("status"))
        .containsExactly("400", "409", "422", "409", "409");
  }

  @Test
  void entriesForAPoolWithoutAgentsAreRefused() {
    JsonNode told = tried("[" + line(1, "") + "]", agents(1));
    assertThat(told.at("/problems/0/errors/0/rule").asText()).isEqualTo("agents.minimum");
    assertThat(told.at("/pools/0/file/campaigns").asInt()).isZero();
    assertThat(told.at("/pools/0/busiest").isNull()).isTrue();
  }

  @Test
  void aFileIsCheckedWithoutAgentsThatNobodyTells() {
    JsonNode told =
        tried(
            String.join(
                "\n",
                line(1, ""),
                line(2, "'agentPoolId': 'pool-2'"),
                line(3, "'agentPoolId': 'pool-3'")),
            null);
    assertThat(told.path("good").asInt()).isEqualTo(3);
    assertThat(told.path("furtherPools").asInt()).isOne();
    assertThat(told.at("/pools/0/agents").isNull()).isTrue();
    assertThat(told.at("/pools/0/file").has("firstCallsPerSecond")).isFalse();
    String unchecked =
        "The agents of agent pool pool-%d could not be checked: CXone did not answer%s";
    assertThat(told.path("warnings").findValuesAsText("message"))
        .anyMatch(said -> said.startsWith(unchecked.formatted(1, ". They are")))
        .anyMatch(said -> said.startsWith(unchecked.formatted(2, " for another pool.")));
  }

  @Test
  void anArrayThatIsNoneIsUnreadable() {
    assertThatThrownBy(() -> tried("[" + line(1, ""), agents(12)))
        .isInstanceOf(UnreadableJsonException.class);
  }

  @Test
  void aRequestThatWasTakenBeforeIsNotCountedTwice() {
    ObjectNode request = request("Spring", "'externalId': 'spring-1'");
    bench.hand(request, null);
    JsonNode pool = asked(request, agents(12)).pool();
    assertThat(pool.at("/others/campaigns").asInt()).isZero();
    assertThat(pool.at("/busiest/campaigns").asInt()).isOne();
  }

  @Test
  void aFileThatIsEmptyOrNotInUtf8IsToldToBe() {
    for (byte[] empty : List.of(new byte[0], " \r\n".getBytes(StandardCharsets.UTF_8))) {
      assertThatThrownBy(() -> files.chunks(empty))
          .isInstanceOf(UnreadableJsonException.class)
          .hasMessageContaining("empty");
    }
    for (Charset other : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      assertThatThrownBy(() -> files.chunks("[{}]".getBytes(other)))
          .isInstanceOf(UnreadableJsonException.class)
          .hasMessageContaining("UTF-8");
    }
  }
}
