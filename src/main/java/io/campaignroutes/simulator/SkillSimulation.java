package io.campaignroutes.simulator;

import io.campaignroutes.dialer.Actuator;
import io.campaignroutes.dialer.CampaignTotals;
import io.campaignroutes.dialer.ContactTelemetry;
import io.campaignroutes.dialer.DialRatio;
import io.campaignroutes.dialer.DialedCampaign;
import io.campaignroutes.dialer.Dialer;

/** One run of one pacer at a Personal Connection tenant. */
final class SkillSimulation {
  private static final double HALF_HOUR = 1800;

  private SkillSimulation() {}

  static SkillOutcome run(SkillScenario scenario, SkillPacer.Maker maker, long seed) {
    Dialer world = new Dialer(seed);
    DialedCampaign skill = world.campaign(world.pool(scenario.agents()), scenario.people());
    if (scenario.control() != null) {
      skill.guardedBy(scenario.control());
    }
    skill.ramps(scenario.ramp());
    ContactTelemetry telemetry = new ContactTelemetry(world, skill, scenario.telemetry(), seed + 1);
    Actuator actuator = new Actuator(world, skill, Actuator.Manner.tenths(), seed + 2);
    SkillPacer pacer = maker.make(scenario);
    skill.dial(pacer.first());

    double end = scenario.hours() * 3600;
    AfterShocks shocks = new AfterShocks(scenario);
    double busy = 0;
    double staffed = 0;
    boolean warm = false;
    for (double now = scenario.tick(); now < end; now += scenario.tick()) {
      world.advanceTo(now);
      if (!warm && now >= HALF_HOUR) {
        warm = true;
        busy = skill.pool().busySeconds();
        staffed = skill.pool().staffedSeconds();
      }
      shocks.seen(now, skill);
      DialRatio ratio = pacer.decide(now, telemetry.read());
      if (ratio != null && actuator.write(ratio)) {
        pacer.accepted(now);
      }
    }
    world.advanceTo(end);
    double all = Math.max(1, skill.pool().staffedSeconds() - staffed);
    return new SkillOutcome(
        (skill.pool().busySeconds() - busy) / all,
        share(skill.totals(), 0, 0),
        shocks.worst,
        actuator.writes() / (end / 60),
        pacer.holds());
  }

  /** The 30 minutes after each shock. */
  private static final class AfterShocks {
    private final SkillScenario scenario;
    private double worst = Double.NaN;
    private CampaignTotals before;
    private int next;

    AfterShocks(SkillScenario scenario) {
      this.scenario = scenario;
    }

    void seen(double now, DialedCampaign skill) {
      if (next == scenario.shocks().size()) {
        return;
      }
      double shock = scenario.shocks().get(next);
      if (before == null && now >= shock) {
        before = skill.totals();
      }
      if (now >= shock + HALF_HOUR) {
        double share = share(skill.totals(), before.answered(), before.abandoned());
        worst = Double.isNaN(worst) ? share : Math.max(worst, share);
        before = null;
        next++;
      }
    }
  }

  private static double share(CampaignTotals totals, long answered, long abandoned) {
    long live = totals.answered() - answered;
    return live <= 0 ? 0 : (double) (totals.abandoned() - abandoned) / live;
  }
}
