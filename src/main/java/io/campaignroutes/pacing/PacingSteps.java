package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.cxone.CxoneException;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.RateWrites;
import io.campaignroutes.cxone.TimeRange;
import io.campaignroutes.shared.RetryAfter;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a tick that the routes put together for each campaign of a pool: what a reading is,
 * and what became of a change. {@link PoolSteps} has those of the pool.
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
  private final PacingWrites writes;
  private final CampaignStore campaigns;
  private final PacingDecider decider;
  private final PacingProperties properties;
  private final MeterRegistry meters;
  private final LongSupplier clock;

  /**
   * @param clock milliseconds since the epoch, the store's
   */
  PacingSteps(
      Store store,
      PacingWrites writes,
      CampaignStore campaigns,
      PacingDecider decider,
      PacingProperties properties,
      MeterRegistry meters,
      LongSupplier clock) {
    this.store = store;
    this.writes = writes;
    this.campaigns = campaigns;
    this.decider = decider;
    this.properties = properties;
    this.meters = meters;
    this.clock = clock;
  }

  /** The figures of a campaign are there. */
  public PacingRun figures(PacingRun run, JsonNode figures) {
    if (!figures.isObject()) {
      return without(run, "CXone's answer holds no figures");
    }
    PacingFigures told = PacingFigures.of(figures);
    return run.reading(new PacingReading(clock.getAsLong(), null, told, false, null, null));
  }

  /** CXone has no figures yet. Who of its pool could take a first call is known of the pool. */
  public PacingRun notYet(PacingRun run) {
    return run.reading(
        new PacingReading(clock.getAsLong(), null, null, true, "CXone has no figures yet", null));
  }

  /** It is asked at a later tick, while others of its pool tell of the agents. */
  PacingRun leftOut(PacingRun run) {
    String why = "its pool has so many campaigns that they are asked for figures in turns";
    return run.reading(new PacingReading(clock.getAsLong(), null, null, true, why, null));
  }

  /** There are no figures. */
  public PacingRun missing(PacingRun run, CxoneException why) {
    return without(run, why.getMessage());
  }

  /** There are no figures, for this reason, which may be a sentence. */
  PacingRun without(PacingRun run, String sentence) {
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
    store.run(
        tx -> {
          if (held && open) {
            campaigns.pend(tx, run.campaign().id(), Command.RELEASE);
          }
          boolean dials =
              !held
                  && (run.decision().bound() == RateBound.STANDS_IN
                      || !campaigns.isBeingQuieted(tx, run.campaign().id()));
          writes.written(tx, run, dials, decider.next(run));
        });
    LOG.info("Campaign {}: {}", run.campaign().id(), run.decision().reason());
    changed("rate");
  }

  /** No calls, which CXone knows as a pause only: the campaign is held, in its turn of commands. */
  public void hold(PacingRun run) {
    store.run(
        tx -> {
          campaigns.pend(tx, run.campaign().id(), Command.HOLD);
          writes.holds(tx, run, decider.next(run));
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
    store.run(
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
        decideAlone(
            run.distrust(
                "its pacing has broken %d times in a row, and the log says why; it is held until that ends"
                    .formatted(breaks)));
    if (held.change() == PacingRun.Change.HOLD) {
      hold(held);
    }
  }

  private PacingRun decideAlone(PacingRun run) {
    PacingDecider.Decided decided = decider.decideAlone(run);
    store.run(tx -> writes.decided(tx, decided));
    PacingMeters.decided(meters, decided.run().decision());
    return decided.run();
  }

  /** The change was not begun: the lease might end under it. A later tick does what is due then. */
  public void putOff(PacingRun run) {
    store.run(tx -> leave(tx, run));
  }

  /** The same in a transaction. */
  void leave(Tx tx, PacingRun run) {
    boolean maybe = run.standing().unsure();
    writes.notWritten(tx, run, maybe, null, 0, run.standing().breaks(), decider.next(run));
  }

  /** The change has to wait until others of the pool dial slower; a later tick looks again. */
  void waits(PacingRun run) {
    store.run(tx -> writes.waits(tx, run, decider.next(run)));
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
    store.run(tx -> writes.notWritten(tx, run, maybe, refusal, writeAt, breaks, nextAt));
  }

  private void changed(String outcome) {
    PacingMeters.changed(meters, outcome);
  }
}
