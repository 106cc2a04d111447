package io.campaignroutes.simulator;

import io.campaignroutes.dialer.AbandonDay;
import io.campaignroutes.dialer.CallingRecords;
import io.campaignroutes.dialer.ContactTelemetry;
import io.campaignroutes.dialer.DialRatio;
import io.campaignroutes.dialer.Dialer;
import io.campaignroutes.dialer.Roster;
import io.campaignroutes.dialer.SkillDialing;
import io.campaignroutes.dialer.SkillManner;

/** One run of one pacer at a Personal Connection tenant. */
final class SkillSimulation {
  /** More than any run dials. */
  private static final long RECORDS = 10_000_000;

  private SkillSimulation() {}

  static SkillOutcome run(SkillScenario scenario, SkillPacer.Maker maker, long seed) {
    Dialer world = new Dialer(seed);
    ContactTelemetry telemetry = new ContactTelemetry(world, scenario.telemetry(), seed + 1);
    SkillDialing skill = world.skill(1, scenario.people(), new AbandonDay(world), telemetry::told);
    skill.dialsList(new CallingRecords(RECORDS, 1));
    Roster agents = world.roster(scenario.agents(), skill);
    SkillPacer pacer = maker.make(scenario);
    SkillManner manner =
        SkillManner.of(pacer.first(), scenario.people(), scenario.ramp(), scenario.control());
    skill.dials(manner);
    skill.start();

    double end = scenario.hours() * 3600;
    AfterShocks shocks = new AfterShocks(scenario);
    double busy = 0;
    double staffed = 0;
    int writes = 0;
    long dialed = 0;
    double lines = 0;
    double oneToOne = Double.NaN;
    boolean warm = false;
    for (double now = scenario.tick(); now < end; now += scenario.tick()) {
      world.advanceTo(now);
      if (!warm && now >= SkillPacer.HALF_HOUR) {
        warm = true;
        busy = agents.busySeconds();
        staffed = agents.staffedSeconds();
        dialed = skill.dialed();
      }
      lines += warm ? skill.lines() * scenario.tick() : 0;
      shocks.seen(now, skill);
      DialRatio ratio = pacer.decide(now, telemetry.read(agents));
      if (ratio != null) {
        skill.dials(manner.withRatio(ratio));
        writes++;
        boolean first = Double.isNaN(oneToOne) && pacer.first().lines() == 1;
        oneToOne = first && ratio.lines() > 1 ? now : oneToOne;
        pacer.accepted(now);
      }
    }
    world.advanceTo(end);
    double all = Math.max(1, agents.staffedSeconds() - staffed);
    return new SkillOutcome(
        (agents.busySeconds() - busy) / all,
        share(skill, 0, 0),
        shocks.worst,
        (skill.dialed() - dialed) / Math.max(1, end - SkillPacer.HALF_HOUR),
        lines / Math.max(1, end - SkillPacer.HALF_HOUR),
        oneToOne,
        writes / (end / 60),
        pacer.holds());
  }

  /** The 30 minutes after each shock. */
  private static final class AfterShocks {
    private final SkillScenario scenario;
    private double worst = Double.NaN;
    private boolean shaken;
    private long answered;
    private long abandoned;
    private int next;

    AfterShocks(SkillScenario scenario) {
      this.scenario = scenario;
    }

    void seen(double now, SkillDialing skill) {
      if (next == scenario.shocks().size()) {
        return;
      }
      double shock = scenario.shocks().get(next);
      if (!shaken && now >= shock) {
        shaken = true;
        answered = skill.answered();
        abandoned = skill.abandoned();
      }
      if (now >= shock + SkillPacer.HALF_HOUR) {
        double share = share(skill, answered, abandoned);
        worst = Double.isNaN(worst) ? share : Math.max(worst, share);
        shaken = false;
        next++;
      }
    }
  }

  private static double share(SkillDialing skill, long answered, long abandoned) {
    long live = skill.answered() - answered;
    return live <= 0 ? 0 : (double) (skill.abandoned() - abandoned) / live;
  }
}
