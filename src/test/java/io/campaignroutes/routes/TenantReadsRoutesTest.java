package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.cxone.PlatformRequest;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("tenant-reads")
class TenantReadsRoutesTest extends RouteTest {
  private final PlatformRequest request = value(PlatformRequest.class, "request", Map.of());

  TenantReadsRoutesTest() {
    super("platform/personal-connection/tenant-reads");
  }

  @ParameterizedTest
  @CsvSource({"tenant-skill-agents, skillAgents", "tenant-team, getTeam"})
  void whoIsInAPoolIsNotReadAgainEither(String route, String operation) {
    send(route, request);
    assertThat(calls()).containsExactly("tenantReads.recentOf(" + operation + ", request)");
    forget();
    given("tenantReads.recentOf", (Object) null);
    given("direct:cxone-call", json("{\"a\": 1}"));
    send(route, request);
    assertThat(calls())
        .containsExactly(
            "tenantReads.recentOf(" + operation + ", request)",
            "cxoneApi.call(" + operation + ", request, 1)",
            "direct:cxone-call <- <cxoneApi.call>",
            "tenantReads.keepOf(" + operation + ", request, {\"a\":1})");
  }

  @ParameterizedTest
  @CsvSource({
    "tenant-agents,        agents",
    "tenant-zones,         timeZones",
    "tenant-business-unit, businessUnit",
    "tenant-skills,        skills",
    "tenant-lists,         lists"
  })
  void whatWasReadAMomentAgoIsNotReadAgain(String route, String operation) {
    send(route, request);
    assertThat(calls()).containsExactly("tenantReads.recent(" + operation + ")");
    forget();
    given("tenantReads.recent", (Object) null);
    given("direct:cxone-call", json("{\"a\": 1}"));
    send(route, request);
    assertThat(calls())
        .containsExactly(
            "tenantReads.recent(" + operation + ")",
            "cxoneApi.call(" + operation + ", request, 1)",
            "direct:cxone-call <- <cxoneApi.call>",
            "tenantReads.keep(" + operation + ", {\"a\":1})");
  }

  @Test
  void whatCollectorsHaveReadOfAgentsIsNotReadAgain() {
    send("tenant-states", request);
    assertThat(calls()).containsExactly("tenantReads.recentStates(request)");
    forget();
    given("tenantReads.recentStates", (Object) null);
    given("direct:cxone-call", json("{\"a\": 1}"));
    send("tenant-states", request);
    assertThat(calls())
        .containsExactly(
            "tenantReads.recentStates(request)",
            "cxoneApi.call(agentStates, request, 1)",
            "direct:cxone-call <- <cxoneApi.call>",
            "tenantReads.keep(agentStates, {\"a\":1})");
  }
}
