package io.campaignroutes.simulator;

import io.campaignroutes.dialer.AgentPool;
import io.campaignroutes.dialer.DialedCampaign;
import io.campaignroutes.dialer.Telemetry;
import io.campaignroutes.pacing.Erlang;
import io.campaignroutes.pacing.Strategy;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rules that the law is compared with. */
final class Baselines {
  private Baselines() {}

  /** All of them by name, in the order of tables. */
  static Map<String, Pacer.Maker> all(Laws laws) {
    Map<String, Pacer.Maker> all = new LinkedHashMap<>();
    all.put("naive rule, agents read as idle", scenario -> new Naive(false));
    all.put("naive rule, agents read as staffed", scenario -> new Naive(true));
    all.put("progressive", laws.pacer(Strategy.PROGRESSIVE));
    all.put("VICIdial-like adaptive", scenario -> new Adaptive());
    all.put("Erlang, constant rate (open loop)", Oracle::new);
    return all;
  }

  /**
   * The rule that this service replaces, as it stood: {@code min(current, floor(availableAgents /
   * (avgHandleTime / 60) · 0.8))}, at least 1, with 1 agent and 120 s for what is missing. It takes
   * calls a minute for calls a second.
   */
  static final class Naive implements Pacer {
    private final boolean staffed;
    private double current = -1;

    Naive(boolean staffed) {
      this.staffed = staffed;
    }

    @Override
    public double decide(double now, Telemetry.Answer answer, DialedCampaign campaign) {
      if (current < 0) {
        current = campaign.rate();
      }
      Telemetry.Figures figures = answer.figures();
      double idle = figures == null ? 0 : figures.agents();
      double agents = staffed ? campaign.pool().staffed() : idle;
      double handle = figures == null || figures.handleTime() == null ? 0 : figures.handleTime();
      double rate =
          Math.floor((agents == 0 ? 1 : agents) / ((handle == 0 ? 120 : handle) / 60) * 0.8);
      current = Math.min(current, Math.max(1, rate));
      return current;
    }
  }

  /**
   * After the description of VICIdial's adaptive dialing (2006): every 15 s the lines for each
   * agent go up or down by how many agents were ready less how many calls waited, bounded by 1 and
   * 3, and fall to 1 while today's drop rate is above 3 %. It sees agents and lines directly, and
   * fills up its lines at each tick.
   */
  static final class Adaptive implements Pacer {
    private static final int SAMPLES = 3;
    private static final double MAX_LINES = 3;
    private static final double LIMIT = 0.03;
    private static final double FEWEST_CALLS = 50;

    private double level = 1;
    private double ready;
    private double waiting;
    private double agents;
    private int samples;

    @Override
    public double decide(double now, Telemetry.Answer answer, DialedCampaign campaign) {
      AgentPool pool = campaign.pool();
      ready += pool.idle();
      waiting += pool.waiting();
      agents += pool.staffed();
      samples++;
      if (samples == SAMPLES) {
        double difference = agents == 0 ? 0 : (ready - waiting) / agents;
        level = Math.min(MAX_LINES, Math.max(1, level * (1 + difference)));
        ready = 0;
        waiting = 0;
        agents = 0;
        samples = 0;
      }
      var totals = campaign.totals();
      if (totals.answered() > FEWEST_CALLS
          && (double) totals.abandoned() / totals.answered() > LIMIT) {
        level = 1;
      }
      double lines = level * pool.staffed() - totals.ringing() - pool.busy() - pool.waiting();
      campaign.dialNow((int) Math.max(0, Math.floor(lines)));
      return now <= 1 ? 0 : -1;
    }
  }

  /** Knows everything but when: the constant rate at which the formula loses 2.4 %. */
  static final class Oracle implements Pacer {
    private static final double LOST = 0.024;

    private final Scenario scenario;
    private double written = -1;

    Oracle(Scenario scenario) {
      this.scenario = scenario;
    }

    @Override
    public double decide(double now, Telemetry.Answer answer, DialedCampaign campaign) {
      double answers =
          Erlang.answersPerSecond(
              (int) Math.round(scenario.agents().at(now)),
              scenario.people().handle().at(now),
              scenario.people().patience(),
              LOST);
      double rate = answers / scenario.people().answer().at(now);
      if (rate != written) {
        // Not through the actuator, whose steps would take a tenth of it away.
        written = rate;
        campaign.dial(rate);
      }
      return -1;
    }
  }
}
