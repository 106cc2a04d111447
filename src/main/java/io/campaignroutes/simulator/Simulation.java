package io.campaignroutes.simulator;

import io.campaignroutes.dialer.Actuator;
import io.campaignroutes.dialer.CampaignTotals;
import io.campaignroutes.dialer.DialedCampaign;
import io.campaignroutes.dialer.Dialer;
import io.campaignroutes.dialer.Telemetry;
import io.campaignroutes.pacing.Mode;

/** One run of one pacer in one scenario. */
final class Simulation {

  /** Looks on at each tick. */
  interface Watcher {
    void tick(double now, DialedCampaign campaign);
  }

  private Simulation() {}

  static RunOutcome run(Scenario scenario, Pacer.Maker maker, long seed) {
    return run(scenario, maker, seed, (now, campaign) -> {});
  }

  static RunOutcome run(Scenario scenario, Pacer.Maker maker, long seed, Watcher watcher) {
    Dialer world = new Dialer(seed);
    DialedCampaign campaign = world.campaign(world.pool(scenario.agents()), scenario.people());
    if (scenario.control() != null) {
      campaign.guardedBy(scenario.control());
    }
    Telemetry telemetry = new Telemetry(world, campaign, scenario.telemetry(), seed + 1);
    Actuator actuator = new Actuator(world, campaign, scenario.actuator(), seed + 2);
    Pacer pacer = maker.make(scenario);
    campaign.dial(scenario.launchRate());

    double end = scenario.hours() * 3600;
    int ticks = (int) Math.ceil((end - scenario.firstDecision()) / scenario.tick());
    double[] busyShare = new double[ticks];
    double warmBusy = 0;
    double warmStaffed = 0;
    CampaignTotals warmTotals = null;
    boolean warm = scenario.warmUp() <= 0;
    for (int i = 0; i < ticks; i++) {
      double now = scenario.firstDecision() + i * scenario.tick();
      world.advanceTo(now);
      int staffed = campaign.pool().staffed();
      busyShare[i] = staffed == 0 ? 0 : (double) campaign.pool().busy() / staffed;
      if (!warm && now >= scenario.warmUp()) {
        warm = true;
        warmBusy = campaign.pool().busySeconds();
        warmStaffed = campaign.pool().staffedSeconds();
        warmTotals = campaign.totals();
      }
      double rate = pacer.decide(now, telemetry.read(), campaign);
      if (rate >= 0 && actuator.write(rate)) {
        pacer.accepted(rate, now);
      }
      watcher.tick(now, campaign);
    }
    world.advanceTo(end);

    CampaignTotals totals = campaign.totals();
    double busy = campaign.pool().busySeconds();
    double staffed = campaign.pool().staffedSeconds();
    LawPacer law = pacer instanceof LawPacer paced ? paced : null;
    double served = Math.max(1, totals.connected() - totals.machinesHandled());
    return new RunOutcome(
        (busy - warmBusy) / Math.max(1, staffed - warmStaffed),
        share(totals, null),
        share(totals, warmTotals),
        served / Math.max(1e-9, staffed / 3600),
        totals.attempted() / end,
        actuator.writes() / (end / 60),
        actuator.refusals(),
        toNinety(busyShare, scenario),
        law != null && law.last() != null && law.last().mode() == Mode.HOLD,
        law == null ? 0 : law.holds(),
        law == null ? 0 : law.heldTicks() * scenario.tick());
  }

  private static double share(CampaignTotals after, CampaignTotals before) {
    long lost = after.abandoned() + after.mistaken();
    long live = after.answered() - answeredMachines(after) + after.mistaken();
    if (before != null) {
      lost -= before.abandoned() + before.mistaken();
      live -= before.answered() - answeredMachines(before) + before.mistaken();
    }
    return live <= 0 ? 0 : (double) lost / live;
  }

  private static long answeredMachines(CampaignTotals totals) {
    return totals.machinesHandled();
  }

  private static double toNinety(double[] busyShare, Scenario scenario) {
    double tick = scenario.tick();
    int span = Math.max(1, (int) (300 / tick));
    if (busyShare.length < 2 * span) {
      return Double.NaN;
    }
    double later = 0;
    for (int i = busyShare.length / 2; i < busyShare.length; i++) {
      later += busyShare[i] / (busyShare.length - busyShare.length / 2);
    }
    double sum = 0;
    for (int i = 0; i < busyShare.length; i++) {
      sum += busyShare[i] - (i >= span ? busyShare[i - span] : 0);
      if (i >= span && sum / span >= 0.9 * later) {
        return scenario.firstDecision() + i * tick;
      }
    }
    return Double.NaN;
  }
}
