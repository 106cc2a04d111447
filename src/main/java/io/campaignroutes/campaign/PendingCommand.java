package io.campaignroutes.campaign;

import io.campaignroutes.cxone.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What is known of a command that keeps CXone from dialing: whether it was sent, when it is sent
 * again, and whether people were told that it takes long. Pure.
 *
 * @param retries gaps after which it is sent again
 * @param activationTimeout after this people are told
 */
record PendingCommand(Backoff retries, Duration activationTimeout) {
  private static final String ASKED = "CXone is to ";

  static PendingCommand of(LaunchProperties properties) {
    return new PendingCommand(properties.retries(), properties.activationTimeout());
  }

  /**
   * CXone was sent the command, and answers by now. A refusal of something before, a look say, is
   * none of it.
   */
  static Campaign asked(Campaign campaign, long now) {
    Failure failure = campaign.failure();
    boolean ofBefore =
        failure != null
            && (failure.kind() == Failure.Kind.UNREACHABLE
                || failure.kind() == Failure.Kind.REFUSED && campaign.asks() == 0)
            && !campaign.stage().ended();
    return campaign.with(
        d -> {
          d.failure = ofBefore ? null : failure;
          d.askedAt = now;
          d.asks = campaign.asks() + 1;
        });
  }

  /** When CXone was sent the command; null once it is time to send it again. */
  Long askedStill(Campaign c, long now) {
    return now - c.askedAt() >= gap(c) ? null : c.askedAt();
  }

  /** ms from sending the command until it is sent again. */
  long gap(Campaign c) {
    return retries.millis(Math.max(0, c.asks() - 1));
  }

  /** Whether people were told that CXone does not carry out what is pending, and why. */
  static boolean isTold(Campaign c) {
    Failure failure = c.failure();
    return failure != null
        && (failure.kind() == Failure.Kind.TIMED_OUT && failure.message().contains(ASKED)
            || failure.kind() == Failure.Kind.REFUSED && c.asks() > 0 && !c.stage().ended());
  }

  /** Whether a command has been pending for too long and nobody was told so yet. */
  boolean isLate(Campaign c, long asOf) {
    return c.command() != null
        && c.command().quiets()
        && !isTold(c)
        && c.commandAt() != null
        && asOf - c.commandAt() >= activationTimeout.toMillis();
  }

  /** What is told, once, of a command that CXone does not carry out. */
  static Failure late(Campaign c, String says) {
    boolean stop =
        c.command() == Command.STOP || c.command() == Command.HALT && c.stage() != Stage.FAILED;
    String message =
        "%s%s (since %s) and %s It is asked again until it says %s; %s it there by hand if it must be sooner."
            .formatted(
                ASKED,
                stop ? "stop it" : "pause it",
                Instant.ofEpochMilli(c.commandAt()).truncatedTo(ChronoUnit.SECONDS),
                says,
                stop ? "STOPPED" : "PAUSED",
                stop ? "stop" : "pause");
    String before = c.stage().ended() ? whyEnded(c) + " " : "";
    return Failure.of(Failure.Kind.TIMED_OUT, (before + message).strip());
  }

  /** The message alone that {@link #late} adds. */
  static String message(Failure late) {
    return late.message().substring(late.message().indexOf(ASKED));
  }

  /** Why it has ended, without what was said of its halt; empty when it ended well. */
  static String whyEnded(Campaign c) {
    String message = c.failure() == null ? "" : c.failure().message();
    return message.contains(ASKED) ? message.substring(0, message.indexOf(ASKED)).strip() : message;
  }
}
