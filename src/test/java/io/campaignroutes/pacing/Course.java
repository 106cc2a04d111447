package io.campaignroutes.pacing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.compliance.Abandonment.Denominator;
import io.campaignroutes.compliance.Abandonment.Kind;
import io.campaignroutes.compliance.Abandonment.Window;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A campaign under the law in tests: a clock, and every decision carried out at once. */
final class Course {
  /** 2026-01-15T00:00:00Z. */
  static final long START = 1_768_435_200_000L;

  static final ObjectMapper JSON = new ObjectMapper();

  final PacingLaw law;
  final PacingPlan plan;
  final List<PacingEvent> events = new ArrayList<>();
  PacingState state;
  PacingDecision last;
  long now = START;
  private double connected;
  private double abandoned;

  Course(PacingPlan plan, FigureSettings figures, PlatformSettings platform) {
    this.law = new PacingLaw(LawSettings.defaults(), figures, platform);
    this.plan = plan;
    this.state = law.start(plan, START);
  }

  static Course of(Strategy strategy, Abandonment abandonment) {
    return new Course(plan(strategy, abandonment, 5), cumulative(), platform());
  }

  /** As CXone's real-time API counts. */
  static Course ofRollingFigures() {
    return new Course(plan(Strategy.PREDICTIVE, thirtyDays(), 5), rolling(), platform());
  }

  static PacingPlan plan(Strategy strategy, Abandonment abandonment, double limit) {
    return new PacingPlan(
        strategy, 10, limit, "the campaign", abandonment, START, ZoneId.of("America/New_York"));
  }

  static Abandonment cap(Kind kind, Duration length) {
    return new Abandonment(
        0.03, new Window(kind, length), Denominator.ANSWERED_LIVE, null, null, null, true);
  }

  static Abandonment thirtyDays() {
    return cap(Kind.FIXED_PERIOD, Duration.ofDays(30));
  }

  /** Counts from the start are the easiest to write down. */
  static FigureSettings cumulative() {
    return LawSettings.of(FigureSettings.class, Map.of("window", "cumulative"));
  }

  static FigureSettings rolling() {
    return LawSettings.of(FigureSettings.class, Map.of());
  }

  static PlatformSettings platform() {
    return LawSettings.of(PlatformSettings.class, Map.of());
  }

  /** Five seconds later, these calls more were connected and abandoned. */
  PacingDecision tick(double moreConnected, double moreAbandoned, double idle) {
    connected += moreConnected;
    abandoned += moreAbandoned;
    return tick(new PacingFigures(connected, abandoned, null, 180.0, idle, null));
  }

  PacingDecision tick(PacingFigures figures) {
    return step(new PacingReading(now + 5000, null, figures, false, null, null));
  }

  PacingDecision without(String missing) {
    return step(new PacingReading(now + 5000, null, null, false, missing, null));
  }

  PacingDecision notYet(Integer readyAgents) {
    return step(new PacingReading(now + 5000, null, null, true, "404", readyAgents));
  }

  PacingDecision closed(String why) {
    return step(
        new PacingReading(
            now + 5000,
            why,
            new PacingFigures(connected, abandoned, null, 180.0, 10.0, null),
            false,
            null,
            null));
  }

  PacingDecision step(PacingReading reading) {
    now = Math.max(now, reading.at());
    PacingStep step = law.step(plan, state, reading);
    state = step.state();
    last = step.decision();
    events.addAll(last.events());
    if (last.send()) {
      state = state.confirmed(last.rate(), now);
    }
    return last;
  }

  /** A team that works: answers seen, idle agents, no abandoned call. */
  Course warm(int ticks, double idle) {
    for (int i = 0; i < ticks; i++) {
      // The figure moves a little, as one of idle agents does.
      tick(2, 0, idle + i % 2);
    }
    return this;
  }

  List<String> eventNames() {
    return events.stream().map(PacingEvent::name).toList();
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PacingState reread(PacingState state) {
    try {
      return JSON.readValue(json(state), PacingState.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
