package io.campaignroutes.pacing;

import io.campaignroutes.compliance.Abandonment;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a decision of the law costs, and what the state costs that it is kept in. {@code mvn -Pjmh
 * test-compile exec:exec} runs it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PacingLawBenchmark {
  private static final int READINGS = 1_024;

  private final PacingLaw law =
      new PacingLaw(
          LawSettings.defaults(),
          LawSettings.of(FigureSettings.class, Map.of()),
          LawSettings.of(PlatformSettings.class, Map.of()));
  private final PacingPlan plan =
      new PacingPlan(
          Strategy.PREDICTIVE,
          10,
          20,
          "the campaign's pacingLimit",
          new Abandonment(
              0.03,
              new Abandonment.Window(Abandonment.Kind.FIXED_PERIOD, Duration.ofDays(30)),
              Abandonment.Denominator.ANSWERED_LIVE,
              Duration.ofSeconds(2),
              Abandonment.StartPoint.GREETING_END,
              Duration.ofSeconds(15),
              true),
          0,
          ZoneId.of("America/New_York"));
  private final PacingFigures[] figures = new PacingFigures[READINGS];
  private PacingState fresh;
  private PacingState state;
  private String text;
  private long at;
  private int next;

  /** An hour of a campaign of fifty agents, so that every memory of the law is full. */
  @Setup
  public void warmUp() {
    Random random = new Random(1);
    for (int i = 0; i < READINGS; i++) {
      figures[i] =
          new PacingFigures(
              75.0 + random.nextInt(10),
              (double) random.nextInt(3),
              null,
              180.0,
              (double) random.nextInt(12),
              null);
    }
    fresh = law.start(plan, 0);
    state = fresh;
    for (int tick = 0; tick < 720; tick++) {
      decision();
    }
    text = StoredState.text(state);
  }

  /** One tick. */
  @Benchmark
  public PacingDecision decision() {
    at += 5_000;
    next = (next + 1) % READINGS;
    PacingStep step =
        law.step(plan, state, new PacingReading(at, null, figures[next], false, null, null));
    state =
        step.decision().send() ? step.state().confirmed(step.decision().rate(), at) : step.state();
    return step.decision();
  }

  /** The state as it is written to its row. */
  @Benchmark
  public String stateToJson() {
    return StoredState.text(state);
  }

  /** The state as it is read from its row. */
  @Benchmark
  public PacingState stateFromJson() {
    return StoredState.read(text, fresh).orElseThrow();
  }
}
