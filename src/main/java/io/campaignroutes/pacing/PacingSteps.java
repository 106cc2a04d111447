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
import io.campaignroutes.cxone.TimeRange;
import io.campaignroutes.shared.RetryAfter;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a tick that the routes put together: what is due, what a reading is, what the law
 * makes of it, and what became of a change.
 */
public final class PacingSteps {
  private static final Logger LOG = LoggerFactory.getLogger(PacingSteps.class);

  /** After so many ticks in a row that broke a campaign is held. */
  private static final int MAX_BREAKS = 3;

  /** No number of calls of a period above this is believed. */
  private static final double MAX_CALLS = 1e9;

  /** A tick that broke is not begun again at once. */
  private static final Duration MIN_WAIT = Duration.ofSeconds(1);

  private final Store store;
  private final PacingClaims claims;
  private final PacingWrites writes;
  private final CampaignStore campaigns;
  private final PacingDecider decider;
  private final PacingProperties properties;
  private final ThreadPoolExecutor workers;
  private final MeterRegistry meters;
  private final LongSupplier clock;
  private volatile long unwritableSince; // 0 while ticks can be claimed

  /**
   * @param clock milliseconds since the epoch, the store's
   */
  PacingSteps(
      Store store,
      PacingClaims claims,
      PacingWrites writes,
      CampaignStore campaigns,
      PacingDecider decider,
      PacingProperties properties,
      ThreadPoolExecutor workers,
      MeterRegistry meters,
      LongSupplier clock) {
    this.store = store;
    this.claims = claims;
    this.writes = writes;
    this.campaigns = campaigns;
    this.decider = decider;
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
      List<PacingRun> due =
          room * 4 < workers.getMaximumPoolSize() ? List.of() : claims.claim(room);
      unwritableSince = 0;
      return due.stream().map(decider::withHours).toList();
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
    int held = claims.holdUnpaced();
    if (held > 0) {
      LOG.warn(
          "{} running campaigns are held: nothing has been written to the store for {} s, so nobody"
              + " paces them. They dial again by themselves once it can be written.",
          held,
          properties.longestTooFast().toSeconds());
    }
  }

  /** The figures of a campaign are there. */
  public PacingRun figures(PacingRun run, JsonNode figures) {
    if (!figures.isObject()) {
      return missing(run, "CXone's answer holds no figures");
    }
    PacingFigures told = PacingFigures.of(figures);
    return run.reading(new PacingReading(clock.getAsLong(), null, told, false, null, null));
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
        Instant.ofEpochMilli(new Periods(run.plan()).start(now)), Instant.ofEpochMilli(now));
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
    return calls >= 0 && calls <= MAX_CALLS;
  }

  /**
   * Decides, and writes the decision down before anything of it is sent. Hours that have ended
   * while the figures were read count.
   *
   * @throws PacingClaimLostException when the campaign is no longer this tick's
   */
  public PacingRun decide(PacingRun read) {
    PacingDecider.Decided decided = decider.decide(read);
    PacingRun run = decided.run();
    JsonNode shown = PacingViews.decision(run);
    store.write(
        tx -> {
          if (decided.urged()) { // a pause or stop on its way, which may have been put off for long
            campaigns.lookNow(tx, run.campaign().remoteId());
          }
          if (decided.firstFigures()) {
            campaigns.hasFigures(tx, run.campaign().id());
          }
          writes.decided(tx, decided, shown);
          return null;
        });
    PacingMeters.decided(meters, run.decision());
    return run;
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
    end(run, true, why, 0, run.standing().breaks(), decider.next(run));
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
    boolean open = decider.open(run);
    store.write(
        tx -> {
          if (held && open) {
            campaigns.pend(tx, run.campaign().id(), Command.RELEASE);
          }
          boolean dials = !held && !campaigns.isBeingQuieted(tx, run.campaign().id());
          writes.written(tx, run, dials, decider.next(run));
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
          writes.notWritten(tx, run, true, null, 0, 0, decider.next(run));
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
    end(run, maybe, failure.getMessage(), writeAt, run.standing().breaks(), decider.next(run));
    changed("lost");
  }

  /** CXone refuses the change: said, and not sent again for a while. */
  public void refused(PacingRun run, CxoneRefusedException refusal) {
    LOG.warn("Campaign {}: its pacing was refused: {}", run.campaign().id(), refusal.getMessage());
    store.write(
        tx -> {
          campaigns.lookNow(tx, run.campaign().remoteId());
          writes.notWritten(
              tx,
              run,
              run.standing().unsure(),
              refusal.getMessage(),
              clock.getAsLong() + properties.retryAfterRefusal().toMillis(),
              run.standing().breaks(),
              decider.next(run));
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
    if (breaks < MAX_BREAKS || run.campaign().held()) {
      long next = Math.max(decider.next(run), clock.getAsLong() + MIN_WAIT.toMillis());
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
          writes.notWritten(tx, run, true, null, 0, run.standing().breaks(), tx.now());
          return null;
        });
  }

  private void end(
      PacingRun run, boolean maybe, String refusal, long writeAt, int breaks, long nextAt) {
    store.write(
        tx -> {
          writes.notWritten(tx, run, maybe, refusal, writeAt, breaks, nextAt);
          return null;
        });
  }

  private void changed(String outcome) {
    PacingMeters.changed(meters, outcome);
  }
}
