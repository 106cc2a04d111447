package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.http.ApiAnswer;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.webhook.WebhookEvents;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("webhook-receive")
class WebhookReceiveRoutesTest extends RouteTest {
  WebhookReceiveRoutesTest() {
    super("webhook-receive");
  }

  @Test
  void anEventOfAKnownSenderIsKeptAndThenAcknowledged() {
    given("authenticSender.matches", true);
    does(
        "keepEvent.process",
        arguments -> {
          var received = value(WebhookEvents.Received.class, "received", Map.of());
          ((Exchange) arguments[0]).getMessage().setBody(received);
          return null;
        });
    given("webhookAnswers.received", value(ApiAnswer.class, "acknowledged", Map.of()));
    assertThat(send("webhook-receive", "an event").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(an event)",
            "authenticSender.matches(an event)",
            "keepEvent.process(an event)",
            "webhookAnswers.received(received)",
            "httpAnswer.process(acknowledged)");
  }

  @Test
  void anEventOfAnUnknownSenderIsNotKept() {
    given("webhookAnswers.unknownSender", value(ApiAnswer.class, "unknown", Map.of()));
    send("webhook-receive", "an event");
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(an event)",
            "authenticSender.matches(an event)",
            "webhookAnswers.unknownSender()",
            "httpAnswer.process(unknown)");
  }

  @Test
  void anEventThatCannotBeKeptIsNotAcknowledged() {
    given("authenticSender.matches", true);
    given("keepEvent.process", failure(StoreUnavailableException.class, "no store"));
    given("answers.problem", value(ApiAnswer.class, "problem", Map.of()));
    assertThat(send("webhook-receive", "an event").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(an event)",
            "authenticSender.matches(an event)",
            "keepEvent.process(an event)",
            "answers.problem(StoreUnavailableException)",
            "httpAnswer.process(problem)");
  }

  @Test
  void campaignsThatAreKnownByNowTakeTheirEvents() {
    given("webhookEvents.overlooked", List.of("r-1"));
    send("webhook-catch-up", null);
    assertThat(calls()).containsExactly("webhookEvents.overlooked()", "webhookEvents.claim([r-1])");
    assertThat(from("webhook-catch-up"))
        .isEqualTo("scheduler:webhook-catch-up?delay=10000&initialDelay=5000&synchronous=true");
  }

  @Test
  void nothingIsTakenWhenNothingWasOverlooked() {
    given("webhookEvents.overlooked", List.of());
    send("webhook-catch-up", null);
    assertThat(calls()).containsExactly("webhookEvents.overlooked()");
  }

  @Test
  void aCatchUpThatFailsIsTriedAgainWithTheNextTick() {
    given(
        "webhookEvents.overlooked",
        failure(StoreUnavailableException.class, "no store"),
        new IllegalStateException("odd"));
    assertThat(send("webhook-catch-up", null).getException()).isNull();
    assertThat(send("webhook-catch-up", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "webhookEvents.overlooked()",
            "DEBUG webhook-catch-up is tried again with the next tick: no store",
            "webhookEvents.overlooked()",
            "WARN webhook-catch-up failed and is tried again with the next tick: odd");
  }
}
