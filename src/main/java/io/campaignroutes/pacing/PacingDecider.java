package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.store.ClockStep;
import io.campaignroutes.text.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What a tick leads to: the law's decision within the campaign's hours and what CXone takes, the
 * change that is made of it, and when the next tick is due. Writes nothing.
 */
final class PacingDecider {
  /** Within so many periods a campaign's first decision is in force: see FirstRate. */
  private static final int BEGINNING_PERIODS = 3;

  /** After so many periods a pause that CXone has not carried out is not waited for any longer. */
  private static final int UNANSWERED_PERIODS = 2;

  private final PacingPlans plans;
  private final PacingLaw law;
  private final PacingProperties properties;
  private final LongSupplier clock;

  /**
   * @param clock milliseconds since the epoch, the store's
   */
  PacingDecider(PacingPlans plans, PacingLaw law, PacingProperties properties, LongSupplier clock) {
    this.plans = plans;
    this.law = law;
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * A decision and what it leads to.
   *
   * @param run the tick with its decision
   * @param urged whether a command on its way, a pause or stop, is to be carried out at once
   * @param firstFigures whether these are the campaign's first figures
   * @param keeps whether a change of an earlier tick whose outcome is not known stays so
   * @param tooFastSince since when CXone has dialed faster than this, because it takes nothing
   *     slower; null when it does not
   * @param nextAt when the next tick is due, once this one is over
   * @param edgeAt when its calling hours begin or end next; null when they do not
   * @param nanos when it was decided, by {@link System#nanoTime}
   */
  record Decided(
      PacingRun run,
      boolean urged,
      boolean firstFigures,
      boolean keeps,
      Long tooFastSince,
      long nextAt,
      Long edgeAt,
      long nanos) {

    /** When the next tick is due by the clock as it is now, if it was set since the decision. */
    long nextAt(ClockStep step) {
      return step != null && step.nanos() - nanos > 0 ? nextAt + step.millis() : nextAt;
    }
  }

  /**
   * What a pool's tick leads to.
   *
   * @param decided for its campaigns
   * @param broken the campaigns for which nothing could be decided, and why
   * @param state what is remembered of the pool, as it is stored; null for nothing
   * @param reason a sentence for operators; null when nobody was decided for
   */
  record All(
      List<Decided> decided,
      Map<PacingRun, RuntimeException> broken,
      String state,
      String reason) {}

  /** A tick with the hours as its reading, where the campaign may not call now. */
  PacingRun withHours(PacingRun run) {
    PacingReading known = run.reading();
    if (run.distrust() != null || known != null && known.closed() != null) {
      return run;
    }
    long now = clock.getAsLong();
    return closed(run, now)
        .map(
            why ->
                run.reading(
                    known == null
                        ? new PacingReading(now, why, null, false, null, null)
                        : known.closed(why)))
        .orElse(run);
  }

  private Optional<String> closed(PacingRun run, long now) {
    return plans.closed(run.campaign().request(), now, run.campaign().stopAt());
  }

  /** Whether a campaign may call now. */
  boolean open(PacingRun run) {
    return closed(run, clock.getAsLong()).isEmpty();
  }

  /**
   * Decides for all campaigns of a pool together. Hours that have ended while the figures were read
   * count.
   *
   * @param overlap what other pools do with its agents
   * @param period until the next tick
   */
  All decide(PoolRun pool, Overlap overlap, Duration period) {
    List<PacingRun> runs = pool.runs().stream().map(this::withHours).toList();
    AgentsSeen agents = free(pool);
    boolean nobody = agents != null && agents.staffed() == 0;
    List<PacingRun> trusted =
        new ArrayList<>(runs.stream().filter(run -> run.distrust() == null).toList());
    Map<PacingRun, RuntimeException> broken = new LinkedHashMap<>();
    PoolStep step = together(pool, agents, overlap, period, trusted, broken);
    List<Decided> decided = new ArrayList<>(runs.size());
    for (int i = 0; i < trusted.size(); i++) {
      decided.add(decided(trusted.get(i), step.steps().get(i), nobody));
    }
    runs.stream()
        .filter(run -> run.distrust() != null)
        .forEach(run -> decided.add(decided(run, held(run), nobody)));
    return step == null
        ? new All(decided, broken, pool.state(), null)
        : new All(decided, broken, StoredState.text(step.state()), step.reason());
  }

  /** Who is there, without the idle agents that somebody has been given who is about to begin. */
  private AgentsSeen free(PoolRun pool) {
    AgentsSeen seen = pool.agents();
    if (seen == null) {
      return null;
    }
    double taken = pool.given() * BEGINNING_PERIODS * properties.period().toMillis() / 1000.0;
    int idle = (int) Math.max(0, seen.idle() - Math.rint(taken));
    return new AgentsSeen(seen.at(), idle, seen.staffed(), seen.overlap());
  }

  /**
   * The law over all of them; null for none.
   *
   * @param runs those over which it stumbles, as nobody has foreseen, are taken out
   * @param broken and put in here, so that they do not stop the others
   */
  private PoolStep together(
      PoolRun pool,
      AgentsSeen agents,
      Overlap overlap,
      Duration period,
      List<PacingRun> runs,
      Map<PacingRun, RuntimeException> broken) {
    PoolState known = pool.state() == null ? null : StoredState.readPool(pool.state()).orElse(null);
    try {
      return runs.isEmpty()
          ? null
          : law.step(known, agents, overlap, period, members(runs, pool.beside()));
    } catch (RuntimeException e) {
      for (PacingRun run : runs) {
        try {
          law.step(run.plan(), run.state(), run.reading());
        } catch (RuntimeException own) {
          broken.put(run, own);
        }
      }
      if (broken.isEmpty() && pool.beside().isEmpty()) {
        throw e;
      }
      runs.removeAll(broken.keySet()); // nothing is decided for those beside, who stumble alone
      return runs.isEmpty()
          ? null
          : law.step(known, agents, overlap, period, members(runs, List.of()));
    }
  }

  /**
   * @param beside campaigns of the pool that nothing is decided for, but whose lines ring
   */
  private List<PoolMember> members(List<PacingRun> runs, List<PacingRun> beside) {
    String why = "a change of its rate is under way";
    PacingReading unasked = new PacingReading(clock.getAsLong(), null, null, true, why, null);
    return Stream.concat(runs.stream(), beside.stream().map(run -> run.reading(unasked)))
        .map(
            run ->
                new PoolMember(
                    run.campaign().id(),
                    run.plan(),
                    run.state(),
                    run.reading(),
                    run.campaign().weight()))
        .toList();
  }

  /** Decides for one campaign that is held whatever the others do. */
  Decided decideAlone(PacingRun run) {
    PacingRun known = withHours(run);
    return decided(known, held(known), false);
  }

  private PacingStep held(PacingRun run) {
    return law.held(run.plan(), run.state(), clock.getAsLong(), run.distrust());
  }

  /** What the law says of a campaign, within what CXone takes. */
  private Decided decided(PacingRun run, PacingStep step, boolean nobody) {
    long now = clock.getAsLong();
    PacingDecision asked =
        nobody && !law.byRatio() && step.decision().rate() > 0
            ? step.decision().withoutAgents(run.state().commanded() > 0)
            : step.decision();
    Long tooFastSince = tooFastSince(run, asked, now);
    PacingDecision decision =
        slowest(
            run,
            controlled(
                run, bounded(run, asked, tooFastSince, now), asked.rate(), tooFastSince, now),
            asked.rate(),
            now);
    PacingRun decided = run.decided(step.state(), decision, change(run, decision, now));
    Command command = run.campaign().command();
    boolean none = decided.change() == PacingRun.Change.NONE;
    return new Decided(
        decided,
        (none && decision.rate() == 0 || decision.bound() == RateBound.STANDS_IN)
            && run.dials()
            && command != null,
        run.state().figuresSeen().sampledAt() == 0 && step.state().figuresSeen().sampledAt() != 0,
        none && (command != null || putOff(run, now) && !run.campaign().held()),
        tooFastSince,
        next(decided),
        plans.edge(run.campaign().request(), now).orElse(null),
        System.nanoTime());
  }

  /**
   * Since when CXone has not taken what would slow this campaign down, which it dials too fast
   * without, or stop it: since the first such thing, whatever came after it. What this service
   * itself has not brought to CXone does not count, and neither does time in which nobody tried.
   */
  private Long tooFastSince(PacingRun run, PacingDecision decision, long now) {
    Command command = run.campaign().command();
    boolean stops = command != null && command.quiets() && run.dials();
    // a rate that is kept for want of figures is not what was decided while there were some
    boolean kept =
        run.standing().tooFastSince() != null
            && decision.bound() == RateBound.NO_FIGURES
            && run.dials();
    if (!stops && !kept && !run.tooFast(decision, properties.law().deadBand())) {
      return null;
    }
    // a call may take longer to fail than the next tick is away
    long tried = Math.max(run.state().figuresSeen().readAt(), run.standing().triedAt());
    boolean trying = now - tried <= 2 * properties.period().toMillis();
    Long since = trying || lost(run, tried) ? run.standing().tooFastSince() : null;
    Long asked = stops ? run.campaign().commandAt() : null;
    if (since != null && asked != null) {
      return Math.min(since, asked);
    }
    boolean hindered = putOff(run, now) || command != null || run.standing().refusal() != null;
    return since != null ? since : asked != null ? asked : hindered ? (Long) now : null;
  }

  /** The decision with what keeps it from being carried out, and what is done about that. */
  private PacingDecision bounded(
      PacingRun run, PacingDecision decision, Long tooFastSince, long now) {
    PacingRun.Standing standing = run.standing();
    String reason = decision.reason();
    if (decision.rate() == 0) {
      boolean refused = run.dials() && standing.refusal() != null;
      return refused
          ? decision.because(reason + "; CXone refuses to pause it: " + standing.refusal())
          : decision;
    }
    boolean tooLong =
        tooFastSince != null && now - tooFastSince >= properties.longestTooFast().toMillis();
    if (tooLong && run.campaign().command() == null) {
      String held = "held, because CXone has been dialing faster than this since %s (%s)";
      return decision.with(0, law.none() + held.formatted(Times.iso(tooFastSince), reason));
    }
    boolean waits = (decision.send() || standing.unsure()) && putOff(run, now);
    return waits
        ? decision.because(
            reason + "; CXone takes no change before " + Times.iso(standing.writeAt()))
        : decision;
  }

  /**
   * The decision, or the lowest rate in its place where CXone is to pause the campaign and has not
   * done so at the first try or within two periods, be it that it refuses or that it does not
   * answer: what can be slowed down is.
   *
   * @param wanted calls a second that it is to dial with
   */
  private PacingDecision slowest(PacingRun run, PacingDecision decision, double wanted, long now) {
    Command command = run.campaign().command();
    Long asked = run.campaign().commandAt();
    boolean refused =
        command == null
            && decision.rate() == 0
            && run.standing().refusal() != null
            && now < run.standing().holdAt();
    boolean unanswered =
        command != null
            && command.quiets()
            && asked != null
            && (run.campaign().attempt() > 0
                || now - asked >= UNANSWERED_PERIODS * properties.period().toMillis());
    PlatformSettings platform = properties.platform();
    double least = platform.zeroAccepted() ? 0 : platform.least();
    double instead = refused && wanted > 0 ? wanted : least;
    if (!refused && !unanswered
        || law.byRatio()
        || run.distrust() != null
        || !run.dials()
        || run.state().commanded() <= instead
        || putOff(run, now)) {
      return decision;
    }
    return decision.standingIn(
        instead,
        refused
            ? decision.reason() + "; until it does, " + Words.rate(instead) + " calls/s"
            : "%s calls/s until CXone has carried out %s, which it was asked for at %s"
                .formatted(Words.rate(instead), command, Times.iso(asked)));
  }

  /** Whether control over a campaign had been lost by a time. */
  private boolean lost(PacingRun run, long at) {
    Long since = run.standing().tooFastSince();
    return since != null && at - since >= properties.longestTooFast().toMillis();
  }

  /**
   * The decision, telling that control over the campaign is lost, or that it is back. Only what the
   * trail does not know yet is written.
   *
   * @param wanted calls a second that it is to dial with
   */
  private PacingDecision controlled(
      PacingRun run, PacingDecision decision, double wanted, Long tooFastSince, long now) {
    Command command = run.campaign().command();
    boolean was = lost(run, run.state().figuresSeen().readAt());
    if (command != null && command.quiets() && !command.byPacing()) {
      return decision; // told with the command
    }
    if (tooFastSince == null) {
      return was
          ? decision.telling(Control.regainedEvent(run.standing().tooFastSince()))
          : decision;
    }
    boolean told = was && run.distrust() == null; // without a look nothing remembers the last tick
    if (told || !lost(run, now)) {
      return decision;
    }
    double asked = command == Command.HOLD ? 0 : wanted;
    long next = nextTry(run, decision, now);
    return decision.telling(
        law.byRatio()
            ? Control.lostLinesEvent(tooFastSince, asked, next)
            : Control.lostEvent(tooFastSince, run.state().commanded(), asked, next));
  }

  private static long nextTry(PacingRun run, PacingDecision decision, long now) {
    Campaign campaign = run.campaign();
    PacingRun.Standing standing = run.standing();
    return campaign.command() != null
        ? Control.nextTry(now, campaign.claim() != null, campaign.dueAt(), 0)
        : Control.nextTry(
            now, true, now, decision.rate() == 0 ? standing.holdAt() : standing.writeAt());
  }

  private static boolean putOff(PacingRun run, long now) {
    return run.standing().writeAt() > now;
  }

  private PacingRun.Change change(PacingRun run, PacingDecision decision, long now) {
    Command command = run.campaign().command();
    PacingRun.Standing standing = run.standing();
    boolean urgent = run.distrust() != null || putOff(run, now) || standing.tooFastSince() != null;
    if (decision.bound() == RateBound.STANDS_IN) {
      return PacingRun.Change.RATE;
    }
    if (decision.rate() == 0 && command == Command.RELEASE) {
      return PacingRun.Change.HOLD; // what was to dial again must not any more
    }
    boolean pauses = law.byRatio() || !properties.platform().zeroAccepted() || urgent;
    if (decision.rate() == 0 && pauses) {
      boolean asks = command == null && !run.campaign().held() && now >= standing.holdAt();
      return asks ? PacingRun.Change.HOLD : PacingRun.Change.NONE;
    }
    if (command != null || decision.rate() == 0 && run.campaign().held()) {
      return PacingRun.Change.NONE; // a command on its way ends with a rate of its own
    }
    return (decision.send() || standing.unsure()) && !putOff(run, now)
        ? PacingRun.Change.RATE
        : PacingRun.Change.NONE;
  }

  /** Whatever became of a write: the next look is a period away, or where the hours end. */
  long next(PacingRun run) {
    long now = clock.getAsLong();
    boolean closed =
        run.distrust() != null || run.reading() != null && run.reading().closed() != null;
    boolean still = !run.dials() && run.campaign().command() == null;
    long edge = plans.edge(run.campaign().request(), now).orElse(Long.MAX_VALUE);
    if (closed && still && run.change() == PacingRun.Change.NONE) {
      long rest = now + properties.restPeriod().toMillis();
      return run.distrust() == null ? Math.min(edge, rest) : rest;
    }
    long period = properties.period().toMillis();
    long tick = Math.min(run.dueSince() + period, now + period);
    return Math.max(now, Math.min(tick, edge));
  }
}
