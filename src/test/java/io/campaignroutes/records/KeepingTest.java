package io.campaignroutes.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.compliance.ComplianceSettings;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.Period;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long records are kept, by the policies of {@code config/}. */
class KeepingTest {
  private static final OffsetDateTime NOW = OffsetDateTime.parse("2032-03-01T12:00:00Z");

  private static Keeping.Kept of(String names, Period withoutRule, String... always) {
    var compliance =
        new ComplianceSettings("us-federal", List.of(always), Duration.ofDays(400), false);
    var properties =
        new RecordsProperties(
            true,
            Duration.ofSeconds(60),
            50,
            Duration.ofMinutes(10),
            Duration.ofDays(30),
            withoutRule);
    return new Keeping(RecordsFixture.POLICIES, compliance, properties)
        .of(names, NOW.toInstant().toEpochMilli());
  }

  private static long before(String period) {
    return NOW.minus(Period.parse(period)).toInstant().toEpochMilli();
  }

  @Test
  void aProfileHasItFromWhatItExtends() {
    assertThat(of("us-fl", null).endedBefore()).isEqualTo(before("P5Y"));
    assertThat(of("ca", null).endedBefore()).isEqualTo(before("P3Y"));
  }

  @Test
  void ofSeveralTheLongestCounts() {
    assertThat(of("ca+us-federal", null).endedBefore()).isEqualTo(before("P5Y"));
    assertThat(of("ca", null, "us-federal").endedBefore()).isEqualTo(before("P5Y"));
  }

  @Test
  void whatBroughtContactsIsKeptAsTheStrictestOfAllWants() {
    assertThat(of("ca", null).withContacts()).isEqualTo(before("P5Y"));
  }

  @Test
  void withoutARuleItIsKeptForEverOrAsTheSettingSays() {
    assertThat(of("none", null).endedBefore()).isNull();
    assertThat(of("none", null).fault()).isFalse();
    assertThat(of("none", Period.ofYears(2)).endedBefore()).isEqualTo(before("P2Y"));
    assertThat(of("none+ca", Period.ofYears(2)).endedBefore()).isEqualTo(before("P3Y"));
  }

  @Test
  void ofAProfileThatIsGoneAllIsKeptAndSomebodyHasToSeeToIt() {
    Keeping.Kept kept = of("us-federal+us-gone", Period.ofYears(1));
    assertThat(kept.endedBefore()).isNull();
    assertThat(kept.fault()).isTrue();
    assertThat(kept.reason()).contains("us-gone");
  }
}
