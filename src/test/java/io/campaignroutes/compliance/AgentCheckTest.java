package io.campaignroutes.compliance;

import static io.campaignroutes.compliance.Fixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentCheckTest {
  private static final String ZONE = "America/New_York";

  @Test
  void twoAgentsOfTheTimeZoneOrAnEquivalentOneAreEnough() {
    assertThat(
            check(agent("a", "AVAILABLE", "US/Eastern") + "," + agent("b", "NOT_READY", "EST5EDT")))
        .isEmpty();
  }

  @Test
  void aPoolWithOneAgentIsRefusedSayingWhy() {
    List<Finding> findings =
        check(
            agent("a", "AVAILABLE", ZONE)
                + ","
                + agent("b", "OFFLINE", ZONE)
                + ","
                + agent("c", "AVAILABLE", "America/Chicago"));
    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).field()).isEqualTo("agentPoolId");
    assertThat(findings.get(0).rule()).isEqualTo("agents.minimum");
    assertThat(findings.get(0).message())
        .startsWith("Agent pool pool-1 has 1 of the 2 agents needed")
        .contains("Of its 3 agents 1 have another time zone and 1 are away");
  }

  @Test
  void anAgentNamedTwiceCountsOnce() {
    String agent = agent("a", "AVAILABLE", ZONE);
    assertThat(check(agent + "," + agent)).hasSize(1);
  }

  @Test
  void agentsWithoutTimeZoneOrStatusDoNotCount() {
    assertThat(check("{'id':'a'},{'id':'b','status':'AVAILABLE'},'text',null,{}")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'agents':{}}", "null", "[]"})
  void anAnswerWithoutAListOfAgentsIsSaidToBeUnreadable(String answer) {
    assertThat(AgentCheck.check("pool-1", ZONE, json(answer)))
        .extracting(Finding::rule)
        .containsExactly("agents.unreadable");
  }

  @Test
  void anUnknownPoolIsSaidToBeNotFound() {
    assertThat(AgentCheck.unknownPool("pool-9").message())
        .startsWith("Agent pool not found")
        .contains("pool-9");
  }

  private static List<Finding> check(String agents) {
    return AgentCheck.check("pool-1", ZONE, json("{'agents':[" + agents + "]}"), Fixture.NOW);
  }

  private static String agent(String id, String status, String zone) {
    return "{'id':'%s','status':'%s','timeZone':'%s'}".formatted(id, status, zone);
  }
}
