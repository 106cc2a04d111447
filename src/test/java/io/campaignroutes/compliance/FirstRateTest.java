package io.campaignroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FirstRateTest {
  private static final RateSettings RATES = RateSettings.defaults();
  private static final FirstRate RATE =
      new FirstRate(Fixture.CHECKS, Fixture.PLATFORM, RATES, false, Duration.ofSeconds(5));

  @Test
  void eachIdleAgentGetsOneLineUntilTheFirstDecisionIsInForce() {
    assertThat(RATE.of(12, 0, 10)).isEqualTo(0.8);
    assertThat(RATE.of(100, 0, 10)).isEqualTo(6.6);
  }

  @Test
  void whereLinesAreDecidedAllBeginWithOneWhateverOthersDoAndNoneWaits() {
    FirstRate lines =
        new FirstRate(Fixture.CHECKS, Fixture.PLATFORM, RATES, true, Duration.ofSeconds(5));
    ObjectNode given =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", "Spring")
            .put("agentPoolId", "pool")
            .put("timeZone", "America/New_York")
            .put("pacingLimit", 7);
    CheckedRequest checked = Fixture.CHECKS.check(given, Instant.now());
    ObjectNode nobody = JsonNodeFactory.instance.objectNode();
    FirstRate.Begin begin =
        lines.begin(checked.request(), checked.payload(), nobody, new GivenRates(50, 1));
    assertThat(begin.byLines()).isTrue();
    assertThat(begin.payload().at("/pacing/maxCallsPerSecond").asDouble())
        .as("its ceiling, since there is no first rate")
        .isEqualTo(7);
    assertThat(begin.callsPerSecond()).isPositive();
  }

  @Test
  void whatOthersDialWithCountsAndTheLowestRateIsLeftWhereNobodyIsIdle() {
    assertThat(RATE.of(12, 0.5, 10)).isEqualTo(0.3);
    assertThat(RATE.of(12, 0.8, 10)).isEqualTo(0.1);
    assertThat(RATE.of(12, 20, 10)).isEqualTo(0.1);
    assertThat(RATE.of(0, 0, 10)).isEqualTo(0.1);
  }

  @Test
  void noneBeginsAboveItsCeilingOrBetweenTheStepsOfThePlatform() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 1_000; i++) {
      double ceiling = random.nextInt(1, 100) / 10.0;
      double rate = RATE.of(random.nextInt(500), random.nextDouble(20), ceiling);
      assertThat(rate).isBetween(0.1, ceiling);
      assertThat(Math.rint(rate * 10) / 10).isEqualTo(rate);
    }
  }

  @Test
  void noneBeginsWithItsCeilingHoweverManyAgentsAreIdle() {
    assertThat(RATE.of(500, 0, 5)).isEqualTo(4.9);
    assertThat(RATE.of(500, 0, 0.3)).isEqualTo(0.2);
    assertThat(RATE.of(500, 0, 0.25)).as("between two steps").isEqualTo(0.2);
    assertThat(RATE.of(500, 0, 0.1)).as("there is no lower rate").isEqualTo(0.1);
    assertThat(fine().of(500, 0, 0.1)).isEqualTo(0.01);
    RateSettings smooth = new RateSettings(0, new RateSettings.Platform(0, 0));
    assertThat(
            new FirstRate(Fixture.CHECKS, Fixture.PLATFORM, smooth, false, Duration.ofSeconds(5))
                .of(500, 0, 5))
        .isLessThan(5);
  }

  @Test
  void campaignsForWhichNoAgentIsLeftBeginWithTheLowestRateThatCanBeSent() {
    for (int idle : new int[] {0, 1, 2, 12, 50}) {
      double sum = 0;
      for (int campaign = 0; campaign < 40; campaign++) {
        sum += fine().of(idle, sum, 10);
      }
      assertThat(sum).as("%d idle agents", idle).isLessThan(idle / 15.0 + 40.1 * 0.01);
    }
    RateSettings coarse = new RateSettings(0, new RateSettings.Platform(0.1, 0.25));
    assertThat(
            new FirstRate(Fixture.CHECKS, Fixture.PLATFORM, coarse, false, Duration.ofSeconds(5))
                .of(0, 0, 10))
        .isEqualTo(0.3);
  }

  @Test
  void whoComesWhenAllThatMayDialAtOnceHasBeenGivenAwayWaits() {
    ObjectNode agents = JsonNodeFactory.instance.objectNode();
    for (int agent = 0; agent < 12; agent++) {
      agents.withArray("agents").addObject().put("status", "AVAILABLE");
    }
    CheckedRequest checked =
        Fixture.CHECKS.check(
            JsonNodeFactory.instance
                .objectNode()
                .put("name", "Spring")
                .put("agentPoolId", "pool")
                .put("timeZone", "America/New_York")
                .put("pacingLimit", 5),
            Instant.now());
    for (double free : new double[] {1, 0.5, 0}) {
      GivenRates given = new GivenRates(0, free);
      int waiting = 0;
      for (int campaign = 0; campaign < 300; campaign++) {
        FirstRate.Begin begin = fine().begin(checked.request(), checked.payload(), agents, given);
        assertThat(begin.payload().at("/pacing/maxCallsPerSecond").asDouble()).isPositive();
        waiting += begin.callsPerSecond() == 0 ? 1 : 0;
        given = given.plus(begin.callsPerSecond());
      }
      assertThat(given.callsPerSecond())
          .as("%s of the agents are free", free)
          .isBetween(12 / 15.0 * free, 12 / 15.0 * free + 0.1 + 1e-9);
      assertThat(waiting).isBetween(285, 295);
    }
  }

  /** With a lowest rate below the step, as it is configured. */
  private static FirstRate fine() {
    RateSettings rates = new RateSettings(0, new RateSettings.Platform(0.1, 0.01));
    return new FirstRate(Fixture.CHECKS, Fixture.PLATFORM, rates, false, Duration.ofSeconds(5));
  }

  @Test
  void aHundredCampaignsOfAPoolGetTogetherNoMoreLinesThanItHasIdleAgents() {
    double given = 0;
    for (int campaign = 0; campaign < 100 && given < 50 / 15.0; campaign++) {
      given += RATE.of(50, given, 1);
    }
    assertThat(given).isBetween(3.2, 50 / 15.0 + 0.1);
  }

  @Test
  void aPlatformWithoutStepsHasALowestRateToo() {
    RateSettings smooth = new RateSettings(0, new RateSettings.Platform(0, 0));
    FirstRate rate =
        new FirstRate(Fixture.CHECKS, Fixture.PLATFORM, smooth, false, Duration.ofSeconds(5));
    assertThat(rate.of(4, 0, 10)).isEqualTo(4 / 15.0);
    assertThat(rate.of(0, 0, 10)).isEqualTo(0.1);
    assertThat(rate.of(0, 0, 0.05)).isEqualTo(0.05);
  }

  @Test
  void thePayloadHasTheFirstRateAndTheCeilingStandsInTheRules() {
    ObjectNode given =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", "Spring")
            .put("agentPoolId", "pool")
            .put("timeZone", "America/New_York")
            .put("pacingLimit", 7);
    CheckedRequest checked = Fixture.CHECKS.check(given, Instant.now());
    assertThat(checked.request().at("/pacing/maxCallsPerSecond").asDouble()).isEqualTo(7);
    assertThat(checked.payload().at("/pacing/maxCallsPerSecond").asDouble())
        .as("before its agents are known")
        .isEqualTo(0.1);
    ObjectNode agents = JsonNodeFactory.instance.objectNode();
    for (String status : new String[] {"AVAILABLE", "AVAILABLE", "AVAILABLE", "NOT_READY"}) {
      agents.withArray("agents").addObject().put("status", status);
    }
    ObjectNode payload =
        RATE.payload(checked.request(), checked.payload(), agents, GivenRates.NONE);
    assertThat(payload.at("/pacing/maxCallsPerSecond").asDouble()).isEqualTo(0.2);
    assertThat(payload.at("/complianceRules/regulatoryPacingLimit").asDouble()).isEqualTo(7);
    assertThat(payload.at("/pacing/maxAttemptsPerNumber"))
        .isEqualTo(checked.payload().at("/pacing/maxAttemptsPerNumber"));
  }
}
