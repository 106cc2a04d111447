package io.campaignroutes.simulator;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.pacing.Erlang;
import io.campaignroutes.pacing.LawSettings;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PacingProperties;
import io.campaignroutes.pacing.Strategy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * What campaigns that share agents can be expected to do together: a few short runs of the law in
 * the simulated dialer. The same campaigns give the same forecast.
 *
 * <p>They take turns, so that how many there are hardly moves the figures of their pool; more than
 * {@link #MAX_LINES} are simulated by so many that stand for all of them.
 */
@Component
public class SharedForecast {
  private static final int MAX_LINES = 6;
  private static final int MAX_AGENTS = 100;
  private static final int SEEDS = 4;
  private static final double HOURS = 1;

  /** calls/s; what is lost in rounding rates of lines that stand for several would add up. */
  private static final double STEP = 0.1;

  /** What the law's tests take for the share that can be abandoned while a cap of 3 % is kept. */
  private static final double TARGET = 0.024;

  private static final double PATIENCE = 2;

  /** Forecasts that are kept; a form that is filled in asks for the same one again and again. */
  private static final int MOST = 100;

  private final PacingLaw law;
  private final LawSettings settings;
  private final Map<Asked, Forecast> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Forecast> eldest) {
          return size() > MOST;
        }
      };

  private record Asked(int agents, List<Sharing> campaigns) {}

  /**
   * Equal campaigns that share agents with others.
   *
   * @param campaigns how many
   * @param weight share of the agents of each, beside the others'
   * @param limit calls/s that none of them exceeds
   * @param abandonment the cap of their compliance profile; null when it has none
   */
  public record Sharing(int campaigns, double weight, double limit, Abandonment abandonment) {}

  public SharedForecast(PacingLaw law, PacingProperties properties) {
    this.law = law;
    this.settings = properties.law();
  }

  /**
   * Simulates, in about a tenth of a second of processor time, or remembers that.
   *
   * @param agents agents at work, 1 at least
   * @param campaigns all that dial for them at one time, one at least
   */
  public synchronized Forecast of(int agents, List<Sharing> campaigns) {
    return known.computeIfAbsent(new Asked(agents, List.copyOf(campaigns)), this::simulated);
  }

  /** Answered calls that a pool serves in an hour by its forecast. */
  public double servedAnHour(Forecast forecast, int agents) {
    return forecast.utilisation() * agents * 3600 / settings.handlePrior();
  }

  private Forecast simulated(Asked asked) {
    int all = asked.campaigns().stream().mapToInt(Sharing::campaigns).sum();
    int team = Math.min(asked.agents(), MAX_AGENTS);
    double part = (double) team / asked.agents();
    double limits =
        asked.campaigns().stream().mapToDouble(some -> some.campaigns() * some.limit()).sum();
    if (law.byRatio()) {
      Abandonment strictest =
          asked.campaigns().stream()
              .map(some -> some.abandonment() == null ? house() : some.abandonment())
              .min(Comparator.comparingDouble(Abandonment::cap))
              .orElseThrow();
      return SkillForecast.of(
          law,
          Strategy.PREDICTIVE,
          limits,
          strictest,
          asked.agents(),
          settings.answerPrior(),
          settings.handlePrior());
    }
    List<SharedPool.Line> lines = lines(asked.campaigns(), all, part);
    SharedPool scenario =
        SharedPool.equal(team, 1, HOURS, lines.get(0).abandonment()).named("forecast", lines);
    double[] busy = new double[SEEDS];
    double[] lost = new double[SEEDS];
    double[] calls = new double[SEEDS];
    for (int i = 0; i < SEEDS; i++) {
      SharedOutcome run = SharedSimulation.run(scenario, made -> new PoolPacer(law, made), i + 1L);
      busy[i] = run.utilisation();
      lost[i] = run.abandonment();
      // each agent's busy time comes from so many calls that were answered and not abandoned
      double answered = busy[i] * asked.agents() / settings.handlePrior() / (1 - lost[i]);
      calls[i] = answered / settings.answerPrior();
      // limits of lines that stand for several are rounded up
      double allowed = Math.min(1, limits / Math.max(1e-9, calls[i]));
      busy[i] *= allowed;
      calls[i] *= allowed;
    }
    return new Forecast(
        mean(busy),
        Summary.halfWidth(busy),
        mean(lost),
        Summary.halfWidth(lost),
        mean(calls),
        Summary.halfWidth(calls),
        null,
        assumptions(asked, all, limits, team, lines.size()));
  }

  /** One for each campaign, or those in the middle of equal parts of all. */
  private List<SharedPool.Line> lines(List<Sharing> campaigns, int all, double part) {
    int simulated = Math.min(all, MAX_LINES);
    List<SharedPool.Line> lines = new ArrayList<>(simulated);
    double before = 0;
    for (Sharing some : campaigns) {
      double after = before + some.campaigns();
      while (lines.size() < simulated && (lines.size() + 0.5) * all / simulated < after) {
        double limit = Math.ceil(some.limit() * part * all / simulated / STEP - 1e-6) * STEP;
        lines.add(
            new SharedPool.Line(
                settings.answerPrior(),
                settings.handlePrior(),
                some.weight(),
                some.abandonment() == null ? house() : some.abandonment(),
                limit,
                0,
                Double.MAX_VALUE,
                Long.MAX_VALUE));
      }
      before = after;
    }
    return lines;
  }

  private Abandonment house() {
    return new Abandonment(
        settings.houseCap(),
        new Abandonment.Window(Abandonment.Kind.CALENDAR_MONTH, null),
        Abandonment.Denominator.ANSWERED_LIVE,
        null,
        null,
        null,
        false);
  }

  private List<String> assumptions(Asked asked, int all, double limits, int team, int simulated) {
    List<String> told = new ArrayList<>();
    told.add(
        String.format(
            Locale.ROOT,
            "%d agents at work all the time, %.1f %% of dialed calls answered by a person, %.0f s a"
                + " call with wrap-up, the same for all campaigns.",
            asked.agents(),
            settings.answerPrior() * 100,
            settings.handlePrior()));
    told.add(
        String.format(
            Locale.ROOT,
            "%d runs of %.0f h; utilisation and calls leave out the first %.0f min. An answered call"
                + " waits 2 s for an agent; no machine answers; no campaign runs out of contacts.",
            SEEDS,
            HOURS,
            Scenario.WARM_UP / 60));
    if (simulated < all) {
      told.add("%d campaigns stand for the %d.".formatted(simulated, all));
    }
    if (team < asked.agents()) {
      told.add("Simulated with " + team + " agents; a larger team does at least as well.");
    }
    double needed =
        Erlang.answersPerSecond(asked.agents(), settings.handlePrior(), PATIENCE, TARGET)
            / settings.answerPrior();
    if (limits < needed) {
      told.add(
          String.format(
              Locale.ROOT,
              "Their limits together (%.2f calls/s) are below what these agents could take (about"
                  + " %.2f).",
              limits,
              needed));
    }
    return List.copyOf(told);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
