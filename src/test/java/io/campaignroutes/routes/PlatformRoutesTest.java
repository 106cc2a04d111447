package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.RateWrites;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("platform")
class PlatformRoutesTest extends RouteTest {
  private static final JsonNode ANSWER = json("{\"id\": \"r-1\"}");
  private static final CxoneRefusedException REFUSED = new CxoneRefusedException(400, "X", "no");

  private final PlatformRequest request =
      value(PlatformRequest.class, "request", Map.of("poolId", "pool-1"));

  PlatformRoutesTest() {
    super("platform/v2/platform");
  }

  @ParameterizedTest
  @CsvSource({
    "platform-create,   createCampaign",
    "platform-find,     findCampaigns",
    "platform-register, registerWebhook",
    "platform-activate, activateCampaign",
    "platform-pause,    pauseCampaign",
    "platform-stop,     stopCampaign",
    "platform-status,   getCampaign",
    "platform-figures,  realtimeFigures",
    "platform-totals,   campaignFigures"
  })
  void anOperationIsOneCallWhoseAnswerIsPassedOn(String route, String operation) {
    given("direct:cxone-call", ANSWER);
    assertThat(send(route, request).getMessage().getBody()).isSameAs(ANSWER);
    assertThat(calls())
        .containsExactly(
            "cxoneApi.call(" + operation + ", request, 1)", "direct:cxone-call <- <cxoneApi.call>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "platform-agents",
        "platform-create",
        "platform-find",
        "platform-register",
        "platform-activate",
        "platform-pause",
        "platform-stop",
        "platform-status",
        "platform-figures",
        "platform-totals",
        "platform-set-rate"
      })
  void aFailureIsLeftToWhoeverAsked(String route) {
    given("agentPools.recent", (Object) null);
    given("direct:cxone-call", REFUSED);
    assertLeftToTheCaller(send(route, request), REFUSED);
  }

  @Test
  void thePoolOfAMomentAgoIsNotAskedForAgain() {
    Exchange end = send("platform-agents", request);
    assertThat(calls()).containsExactly("agentPools.recent(pool-1)");
    assertThat(end.getMessage().getBody()).hasToString("<agentPools.recent>");
  }

  @Test
  void aPoolIsAskedForAndKept() {
    given("agentPools.recent", (Object) null);
    given("direct:cxone-call", ANSWER);
    Exchange end = send("platform-agents", request);
    assertThat(calls())
        .containsExactly(
            "agentPools.recent(pool-1)",
            "cxoneApi.call(agentPool, request, 1)",
            "direct:cxone-call <- <cxoneApi.call>",
            "agentPools.keep(pool-1, {\"id\":\"r-1\"})");
    assertThat(end.getMessage().getBody()).isInstanceOf(AgentPools.Pool.class);
  }

  @Test
  void aPoolThatIsNotKnownIsKeptAsThat() {
    given("agentPools.recent", (Object) null);
    given("direct:cxone-call", new CxoneRefusedException(404, null, "no pool"));
    Exchange end = send("platform-agents", request);
    assertThat(calls()).last().isEqualTo("agentPools.keepUnknown(pool-1)");
    assertThat(end.getMessage().getBody()).hasToString("<agentPools.keepUnknown>");
    assertThat(end.getException()).isNull();
  }

  @Test
  void aRateThatTheAnswerShowsIsConfirmed() {
    given("direct:cxone-call", json("{\"pacing\": 1}"), json("{\"pacing\": 2}"));
    given("rateWrites.over", value(PlatformRequest.class, "over", Map.of()));
    given("rateWrites.shows", true);
    Exchange end = send("platform-set-rate", request);
    assertThat(calls())
        .containsExactly(
            "cxoneApi.call(getCampaign, request, 1)",
            "direct:cxone-call <- <cxoneApi.call>",
            "rateWrites.over(request, {\"pacing\":1})",
            "cxoneApi.call(setPacing, over, 1)",
            "direct:cxone-call <- <cxoneApi.call>",
            "rateWrites.shows(request, {\"pacing\":2})",
            "rateWrites.confirmed()");
    assertThat(end.getMessage().getBody()).hasToString("<rateWrites.confirmed>");
  }

  @Test
  void aRateThatTheAnswerDoesNotShowIsReadBack() {
    given(
        "direct:cxone-call",
        json("{\"pacing\": 1}"),
        json("{\"pacing\": 2}"),
        json("{\"pacing\": 3}"));
    Exchange end = send("platform-set-rate", request);
    assertThat(calls())
        .containsSubsequence(
            "rateWrites.shows(request, {\"pacing\":2})",
            "cxoneApi.call(getCampaign, request, 1)",
            "direct:cxone-call <- <cxoneApi.call>",
            "rateWrites.readBack(request, {\"pacing\":2}, {\"pacing\":3})");
    assertThat(end.getMessage().getBody()).isInstanceOf(RateWrites.Outcome.class);
  }

  @Test
  void aRateThatCannotBeReadBackIsUnconfirmed() {
    given("direct:cxone-call", ANSWER, ANSWER, REFUSED);
    Exchange end = send("platform-set-rate", request);
    assertThat(calls()).last().isEqualTo("rateWrites.unconfirmed(no)");
    assertThat(end.getMessage().getBody()).hasToString("<rateWrites.unconfirmed>");
    assertThat(end.getException()).isNull();
  }
}
