package io.campaignroutes.campaign;

import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.store.Store;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What becomes of a campaign whose step got no answer, or broke. Like {@link LaunchSteps}: one
 * transaction, and {@link LeaseLostException} when the run's lease has ended.
 */
@Component
public class StepFailures {
  private static final Logger LOG = LoggerFactory.getLogger(StepFailures.class);

  private final Store store;
  private final CampaignClaims campaigns;
  private final TransitionWriter writer;
  private final CommandSteps commands;
  private final LaunchTable table;
  private final LaunchProperties properties;
  private final PendingCommand pending;
  private final WorkerPools workerPools;

  StepFailures(
      Store store,
      CampaignClaims campaigns,
      TransitionWriter writer,
      CommandSteps commands,
      LaunchTable table,
      LaunchProperties properties,
      WorkerPools workerPools) {
    this.store = store;
    this.campaigns = campaigns;
    this.writer = writer;
    this.commands = commands;
    this.table = table;
    this.properties = properties;
    this.pending = PendingCommand.of(properties);
    this.workerPools = workerPools;
  }

  /** CXone did not answer: the step is tried again later, after a while given up. */
  public Campaign retryLater(Campaign campaign, CxoneUnavailableException failure) {
    if (failure.kind() == Kind.STOPPING) {
      return putDown(campaign, true);
    }
    if (failure.kind() != Kind.UNREACHABLE) {
      workerPools.slowDown(failure.retryAfter());
    }
    Failure late = commands.late(campaign, "is not heard: " + failure.getMessage());
    return writer.write(campaign, Step.ANY, (c, now) -> unanswered(c, now, failure, late));
  }

  private StepResult unanswered(
      Campaign c, long now, CxoneUnavailableException failure, Failure late) {
    Consumer<Campaign.Draft> create = d -> createUnanswered(d, c, now, failure);
    if (c.command() == null) {
      boolean givenUp = isGivenUp(c, now);
      boolean unseen = properties.timedOut(c, now) && willNotBeSeenSoon(c, failure);
      if (c.stage() == Stage.ACTIVATING && (givenUp || unseen)) {
        return notActivated(Outcome.NOT_ACTIVATED, properties, "unknown: " + failure.getMessage());
      }
      if (givenUp) {
        return givenUp(c.with(create), failure).with(create);
      }
    }
    int attempt = counts(c, failure) ? c.attempt() + 1 : c.attempt();
    if (counts(c, failure) && attempt == 1) {
      LOG.info("Campaign {} stays {} for now: {}", c.id(), c.stage(), failure.getMessage());
    }
    return StepResult.of(Outcome.UNREACHABLE)
        .until(plus(now, delay(c, attempt, now, failure)))
        .with(create)
        .with(
            d -> {
              d.attempt = attempt;
              d.failure = late != null ? late : failureOf(c, failure);
              if (quiets(c) && c.askedAt() != null) {
                d.askedAt = pending.askedStill(c, now); // unread for so long, it is sent again
              } else if (quiets(c) && failure.maybeDone()) {
                d.askedAt = now;
                d.asks = c.asks() + 1;
              }
            });
  }

  private static boolean quiets(Campaign c) {
    return c.command() != null && c.command().quiets();
  }

  private static boolean counts(Campaign c, CxoneUnavailableException failure) {
    return quiets(c) || failure.kind() == Kind.UNREACHABLE;
  }

  /** What has ended says why, and what a command waits for is no news. */
  private static Failure failureOf(Campaign c, CxoneUnavailableException failure) {
    boolean keeps = c.stage().ended() || c.command() != null && PendingCommand.isTold(c);
    return keeps ? c.failure() : Failure.of(Failure.Kind.UNREACHABLE, failure.getMessage());
  }

  /** A create that was not carried out needs no look-up. */
  private void createUnanswered(
      Campaign.Draft d, Campaign c, long now, CxoneUnavailableException failure) {
    if (!c.creating()) {
      return;
    }
    long grace = failure.answered() ? 0 : properties.settleGrace().toMillis();
    d.creates = failure.maybeDone() ? c.creates() : c.creates() - 1;
    d.intentAt = failure.maybeDone() ? c.intentAt() : null;
    d.inFlightUntil = failure.maybeDone() ? (Long) (now + grace) : null;
  }

  /** A launch that has not reached CXone for too long. */
  private boolean isGivenUp(Campaign c, long now) {
    long longest = properties.giveUpAfter().toMillis();
    return !c.stage().launched()
        && now - c.stageAt() > longest
        && (c.activateAt() == null || now > c.activateAt() + longest);
  }

  private static StepResult givenUp(Campaign c, CxoneUnavailableException failure) {
    if (c.intentAt() != null) {
      String why =
          "The answer to the create was lost and CXone could not be asked since: "
              + failure.getMessage();
      return StepResult.of(Outcome.LOST_AND_GIVEN_UP, why)
          .with(d -> d.failure = Failure.of(Failure.Kind.UNSETTLED, why));
    }
    return StepResult.of(Outcome.GIVEN_UP, "Given up: " + failure.getMessage())
        .with(d -> d.failure = Failure.of(Failure.Kind.UNREACHABLE, failure.getMessage()));
  }

  /** An activation took too long. */
  static StepResult notActivated(Outcome outcome, LaunchProperties properties, String status) {
    String message =
        "CXone has not activated it within %d s; the last status seen is %s. CXone is asked to pause it, so that it does not become active unwatched; retry activates it again."
            .formatted(properties.activationTimeout().toSeconds(), status);
    return StepResult.of(outcome, message)
        .with(d -> d.failure = Failure.of(Failure.Kind.TIMED_OUT, message));
  }

  /**
   * Whether an activation whose time is over will not be seen soon either: CXone did not answer
   * twice, or wants to be left alone for long. A first poll that fails after a restart is neither.
   */
  private boolean willNotBeSeenSoon(Campaign c, CxoneUnavailableException failure) {
    Duration pause = failure.retryAfter();
    return failure.kind() == Kind.UNREACHABLE
        ? c.attempt() > 0
        : pause != null && pause.compareTo(properties.activationPollMax()) > 0;
  }

  /** ms until the next try. */
  private long delay(Campaign c, int attempt, long now, CxoneUnavailableException failure) {
    long delay =
        c.stage() == Stage.ACTIVATING && c.command() == null
            ? properties.polls().millis(c.polls())
            : properties.retries().millis(Math.max(0, attempt - 1));
    if (failure.retryAfter() != null) {
      long wish = failure.retryAfter().toMillis();
      // calls are dialed meanwhile: growing gaps of our own instead of a long pause
      long heard = quiets(c) ? Math.min(wish, properties.activationPollMax().toMillis()) : wish;
      delay = Math.max(delay, heard);
    }
    return Math.min(delay, longestWait(c, now));
  }

  /**
   * However long CXone wants to be left alone, a command is tried, a running campaign looked at and
   * a late activation ended in time; a {@code stopAt} goes before any wait.
   */
  private long longestWait(Campaign c, long now) {
    if (c.command() != null) {
      return properties.retryMax().toMillis();
    }
    return switch (c.stage()) {
      case ACTIVE, PAUSED -> properties.lookPeriod().toMillis();
      case ACTIVATING ->
          Math.max(
              properties.activationPollInitial().toMillis(),
              (c.activatingAt() == null ? now : c.activatingAt())
                  + properties.activationTimeout().toMillis()
                  - now);
      default -> Long.MAX_VALUE;
    };
  }

  /** No overflow, whatever CXone has asked for. */
  private static long plus(long now, long delay) {
    return now + Math.min(delay, Duration.ofDays(366).toMillis());
  }

  /** A stop has ended a run between two steps: whoever comes next goes on. */
  public Campaign putDown(Campaign campaign) {
    return putDown(campaign, true);
  }

  /**
   * The service is being stopped: the campaign is left as it is, for the next start, or another
   * replica, to go on with.
   *
   * @param unsent whether it is known that the step's call was not sent
   */
  private Campaign putDown(Campaign campaign, boolean unsent) {
    return writer.write(
        campaign,
        Step.ANY,
        (c, now) ->
            StepResult.of(Outcome.SHUTTING_DOWN)
                .with(
                    d -> {
                      if (c.creating() && unsent) {
                        d.creates = c.creates() - 1;
                        d.intentAt = null;
                        d.inFlightUntil = null;
                      }
                    }));
  }

  /** A step ended in a way that nobody has foreseen: said in full, tried again later. */
  public Campaign broken(Campaign campaign, Exception failure) {
    Step step = table.next(campaign);
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException || cause instanceof RejectedExecutionException) {
        LOG.info("Campaign {}: step {} is cut short by a stop.", campaign.id(), step.word());
        return putDown(campaign, false);
      }
    }
    LOG.error(
        "Campaign {} in {}: step {} broke and is tried again.",
        campaign.id(),
        campaign.stage(),
        step.word(),
        failure);
    return retryLater(
        campaign,
        new CxoneUnavailableException(
            Kind.UNREACHABLE,
            "An error in this service; the log has the details. It is tried again.",
            Duration.ofSeconds(5),
            failure));
  }

  /**
   * The store could not be used in a step. The log has been told; the campaign is given back as
   * soon as the store takes something again, and not only when its lease ends.
   */
  public void giveBack(Campaign campaign) {
    store.later(tx -> campaigns.giveBack(tx, campaign));
  }
}
