package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.Stage;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether CXone does what it is asked for: to dial no more, or slower. What every place tells of it
 * is decided here.
 *
 * @param stops whether it is to dial no more; else it is to dial slower
 * @param since epoch ms since when it has been asked
 * @param nextTry epoch ms when it is asked, or read, next; null when that is under way
 */
public record Control(boolean stops, long since, Long nextTry) {
  /** An audit line: CXone has not done for too long what it was asked for. */
  static final String LOST = "CONTROL_LOST";

  /** An audit line: it has done so now, or need not any more. */
  static final String REGAINED = "CONTROL_REGAINED";

  /**
   * What CXone was asked for and has not done, as far as is known; null when there is nothing.
   *
   * @param dials whether CXone dials, as far as is known
   * @param command what is being carried out; null for nothing
   * @param commandAt epoch ms since when
   * @param tooFastSince epoch ms since when it has dialed faster than decided; null when it does
   *     not
   */
  public static Control of(
      boolean dials, Command command, Long commandAt, Long tooFastSince, Long nextTry) {
    boolean stops = command != null && command.quiets() && commandAt != null;
    return dials && (stops || tooFastSince != null)
        ? new Control(stops, stops ? commandAt : tooFastSince, nextTry)
        : null;
  }

  /** Whether CXone dials for a campaign, as far as is known. */
  static boolean dials(Stage stage, boolean held, String remoteStatus) {
    return stage == Stage.ACTIVE ? !held : "ACTIVE".equals(remoteStatus);
  }

  /** Whether that has taken so long that control over the campaign is lost. */
  public boolean lost(long now, PacingProperties properties) {
    return now - since >= properties.longestTooFast().toMillis();
  }

  /** What it means and what to do, in a few sentences. */
  public String sentence() {
    return "CXone is still dialing%s. It has been asked to %s since %s%s. %s"
        .formatted(
            stops ? "" : " faster than it should",
            stops ? "stop" : "dial slower",
            Words.time(since),
            nextTry == null ? "" : ", next at " + Words.time(nextTry),
            BY_HAND);
  }

  private static final String BY_HAND = "Pause or stop it in CXone if you cannot wait.";

  /** The event of a tick by which control is lost. */
  static PacingEvent lostEvent(long since, double inForce, double decided) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("since", Words.time(since));
    details.put("maxCallsPerSecond", inForce);
    details.put("decided", decided);
    String reason =
        "CXone is still dialing at up to %s calls/s; since %s it has not taken %s. %s"
            .formatted(
                Words.rate(inForce),
                Words.time(since),
                decided == 0 ? "that it is to stop" : Words.rate(decided) + " calls/s",
                BY_HAND);
    return new PacingEvent(LOST, reason, details);
  }

  /** The event of a tick by which it is back. */
  static PacingEvent regainedEvent(long since) {
    return new PacingEvent(
        REGAINED,
        "CXone dials as it is asked to again; it had not since " + Words.time(since) + ".",
        Map.of("since", Words.time(since)));
  }

  /** The details of an audit line by which it is lost with a command. */
  Map<String, Object> lostDetails(Command command) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("command", command.name());
    details.put("since", Words.time(since));
    details.put(
        "reason",
        "CXone is still dialing; since %s it has not carried out %s. %s"
            .formatted(Words.time(since), command == Command.STOP ? "a stop" : "a pause", BY_HAND));
    return details;
  }
}
