package io.campaignroutes.campaign;

import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Plain;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Writes down what follows from a step, in one transaction: the campaign, its history row and its
 * audit line. Then those who wait for the campaign are told.
 */
@Component
class TransitionWriter {
  /** Its lines are those that operators follow a launch by, under the name that they know. */
  private static final Logger LOG = LoggerFactory.getLogger("io.campaignroutes.campaign.Launch");

  private static final int MAX_LOGGED = 600;

  private final Store store;
  private final CampaignStore campaigns;
  private final CampaignWrites writes;
  private final LaunchWaiters waiters;
  private final Transitions transitions;
  private MeterRegistry registry = new CompositeMeterRegistry();

  TransitionWriter(
      Store store,
      CampaignStore campaigns,
      CampaignWrites writes,
      LaunchWaiters waiters,
      Transitions transitions) {
    this.store = store;
    this.campaigns = campaigns;
    this.writes = writes;
    this.waiters = waiters;
    this.transitions = transitions;
  }

  /** Where the time of launches is told; nowhere when there is no such place. */
  @Autowired
  void tellTo(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Writes what follows from a step.
   *
   * @param campaign as the run has claimed it
   * @return the campaign as it is then
   * @throws LeaseLostException when the run's lease has ended; nothing is written then
   */
  Campaign write(Campaign campaign, Step step, StepResult result) {
    return write(campaign, step, (c, now) -> result);
  }

  /** The same, with what is learned by the campaign's times and the store's clock. */
  Campaign write(Campaign campaign, Step step, BiFunction<Campaign, Long, StepResult> result) {
    return writeIn(campaign, step, (tx, c) -> result.apply(c, tx.now()), (tx, after) -> {});
  }

  /** The same, with more to read and to write in the transaction. */
  Campaign writeIn(
      Campaign campaign,
      Step step,
      BiFunction<Tx, Campaign, StepResult> result,
      BiConsumer<Tx, Campaign> also) {
    Campaign after =
        store.write(
            tx -> {
              Campaign c = campaigns.inStep(tx.sql(), campaign);
              StepResult came = result.apply(tx, c);
              Campaign written =
                  writes.apply(tx, campaign, transitions.next(c, step, came, tx.now()));
              also.accept(tx, written);
              return written;
            },
            decisive(campaign));
    if (after.stage() != campaign.stage()) {
      LOG.info("Campaign {} ({}) is {}{}", after.id(), after.name(), after.stage(), why(after));
    }
    if (campaign.activeAt() == null && after.activeAt() != null) {
      CampaignMeters.launched(registry, after.latencyMs());
    }
    waiters.changed(after);
    return after;
  }

  /**
   * Writes a poll that most likely found nothing new: the commonest write of all, so it touches as
   * little as it can.
   */
  Campaign writePoll(Campaign campaign, StepResult result) {
    Campaign waits =
        store.write(
            tx -> {
              Transition next = transitions.next(campaign, Step.POLL, result, tx.now());
              return isOnlyAWait(campaign, next)
                  ? writes.putBack(tx, next.to(), next.to().dueAt())
                  : null;
            },
            decisive(campaign));
    return waits == null ? write(campaign, Step.POLL, result) : waits;
  }

  private static boolean isOnlyAWait(Campaign was, Transition next) {
    Campaign to = next.to();
    return next.silent()
        && to.stage() == was.stage()
        && to.command() == was.command()
        && !to.goOn();
  }

  /**
   * Whether CXone may dial by what its run does, or is kept from dialing: that is written down also
   * while the disk is full, for which it has a reserve.
   */
  private static boolean decisive(Campaign campaign) {
    return campaign.command() != null
        || campaign.stage() == Stage.REGISTERED
        || campaign.stage() == Stage.ACTIVATING;
  }

  /** A change that an event has made is on disk: those who wait for the campaign are told. */
  void movedByEvent(Campaign after) {
    boolean launched =
        after.stage() == Stage.ACTIVE && Long.valueOf(after.stageAt()).equals(after.activeAt());
    if (launched) {
      CampaignMeters.launched(registry, after.latencyMs());
    }
    waiters.changed(after);
  }

  /** How a sentence of the log about a stage ends: with the reason where it went wrong. */
  static String why(Campaign campaign) {
    boolean wrong =
        switch (campaign.stage()) {
          case REJECTED, FAILED, UNSETTLED -> campaign.failure() != null;
          default -> false;
        };
    return wrong ? ": " + Plain.line(campaign.failure().message(), MAX_LOGGED) : ".";
  }
}
