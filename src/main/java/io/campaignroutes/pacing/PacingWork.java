package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.cxone.CxoneException;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.store.Store;
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
public final class PacingWork {
  private static final Logger LOG = LoggerFactory.getLogger(PacingWork.class);

  private final Store store;
  private final PacingStore rows;
  private final CampaignStore campaigns;
  private final PacingPlans plans;
  private final PacingLaw law;
  private final PacingProperties properties;
  private final ThreadPoolExecutor workers;
  private final MeterRegistry meters;
  private final LongSupplier clock;

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
    // a claim for one or two is hardly cheaper than one for many
    List<PacingRun> due = room * 4 < workers.getMaximumPoolSize() ? List.of() : rows.claim(room);
    return due.stream().map(this::withHours).toList();
  }

  private PacingRun withHours(PacingRun run) {
    long now = clock.getAsLong();
    return plans
        .closed(run.campaign().request(), Instant.ofEpochMilli(now))
        .map(why -> run.reading(new PacingReading(now, why, null, false, null, null)))
        .orElse(run);
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
    Integer ready = null;
    if (pool != null && pool.exists()) {
      ready = 0;
      for (JsonNode agent : pool.agents().path("agents")) {
        ready += "AVAILABLE".equals(agent.path("status").asText()) ? 1 : 0;
      }
    }
    return run.reading(
        new PacingReading(clock.getAsLong(), null, null, true, "CXone has no figures yet", ready));
  }

  /** There are no figures. */
  public PacingRun missing(PacingRun run, CxoneException why) {
    return missing(run, why.getMessage());
  }

  private PacingRun missing(PacingRun run, String why) {
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

  /** What the operation that tells the counts of the present period is called with. */
  public JsonNode period(PacingRun run) {
    long now = run.reading().at();
    return ((ObjectNode) run.arguments())
        .put("from", Instant.ofEpochMilli(law.periodStart(run.plan(), now)).toString())
        .put("to", Instant.ofEpochMilli(now).toString());
  }

  /** The counts of the present period are known again, if CXone's answer has them. */
  public PacingRun caughtUp(PacingRun run, JsonNode counts) {
    if (!counts.path("connectedCalls").isNumber() || !counts.path("abandonedCalls").isNumber()) {
      return run;
    }
    double abandoned = counts.path("abandonedCalls").asDouble();
    double answered =
        counts.path("connectedCalls").asDouble()
            + (properties.figures().connectedIncludesAbandoned() ? 0 : abandoned);
    return run.state(run.state().caughtUp(answered, abandoned, run.reading().at()));
  }

  /**
   * Decides, and writes the decision down before anything of it is sent.
   *
   * @throws PacingClaimLostException when the campaign is no longer this tick's
   */
  public PacingRun decide(PacingRun run) {
    PacingStep step = law.step(run.plan(), run.state(), run.reading());
    PacingRun decided = run.decided(step, change(run, step.decision()));
    JsonNode shown = PacingViews.decision(decided);
    store.write(
        tx -> {
          rows.decided(tx, decided, shown, next(decided));
          return null;
        });
    PacingMeters.decided(meters, step.decision());
    return decided;
  }

  private PacingRun.Change change(PacingRun run, PacingDecision decision) {
    boolean pause = decision.rate() == 0 && !properties.platform().zeroAccepted();
    if (pause && run.campaign().command() == Command.RELEASE) {
      return PacingRun.Change.HOLD; // what was to dial again must not any more
    }
    if (run.campaign().command() != null || !(decision.send() || run.unsure())) {
      return PacingRun.Change.NONE; // a command on its way ends with a rate of its own
    }
    if (!pause) {
      return PacingRun.Change.RATE;
    }
    return run.campaign().held() ? PacingRun.Change.NONE : PacingRun.Change.HOLD;
  }

  private long next(PacingRun run) {
    long now = clock.getAsLong();
    boolean closed = run.reading() != null && run.reading().closed() != null;
    boolean still = run.state().commanded() == 0 && run.campaign().command() == null;
    boolean rests = closed && still && run.change() == PacingRun.Change.NONE;
    if (!rests) {
      return Math.max(now, run.dueSince() + properties.period().toMillis());
    }
    long opens =
        plans
            .hours(run.campaign().request())
            .flatMap(hours -> hours.opens(Instant.ofEpochMilli(now)))
            .map(Instant::toEpochMilli)
            .orElse(Long.MAX_VALUE);
    return Math.min(opens, now + properties.restPeriod().toMillis());
  }

  /**
   * What is written to CXone: the pacing that the campaign has there now, with nothing changed but
   * the rate.
   *
   * @param known {@code {pacing: {...}}} as CXone has it; where it does not say, what the campaign
   *     was created with is written, since a platform may replace the whole
   */
  public JsonNode withRate(PacingRun run, JsonNode known) {
    ObjectNode arguments = (ObjectNode) run.arguments();
    arguments.put("maxCallsPerSecond", run.decision().rate());
    boolean told = known.path("pacing").isObject() && !known.path("pacing").isEmpty();
    arguments.set("pacing", told ? known.get("pacing") : run.campaign().payload().path("pacing"));
    return arguments;
  }

  /** CXone has taken the new rate; a campaign that is held is now released. */
  public void written(PacingRun run) {
    boolean held = run.campaign().held();
    store.write(
        tx -> {
          if (held) {
            campaigns.pend(tx, run.campaign().id(), Command.RELEASE);
          }
          rows.written(tx, run, !held, next(run));
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
          rows.notWritten(tx, run, true, next(run));
          return null;
        });
    LOG.info("Campaign {}: held. {}", run.campaign().id(), run.decision().reason());
    changed("hold");
  }

  /**
   * CXone did not take the change, or its answer was lost: the next tick sends what is due then.
   */
  public void notWritten(PacingRun run, CxoneUnavailableException failure) {
    long wish = failure.retryAfter() == null ? 0 : failure.retryAfter().toMillis();
    LOG.info(
        "Campaign {}: its pacing was not written: {}", run.campaign().id(), failure.getMessage());
    end(run, failure.maybeDone() || run.unsure(), Math.max(next(run), clock.getAsLong() + wish));
    changed("lost");
  }

  /** CXone refuses the change: said, and not sent again for a while. */
  public void refused(PacingRun run, CxoneRefusedException refusal) {
    LOG.warn("Campaign {}: its pacing was refused: {}", run.campaign().id(), refusal.getMessage());
    store.write(
        tx -> {
          campaigns.lookNow(tx, run.campaign().remoteId());
          rows.notWritten(
              tx, run, run.unsure(), tx.now() + properties.retryAfterRefusal().toMillis());
          return null;
        });
    changed("refused");
  }

  /** A tick ended in a way that nobody has foreseen: said in full, tried again later. */
  public void broken(PacingRun run, Exception failure) {
    LOG.error("Campaign {}: a tick of its pacing broke.", run.campaign().id(), failure);
    end(run, true, clock.getAsLong() + Duration.ofSeconds(5).toMillis());
  }

  /**
   * The store could not be used in a tick. The log has been told; the campaign is paced again as
   * soon as the store takes something, and not only when its lease ends.
   */
  public void giveBack(PacingRun run) {
    store.later(
        tx -> {
          rows.notWritten(tx, run, true, tx.now());
          return null;
        });
  }

  private void end(PacingRun run, boolean maybe, long nextAt) {
    store.write(
        tx -> {
          rows.notWritten(tx, run, maybe, nextAt);
          return null;
        });
  }

  private void changed(String outcome) {
    PacingMeters.changed(meters, outcome);
  }
}
