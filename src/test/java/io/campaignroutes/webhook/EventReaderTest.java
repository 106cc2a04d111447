package io.campaignroutes.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.cxone.PlatformEvents;
import io.campaignroutes.cxone.TestCxone;
import io.campaignroutes.shared.Hashes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of an event is said by the platform's file. */
class EventReaderTest {
  private static final String OTHER =
      """
      {
        "remoteId": ."campaign key",
        "status": .state,
        "occurredAt": .at,
        "type": if (.what == "ended") "CAMPAIGN_COMPLETED" else .what,
        "id": .key,
        "failureCode": .why
      }""";

  private static Event read(PlatformEvents platform, String body) {
    return new EventReader(platform).read(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anotherPlatformsNamesAreThoseOfItsFile() {
    PlatformEvents platform = PlatformEvents.of("X-Key", OTHER);
    String body =
        "{'campaign key':'R-1','state':'OVER','at':'2026-03-02T15:00:00Z','what':'ended','key':7,"
            + "'why':'E1','campaignId':'R-9'}";
    Event event = read(platform, body);
    assertThat(event.parked()).isNull();
    assertThat(event.identity()).isEqualTo("id:7");
    assertThat(event.remoteId()).isEqualTo("R-1");
    assertThat(event.type()).isEqualTo("CAMPAIGN_COMPLETED");
    assertThat(event.status()).isEqualTo("OVER");
    assertThat(event.json().path("failureCode").asText()).isEqualTo("E1");
    assertThat(event.body()).isEqualTo(body.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "'campaign key':'R-1'|'x':1|The event has no campaign key.",
        "'campaign key':'R-1'|'campaign key':null|The event's campaign key is empty; a text or a whole number is expected.",
        "'state':'OVER'|'state':{}|The event's state is an object; a text such as ACTIVE is expected.",
        "'at':'2026-03-02T15:00:00Z'|'x':1|The event has no at.",
        "'what':'ended'|'what':'begun'|The event type begun is not known.",
        "'key':7|'key':1.5|The event's key is a number with a fraction or an exponent; a text or a whole number is expected."
      },
      delimiter = '|')
  void whatCannotBeUnderstoodIsToldInThePlatformsOwnNames(
      String field, String instead, String reason) {
    String body =
        "{'campaign key':'R-1','state':'OVER','at':'2026-03-02T15:00:00Z','what':'ended','key':7}";
    Event event = read(PlatformEvents.of("X-Key", OTHER), body.replace(field, instead));
    assertThat(event.parked()).isEqualTo(reason);
  }

  @Test
  void anEventThatTheTemplateCannotTakeIsParked() {
    PlatformEvents platform =
        PlatformEvents.of("X-Key", OTHER.replace(".state", "error(\"what \" + .state)"));
    Event event = read(platform, "{'campaign key':'R-1','state':'" + "x".repeat(10_000) + "'}");
    assertThat(event.parked())
        .startsWith("The template for events in the platform's file cannot take the event: ")
        .hasSizeLessThanOrEqualTo(500);
    assertThat(event.identity()).startsWith("body:");
    assertThat(event.remoteId()).isNull();
    PlatformEvents none = PlatformEvents.of("X-Key", "if (.state) \"x\" else " + OTHER);
    assertThat(read(none, "{'state':'OVER'}").parked()).endsWith("it makes no object of it.");
  }

  /** Events that were kept before know themselves again. */
  @Test
  void theIdentityOfAnEventIsMadeOfItsOwnFourFields() {
    String body =
        "{'campaignId':'R-1','status':'ACTIVE','timestamp':1772463600,'eventType':'CAMPAIGN_PAUSED'}";
    assertThat(read(TestCxone.events(), body).identity())
        .isEqualTo("fields:" + Hashes.sha256("3:R-16:ACTIVE10:177246360015:CAMPAIGN_PAUSED"));
  }

  @Test
  void aSectionThatLeavesOutAFieldOrTheHeaderIsRefused() {
    assertThatThrownBy(() -> PlatformEvents.of("X-Key", OTHER.replace("\"id\": .key,", "")))
        .hasMessageStartingWith("makes no 'id' of an event.");
    assertThatThrownBy(() -> PlatformEvents.of(null, OTHER))
        .hasMessageStartingWith("does not name the header");
    assertThatThrownBy(() -> PlatformEvents.of("X-Key", null))
        .hasMessageStartingWith("does not say how an event is read.");
  }
}
