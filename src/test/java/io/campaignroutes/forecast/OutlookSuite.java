package io.campaignroutes.forecast;

import static io.campaignroutes.campaign.CampaignFixture.agents;
import static io.campaignroutes.campaign.CampaignFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.PoolCampaigns;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.forecast.PoolOutlook.Outlook;
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
import java.time.Duration;
import java.util.Map;
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
  private CampaignForecast alone;

  abstract TestStores.Opened open();

  @BeforeEach
  void openBench() {
    opened = open();
    bench = new CampaignFixture(opened);
    PacingPlans plans = new PacingPlans(CampaignFixture.CHECKS, PACING);
    PacingLaw law = new PacingLaw(PACING.law(), PACING.figures(), PACING.platform());
    alone = new CampaignForecast(plans, law, PACING);
    outlook =
        new PoolOutlook(
            new PoolDemands(bench.store, new PoolCampaigns(bench.store), plans),
            new PoolReads(bench.store, bench.campaigns, new ControlReads(bench.store, PACING)),
            new SharedForecast(law, PACING),
            law,
            FORECAST);
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

  @Test
  void aRequestThatWasTakenBeforeIsNotCountedTwice() {
    ObjectNode request = request("Spring", "'externalId': 'spring-1'");
    bench.hand(request, null);
    JsonNode pool = asked(request, agents(12)).pool();
    assertThat(pool.at("/others/campaigns").asInt()).isZero();
    assertThat(pool.at("/busiest/campaigns").asInt()).isOne();
  }
}
