package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.webhook.DeliveryBatch;
import io.campaignroutes.webhook.Destination;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("webhook-forward")
class WebhookForwardRoutesTest extends RouteTest {
  private final DeliveryBatch run = batch("run");

  WebhookForwardRoutesTest() {
    super("webhook-forward");
  }

  private static DeliveryBatch batch(String name) {
    var destination = value(Destination.class, "crm", Map.of());
    return value(
        DeliveryBatch.class, name, Map.of("destination", destination, "endpoint", "file:out?x=1"));
  }

  @Test
  void whatIsDueIsClaimedAndEachRunSentOnThreadsOfItsOwn() {
    given("forwarder.claim", List.of(run, batch("another")));
    given("direct:webhook-run", "done");
    assertThat(send("webhook-forward", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "forwarder.await()",
            "forwarder.claim()",
            "on deliveryWorkers",
            "direct:webhook-run <- run",
            "on deliveryWorkers",
            "direct:webhook-run <- another");
    assertThat(from("webhook-forward"))
        .isEqualTo("scheduler:webhook-forward?delay=1&initialDelay=500&synchronous=true");
  }

  @Test
  void aClaimThatFailsIsToldToTheForwarder() {
    given("forwarder.claim", failure(StoreUnavailableException.class, "no store"));
    assertThat(send("webhook-forward", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "forwarder.await()",
            "forwarder.claim()",
            "forwarder.onStoreFailure(StoreUnavailableException)");
  }

  @Test
  void theDeliveriesOfARunAreMadeSignedSentAndTheirAnswersRead() {
    given("nextDelivery.matches", true, true, false);
    given("deliveryByHttp.matches", true);
    becomes("deliveryBody.process", "event");
    becomes("deliverySignature.process", "signed event");
    given("http://destination", "answer");
    assertThat(send("webhook-run", run).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "nextDelivery.matches(run)",
            "deliveryBody.process(run)",
            "deliverySignature.process(event)",
            "deliveryByHttp.matches(signed event)",
            HTTP + " <- signed event",
            "deliveryAnswer.process(answer)",
            "nextDelivery.matches(answer)",
            "deliveryBody.process(answer)",
            "deliverySignature.process(event)",
            "deliveryByHttp.matches(signed event)",
            HTTP + " <- signed event",
            "deliveryAnswer.process(answer)",
            "nextDelivery.matches(answer)",
            "forwarder.done(run)");
  }

  private static final String HTTP =
      "http://destination?clientConnectionManager=#deliveryConnections"
          + "&httpClientConfigurer=#deliveryClient&throwExceptionOnFailure=false";

  private void becomes(String processor, Object body) {
    does(
        processor,
        arguments -> {
          ((Exchange) arguments[0]).getMessage().setBody(body);
          return null;
        });
  }

  @Test
  void aDestinationThatIsNoAddressIsAnEndpointOfItsOwn() {
    given("nextDelivery.matches", true, false);
    send("webhook-run", run);
    assertThat(calls())
        .containsExactly(
            "nextDelivery.matches(run)",
            "deliveryBody.process(run)",
            "deliverySignature.process(run)",
            "deliveryByHttp.matches(run)",
            "file://out?x=1 <- run",
            "deliveryAnswer.process(run)",
            "nextDelivery.matches(run)",
            "forwarder.done(run)");
  }

  @Test
  void aDeliveryThatFailsIsNotedAndTheRunGoesOn() {
    given("nextDelivery.matches", true, false);
    given("deliveryByHttp.matches", true);
    given("http://destination", new java.net.ConnectException("refused"));
    assertThat(send("webhook-run", run).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "nextDelivery.matches(run)",
            "deliveryBody.process(run)",
            "deliverySignature.process(run)",
            "deliveryByHttp.matches(run)",
            HTTP + " <- run",
            "deliveryFailed.process(run)",
            "nextDelivery.matches(run)",
            "forwarder.done(run)");
  }

  @Test
  void aRunThatBreaksGivesBackWhatItHasNotSent() {
    given("nextDelivery.matches", new IllegalStateException("odd"));
    assertThat(send("webhook-run", run).getException()).isNull();
    assertThat(calls()).hasSize(3).first().isEqualTo("nextDelivery.matches(run)");
    assertThat(calls().get(1))
        .startsWith("ERROR A run of deliveries to crm broke: java.lang.IllegalStateException: odd");
    assertThat(calls()).last().isEqualTo("forwarder.done(run)");
  }

  @Test
  void oldEventsAreRemovedUntilThereAreNone() {
    given("retention.sweep", 500, 3, 0);
    send("webhook-retention", null);
    assertThat(calls())
        .containsExactly("retention.sweep()", "retention.sweep()", "retention.sweep()");
    assertThat(from("webhook-retention"))
        .isEqualTo("scheduler:webhook-retention?delay=60000&initialDelay=10000&synchronous=true");
  }

  @Test
  void aRemovalThatFailsIsTriedAgainWithTheNextTick() {
    given("retention.sweep", new IllegalStateException("odd"));
    assertThat(send("webhook-retention", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "retention.sweep()",
            "WARN webhook-retention failed and is tried again with the next tick: odd");
  }
}
