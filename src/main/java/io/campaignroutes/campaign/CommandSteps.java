package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.access.By;
import io.campaignroutes.cxone.RemoteStatus;
import io.campaignroutes.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What came of a command that CXone was sent, and of a look at whether it has carried it out, or at
 * whether what has ended here has ended there. Like {@link LaunchSteps}: one transaction, and
 * {@link LeaseLostException} when the run's lease has ended.
 */
@Component
public class CommandSteps {
  private static final Logger LOG = LoggerFactory.getLogger(CommandSteps.class);

  /** So often CXone must be seen to have ended what has ended here, before it is let go. */
  private static final int MAX_LOOKS_AFTER_END = 2;

  private final Store store;
  private final CampaignStore campaigns;
  private final TransitionWriter writer;
  private final StatusResults statuses;
  private final LaunchTable table;
  private final PendingCommand pending;

  CommandSteps(
      Store store,
      CampaignStore campaigns,
      TransitionWriter writer,
      StatusResults statuses,
      LaunchTable table,
      LaunchProperties properties) {
    this.store = store;
    this.campaigns = campaigns;
    this.writer = writer;
    this.statuses = statuses;
    this.table = table;
    this.pending = PendingCommand.of(properties);
  }

  /**
   * CXone was sent what a command asks for. Where it is to dial no more, whatever it answered, only
   * what it says when it is read ({@link #confirmed}) shows that it has done so.
   */
  public Campaign commanded(Campaign campaign, JsonNode answer) {
    Step step = table.sends(campaign);
    String said = RemoteAnswer.status(answer);
    return switch (step) {
      case PAUSE, STOP, HOLD -> quietAsked(campaign, step, said);
      case RESUME ->
          writer.write(
              campaign,
              step,
              StepResult.of(Outcome.ASKED, "CXone was asked to resume it.")
                  .by(campaign.commandBy()));
      case RELEASE -> released(campaign, said);
      default -> dropCommand(campaign);
    };
  }

  /**
   * It is to dial again at a time at which it may not call, and the platform would: after an
   * operator's resume it is ACTIVE and pacing holds it, as in a launch; pacing's release is
   * dropped.
   *
   * @param why in words that end a sentence
   */
  public Campaign mayNotCall(Campaign campaign, String why) {
    return table.sends(campaign) == Step.RESUME
        ? writer.write(
            campaign, Step.RESUME, (c, now) -> StatusResults.held(c, why, now).by(c.commandBy()))
        : writer.write(campaign, Step.RELEASE, StepResult.of(Outcome.HELD));
  }

  private Campaign quietAsked(Campaign campaign, Step step, String said) {
    return writer.write(
        campaign,
        step,
        (c, now) -> {
          Campaign asked = PendingCommand.asked(c, now);
          return StepResult.of(Outcome.ASKED)
              .with(
                  d -> {
                    d.failure = asked.failure();
                    d.askedAt = asked.askedAt();
                    d.asks = asked.asks();
                    d.attempt = 0;
                    d.remoteStatus = said.isEmpty() ? c.remoteStatus() : said;
                  });
        });
  }

  private Campaign released(Campaign campaign, String said) {
    return writer.write(
        campaign,
        Step.RELEASE,
        (c, now) ->
            StepResult.of(Outcome.ASKED)
                .with(CommandSteps::carriedOut)
                .with(
                    d -> {
                      d.held = false;
                      d.activatingAt = now;
                      d.remoteStatus = said.isEmpty() ? c.remoteStatus() : said;
                    }));
  }

  private static void carriedOut(Campaign.Draft draft) {
    draft.failure = null;
    draft.attempt = 0;
  }

  /**
   * What CXone says of a campaign that it was asked to dial no more for: the command is carried
   * out, or CXone is read, and after growing gaps sent it, again. Of one that has ended: whether it
   * has ended there too.
   */
  public Campaign confirmed(Campaign campaign, JsonNode answer) {
    String word = RemoteAnswer.statusOf(campaign, answer);
    RemoteStatus status = statuses.status(word);
    Command command = campaign.command();
    if (command == null) {
      return afterEnd(campaign, status, word, answer);
    }
    if (!command.quiets()) {
      return dropCommand(campaign);
    }
    if (isDone(campaign, status)) {
      return done(campaign, word);
    }
    if (status.over()) {
      return seen(campaign, status, word, answer);
    }
    boolean neverDialed =
        status == RemoteStatus.CREATED
            && campaign.activatingAt() == null
            && campaign.activeAt() == null;
    if (command == Command.STOP && neverDialed) {
      return writer.write(
          campaign,
          Step.CONFIRM,
          StepResult.of(Outcome.NEVER_DIALED, stopped(campaign) + " CXone keeps its draft.")
              .by(campaign.commandBy())
              .with(d -> d.remoteStatus = word));
    }
    return notYet(campaign, status, word);
  }

  /** Whether CXone does what the command wants of it. */
  private static boolean isDone(Campaign campaign, RemoteStatus status) {
    return switch (campaign.command()) {
      case HALT ->
          status.over() || status == RemoteStatus.PAUSED && campaign.stage() == Stage.FAILED;
      case STOP -> status == RemoteStatus.STOPPED;
      default -> status == RemoteStatus.PAUSED;
    };
  }

  private Campaign done(Campaign campaign, String word) {
    Outcome outcome = table.commands().get(campaign.command()).done();
    return writer.write(
        campaign,
        Step.CONFIRM,
        (c, now) ->
            switch (campaign.command()) {
              case HOLD ->
                  StepResult.of(outcome)
                      .with(CommandSteps::carriedOut)
                      .with(
                          d -> {
                            d.held = true;
                            d.remoteStatus = word;
                          });
              case HALT -> aborted(c, outcome, word);
              case PAUSE ->
                  StepResult.of(outcome, "Paused by command.")
                      .by(campaign.commandBy())
                      .with(d -> d.remoteStatus = word);
              default ->
                  StepResult.of(outcome, stopped(campaign))
                      .by(campaign.commandBy())
                      .with(d -> d.remoteStatus = word);
            });
  }

  private static StepResult aborted(Campaign c, Outcome outcome, String word) {
    String why =
        c.activeAt() == null
            ? "so that it does not become active unwatched."
            : "since it had ended here.";
    String ended = PendingCommand.whyEnded(c);
    return StepResult.of(outcome)
        .details(Map.of("reason", "CXone says " + word + ": it was asked to, " + why))
        .with(
            d -> {
              d.attempt = 0;
              d.remoteStatus = word;
              d.failure =
                  ended.isEmpty()
                      ? null
                      : new Failure(
                          c.failure().kind(), c.failure().status(), c.failure().code(), ended);
            });
  }

  private String stopped(Campaign campaign) {
    return "Stopped by "
        + stopper(campaign)
        + (campaign.forced() ? ", with the calls that were under way." : ".");
  }

  /** What has stopped it; where an older version took the stop, what most likely has. */
  private String stopper(Campaign campaign) {
    By by = campaign.commandBy();
    return (by == null ? stopAtCame(campaign) : by.equals(By.STOP_AT)) ? "its stopAt" : "command";
  }

  /** CXone has not done what a command wants: read again soon, sent again now and then. */
  private Campaign notYet(Campaign campaign, RemoteStatus status, String word) {
    boolean dials = status == RemoteStatus.DIALING;
    Failure late = late(campaign, "still says " + word + (dials ? ", so it may be dialing." : "."));
    return writer.write(
        campaign,
        Step.CONFIRM,
        (c, now) ->
            StepResult.of(Outcome.NOT_YET)
                .with(
                    d -> {
                      d.remoteStatus = word;
                      d.failure = late == null ? c.failure() : late;
                    }));
  }

  /**
   * What people are told, once and aloud, of a command that has been pending for too long; null
   * while it has not, and once they were told.
   */
  Failure late(Campaign campaign, String says) {
    long asOf = store.now(); // which is when a clock that was set is noticed
    if (!pending.isLate(campaigns.inStep(store.read(), campaign), asOf)) {
      return null;
    }
    Failure late = PendingCommand.late(campaign, says);
    LOG.warn("Campaign {}: {}", campaign.id(), PendingCommand.message(late));
    return late;
  }

  private Campaign seen(Campaign campaign, RemoteStatus status, String word, JsonNode answer) {
    return writer.write(
        campaign,
        Step.CONFIRM,
        (c, now) ->
            statuses
                .seen(c, status, RemoteAnswer.failureCode(answer), now)
                .with(d -> d.remoteStatus = word));
  }

  /**
   * What has ended is looked at until CXone was seen to have ended it twice; one that failed and is
   * only paused there could be resumed there, and is looked at for good. One that dials there, or
   * would after a resume, runs again, watched and paced; where it must not, it is stopped again.
   */
  private Campaign afterEnd(Campaign campaign, RemoteStatus status, String word, JsonNode answer) {
    boolean ours = campaign.stage() == Stage.STOPPED || campaign.stage() == Stage.COMPLETED;
    if (status == RemoteStatus.DIALING || status == RemoteStatus.PAUSED && ours) {
      return runsAfterEnd(campaign, status, word, answer);
    }
    Outcome outcome = status == RemoteStatus.STARTING ? Outcome.ON_ITS_WAY : Outcome.STILL_ENDED;
    boolean endedThere = status.quiet() && status != RemoteStatus.PAUSED;
    return writer.write(
        campaign,
        Step.CONFIRM,
        (c, now) ->
            StepResult.of(outcome)
                .with(
                    d -> {
                      d.remoteStatus = word;
                      d.attempt = 0;
                      d.refusedLooks = 0;
                      d.looksAfterEnd = c.looksAfterEnd() + (endedThere ? 1 : 0);
                      d.lane = d.looksAfterEnd < MAX_LOOKS_AFTER_END ? PriorityClass.LOOK : null;
                    }));
  }

  private Campaign runsAfterEnd(
      Campaign campaign, RemoteStatus status, String word, JsonNode answer) {
    String holder = campaigns.holder(campaign).map(Campaign::id).orElse(null);
    String why =
        stopAtCame(campaign)
            ? "its stopAt has come"
            : holder == null ? null : "campaign " + holder + " carries its name now";
    LOG.warn(
        "Campaign {} is {} here and {} at CXone: {}.",
        campaign.id(),
        campaign.stage(),
        word,
        why == null ? "it is watched and paced again" : "it is stopped again, since " + why);
    if (why == null) {
      return seen(campaign, status, word, answer);
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("cxoneStatus", word);
    details.put("reason", "CXone is to stop it again, since " + why + ".");
    return writer.write(
        campaign,
        Step.CONFIRM,
        StepResult.of(Outcome.MUST_NOT_RUN).details(details).with(d -> d.remoteStatus = word));
  }

  /** Nothing exists at CXone: a stop needs no call. */
  public Campaign stoppedBeforeLaunch(Campaign campaign) {
    return writer.write(
        campaign,
        Step.STOP,
        StepResult.of(
                Outcome.NEVER_LAUNCHED,
                "Stopped by " + stopper(campaign) + " before it was launched.")
            .by(campaign.commandBy())
            .with(d -> d.remoteStatus = null));
  }

  /** Nothing is to be done, as for a command that a change of stage has overtaken. */
  public Campaign dropCommand(Campaign campaign) {
    return writer.write(campaign, Step.NONE, StepResult.of(Outcome.NOTHING_TO_DO));
  }

  private boolean stopAtCame(Campaign campaign) {
    return campaign.stopAt() != null && campaign.stopAt() <= store.now();
  }
}
