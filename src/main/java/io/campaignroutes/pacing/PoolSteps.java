package io.campaignroutes.pacing;

import io.campaignroutes.campaign.FirstRates;
import io.campaignroutes.compliance.AgentCheck;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneException;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a tick that concern a whole pool: what is due, who is there, what all of its
 * campaigns together may dial with, and in which order they come to it. {@link PacingSteps} has
 * those of each campaign.
 */
public final class PoolSteps {
  private static final Logger LOG = LoggerFactory.getLogger(PoolSteps.class);

  /** calls/s: sums of rates that differ by less are the same. */
  private static final double SAME = 1e-6;

  private static final String NOBODY = "no campaign may dial";

  private final Store store;
  private final PacingClaims claims;
  private final UnpacedCampaigns unpaced;
  private final PacingWrites writes;
  private final PacingReads rows;
  private final CommonAgents common;
  private final TickPeriods periods;
  private final PacingDecider decider;
  private final PacingSteps steps;
  private final TickErrors errors;
  private final PacingProperties properties;
  private final ThreadPoolExecutor workers;
  private final MeterRegistry meters;
  private final LongSupplier clock;

  /**
   * @param clock milliseconds since the epoch, the store's
   */
  PoolSteps(
      Store store,
      PacingClaims claims,
      UnpacedCampaigns unpaced,
      PacingWrites writes,
      PacingReads rows,
      CommonAgents common,
      TickPeriods periods,
      PacingDecider decider,
      PacingSteps steps,
      PacingProperties properties,
      ThreadPoolExecutor workers,
      MeterRegistry meters,
      LongSupplier clock) {
    this.store = store;
    this.claims = claims;
    this.unpaced = unpaced;
    this.writes = writes;
    this.rows = rows;
    this.common = common;
    this.periods = periods;
    this.decider = decider;
    this.steps = steps;
    this.errors = new TickErrors(steps);
    this.properties = properties;
    this.workers = workers;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Claims the pools whose tick is due, as many as can be paced soon. A campaign that may not call
   * at this hour, or that rests, comes with that as its reading.
   */
  public List<PoolRun> claim() {
    int room =
        2 * workers.getMaximumPoolSize() - workers.getActiveCount() - workers.getQueue().size();
    if (room * 4 < workers.getMaximumPoolSize()) {
      return List.of(); // a claim for one or two is hardly cheaper than one for many
    }
    List<PoolRun> asking =
        claimed(room).stream()
            .map(pool -> pool.runs(pool.runs().stream().map(run -> unasked(pool, run)).toList()))
            .toList();
    if (asking.stream().anyMatch(pool -> pool.asking().size() > TickPeriods.ALWAYS_ASKED)) {
      int most = periods.asked(rows::ticking);
      asking.forEach(pool -> pool.asksAtMost(most));
    }
    return asking;
  }

  private List<PoolRun> claimed(int room) {
    try {
      unpaced.writeDown();
      List<PoolRun> claimed = claims.claim(room);
      unpaced.claimable(true);
      return claimed;
    } catch (StoreUnavailableException e) {
      unpaced.claimable(false);
      throw e;
    }
  }

  private PacingRun unasked(PoolRun pool, PacingRun run) {
    PacingRun known = decider.withHours(run);
    if (!pool.rests(known, clock.getAsLong(), properties.figures())) {
      return known;
    }
    pool.answers().rests(run.campaign().id());
    return steps.notYet(known);
  }

  // What is known

  /**
   * CXone has told who is in the pool, and the store which other pools have them too.
   *
   * @param told null when it could not be asked
   */
  public PoolRun agents(PoolRun pool, AgentPools.Pool told) {
    if (told != null && pool.answers().open()) {
      boolean exists = told.exists(); // nobody takes a call in a pool that there is not
      pool.answers()
          .agents(
              new AgentsSeen(
                  clock.getAsLong(),
                  exists ? AgentCheck.idle(told.agents()) : 0,
                  exists ? AgentCheck.staffed(told.agents()) : 0,
                  inCommon(pool, exists ? AgentCheck.idsAtWork(told.agents()) : Set.of())));
    }
    return pool;
  }

  private Overlap inCommon(PoolRun pool, Set<String> agents) {
    try {
      return common.of(pool.id(), agents);
    } catch (StoreUnavailableException e) {
      return Overlap.NONE; // without the store nothing is decided
    }
  }

  /**
   * The agents could not be asked for, in a way that is no answer: at a stop of the service, after
   * which nothing is decided, or as nobody has foreseen, which is said in full.
   */
  public void agentsUnread(PoolRun pool, Exception failure) {
    if (failure instanceof CxoneException answer && answer.stopOfService()) {
      pool.answers().stop();
      return;
    }
    LOG.error("Agent pool {}: reading its agents broke.", pool.id(), failure);
  }

  /** A campaign of the pool has been asked for. */
  public void read(PoolRun pool, PacingRun run) {
    pool.answers().figures(run);
  }

  /**
   * A campaign could not be asked for, in a way that is no answer: at a stop of the service, after
   * which nothing is decided, or as nobody has foreseen, which is said in full; it has no figures
   * at this tick then.
   */
  public void unread(PoolRun pool, PacingRun run, Exception failure) {
    if (failure instanceof CxoneException answer && answer.stopOfService()) {
      pool.answers().stop();
      return;
    }
    LOG.error(
        "Campaign {}: reading its figures for a tick of its pacing broke.",
        run.campaign().id(),
        failure);
    read(pool, steps.without(run, "its figures could not be read, and the log says why"));
  }

  private PacingRun known(PoolRun pool, PacingRun run) {
    PacingRun read = pool.answers().figures(run.campaign().id());
    if (read != null || !run.asks()) {
      return read != null ? read : run;
    }
    if (pool.answers().leftOut(run.campaign().id()) && pool.answers().told()) {
      return steps.leftOut(run);
    }
    return steps.without(run, "CXone has given no figures in time");
  }

  // What is decided

  /**
   * Decides for all campaigns of the pool, and writes that down before anything of it is sent. What
   * is a campaign's that is no longer this tick's is left out.
   *
   * @throws PacingClaimLostException when the pool is no longer this tick's
   */
  public PoolRun decide(PoolRun asked) {
    if (!asked.answers().close()) {
      notDecided(asked);
      return asked.runs(List.of());
    }
    PoolRun known = asked.runs(asked.runs().stream().map(run -> known(asked, run)).toList());
    Duration period = periods.of(asked);
    PacingDecider.All all = decider.decide(known, overlap(known), period);
    List<PacingRun> runs = all.decided().stream().map(PacingDecider.Decided::run).toList();
    double others = rows.mayDial(store.read(), known.id(), ids(runs));
    PoolRun decided =
        known.decided(runs, decision(known, runs, others, all.reason(), period), all.state());
    List<PacingRun> written =
        store.write(
            tx -> {
              List<PacingRun> held = writes.decided(tx, known, all.decided());
              writes.decided(tx, decided);
              return held;
            });
    written.forEach(run -> PacingMeters.decided(meters, run.decision()));
    all.broken().forEach((run, failure) -> errors.broken(run, failure));
    PoolRun going = decided.runs(written);
    unpaced.decided(going);
    return going;
  }

  /** By the agents as they were seen last where CXone has not told of them now. */
  private Overlap overlap(PoolRun pool) {
    return pool.agents() == null ? common.asSeenLast(pool.id()) : pool.agents().overlap();
  }

  private PoolDecision decision(
      PoolRun pool, List<PacingRun> runs, double others, String reason, Duration period) {
    double sum = runs.stream().mapToDouble(PacingRun::planned).sum() + others + pool.given();
    boolean byRatio = properties.platform().byRatio();
    String why = reason == null ? Words.none(byRatio) + NOBODY : reason;
    return new PoolDecision(
        clock.getAsLong(), sum, byRatio ? why : why + besides(pool, runs, others), period);
  }

  /** What the sum has besides that which was decided now. */
  private static String besides(PoolRun pool, List<PacingRun> runs, double others) {
    double late =
        others
            + runs.stream()
                .mapToDouble(run -> Math.max(0, run.planned() - run.decision().rate()))
                .sum();
    return told("; %s calls/s more are given to campaigns that are about to begin", pool.given())
        + told("; %s calls/s more until CXone has taken what it was asked for", late);
  }

  private static String told(String what, double rate) {
    return rate > SAME ? what.formatted(Words.rate(rate)) : "";
  }

  private static Set<String> ids(List<PacingRun> runs) {
    return runs.stream().map(run -> run.campaign().id()).collect(Collectors.toSet());
  }

  // What is sent

  /**
   * Whether it is too late to begin a change: the lease could end under it, or the tick went on
   * without it.
   */
  public boolean late(PoolRun pool, PacingRun run) {
    return clock.getAsLong() > pool.startBy() || !pool.answers().begins(run.campaign().id());
  }

  /**
   * The raises that there is room for, now that the others of the pool have been slowed down or
   * not: what all of them together may be dialing with stays within the pool's decision. The others
   * wait for a later tick.
   */
  public List<PacingRun> raises(PoolRun pool) {
    List<PacingRun> raises =
        pool.raises().stream()
            .sorted(Comparator.comparingDouble(run -> run.decision().rate() - run.fastest()))
            .toList();
    if (raises.isEmpty()) {
      return raises;
    }
    double given =
        FirstRates.toBegin(store.read(), List.of(pool.id()), null).getOrDefault(pool.id(), 0.0);
    double room =
        pool.decision().rate()
            - given
            - rows.mayDial(store.read(), pool.id(), ids(raises))
            - raises.stream().mapToDouble(PacingRun::fastest).sum()
            // nor what dials beside this tick, as with a change that is still under way: the law
            // knows nothing of that, and has given its agents to these
            - rows.mayDial(store.read(), pool.id(), ids(pool.runs()));
    List<PacingRun> fitting = new ArrayList<>();
    for (PacingRun run : raises) {
      double more = run.decision().rate() - run.fastest();
      if (more <= room + SAME) {
        room -= more;
        fitting.add(run);
      } else if (pool.answers().begins(run.campaign().id())) {
        steps.waits(run);
      }
    }
    return fitting;
  }

  // How it ends

  /**
   * The tick is over: what was decided has been sent, or is under way and ends by itself. What has
   * not been begun in time is left to the next tick.
   */
  public void ended(PoolRun pool) {
    List<PacingRun> left =
        inOrder(pool).stream()
            .filter(run -> run.change() != PacingRun.Change.NONE)
            .filter(run -> pool.answers().begins(run.campaign().id()))
            .toList();
    Duration usual = properties.period();
    Duration period = pool.decision() == null ? usual : pool.decision().period();
    long early = period.compareTo(usual) < 0 ? usual.toMillis() : 0;
    store.run(
        tx -> {
          left.forEach(run -> steps.leave(tx, run));
          // or the clock was set back meanwhile
          long next = Math.min(pool.dueSince(), tx.now()) + period.toMillis();
          PoolQueue.end(tx, pool.id(), pool.claim(), next, early);
        });
  }

  /**
   * A stop of the service ended the tick before anything was decided: whoever comes begins anew.
   */
  public void notDecided(PoolRun pool) {
    store.run(
        tx -> {
          for (PacingRun run : inOrder(pool)) {
            boolean maybe = run.standing().unsure();
            int breaks = run.standing().breaks();
            writes.notWritten(tx, run, maybe, null, 0, breaks, pool.dueSince());
          }
          PoolQueue.end(tx, pool.id(), pool.claim(), pool.dueSince());
        });
  }

  /**
   * The tick ended in a way that nobody has foreseen. Each of its campaigns is told, and held when
   * that happens again and again.
   */
  public void broken(PoolRun pool, Exception failure) {
    LOG.error("Agent pool {}: a tick of its pacing broke.", pool.id(), failure);
    pool.runs().forEach(run -> errors.broken(run, failure));
    ended(pool);
  }

  /** Somebody else has the pool by now: its campaigns are not kept from them. */
  public void lost(PoolRun pool) {
    store.write(tx -> PoolQueue.letGo(tx, pool.id(), pool.claim()));
  }

  /**
   * The store could not be used in a tick. The log has been told; the pool is paced again as soon
   * as the store takes something, and not only when its lease ends.
   */
  public void giveBack(PoolRun pool) {
    store.later(
        tx -> {
          for (PacingRun run : inOrder(pool)) {
            writes.notWritten(tx, run, true, null, 0, run.standing().breaks(), tx.now());
          }
          PoolQueue.end(tx, pool.id(), pool.claim(), tx.now());
          return null;
        });
  }

  private static List<PacingRun> inOrder(PoolRun pool) {
    return pool.runs().stream().sorted(Comparator.comparing(run -> run.campaign().id())).toList();
  }
}
