package io.campaignroutes.forecast;

import static io.campaignroutes.campaign.CampaignFixture.CHECKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.compliance.CallingHours;
import io.campaignroutes.simulator.SharedForecast.Sharing;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolDemandTest {
  /** A Monday, 08:00 in Berlin. */
  private static final long MONDAY = Instant.parse("2026-03-02T07:00:00Z").toEpochMilli();

  private static final long HOUR = 3_600_000;

  private final PoolDemand demand = new PoolDemand(MONDAY);

  private static CallingHours hours(String zone, int from, int to) {
    return CallingHours.of(
        CampaignFixture.json(
            """
            {"timeZone": "%s", "schedule": {"daysOfWeek": ["MONDAY", "TUESDAY"],
             "startHour": %d, "endHour": %d}}\
            """
                .formatted(zone, from, to)),
        CHECKS.policy("us-federal").orElseThrow());
  }

  private void add(CallingHours hours, String stage) {
    demand.add(hours, null, null, stage, 1, 5, null);
  }

  @Test
  void theBusiestMomentIsWhenMostDialBesideANewOne() {
    add(hours("Europe/Berlin", 9, 13), null);
    add(hours("Europe/Berlin", 10, 12), "ACTIVE");
    add(hours("Europe/Berlin", 11, 17), "SCHEDULED");
    add(hours("Europe/Berlin", 13, 17), "PAUSED");
    add(hours("Europe/Berlin", 13, 17), "PAUSED");
    add(hours("Europe/Berlin", 13, 17), "PAUSED");
    PoolDemand.Busiest busiest = demand.busiest();
    assertThat(busiest.campaigns()).isEqualTo(3);
    assertThat(busiest.at()).isEqualTo(MONDAY + 3 * HOUR);
    assertThat(busiest.others()).isEqualTo(Map.of("ACTIVE", 1, "SCHEDULED", 1));
  }

  @Test
  void whatIsAskedOfTheSameMomentHasNotEndedSince() {
    CallingHours hours = hours("Europe/Berlin", 8, 17);
    demand.add(hours, null, MONDAY + 1, null, 1, 5, null);
    PoolDemand own = demand.none();
    own.add(hours, null, MONDAY + 1, null, 1, 5, null);
    assertThat(demand.busiest().at()).isEqualTo(MONDAY);
    assertThat(own.busiest()).isEqualTo(demand.busiest());
  }

  @Test
  void hoursAreComparedByTheClocksOfTheirTimeZones() {
    add(hours("Europe/Berlin", 9, 15), null);
    add(hours("America/New_York", 9, 17), "ACTIVE"); // from 15:00 in Berlin on
    assertThat(demand.busiest().campaigns()).isOne();
    assertThat(demand.busiest().others()).isEmpty();
    add(hours("Europe/London", 9, 17), "ACTIVE"); // from 10:00 in Berlin on
    assertThat(demand.busiest().at()).isEqualTo(MONDAY + 2 * HOUR);
  }

  @Test
  void whoBeginsLaterOrStopsBeforeIsNotThere() {
    CallingHours all = hours("Europe/Berlin", 9, 17);
    demand.add(all, MONDAY + 24 * HOUR, null, null, 1, 5, null);
    demand.add(all, null, MONDAY + 20 * HOUR, "ACTIVE", 1, 5, null);
    demand.add(all, MONDAY + 26 * HOUR, null, "SCHEDULED", 1, 5, null);
    PoolDemand.Busiest busiest = demand.busiest();
    assertThat(busiest.others()).isEqualTo(Map.of("SCHEDULED", 1));
    assertThat(busiest.at()).isEqualTo(MONDAY + 26 * HOUR);
  }

  @Test
  void aCampaignThatNeverDialsHasNoBusiestMoment() {
    demand.add(hours("Europe/Berlin", 9, 17), null, MONDAY, null, 1, 5, null);
    add(hours("Europe/Berlin", 9, 17), "ACTIVE");
    assertThat(demand.busiest().at()).isNull();
    assertThat(demand.busiest().others()).isEmpty();
  }

  @Test
  void campaignsThatAreAlikeAreCountedTogether() {
    CallingHours all = hours("Europe/Berlin", 9, 17);
    for (int i = 0; i < 300; i++) {
      demand.add(all, null, null, null, 1, 5, null);
    }
    demand.add(all, null, null, null, 3, 2, null);
    assertThat(demand.fresh()).isEqualTo(301);
    assertThat(demand.freshLimit()).isEqualTo(1502);
    assertThat(demand.busiest().sharing()).hasSize(1);
    assertThat(demand.busiest().sharing().get(0).campaigns()).isEqualTo(301);
    assertThat(demand.busiest().sharing()).extracting(Sharing::weight).containsExactly(303 / 301.0);
  }

  @Test
  void veryManyHoursNeedLittleRoomAndTime() {
    CallingHours all = hours("Europe/Berlin", 9, 17);
    for (int i = 0; i < 200_000; i++) {
      demand.add(all, MONDAY + i * 1_000L, null, null, 1, 5, null);
    }
    long began = System.nanoTime();
    assertThat(demand.busiest().campaigns()).isGreaterThan(190_000);
    assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
  }
}
