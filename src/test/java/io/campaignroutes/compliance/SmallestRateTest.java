package io.campaignroutes.compliance;

import static io.campaignroutes.compliance.Fixture.DEFAULTS;
import static io.campaignroutes.compliance.Fixture.NOW;
import static io.campaignroutes.compliance.Fixture.SCHEMA;
import static io.campaignroutes.compliance.Fixture.SHIPPED;
import static io.campaignroutes.compliance.Fixture.checkWith;
import static io.campaignroutes.compliance.Fixture.minimalWith;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A limit that leaves no rate that can be set would be a campaign that never dials. */
class SmallestRateTest {

  @ParameterizedTest
  @CsvSource({"0.05, 0.05", "1e-9, 0.000000001", "0.0999999, 0.0999999", "5e-324, 0.0000"})
  void aPacingLimitBelowTheSmallestRateIsRefusedWithTheSmallestThatCanBeUsed(
      String limit, String shown) {
    RequestRulesTest.assertFinding(
        checkWith("'pacingLimit':" + limit),
        "pacingLimit",
        "pacing.smallestRate",
        "pacingLimit " + shown);
    assertThat(checkWith("'pacingLimit':" + limit).findings().get(0).message())
        .contains("is below 0.1 calls per second", "Make it at least 0.1.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.0", "-1", "1e308", "1e999", "1e-999", "1000.1"})
  void numbersThatNoRateCanHaveAreRefusedByTheSchema(String limit) {
    assertThat(checkWith("'pacingLimit':" + limit).findings())
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.field()).isEqualTo("pacingLimit"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1", "0.10", "1e-1", "0.3", "0.7", "1000"})
  void aLimitThatIsARateIsTakenWithoutAWord(String limit) {
    CheckedRequest checked = checkWith("'pacingLimit':" + limit);
    assertThat(checked.findings()).isEmpty();
    assertThat(checked.warnings()).extracting(Finding::rule).doesNotContain("pacing.smallestRate");
  }

  @Test
  void aLimitBetweenTwoRatesIsTakenAndTheLowerOneTold() {
    CheckedRequest checked = checkWith("'pacingLimit':0.15,'pacing':{'maxCallsPerSecond':0.1}");
    assertThat(checked.findings()).isEmpty();
    assertThat(checked.warnings())
        .filteredOn(warning -> warning.rule().equals("pacing.smallestRate"))
        .hasSize(1)
        .allSatisfy(
            warning ->
                assertThat(warning.message())
                    .contains("pacingLimit 0.15", "multiples of 0.1", "at most 0.1 is dialed"));
  }

  @Test
  void aRateToStartWithBelowTheSmallestIsRefusedToo() {
    RequestRulesTest.assertFinding(
        checkWith("'pacing':{'maxCallsPerSecond':0.02}"),
        "pacing.maxCallsPerSecond",
        "pacing.smallestRate",
        "pacing.maxCallsPerSecond 0.02 is below 0.1");
  }

  @Test
  void aPolicyWhoseLimitIsBelowTheSmallestRateCannotBeDialedUnder(@TempDir Path folder)
      throws IOException {
    Files.writeString(
        folder.resolve("slow.yaml"),
        """
        schema: 1
        policy_version: 2026-01-01
        profiles:
          slow:
            source: [{cite: Rule 4, checked: 2026-01-01}]
            calling_windows: {mon-sun: ["00:00-24:00"]}
            pacing: {max_calls_per_second: 0.04}
        merge: most_restrictive
        """);
    RequestChecks checks =
        new RequestChecks(
            Fixture.policies(folder),
            DEFAULTS,
            SCHEMA,
            new ComplianceSettings(
                "slow", java.util.List.of(), java.time.Duration.ofDays(400), false),
            RateSettings.defaults(),
            Fixture.PLATFORM);
    CheckedRequest checked = checks.check(minimalWith(""), NOW);
    RequestRulesTest.assertFinding(
        checked, "policy", "pacing.smallestRate", "The limit of slow (Rule 4) 0.04 is below 0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 0, 0.4, 0.5",
    "0.1, 0.25, 0.2, 0.3",
    "0, 0.02, 0.01, 0.02",
    "0.1, 0.01, 0.05, 0.1"
  })
  void theSmallestRateIsThePlatforms(double step, double lowest, String limit, String smallest) {
    RequestChecks checks = checks(new RateSettings(0, new RateSettings.Platform(step, lowest)));
    CheckedRequest checked = checks.check(minimalWith("'pacingLimit':" + limit), NOW);
    RequestRulesTest.assertFinding(
        checked, "pacingLimit", "pacing.smallestRate", "Make it at least " + smallest + ".");
    assertThat(checks.check(minimalWith("'pacingLimit':" + smallest), NOW).findings()).isEmpty();
  }

  @Test
  void anAccountLimitThatLeavesNoRateIsToldToWhoeverLaunches() {
    RequestChecks checks = checks(new RateSettings(0.05, new RateSettings.Platform(0.1, 0)));
    RequestRulesTest.assertFinding(
        checks.check(minimalWith(""), NOW),
        "pacingLimit",
        "pacing.smallestRate",
        "pacing.account-limit 0.05 is below 0.1");
  }

  private static RequestChecks checks(RateSettings rates) {
    return new RequestChecks(
        SHIPPED, DEFAULTS, SCHEMA, ComplianceSettings.defaults(), rates, Fixture.PLATFORM);
  }
}
