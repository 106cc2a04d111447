package io.campaignroutes.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.UnreadableJsonException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookEventsTest {
  private static final String EVENT =
      "{'campaignId':'R-1','status':'ACTIVE','timestamp':'2026-03-02T15:00:00Z',"
          + "'eventType':'CAMPAIGN_ACTIVATED'";

  @TempDir Path temp;
  private TestStores.Opened opened;
  private WebhookFixture desk;
  private WebhookEvents events;

  @BeforeEach
  void openStore() {
    use(TestStores.sqlite(temp.resolve("store.db")));
  }

  private void use(TestStores.Opened store) {
    opened = store;
    // one that takes everything: what no campaign is known for is parked where nobody takes it
    desk = new WebhookFixture(store, temp, "destinations: [{name: one, url: 'http://one.test/'}]");
    events = desk.events;
  }

  @AfterEach
  void closeStore() {
    opened.close();
  }

  @Test
  void onlyWhoKnowsTheTokenIsAuthentic() {
    assertThat(events.authentic("hook-secret")).isTrue();
    for (String other : new String[] {null, "", "hook-secre", "hook-secret ", "HOOK-SECRET"}) {
      assertThat(events.authentic(other)).isFalse();
    }
  }

  @Test
  void anEventIsKeptAsItCame() {
    String text = EVENT + ",  'extra': {'x':[1,2.50]} }";
    WebhookEvents.Received received = receive(text);
    assertThat(received.repeat()).isFalse();
    assertThat(received.parked()).isNull();
    Map<String, Object> row =
        opened.store().read().sql("select * from webhook_event").query().singleRow();
    assertThat(row)
        .containsEntry("id", received.id())
        .containsEntry("remote_id", "R-1")
        .containsEntry("event_type", "CAMPAIGN_ACTIVATED")
        .containsEntry("status", "ACTIVE")
        .containsEntry("occurred_at", "2026-03-02T15:00:00Z")
        .containsEntry("body", text.replace('\'', '"'))
        .containsEntry("parked", null);
  }

  @Test
  void theSameEventIdIsTheSameEventWhateverElseItSays() {
    assertThat(receive(EVENT + ",'eventId':'e-1'}").repeat()).isFalse();
    assertThat(receive(EVENT + ",'eventId':'e-1','extra':1}").repeat()).isTrue();
    assertThat(receive(EVENT + ",'eventId':'e-2'}").repeat()).isFalse();
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void withoutAnEventIdTheFourFieldsTellEventsApart() {
    assertThat(receive(EVENT + "}").repeat()).isFalse();
    assertThat(receive(EVENT + ",'extra':1}").repeat()).isTrue();
    assertThat(receive(EVENT + ",'eventId':' '}").repeat()).isTrue();
    for (String changed :
        List.of(
            EVENT.replace("R-1", "R-2"),
            EVENT.replace("'ACTIVE'", "'PENDING'"),
            EVENT.replace("15:00", "15:01"),
            EVENT.replace("CAMPAIGN_ACTIVATED", "CAMPAIGN_ERROR"))) {
      assertThat(receive(changed + "}").repeat()).as(changed).isFalse();
    }
    assertThat(count()).isEqualTo(5);
  }

  @Test
  void fieldsThatOnlyTogetherLookAlikeAreDifferentEvents() {
    receive("{'campaignId':'ab','status':'c','timestamp':'t','eventType':'CAMPAIGN_ERROR'}");
    assertThat(
            receive("{'campaignId':'a','status':'bc','timestamp':'t','eventType':'CAMPAIGN_ERROR'}")
                .repeat())
        .isFalse();
  }

  @Test
  void anEventIdOfAnyLengthTellsEventsApart() {
    String longId = "x".repeat(5_000);
    assertThat(receive(EVENT + ",'eventId':'" + longId + "'}").repeat()).isFalse();
    assertThat(receive(EVENT + ",'eventId':'" + longId + "'}").repeat()).isTrue();
    assertThat(receive(EVENT + ",'eventId':'" + longId + "y'}").repeat()).isFalse();
  }

  @Test
  void anEventThatComesSixteenTimesAtOnceIsKeptOnce() throws Exception {
    List<Boolean> repeats =
        TestStores.atOnce(16, () -> receive(EVENT + ",'eventId':'e-1'}").repeat());
    assertThat(repeats).filteredOn(repeat -> !repeat).hasSize(1);
    assertThat(count()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"campaignId", "status", "timestamp", "eventType"})
  void anEventThatLacksAFieldIsParkedWithTheReason(String field) {
    for (String instead :
        new String[] {"null", "''", "true", "{}", "[]", "'" + "x".repeat(201) + "'"}) {
      String text =
          (EVENT + "}").replaceFirst("'" + field + "':'[^']*'", "'" + field + "':" + instead);
      WebhookEvents.Received received = receive(text);
      assertThat(received.parked()).as(text).contains(field);
      assertThat(received.repeat()).isFalse();
      assertThat(receive(text).repeat()).isTrue();
    }
    assertThat(count()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "4711 | 4711",
        "-3 | -3",
        "123456789012345678901234567890123456789 | 123456789012345678901234567890123456789",
        "'4711' | 4711",
      })
  void aCampaignIdMayBeAWholeNumber(String id, String understood) {
    String text = EVENT.replace("'R-1'", id) + "}";
    assertThat(receive(text).parked()).isNull();
    assertThat(receive(text).repeat()).isTrue();
    assertThat(column("remote_id")).isEqualTo(understood);
    assertThat(column("body")).isEqualTo(text.replace('\'', '"'));
    assertThat(desk.all(run -> 200)).hasSize(1);
  }

  @Test
  void aNumberAsAnIdIsTheSameIdAsATextOfItsDigits() {
    String id = receive(EVENT.replace("'R-1'", "4711") + ",'eventId':99}").id();
    assertThat(receive(EVENT.replace("R-1", "4711") + ",'eventId':'99'}").id()).isEqualTo(id);
    assertThat(receive(EVENT.replace("R-1", "4711") + "}").repeat()).isFalse();
    assertThat(receive(EVENT.replace("'R-1'", "4711") + "}").repeat()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "campaignId | 1e3 | a number with a fraction or an exponent; a text or a whole number",
        "campaignId | 1.0 | a number with a fraction or an exponent; a text or a whole number",
        "campaignId | false | false; a text or a whole number",
        "campaignId | {'id':4711} | an object; a text or a whole number",
        "campaignId | [4711] | a list; a text or a whole number",
        "campaignId | null | empty; a text or a whole number",
        "status | 3 | the number 3; a text such as ACTIVE",
        "status | {} | an object; a text such as ACTIVE",
        "eventType | 7 | the number 7; a text such as CAMPAIGN_ACTIVATED",
        "timestamp | 17 | the number 17; a date such as 2026-11-27T23:00:00Z, or whole seconds",
        "timestamp | -1764284400 | the number -1764284400; a date such as",
        "timestamp | 1764284400.5 | a number with a fraction or an exponent; a date such as",
        "timestamp | true | true; a date such as",
        "eventId | 1.5 | a number with a fraction or an exponent; a text or a whole number",
        "eventId | {} | an object; a text or a whole number",
        "eventId | true | true; a text or a whole number",
      })
  void whatIsSaidOfAFieldOfTheWrongTypeIsTrue(String field, String value, String reason) {
    String event = EVENT + ",'eventId':'e-1'}";
    String text = event.replaceFirst("'" + field + "':'[^']*'", "'" + field + "':" + value);
    assertThat(text).isNotEqualTo(event);
    assertThat(receive(text).parked()).startsWith("The event's " + field + " is " + reason);
    assertThat(receive(text).repeat()).isTrue();
  }

  @Test
  void aFieldThatIsNotThereIsCalledJustThat() {
    assertThat(receive("{'status':'ACTIVE'}").parked()).isEqualTo("The event has no campaignId.");
    assertThat(receive(EVENT.replace("'R-1'", "' '") + "}").parked())
        .isEqualTo("The event's campaignId is empty.");
  }

  @ParameterizedTest
  @CsvSource({
    "'2026-03-02T15:00:00Z', 1772463600999",
    "'2026-03-02T15:00:00.250Z', 1772463600250",
    "1772463600, 1772463600999",
    "1772463600250, 1772463600250",
    "20260302, ",
    "yesterday, ",
  })
  void aTimeIsADateOrSecondsOrMilliseconds(String timestamp, Long millis) {
    assertThat(EventReader.time(timestamp)).isEqualTo(millis);
  }

  @Test
  void aTimestampMayBeANumber() {
    assertThat(receive(EVENT.replace("'2026-03-02T15:00:00Z'", "1772463600") + "}").parked())
        .isNull();
    assertThat(receive(EVENT.replace("'2026-03-02T15:00:00Z'", "1772463600250") + "}").parked())
        .isNull();
  }

  @Test
  void aNumberOfAnyLengthElsewhereIsTheSendersAffair() {
    assertThat(receive(EVENT + ",'extra':" + "9".repeat(5_000) + ",'e':1.5e9999}").parked())
        .isNull();
    assertThat(receive(EVENT.replace("'R-1'", "9".repeat(5_000)) + "}").parked())
        .contains("campaignId has more than 200 characters");
  }

  private String column(String name) {
    return opened
        .store()
        .read()
        .sql("select " + name + " from webhook_event")
        .query(String.class)
        .single();
  }

  @Test
  void anUnknownTypeIsParkedWithTheReason() {
    assertThat(receive(EVENT.replace("CAMPAIGN_ACTIVATED", "CAMPAIGN_DANCED") + "}").parked())
        .contains("CAMPAIGN_DANCED");
    assertThat(
            opened
                .store()
                .read()
                .sql("select parked from webhook_event")
                .query(String.class)
                .single())
        .contains("CAMPAIGN_DANCED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "{", "no json", "[]", "'text'", "17", "null", "{} {}"})
  void whatIsNoJsonObjectIsRefusedAndNotKept(String text) {
    assertThatThrownBy(() -> receive(text)).isInstanceOf(UnreadableJsonException.class);
    assertThat(count()).isZero();
  }

  @Test
  void jsonThatIsNotUtf8IsRefused() {
    for (Charset other :
        List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16)) {
      byte[] body = (EVENT + "}").replace('\'', '"').getBytes(other);
      assertThatThrownBy(() -> events.receive(body)).isInstanceOf(UnreadableJsonException.class);
    }
    assertThat(count()).isZero();
  }

  @Test
  void aKeyGivenTwiceIsTheSendersAffair() {
    WebhookEvents.Received received = receive(EVENT + ",'extra':{'a':1,'a':2}}");
    assertThat(received.parked()).isNull();
    assertThat(receive(EVENT + ",'extra':{'a':1,'a':2}}").id()).isEqualTo(received.id());
  }

  @Test
  void newEventsAreNewWithADriverThatRewritesBatches() throws Exception {
    opened.close();
    use(TestStores.postgres("&reWriteBatchedInserts=true"));
    AtomicInteger next = new AtomicInteger();
    List<Boolean> repeats =
        TestStores.atOnce(
            16, () -> receive(EVENT + ",'eventId':'e-" + next.incrementAndGet() + "'}").repeat());
    assertThat(repeats).containsOnly(false);
    assertThat(receive(EVENT + ",'eventId':'e-1'}").repeat()).isTrue();
  }

  @Test
  void aRepeatIsAnsweredWithTheIdOfTheEventThatIsKept() {
    String first = receive(EVENT + "}").id();
    assertThat(receive(EVENT + "}").id()).isEqualTo(first);
  }

  @Test
  void anEventWithANulCharacterIsParkedOnPostgresToo() {
    opened.close();
    use(TestStores.postgres());
    Set<Boolean> repeats = new HashSet<>();
    repeats.add(receive(EVENT.replace("R-1", "R\\u0000") + "}").repeat());
    repeats.add(receive(EVENT + ",'eventId':'e\\u0000'}").repeat());
    assertThat(repeats).containsExactly(false);
  }

  private WebhookEvents.Received receive(String text) {
    return events.receive(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private long count() {
    return opened
        .store()
        .read()
        .sql("select count(*) from webhook_event")
        .query(Long.class)
        .single();
  }
}
