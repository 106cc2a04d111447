package io.campaignroutes.compliance;

import static io.campaignroutes.compliance.Fixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
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
        .contains(
            "Of its 3 agents 1 has another time zone (America/Chicago), 1 is away (OFFLINE).",
            "Log agents in.");
  }

  @Test
  void anAgentNamedTwiceCountsOnce() {
    String agent = agent("a", "AVAILABLE", ZONE);
    assertThat(check(agent + "," + agent)).hasSize(1);
    assertThat(idle(agent + "," + agent)).isEqualTo(1);
    String nameless = "{'status':'AVAILABLE'}";
    assertThat(idle(nameless + "," + nameless)).isEqualTo(2);
    String away = agent("b", "OFFLINE", ZONE);
    assertThat(
            AgentCheck.idsAtWork(json("{'agents':[" + agent + "," + away + "," + nameless + "]}")))
        .containsExactly("a");
  }

  @Test
  void whatDiffersInCaseAndFormOnlyCounts() {
    for (String status :
        List.of("Available", "NOT READY", "not-ready", "NotReady", " available ")) {
      for (String zone : List.of("america/new_york", " America/New_York\u00a0", "US/EASTERN")) {
        assertThat(check(agent("a", status, zone) + "," + agent("b", status, zone)))
            .as("%s in %s", status, zone)
            .isEmpty();
      }
    }
    assertThat(idle(agent("a", "Available", ZONE) + "," + agent("b", " AVAILABLE ", "Asia/Tokyo")))
        .isEqualTo(2);
    assertThat(idle(agent("a", "NOT_READY", ZONE) + "," + agent("b", "UNAVAILABLE", ZONE)))
        .isZero();
    for (String status : List.of("UNAVAILABLE", "NOT AVAILABLE", "READY", "")) {
      assertThat(check(agent("a", status, ZONE) + "," + agent("b", status, ZONE))).hasSize(1);
    }
  }

  @Test
  void whoeverCountsAsAvailableCanTakeACallHoweverThatIsWritten() throws Exception {
    for (String status : List.of("AVAILABLE", "Available", " available ")) {
      String pool = "{\"agents\":[{\"id\":\"a\",\"status\":\"" + status + "\"}]}";
      assertThat(AgentCheck.idle(new ObjectMapper().readTree(pool))).as(status).isOne();
    }
  }

  @Test
  void zonesThatCannotBeReadAreToldAsSuchAndNeverCounted() {
    String told =
        only(
            agent("a", "AVAILABLE", "Eastern Standard Time"),
            agent("b", "AVAILABLE", "Eastern Standard Time"),
            agent("c", "AVAILABLE", "(GMT-05:00) Eastern"),
            agent("d", "AVAILABLE", "America/Chicago"),
            "{'id':'e','status':'AVAILABLE','timeZone':null}");
    assertThat(told)
        .contains(
            "has 0 of the 2",
            "Of its 5 agents 1 has another time zone (America/Chicago),",
            "3 have a time zone that is not an IANA name (Eastern Standard Time, a Windows name: 2,"
                + " (GMT-05:00) Eastern)",
            "1 has no time zone",
            "America/New_York in CXone")
        .doesNotContain("Log agents in");
  }

  @Test
  void ofManyZonesAHandfulIsNamed() {
    String[] agents = new String[9];
    for (int i = 0; i < agents.length; i++) {
      agents[i] = agent("a" + i, "AVAILABLE", "Zone\u202e " + i);
    }
    assertThat(only(agents)).contains("and 4 more").doesNotContain("\u202e", "Zone 5");
  }

  @Test
  void aFieldThatNoAgentHasIsTakenForAWrongMapping() {
    assertThat(only("{'id':'a','status':'AVAILABLE'}", "{'id':'b'}"))
        .contains("None of its 2 agents has a schedule.timeZone", "config/cxone/v2.yaml");
    assertThat(only("{'id':'a','timeZone':'" + ZONE + "'}", "{'id':'b','timeZone':'x'}"))
        .contains("None of its 2 agents has a status", "config/cxone/v2.yaml");
    assertThat(only("'a'")).contains("None of its 1 agents has a schedule.timeZone");
    assertThat(only()).contains("It has no agents.");
  }

  private static String only(String... agents) {
    List<Finding> findings = check(String.join(",", agents));
    assertThat(findings).hasSize(1);
    return findings.get(0).message();
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

  private static int idle(String agents) {
    return AgentCheck.idle(json("{'agents':[" + agents + "]}"));
  }

  private static String agent(String id, String status, String zone) {
    return "{'id':'%s','status':'%s','timeZone':'%s'}".formatted(id, status, zone);
  }
}
