package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.compliance.AgentCheck;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneException;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.RateWrites;
import io.campaignroutes.cxone.RetryAfter;
import io.campaignroutes.cxone.TimeRange;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a tick that the routes put together: what is due, what a reading is, what the law
 * makes of it, and what became of a change.
 */
public final class PacingWork {
  private static final Logger LOG = LoggerFactory.getLogger(PacingWork.class);

  /** After so many ticks in a row that broke a campaign is held. */
  private static final int MOST_BREAKS = 3;

  /** No number of calls of a period above this is believed. */
  private static final double MOST_CALLS = 1e9;

  /** A tick that broke is not begun again at once. */
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  private final Store store;
  private final PacingStore rows;
  private final CampaignStore campaigns;
  private final PacingPlans plans;
  private final PacingLaw law;
  private final PacingProperties properties;
  private final ThreadPoolExecutor workers;
  private final MeterRegistry meters;
  private final LongSupplier clock;
  private volatile long unwritableSince; // 0 while ticks can be claimed

  /**
   * @param clock milliseconds since the epoch, the store's
   */
  PacingWork(
      Store store,
      PacingStore rows,
      CampaignStore campaigns,
      PacingPlans plans,
      PacingLaw law,
      PacingProperties properties,
      ThreadPoolExecutor workers,
      MeterRegistry meters,
      LongSupplier clock) {
    this.store = store;
    this.rows = rows;
    this.campaigns = campaigns;
    this.plans = plans;
    this.law = law;
    this.properties = properties;
    this.workers = workers;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Claims the campaigns whose tick is due, as many as can be paced soon. One that may not call at
   * this hour comes with that as its reading.
   */
  public List<PacingRun> claim() {
    int room =
        2 * workers.getMaximumPoolSize() - workers.getActiveCount() - workers.getQueue().size();
    try {
      // a claim for one or two is hardly cheaper than one for many
      List<PacingRun> due = room * 4 < workers.getMaximumPoolSize() ? List.of() : rows.claim(room);
      unwritableSince = 0;
      return due.stream().map(this::withHours).toList();
    } catch (StoreUnavailableException e) {
      holdUnpaced();
      throw e;
    }
  }

  /**
   * Nothing that pacing decides can be written, so nobody paces. Once that has lasted for as long
   * as CXone may dial too fast, running campaigns are held, for which a full disk has a reserve;
   * they dial again when ticks go through again.
   */
  private void holdUnpaced() {
    long now = clock.getAsLong();
    if (unwritableSince == 0 || now < unwritableSince) {
      unwritableSince = now;
    }
    if (now - unwritableSince < properties.longestTooFast().toMillis()) {
      return;
    }
    unwritableSince += properties.period().toMillis(); // and looks again a period later
    int held = rows.holdUnpaced();
    if (held > 0) {
      LOG.warn(
          "{} running campaigns are held: nothing has been written to the store for {} s, so nobody"
              + " paces them. They dial again by themselves once it can be written.",
          held,
          properties.longestTooFast().toSeconds());
    }
  }

  private PacingRun withHours(PacingRun run) {
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

  /** The figures of a campaign are there. */
  public PacingRun figures(PacingRun run, JsonNode figures) {
    if (!figures.isObject()) {
      return missing(run, "CXone's answer holds no figures");
    }
    return run.reading(
        new PacingReading(
            clock.getAsLong(),
            null,
            new PacingFigures(
                number(figures, "connected"),
                number(figures, "abandoned"),
                number(figures, "attempted"),
                number(figures, "avgHandleTime"),
                number(figures, "agents"),
                number(figures, "staffed")),
            false,
            null,
            null));
  }

  /** A figure as it came; null where there is none or it is no number. */
  private static Double number(JsonNode figures, String name) {
    JsonNode value = figures.path(name);
    return value.isNumber() ? (Double) value.doubleValue() : null;
  }

  /**
   * CXone has no figures yet.
   *
   * @param pool the agents of its pool, who tell whether anybody could take a call; null when CXone
   *     could not be asked
   */
  public PacingRun notYet(PacingRun run, AgentPools.Pool pool) {
    Integer ready = pool != null && pool.exists() ? AgentCheck.idle(pool.agents()) : null;
    return run.reading(
        new PacingReading(clock.getAsLong(), null, null, true, "CXone has no figures yet", ready));
  }

  /** There are no figures. */
  public PacingRun missing(PacingRun run, CxoneException why) {
    return missing(run, why.getMessage());
  }

  private PacingRun missing(PacingRun run, String sentence) {
    String why = sentence.replaceFirst("\\.$", ""); // in the midst of the reason of a decision
    return run.reading(new PacingReading(clock.getAsLong(), null, null, false, why, null));
  }

  /**
   * Whether more time has passed since the last figures than their window covers, so that what was
   * counted in between has to be looked up.
   */
  public boolean behind(PacingRun run) {
    return run.reading().figures() != null
        && run.state().behind(run.reading().at(), properties.figures());
  }

  /** The present period of compliance so far. */
  public TimeRange period(PacingRun run) {
    long now = run.reading().at();
    return new TimeRange(
        Instant.ofEpochMilli(law.periodStart(run.plan(), now)), Instant.ofEpochMilli(now));
  }

  /** The counts of the present period are known again, if CXone's answer has them. */
  public PacingRun caughtUp(PacingRun run, JsonNode counts) {
    if (!counts.path("connectedCalls").isNumber() || !counts.path("abandonedCalls").isNumber()) {
      return run;
    }
    double abandoned = counts.path("abandonedCalls").asDouble();
    if (!believed(abandoned) || !believed(counts.path("connectedCalls").asDouble())) {
      LOG.warn("Campaign {}: counts of its period cannot be true, so they are none.", id(run));
      return run;
    }
    double answered =
        counts.path("connectedCalls").asDouble()
            + (properties.figures().connectedIncludesAbandoned() ? 0 : abandoned);
    return run.state(run.state().caughtUp(answered, abandoned, run.reading().at()));
  }

  private static boolean believed(double calls) {
    return calls >= 0 && calls <= MOST_CALLS;
  }

  /**
   * Decides, and writes the decision down before anything of it is sent. Hours that have ended
   * while the figures were read count.
   *
   * @throws PacingClaimLostException when the campaign is no longer this tick's
   */
  public PacingRun decide(PacingRun read) {
    PacingRun run = withHours(read);
    long now = clock.getAsLong();
    PacingStep step =
        run.distrust() == null
            ? law.step(run.plan(), run.state(), run.reading())
            : law.held(run.plan(), run.state(), now, run.distrust());
    Long tooFastSince = tooFastSince(run, step.decision(), now);
    PacingDecision decision = bounded(run, step.decision(), tooFastSince, now);
    PacingRun decided = run.decided(step.state(), decision, change(run, decision, now));
    JsonNode shown = PacingViews.decision(decided);
    Command command = run.campaign().command();
    boolean none = decided.change() == PacingRun.Change.NONE;
    boolean urged = none && decision.rate() == 0 && run.dials() && command != null;
    boolean firstFigures = run.state().sampledAt() == 0 && step.state().sampledAt() != 0;
    boolean keeps = none && (command != null || putOff(run, now) && !run.campaign().held());
    store.write(
        tx -> {
          if (urged) { // a pause or stop on its way, which may have been put off for long
            campaigns.lookNow(tx, run.campaign().remoteId());
          }
          if (firstFigures) {
            campaigns.hasFigures(tx, run.campaign().id());
          }
          Long edge = plans.edge(run.campaign().request(), now).orElse(null);
          rows.decided(tx, decided, shown, keeps, tooFastSince, next(decided), edge);
          return null;
        });
    PacingMeters.decided(meters, decision);
    return decided;
  }

  /**
   * Since when CXone has not taken what would slow this campaign down, which it dials too fast
   * without. What this service itself has not brought to CXone does not count, and neither does
   * time in which nobody looked.
   */
  private Long tooFastSince(PacingRun run, PacingDecision decision, long now) {
    if (!run.tooFast(decision, properties.law().deadBand())) {
      return null;
    }
    boolean looked = now - run.state().readAt() <= 2 * properties.period().toMillis();
    Long since = looked ? run.standing().tooFastSince() : null;
    boolean hindered =
        putOff(run, now) || run.campaign().command() != null || run.standing().refusal() != null;
    return since == null && hindered ? (Long) now : since;
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
      String held =
          "0 calls/s: held, because CXone has been dialing faster than this since %s (%s)";
      return decision.with(0, held.formatted(Words.time(tooFastSince), reason));
    }
    boolean waits = (decision.send() || standing.unsure()) && putOff(run, now);
    return waits
        ? decision.because(
            reason + "; CXone takes no change before " + Words.time(standing.writeAt()))
        : decision;
  }

  private static boolean putOff(PacingRun run, long now) {
    return run.standing().writeAt() > now;
  }

  private PacingRun.Change change(PacingRun run, PacingDecision decision, long now) {
    Command command = run.campaign().command();
    PacingRun.Standing standing = run.standing();
    boolean urgent = run.distrust() != null || putOff(run, now) || standing.tooFastSince() != null;
    if (decision.rate() == 0 && command == Command.RELEASE) {
      return PacingRun.Change.HOLD; // what was to dial again must not any more
    }
    if (decision.rate() == 0 && (!properties.platform().zeroAccepted() || urgent)) {
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
  private long next(PacingRun run) {
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

  /** A new rate was sent. */
  public void sent(PacingRun run, RateWrites.Outcome outcome) {
    if (outcome.confirmed()) {
      written(run);
    } else {
      unconfirmed(run, outcome.why());
    }
  }

  /** Nobody knows whether CXone has taken the rate: a later tick sends it again. */
  private void unconfirmed(PacingRun run, String why) {
    LOG.info("Campaign {}: it is not known whether its rate is in force: {}", id(run), why);
    end(run, true, why, 0, run.standing().breaks(), next(run));
    changed("lost");
  }

  private static String id(PacingRun run) {
    return run.campaign().id();
  }

  /**
   * CXone has taken the new rate; a campaign that is held is now released. One that is being paused
   * or stopped meanwhile may no longer dial with it: nothing is told of the rate before it does.
   */
  public void written(PacingRun run) {
    boolean held = run.campaign().held();
    boolean open = closed(run, clock.getAsLong()).isEmpty();
    store.write(
        tx -> {
          if (held && open) {
            campaigns.pend(tx, run.campaign().id(), Command.RELEASE);
          }
          boolean dials = !held && !campaigns.isBeingQuieted(tx, run.campaign().id());
          rows.written(tx, run, dials, next(run));
          return null;
        });
    LOG.info("Campaign {}: {}", run.campaign().id(), run.decision().reason());
    changed("rate");
  }

  /** No calls, which CXone knows as a pause only: the campaign is held, in its turn of commands. */
  public void hold(PacingRun run) {
    store.write(
        tx -> {
          campaigns.pend(tx, run.campaign().id(), Command.HOLD);
          rows.notWritten(tx, run, true, null, 0, 0, next(run));
          return null;
        });
    if (run.distrust() == null) {
      LOG.info("Campaign {}: held. {}", run.campaign().id(), run.decision().reason());
    } else {
      LOG.warn("Campaign {}: held. {}", run.campaign().id(), run.decision().reason());
    }
    changed("hold");
  }

  /**
   * CXone did not take the change, or its answer was lost: a later tick sends what is due then. A
   * tick that a stop of the service ended is begun again by whoever comes next.
   */
  public void notWritten(PacingRun run, CxoneUnavailableException failure) {
    if (failure.stopOfService()) {
      end(run, run.standing().unsure(), null, 0, run.standing().breaks(), run.dueSince());
      return;
    }
    LOG.info(
        "Campaign {}: its pacing was not written: {}", run.campaign().id(), failure.getMessage());
    long wish = failure.retryAfter() == null ? 0 : failure.retryAfter().toMillis();
    long writeAt =
        wish == 0 ? 0 : clock.getAsLong() + Math.min(wish, RetryAfter.LONGEST.toMillis());
    boolean maybe = failure.maybeDone() || run.standing().unsure();
    end(run, maybe, failure.getMessage(), writeAt, run.standing().breaks(), next(run));
    changed("lost");
  }

  /** CXone refuses the change: said, and not sent again for a while. */
  public void refused(PacingRun run, CxoneRefusedException refusal) {
    LOG.warn("Campaign {}: its pacing was refused: {}", run.campaign().id(), refusal.getMessage());
    store.write(
        tx -> {
          campaigns.lookNow(tx, run.campaign().remoteId());
          rows.notWritten(
              tx,
              run,
              run.standing().unsure(),
              refusal.getMessage(),
              clock.getAsLong() + properties.retryAfterRefusal().toMillis(),
              run.standing().breaks(),
              next(run));
          return null;
        });
    changed("refused");
  }

  /**
   * A tick ended in a way that nobody has foreseen: said in full and tried again. When that happens
   * again and again, nobody paces the campaign: it is held until a tick goes through.
   */
  public void broken(PacingRun run, Exception failure) {
    LOG.error("Campaign {}: a tick of its pacing broke.", run.campaign().id(), failure);
    int breaks = run.standing().breaks() + 1;
    if (breaks < MOST_BREAKS || run.campaign().held()) {
      long next = Math.max(next(run), clock.getAsLong() + SHORTEST_WAIT.toMillis());
      end(run, true, null, 0, breaks, next);
      return;
    }
    PacingRun held =
        decide(
            run.distrust(
                "its pacing has broken %d times in a row, and the log says why; it is held until that ends"
                    .formatted(breaks)));
    if (held.change() == PacingRun.Change.HOLD) {
      hold(held);
    }
  }

  /**
   * The store could not be used in a tick. The log has been told; the campaign is paced again as
   * soon as the store takes something, and not only when its lease ends.
   */
  public void giveBack(PacingRun run) {
    store.later(
        tx -> {
          rows.notWritten(tx, run, true, null, 0, run.standing().breaks(), tx.now());
          return null;
        });
  }

  private void end(
      PacingRun run, boolean maybe, String refusal, long writeAt, int breaks, long nextAt) {
    store.write(
        tx -> {
          rows.notWritten(tx, run, maybe, refusal, writeAt, breaks, nextAt);
          return null;
        });
  }

  private void changed(String outcome) {
    PacingMeters.changed(meters, outcome);
  }
}
