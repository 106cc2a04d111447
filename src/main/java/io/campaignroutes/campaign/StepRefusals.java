package io.campaignroutes.campaign;

import io.campaignroutes.cxone.CxoneRefusedException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What becomes of a campaign of which CXone has refused something. Like {@link LaunchSteps}: one
 * transaction, and {@link LeaseLostException} when the run's lease has ended.
 */
@Component
public class StepRefusals {
  private static final Logger LOG = LoggerFactory.getLogger(StepRefusals.class);

  /** After so many looks in a row that were refused, what has ended is let go. */
  private static final int MAX_REFUSED_LOOKS = 6;

  private final TransitionWriter writer;
  private final LaunchTable table;

  StepRefusals(TransitionWriter writer, LaunchTable table) {
    this.writer = writer;
    this.table = table;
  }

  /** CXone said no to a step. */
  public Campaign refused(Campaign campaign, CxoneRefusedException refusal) {
    boolean resolving = table.next(campaign) == Step.RESOLVE_CREATE;
    boolean holdsWhatIsGone = campaign.command() == Command.HOLD && refusal.gone();
    if (campaign.command() != null && !resolving && !holdsWhatIsGone) {
      return commandRefused(campaign, refusal);
    }
    if (campaign.stage().ended()) {
      return endNotSeen(campaign, refusal);
    }
    if (campaign.stage().running() && !refusal.gone()) {
      return notSeen(campaign, refusal);
    }
    if (campaign.intentAt() != null && !campaign.creating()) {
      return write(
          campaign,
          LostCreates.unsettled(
              Outcome.LOST_AND_REFUSED,
              "The answer to the create was lost, and CXone refuses to say what became of it: "
                  + refusal.getMessage()));
    }
    if (campaign.creating() && refusal.conflict() && campaign.creates() > 1) {
      // a campaign of this name is there: most likely the one that an earlier try created
      return writer.write(
          campaign,
          Step.ANY,
          (c, now) -> StepResult.of(Outcome.NAME_TAKEN).with(d -> d.inFlightUntil = now));
    }
    return failed(campaign, refusal);
  }

  private Campaign failed(Campaign campaign, CxoneRefusedException refusal) {
    String why =
        campaign.stage().running() ? goneSentence(campaign, refusal) : refusal.getMessage();
    boolean mayDial = mayDial(campaign);
    return write(
        campaign,
        StepResult.of(
                mayDial ? Outcome.REFUSED_WHILE_DIALING : Outcome.REFUSED,
                mayDial
                    ? why.replaceFirst("\\.$", "")
                        + "; CXone is asked to pause it, in case it dials."
                    : why)
            .with(
                d -> {
                  d.creating = false;
                  d.intentAt = null;
                  d.inFlightUntil = null;
                  d.remoteStatus = refusal.gone() ? null : d.remoteStatus;
                  d.failure = failure(refusal, why);
                }));
  }

  /**
   * Whether CXone may dial for it: it was asked to, and what it answered says nothing of that. A
   * refused activation that is not the first may come after one that was carried out and whose
   * answer was lost.
   */
  private static boolean mayDial(Campaign campaign) {
    return switch (campaign.stage()) {
      case ACTIVATING, ACTIVE -> true;
      case REGISTERED -> campaign.attempt() > 0;
      default -> false;
    };
  }

  private Campaign write(Campaign campaign, StepResult result) {
    return writer.write(campaign, Step.ANY, result);
  }

  private static Failure failure(CxoneRefusedException refusal, String message) {
    return new Failure(
        Failure.Kind.REFUSED,
        refusal.status(),
        RemoteAnswer.code(refusal.code()),
        RemoteAnswer.message(message));
  }

  private static String goneSentence(Campaign campaign, CxoneRefusedException refusal) {
    return "CXone has no campaign %s any more (%d): it is gone there."
        .formatted(campaign.remoteId(), refusal.status());
  }

  /** Nothing was seen of a campaign that has ended: looked again, ever more rarely, then let go. */
  private Campaign endNotSeen(Campaign campaign, CxoneRefusedException refusal) {
    return write(
        campaign,
        StepResult.of(Outcome.END_NOT_SEEN)
            .with(
                d -> {
                  d.attempt = 0;
                  d.remoteStatus = refusal.gone() ? null : d.remoteStatus;
                  d.refusedLooks++;
                  d.lane = d.refusedLooks < MAX_REFUSED_LOOKS ? PriorityClass.LOOK : null;
                }));
  }

  /** A refused look says nothing of a campaign that dials: it stays watched and paced. */
  private Campaign notSeen(Campaign campaign, CxoneRefusedException refusal) {
    if (campaign.failure() == null) {
      LOG.warn("Campaign {} cannot be looked at: {}", campaign.id(), refusal.getMessage());
    }
    return write(
        campaign,
        StepResult.of(Outcome.NOT_SEEN)
            .with(d -> d.failure = failure(refusal, refusal.getMessage())));
  }

  private Campaign commandRefused(Campaign campaign, CxoneRefusedException refusal) {
    Command command = campaign.command();
    boolean quiets = command.quiets() && command != Command.HOLD; // which pacing asks for again
    if (quiets) {
      return refusal.gone() ? perhapsGone(campaign, refusal) : quietRefused(campaign, refusal);
    }
    LOG.warn("Campaign {}: {} was refused: {}", campaign.id(), command, refusal.getMessage());
    Outcome outcome = command.byPacing() ? Outcome.PACING_REFUSED : Outcome.COMMAND_DROPPED;
    return writer.write(
        campaign,
        Step.ANY,
        (c, now) -> {
          Failure failure =
              c.stage().ended() ? campaign.failure() : failure(refusal, refusal.getMessage());
          return StepResult.of(outcome)
              .details(details(c, refusal))
              .with(
                  d -> {
                    d.attempt = 0;
                    d.failure = failure;
                  });
        });
  }

  private Campaign quietRefused(Campaign campaign, CxoneRefusedException refusal) {
    Failure known = campaign.failure();
    String message = refusal.getMessage() + " It is asked again until it does so.";
    boolean told =
        campaign.asks() > 0
            && (campaign.stage().ended() || known != null && message.equals(known.message()));
    if (!told) {
      LOG.warn(
          "Campaign {}: {} was refused: {}",
          campaign.id(),
          campaign.command(),
          refusal.getMessage());
    }
    return writer.write(
        campaign,
        Step.ANY,
        (c, now) ->
            StepResult.of(told ? Outcome.REFUSED_AGAIN : Outcome.COMMAND_REFUSED)
                .details(details(c, refusal))
                .with(d -> d.failure = c.stage().ended() ? known : failure(refusal, message)));
  }

  private static Map<String, Object> details(Campaign c, CxoneRefusedException refusal) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("command", c.command().name());
    details.put("reason", refusal.getMessage());
    return CampaignHistory.told(details, c.commandBy());
  }

  /** A write says nothing of it, and one read that is alone may be a replica that lags. */
  private Campaign perhapsGone(Campaign campaign, CxoneRefusedException refusal) {
    Failure known = campaign.failure();
    boolean read = campaign.askedAt() != null;
    boolean seenGone =
        read && known != null && Integer.valueOf(refusal.status()).equals(known.status());
    String why = goneSentence(campaign, refusal);
    if (!seenGone) {
      return writer.write(
          campaign,
          Step.ANY,
          (c, now) ->
              StepResult.of(Outcome.GONE_UNSURE)
                  .with(
                      d ->
                          d.failure =
                              read // to be seen once more
                                  ? new Failure(
                                      Failure.Kind.UNREACHABLE, refusal.status(), null, why)
                                  : c.failure()));
    }
    // nothing is left to be stopped; the stage of what had ended says why it has
    return write(
        campaign,
        (campaign.stage().ended()
                ? StepResult.of(Outcome.ENDED_AND_GONE).details(Map.of("reason", why))
                : StepResult.of(Outcome.GONE, why))
            .with(d -> d.remoteStatus = null));
  }
}
