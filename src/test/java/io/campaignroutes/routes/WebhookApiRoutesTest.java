package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.webhook.Delivery;
import io.campaignroutes.webhook.DeliveryStatus;
import io.campaignroutes.webhook.DestinationState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("webhook-api")
class WebhookApiRoutesTest extends RouteTest {
  WebhookApiRoutesTest() {
    super("webhook-api");
  }

  @Test
  void aPageOfDeliveriesIsReadByAllThatTheRequestSays() {
    request(
        Map.of(
            "deliveryStatus",
            DeliveryStatus.DEAD,
            "destination",
            "crm",
            "campaign",
            "cmp_1",
            "newestFirst",
            true,
            "afterDelivery",
            "dlv_9",
            "limit",
            2,
            "limitAndOne",
            3));
    given("deliveryReads.list", List.of(value(Delivery.class, "delivery", Map.of())));
    assertThat(send("webhook-api-list", "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "deliveryReads.list(DEAD, crm, cmp_1, true, dlv_9, 3)",
            "deliveryAnswers.list([delivery], 2)",
            "httpAnswer.process(<deliveryAnswers.list>)");
  }

  @Test
  void aPageOfDestinationsIsReadFromWhereTheOneBeforeEnded() {
    request(Map.of("after", "crm", "limit", 2, "limitAndOne", 3));
    given("destinationSwitch.list", List.of(value(DestinationState.class, "state", Map.of())));
    assertThat(send("webhook-api-destinations", "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "destinationSwitch.list(crm, 3)",
            "deliveryAnswers.destinations([state], 2)",
            "httpAnswer.process(<deliveryAnswers.destinations>)");
  }

  @ParameterizedTest
  @CsvSource({
    "webhook-api-show,        deliveryReads.get,     '',             one",
    "webhook-api-replay,      replays.one,           ', desk (key)', replayed",
    "webhook-api-destination, destinationSwitch.get, '',             destination",
    "webhook-api-on,          destinationSwitch.on,  ', desk (key)', destination",
    "webhook-api-off,         destinationSwitch.off, ', desk (key)', destination"
  })
  void oneIsReadOrChangedAndShown(String route, String call, String who, String shown) {
    request(Map.of("id", "id-1"));
    assertThat(send(route, "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            call + "(id-1" + who + ")",
            "deliveryAnswers." + shown + "(<" + call + ">)",
            "httpAnswer.process(<deliveryAnswers." + shown + ">)");
  }

  @Test
  void whatAFilterFindsIsSentAgainAndCounted() {
    given("replays.all", 5L);
    request(Map.of());
    byte[] filter = "{}".getBytes(StandardCharsets.UTF_8);
    assertThat(send("webhook-api-replay-many", filter).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process({})",
            "deliveryAnswers.filter(http)",
            "replays.all(<deliveryAnswers.filter>, desk (key))",
            "deliveryAnswers.counted(5, <deliveryAnswers.filter>)",
            "httpAnswer.process(<deliveryAnswers.counted>)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhook-api-list",
        "webhook-api-show",
        "webhook-api-replay",
        "webhook-api-replay-many",
        "webhook-api-destinations",
        "webhook-api-destination",
        "webhook-api-on",
        "webhook-api-off"
      })
  void whatFailsIsAnsweredByAProblem(String route) {
    given("httpRequest.process", new IllegalStateException("odd"));
    assertThat(send(route, "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "answers.problem(java.lang.IllegalStateException: odd)",
            "httpAnswer.process(<answers.problem>)");
  }
}
