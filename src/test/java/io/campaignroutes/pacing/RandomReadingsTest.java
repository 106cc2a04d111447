package io.campaignroutes.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.compliance.Abandonment.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in a reading: a rate that can be dialed, and a state that can be kept. */
class RandomReadingsTest {
  private static final List<Abandonment> CAPS =
      Arrays.asList(
          null,
          Course.thirtyDays(),
          Course.cap(Kind.CALENDAR_MONTH, null),
          Course.cap(Kind.ROLLING, Duration.ofHours(24)));

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void noReadingLeadsToARateThatCannotBe(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Course course = course(random);
    for (int i = 0; i < 500; i++) {
      disturb(course, random);
      PacingDecision decision = course.step(reading(course, random));
      double limit = course.plan.mostCallsPerSecond();
      assertThat(decision.rate()).as("seed %d, tick %d", seed, i).isBetween(0.0, limit);
      assertThat(decision.reason()).isNotBlank().doesNotContain("NaN").doesNotContain("null");
      assertThat(Course.json(decision)).doesNotContain("NaN").doesNotContain("Infinity");
      assertThat(Course.json(course.state)).doesNotContain("NaN").doesNotContain("Infinity");
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22, 23, 24, 25, 26})
  void aRestartInMidCampaignChangesNoDecision(long seed) {
    Course whole = course(new SplittableRandom(seed));
    Course restarted = course(new SplittableRandom(seed));
    SplittableRandom one = new SplittableRandom(seed + 100);
    SplittableRandom other = new SplittableRandom(seed + 100);
    for (int i = 0; i < 200; i++) {
      disturb(whole, one);
      disturb(restarted, other);
      PacingDecision expected = whole.step(reading(whole, one));
      restarted.state = Course.reread(restarted.state);
      PacingDecision decision = restarted.step(reading(restarted, other));
      assertThat(decision).as("seed %d, tick %d", seed, i).isEqualTo(expected);
      assertThat(Course.reread(whole.state)).isEqualTo(whole.state);
      assertThat(Course.json(whole.state).length()).isLessThan(2500);
    }
  }

  private static Course course(SplittableRandom random) {
    FigureSettings figures =
        LawSettings.of(
            FigureSettings.class,
            Map.of(
                "window",
                List.of("rolling", "tumbling", "cumulative").get(random.nextInt(3)),
                "agents",
                random.nextInt(4) == 0 ? "staffed" : "idle",
                "lag",
                random.nextInt(20) + "s"));
    PacingPlan plan =
        Course.plan(
            Strategy.values()[random.nextInt(4)],
            CAPS.get(random.nextInt(CAPS.size())),
            random.nextDouble(0, 20));
    return new Course(plan, figures, Course.platform());
  }

  private static void disturb(Course course, SplittableRandom random) {
    switch (random.nextInt(60)) {
      case 0 -> course.state = course.state.paused(course.now + random.nextInt(5000));
      case 1, 2 -> course.state = course.state.resumed(course.now + random.nextInt(5000));
      case 3 ->
          course.state = course.state.caughtUp(odd(random, 5000), odd(random, 100), course.now);
      case 4 -> course.state = course.state.confirmed(random.nextDouble(0, 12), course.now);
      case 5 -> course.now += random.nextLong(Duration.ofDays(40).toMillis());
      case 6 -> course.now -= random.nextLong(Duration.ofMinutes(10).toMillis());
      case 7 -> course.now -= random.nextLong(Duration.ofDays(70).toMillis());
      default -> {}
    }
  }

  private static PacingReading reading(Course course, SplittableRandom random) {
    long at = course.now + (random.nextInt(20) == 0 ? -7000 : random.nextInt(1000, 60_000));
    String closed = random.nextInt(30) == 0 ? "outside calling hours" : null;
    if (random.nextInt(6) == 0) {
      return new PacingReading(
          at,
          closed,
          null,
          random.nextBoolean(),
          random.nextBoolean() ? "CXone answered 503" : null,
          random.nextBoolean() ? random.nextInt(-5, 60) : null);
    }
    return new PacingReading(
        at,
        closed,
        new PacingFigures(
            odd(random, 200),
            odd(random, 20),
            odd(random, 700),
            odd(random, 600),
            odd(random, 60),
            random.nextBoolean() ? null : odd(random, 80)),
        false,
        null,
        null);
  }

  private static Double odd(SplittableRandom random, double most) {
    return switch (random.nextInt(40)) {
      case 0 -> Double.NaN;
      case 1 -> -3.0;
      case 2 -> Double.POSITIVE_INFINITY;
      case 3 -> 1e300;
      case 4 -> 999_999.0;
      case 5 -> 0.0;
      default -> Math.rint(random.nextDouble(most));
    };
  }
}
