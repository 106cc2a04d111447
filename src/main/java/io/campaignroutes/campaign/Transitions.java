package io.campaignroutes.campaign;

import io.campaignroutes.campaign.LaunchTable.CommandEffect;
import io.campaignroutes.campaign.LaunchTable.Row;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * What a step leads to, by the table of transitions. A pure function of the campaign, the outcome
 * and the time: it reads nothing and writes nothing. Only the jitter of waits differs from one call
 * to the next.
 */
@Component
class Transitions {
  /** Nobody looks after this many at what has ended and cannot be seen. */
  private static final int MAX_DOUBLINGS = 6;

  /** ms between two look-ups of a lost create: a list may show a new campaign a little late. */
  private static final long PAUSE_MS = 1_000;

  private final LaunchTable table;
  private final LaunchProperties properties;
  private final PendingCommand pending;

  Transitions(LaunchTable table, LaunchProperties properties) {
    this.table = table;
    this.properties = properties;
    this.pending = PendingCommand.of(properties);
  }

  LaunchTable table() {
    return table;
  }

  /**
   * What follows.
   *
   * @param now in milliseconds since the epoch, by the store's clock
   * @throws IllegalStateException when the table has no row for the outcome, which leaves the
   *     campaign as it is
   */
  Transition next(Campaign c, Step step, StepResult result, long now) {
    Row row = table.row(step, result.outcome());
    Campaign entered = row.stage() == null ? c : enter(c, row.stage(), now);
    Campaign to = due(commanded(entered, row.command(), now), row.due(), result, now);
    to = to.with(result.fields());
    if (row.stage() == null) {
      return new Transition(to, null, row.audit(), result.details(), result.by(), row.pacing());
    }
    String reason = result.reason() == null ? sentence(row.when()) : result.reason();
    return new Transition(
        to, reason, row.audit(), told(to, reason), result.by(), pacing(c, to, row));
  }

  private static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
  }

  private static Map<String, Object> told(Campaign to, String reason) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("stage", to.stage().name());
    details.put("reason", reason);
    details.put("cxoneCampaignId", to.remoteId());
    if (to.stage() == Stage.STOPPED && to.forced()) {
      details.put("forced", true);
    }
    if (to.failure() != null) {
      details.put("errorCode", to.failure().code());
    }
    return details;
  }

  /** Of what a newer version had in hand nobody here knows whether it is paced. */
  private PacingSignal pacing(Campaign was, Campaign to, Row row) {
    if (was.stage() == to.stage()) {
      return row.pacing();
    }
    if (table.paced(to.stage())) {
      return PacingSignal.BEGINS;
    }
    return table.paced(was.stage()) || was.stage() == Stage.UNKNOWN
        ? PacingSignal.ENDS
        : row.pacing();
  }

  /** In a new stage, with nothing due yet. */
  private static Campaign enter(Campaign campaign, Stage stage, long now) {
    return campaign.with(
        d -> {
          d.stage = stage;
          d.stageAt = now;
          d.attempt = 0;
          d.failure = null;
          d.lane = lane(campaign, stage);
          d.looksAfterEnd = 0;
          d.refusedLooks = 0;
          d.goOn = false;
          d.held = false;
          if (stage == Stage.ACTIVATING) {
            d.activatingAt = now;
            d.polls = 0;
          }
        });
  }

  /** Where it waits when it has no command: what has ended here is still looked at there. */
  private static PriorityClass lane(Campaign c, Stage stage) {
    boolean watched = stage.ended() && c.remoteId() != null;
    return watched ? PriorityClass.LOOK : PriorityClass.of(stage);
  }

  private static Campaign commanded(Campaign c, CommandEffect effect, long now) {
    return switch (effect) {
      case STAYS -> c;
      case DONE ->
          c.with(
              d -> {
                d.command = null;
                d.commandBy = null;
                d.lane = lane(c, c.stage());
              });
      case ABORT -> // whatever CXone has in mind with it, it is to be quiet there
          c.with(
              d -> {
                d.command = Command.HALT;
                d.commandBy = null;
                d.commandAt = now;
                d.askedAt = null;
                d.asks = 0;
                d.polls = 0;
                d.attempt = 0;
              });
    };
  }

  private Campaign due(Campaign c, Due due, StepResult result, long now) {
    return switch (due) {
      case NOW -> c.with(d -> d.goOn = true);
      case NEXT_RUN -> wait(c, now);
      case ACTIVATE_AT -> wait(c, c.activateAt());
      case POLL -> poll(c, now);
      case SLOW_POLL -> wait(c, now + properties.activationPollMax().toMillis());
      case STATUS -> wait(c, nextStatus(now));
      case RARE_STATUS ->
          wait(c, now + (statusPeriod() << Math.min(c.refusedLooks(), MAX_DOUBLINGS)));
      case CONFIRM -> confirm(c, now);
      case PAUSE -> wait(c, now + PAUSE_MS);
      case LIST, RETRY -> wait(c, result.until());
      case RESTART -> wait(c, now + properties.retryInitial().toMillis());
      case END -> c.remoteId() == null ? stay(c) : watchEnd(c, now);
      case NEVER, UNCHANGED -> stay(c);
    };
  }

  private static Campaign stay(Campaign c) {
    return c.with(d -> d.goOn = false);
  }

  private Campaign watchEnd(Campaign c, long now) {
    return wait(c, nextStatus(now))
        .with(
            d -> {
              d.lane = PriorityClass.LOOK;
              d.looksAfterEnd = 0;
              d.refusedLooks = 0;
            });
  }

  /** Nothing is due before this time, or before its {@code stopAt}, which no wait outlasts. */
  private static Campaign wait(Campaign campaign, long until) {
    boolean stops = !campaign.stage().ended() && campaign.command() != Command.STOP;
    long stopAt = campaign.stopAt() == null ? Long.MAX_VALUE : campaign.stopAt();
    return campaign.with(
        d -> {
          d.dueAt = stops ? Math.min(until, stopAt) : until;
          d.goOn = false;
        });
  }

  private Campaign poll(Campaign campaign, long now) {
    return wait(campaign, now + properties.polls().millis(campaign.polls()))
        .with(
            d -> {
              d.polls = campaign.polls() + 1;
              d.attempt = 0;
            });
  }

  /**
   * A write says nothing of what CXone does: it is read at once. A read is done again like a poll
   * of an activation, more slowly once it takes long; after growing gaps the command is sent again.
   */
  private Campaign confirm(Campaign c, long now) {
    if (c.askedAt() == null) {
      return wait(PendingCommand.asked(c, now), now);
    }
    Campaign next = PendingCommand.isTold(c) ? wait(c, now + pending.gap(c)) : poll(c, now);
    return next.with(
        d -> {
          d.attempt = 0;
          d.askedAt = pending.askedStill(c, now);
        });
  }

  private long nextStatus(long now) {
    return now + statusPeriod();
  }

  private long statusPeriod() {
    return properties.lookPeriod().toMillis();
  }
}
