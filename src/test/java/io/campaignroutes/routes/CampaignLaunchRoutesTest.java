package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.cxone.Urgency;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("campaign-launch")
class CampaignLaunchRoutesTest extends RouteTest {
  private static final Campaign CAMPAIGN =
      value(
          Campaign.class,
          "cmp_1",
          Map.of(
              "id",
              "cmp_1",
              "poolId",
              "pool-1",
              "urgency",
              Urgency.LAUNCH,
              "dueSince",
              7L,
              "arguments",
              json("{\"id\": \"cmp_1\"}")));

  CampaignLaunchRoutesTest() {
    super("campaign-launch");
  }

  @Test
  void launchesAreClaimedAndRunOnTheirThreads() {
    Campaign other = value(Campaign.class, "cmp_2", Map.of());
    given("runners.claim", List.of(CAMPAIGN, other));
    given("direct:campaign-run", "done");
    send("campaign-launch", null);
    assertThat(calls())
        .containsExactly(
            "runners.claim(LAUNCH)",
            "on launchWorkers",
            "direct:campaign-run <- cmp_1",
            "on launchWorkers",
            "direct:campaign-run <- cmp_2");
  }

  @Test
  void checkAsksForTheAgentsOfThePool() {
    given("direct:platform-agents", (Object) null);
    Exchange end = send("campaign-check", null, "campaign", CAMPAIGN);
    assertThat(calls())
        .containsExactly(
            "platform.agents(pool-1, LAUNCH, 7)",
            "direct:platform-agents <- <platform.agents>",
            "launchSteps.agentsKnown(cmp_1, null)");
    assertThat(end.getVariable("campaign")).hasToString("<launchSteps.agentsKnown>");
  }

  @Test
  void aFailureNobodyForesawEndsTheRun() {
    given("direct:platform-agents", new IllegalStateException("odd"));
    send("campaign-check", null, "campaign", CAMPAIGN);
    assertThat(calls()).contains("stageErrors.broken(cmp_1, java.lang.IllegalStateException: odd)");
  }
}
