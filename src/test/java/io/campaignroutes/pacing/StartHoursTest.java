package io.campaignroutes.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.compliance.ComplianceSettings;
import io.campaignroutes.compliance.Policies;
import io.campaignroutes.compliance.RateSettings;
import io.campaignroutes.compliance.RequestChecks;
import io.campaignroutes.text.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartHoursTest {
  private static final ObjectNode REQUEST =
      Json.stored(
          """
          {"policy": "free", "timeZone": "Europe/Berlin", "dialerStrategy": "PROGRESSIVE",
           "pacingLimit": 3, "pacing": {"maxCallsPerSecond": 3},
           "schedule": {"daysOfWeek": ["TUESDAY", "WEDNESDAY"], "startHour": 9, "endHour": 17}}\
          """);

  @TempDir private Path policies;
  private RequestChecks checks;

  @BeforeEach
  void tuesdayIsAHoliday() throws Exception {
    Files.writeString(
        policies.resolve("free.yaml"),
        """
        schema: 1
        policy_version: 2026-01-01
        profiles:
          free:
            source: [{cite: Rule 4, checked: 2026-01-01}]
            calling_windows: {mon-sun: ["00:00-24:00"]}
            holidays: [2026-03-03]
        merge: most_restrictive
        """);
    checks =
        CampaignFixture.checks(
            Policies.load(policies, LocalDate.of(2026, 3, 2), Duration.ofDays(4_000)),
            new ComplianceSettings("free", List.of(), Duration.ofDays(400), false),
            RateSettings.defaults());
  }

  private Optional<String> closed(PacingProperties properties, String time) {
    var hours = new StartHours(new PacingPlans(checks, properties), properties, null);
    return hours.closed(REQUEST, null, Instant.parse(time).toEpochMilli());
  }

  @Test
  void nothingIsStartedOnAHolidayThoughThePlatformKeepsTheSchedule() {
    assertThat(closed(PacingFixture.PROPERTIES, "2026-03-03T10:00:00Z"))
        .hasValueSatisfying(why -> assertThat(why).contains("until Wed 09:00 Europe/Berlin"));
    assertThat(closed(PacingFixture.PROPERTIES, "2026-03-04T10:00:00Z")).isEmpty();
  }

  @Test
  void onlyAPlatformThatKnowsTheScheduleIsStartedOutsideOfIt() {
    assertThat(closed(PacingFixture.PROPERTIES, "2026-03-04T20:00:00Z")).isEmpty();
    assertThat(closed(PacingFixture.BY_RATIO, "2026-03-04T20:00:00Z")).isPresent();
  }

  @Test
  void nothingIsStartedWhoseScheduleNobodyCanTell() {
    ObjectNode unknown = REQUEST.deepCopy().put("policy", "gone");
    PacingProperties properties = PacingFixture.PROPERTIES;
    var hours = new StartHours(new PacingPlans(checks, properties), properties, null);
    assertThat(hours.closed(unknown, null, 0)).isPresent();
  }
}
