package io.campaignroutes.simulator;

import io.campaignroutes.dialer.Actuator;
import io.campaignroutes.dialer.Telemetry;
import io.campaignroutes.pacing.FigureSettings;
import io.campaignroutes.pacing.LawSettings;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PlatformSettings;
import io.campaignroutes.pacing.Strategy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The law as an operator would set it up for a scenario: what the tenant's figures and platform are
 * like is configuration, so it is told here too.
 *
 * @param law changed values of {@link LawSettings}
 * @param figures changed values of {@link FigureSettings}
 * @param platform changed values of {@link PlatformSettings}
 */
record Laws(Map<String, String> law, Map<String, String> figures, Map<String, String> platform) {

  /** CXone's own guard engages at half of the allowed rate, so the target stays below that. */
  private static final String TARGET_UNDER_CONTROL = "0.45";

  /** By what they were made of: reading them takes longer than a short run, and runs are many. */
  private static final Map<List<Object>, Object> READ = new ConcurrentHashMap<>();

  private static <T> T settings(Class<T> type, Map<String, String> changed) {
    return type.cast(
        READ.computeIfAbsent(
            List.of(type, Map.copyOf(changed)), made -> LawSettings.of(type, changed)));
  }

  static Laws defaults() {
    return new Laws(Map.of(), Map.of(), Map.of());
  }

  /**
   * A scenario whose platform takes rates as finely as is configured, unless it is about the steps
   * of a platform.
   */
  Scenario onPlatform(Scenario scenario) {
    Actuator.Manner manner = scenario.actuator();
    if (manner.step() != Actuator.Manner.tenths().step()) {
      return scenario;
    }
    PlatformSettings configured = settings(PlatformSettings.class, platform);
    double finest =
        configured.lowestRate() > 0
            ? Math.min(configured.rateStep(), configured.lowestRate())
            : configured.rateStep();
    return scenario.with(
        draft ->
            draft.actuator =
                new Actuator.Manner(finest, manner.lowest(), manner.latency(), manner.refused()));
  }

  PacingLaw lawFor(Scenario scenario) {
    Map<String, String> changedLaw = new HashMap<>(law);
    Map<String, String> changedFigures = new HashMap<>(figures);
    Map<String, String> changedPlatform = new HashMap<>(platform);
    Telemetry.Manner telemetry = scenario.telemetry();
    double tick = settings(LawSettings.class, law).tick().toMillis() / 1000.0;
    changedLaw.put("tick", duration(Math.max(tick, scenario.tick()))); // sooner is told with each
    changedFigures.put("window", telemetry.window().name());
    changedFigures.put("length", duration(telemetry.length()));
    changedFigures.put("lag", duration(telemetry.lag()));
    PlatformSettings configured = settings(PlatformSettings.class, platform);
    double step = scenario.actuator().step();
    changedPlatform.put("rate-step", Double.toString(Math.max(step, configured.rateStep())));
    if (configured.lowestRate() < step) {
      changedPlatform.put("lowest-rate", "0");
    }
    if (scenario.control() != null) {
      changedLaw.put("target-share", TARGET_UNDER_CONTROL);
      changedLaw.put("target-share-small", TARGET_UNDER_CONTROL);
    }
    changedPlatform.put(
        "answer-mean",
        Double.toString(scenario.people().ringMean() + scenario.people().machineDetection()));
    double machines = scenario.people().machines();
    if (machines > 0) {
      double persons = scenario.people().answer().at(0);
      double passed =
          scenario.people().machineDetection() > 0
              ? machines * scenario.people().machinesMissed()
              : machines;
      changedFigures.put("marked-machines", Double.toString(passed / (passed + persons)));
      changedFigures.put("mistaken-persons", Double.toString(scenario.people().personsMistaken()));
    }
    return new PacingLaw(
        settings(LawSettings.class, changedLaw),
        settings(FigureSettings.class, changedFigures),
        settings(PlatformSettings.class, changedPlatform));
  }

  Pacer.Maker pacer(Strategy strategy) {
    return scenario -> new LawPacer(lawFor(scenario), strategy, scenario);
  }

  /** The law for campaigns that share agents. */
  SharedPacer.Maker shared() {
    return pool -> new PoolPacer(lawFor(alone(pool, pool.lines().get(0))), pool);
  }

  /** Each campaign of a pool by itself, as if its agents were its own. */
  SharedPacer.Maker alone() {
    return pool ->
        new AlonePacer(
            line -> {
              Scenario scenario = alone(pool, pool.lines().get(line));
              return new LawPacer(lawFor(scenario), Strategy.PREDICTIVE, scenario);
            });
  }

  private static Scenario alone(SharedPool pool, SharedPool.Line line) {
    return Scenario.of(50, line.answer(), line.handle(), pool.hours(), line.abandonment())
        .with(draft -> draft.launchRate = 0)
        .with(draft -> draft.limit = line.limit());
  }

  private static String duration(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000)).toString();
  }
}
