package io.campaignroutes.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.store.TestStores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of events whose campaign is not known, or not yet, on every store. */
abstract class UnclaimedEventsSuite {
  private static final String NOBODY = "destinations: []";
  private static final String ONE = "destinations: [{name: one, url: 'http://one.test/'}]";
  private static final String OWN = "'externalWebhookUrl':'https://hooks.example.com/x'";

  @TempDir Path temp;
  private TestStores.Opened opened;
  private CampaignFixture bench;
  private WebhookFixture desk;

  abstract TestStores.Opened open(Path folder);

  @BeforeEach
  void open() {
    opened = open(temp);
    use(NOBODY);
  }

  /** Other destinations over the same store, as after a restart. */
  private void use(String destinations) {
    bench = new CampaignFixture(opened);
    desk = new WebhookFixture(opened, temp, destinations, bench);
  }

  @AfterEach
  void close() {
    bench.assertHistoryAndAuditAgree();
    desk.close();
  }

  /** A campaign whose create is on its way. */
  private Campaign creating(String properties) {
    Campaign taken = bench.hand(CampaignFixture.request("Spring", properties), null).campaign();
    return bench.launchSteps.intend(
        bench.launchSteps.checked(
            bench.claim(PriorityClass.LAUNCH, taken.id()), CampaignFixture.agents(2), null));
  }

  private Campaign created(Campaign creating) {
    return bench.launchSteps.created(
        creating, CampaignFixture.json("{'id':'R-1','status':'DRAFT'}"));
  }

  private Delivery parked() {
    List<Delivery> parked = desk.list(DeliveryStatus.PARKED);
    assertThat(parked).hasSize(1);
    return parked.get(0);
  }

  @Test
  void anEventOfACampaignThatIsNotKnownIsParkedWithTheReason() {
    WebhookEvents.Received received = desk.receive(desk.event("R-1"));
    assertThat(received.parked()).contains("no campaign R-1");
    assertThat(parked().lastError()).isEqualTo(received.parked());
    assertThat(parked().cxoneCampaignId()).isEqualTo("R-1");
    assertThat(parked().destination()).isNull();
    assertThatThrownBy(() -> desk.replays.one(parked().id(), CampaignFixture.DESK))
        .isInstanceOf(NotReplayableException.class)
        .hasMessageContaining("no campaign R-1");
    desk.events.claim(desk.events.overlooked());
    assertThat(desk.events.unclaimed()).isOne();
    assertThat(parked().lastError()).contains("no campaign R-1");
  }

  @Test
  void whatComesBeforeTheCreatesAnswerIsStoredGoesOutOnceItIsInTheOrderInWhichItCame() {
    Campaign creating = creating(OWN);
    desk.receive(desk.event("R-1"));
    desk.receive(desk.event("R-2"));
    desk.receive(desk.event("R-1"));
    List<String> early =
        desk.list(DeliveryStatus.PARKED).stream()
            .filter(one -> one.cxoneCampaignId().equals("R-1"))
            .map(Delivery::id)
            .toList();
    created(creating);
    desk.receive(desk.event("R-1"));
    List<String> sent = desk.all(run -> 200);
    assertThat(sent).hasSize(3).startsWith(early.toArray(String[]::new));
    assertThat(desk.list(DeliveryStatus.DELIVERED))
        .allSatisfy(one -> assertThat(one.campaignId()).isEqualTo(creating.id()));
    assertThat(parked().cxoneCampaignId()).isEqualTo("R-2");
    desk.events.claim(desk.events.overlooked());
    assertThat(desk.events.unclaimed()).isOne();
    assertThat(desk.all(run -> 200)).isEmpty();
  }

  @Test
  void whatTheFilesDestinationsHaveTakenGoesToTheCampaignsOwnAddressOnly() {
    use(ONE);
    Campaign creating = creating(OWN);
    assertThat(desk.receive(desk.event("R-1")).parked()).isNull();
    assertThat(desk.all(run -> 200)).hasSize(1);
    created(creating);
    assertThat(desk.all(run -> 200)).hasSize(1);
    assertThat(desk.list(DeliveryStatus.DELIVERED))
        .extracting(Delivery::destination)
        .containsExactlyInAnyOrder(
            "one", desk.destinations.own("https://hooks.example.com/x").name());
    assertThat(desk.list(null))
        .allSatisfy(one -> assertThat(one.campaignId()).isEqualTo(creating.id()));
  }

  @Test
  void anEventThatNobodyWantsOnceItsCampaignIsKnownSaysSo() {
    Campaign creating = creating("");
    desk.receive(desk.event("R-1"));
    created(creating);
    assertThat(parked().lastError()).contains("was taken into account");
    assertThat(parked().campaignId()).isEqualTo(creating.id());
    desk.events.claim(desk.events.overlooked());
    assertThat(desk.events.unclaimed()).isZero();
  }

  @Test
  void anEventThatNamesACampaignByOurIdMeansThatCampaign() {
    Campaign active = bench.active("A");
    String text =
        desk.event(active.id())
            .replace("ACTIVATED", "PAUSED")
            .replace("e-", "first-")
            .replace("2026-03-02T15:00:00Z", Instant.now().plusSeconds(1).toString());
    assertThat(desk.receive(text).parked()).isNull();
    assertThat(bench.get(active.id()).stage()).isEqualTo(Stage.PAUSED);
    use(ONE);
    desk.receive(desk.event(active.id()));
    desk.receive(desk.event(active.remoteId()));
    assertThat(desk.count("delivery_line")).isOne();
    assertThat(desk.list(null))
        .hasSize(2)
        .allSatisfy(one -> assertThat(one.cxoneCampaignId()).isEqualTo("R-A"))
        .allSatisfy(one -> assertThat(one.campaignId()).isEqualTo(active.id()));
  }

  @Test
  void anEventThatNamesByOurIdACampaignThatCxoneHasNotCreatedYetWaitsForIt() {
    Campaign creating = creating(OWN);
    assertThat(desk.receive(desk.event(creating.id())).parked()).contains(creating.id());
    created(creating);
    assertThat(desk.all(run -> 200)).hasSize(1);
    assertThat(desk.list(null))
        .singleElement()
        .satisfies(one -> assertThat(one.cxoneCampaignId()).isEqualTo("R-1"));
  }

  @Test
  void whatTheCreatesTransactionCouldNotSeeIsDealtWithBeforeTheNextEvent() {
    overlooked();
    desk.receive(desk.event("R-1"));
    assertThat(desk.all(run -> 200)).hasSize(2).isSorted();
    assertThat(desk.list(DeliveryStatus.PARKED)).isEmpty();
  }

  @Test
  void whatTheCreatesTransactionCouldNotSeeIsFoundWithoutAnotherEvent() {
    overlooked();
    desk.events.claim(desk.events.overlooked());
    assertThat(desk.all(run -> 200)).hasSize(1);
    assertThat(desk.events.overlooked()).isEmpty();
    assertThat(desk.events.unclaimed()).isZero();
  }

  @Test
  void whatTheCreatesTransactionCouldNotSeeGoesOutByAReplayToo() {
    overlooked();
    desk.replays.one(parked().id(), CampaignFixture.DESK);
    assertThat(desk.all(run -> 200)).hasSize(1);
  }

  /** As if it had been written at the same moment as its campaign's id. */
  private void overlooked() {
    Campaign creating = creating(OWN);
    desk.receive(desk.event("R-1"));
    bench.set(creating.id(), "remote_id = 'R-1'");
    assertThat(parked().lastError()).contains("no campaign R-1");
  }

  @Test
  void aRepeatOfAnEventThatWaitsIsOne() {
    String event = desk.event("R-1");
    assertThat(desk.receive(event).repeat()).isFalse();
    WebhookEvents.Received again = desk.receive(event);
    assertThat(again.repeat()).isTrue();
    assertThat(again.parked()).contains("no campaign R-1");
    assertThat(desk.count("delivery")).isOne();
    created(creating(OWN));
    assertThat(desk.receive(event).parked()).isNull();
    assertThat(desk.all(run -> 200)).hasSize(1);
  }
}
