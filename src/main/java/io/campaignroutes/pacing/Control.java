package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.text.Times;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether CXone does what it is asked for: to dial no more, or slower. What every place tells of it
 * is decided here.
 *
 * @param stops whether it is to dial no more; else it is to dial slower
 * @param since epoch ms of the first thing that it was asked for and has not done, whatever it was
 *     asked for after that and whichever way it refused
 */
public record Control(boolean stops, long since) {
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
   * @param tooFastSince epoch ms since when it has dialed against our word; null when it does not
   * @param decided calls a second that were decided last; null before a decision
   */
  public static Control of(
      boolean dials, Command command, Long commandAt, Long tooFastSince, Double decided) {
    boolean commanded = command != null && command.quiets() && commandAt != null;
    if (!dials || !commanded && tooFastSince == null) {
      return null;
    }
    long since = Math.min(orNever(tooFastSince), commanded ? commandAt : Long.MAX_VALUE);
    return new Control(commanded || decided != null && decided == 0, since);
  }

  private static long orNever(Long time) {
    return time == null ? Long.MAX_VALUE : time;
  }

  /**
   * When CXone is asked, or read, next, as epoch ms; now where that is under way or due.
   *
   * @param underWay whether somebody has claimed what is to be done
   * @param dueAt epoch ms when it is due, or until when it is claimed
   * @param notBefore epoch ms before which it is not asked
   */
  public static long nextTry(long now, boolean underWay, long dueAt, long notBefore) {
    return Math.max(now, Math.max(underWay ? now : dueAt, notBefore));
  }

  /** Whether CXone dials for a campaign, as far as is known. */
  static boolean dials(Stage stage, boolean held, String remoteStatus) {
    return stage == Stage.ACTIVE ? !held : "ACTIVE".equals(remoteStatus);
  }

  /** Whether that has taken so long that control over the campaign is lost. */
  public boolean lost(long now, PacingProperties properties) {
    return now - since >= properties.longestTooFast().toMillis();
  }

  /**
   * What it means and what to do, in a few sentences.
   *
   * @param nextTry epoch ms when it is asked, or read, next
   */
  public String sentence(long nextTry) {
    return "CXone is still dialing%s. It has been asked to %s since %s, next at %s. %s"
        .formatted(
            stops ? "" : " faster than it should",
            stops ? "stop" : "dial slower",
            Times.iso(since),
            Times.iso(nextTry),
            BY_HAND);
  }

  private static final String BY_HAND = "Pause or stop it in CXone if you cannot wait.";

  /**
   * The event of a tick by which it is lost.
   *
   * @param inForce calls a second that CXone may be dialing with
   * @param wanted calls a second that it should dial with
   */
  static PacingEvent lostEvent(long since, double inForce, double wanted, long nextTry) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("since", Times.iso(since));
    details.put("maxCallsPerSecond", inForce);
    details.put("decided", wanted);
    details.put("nextTry", Times.iso(nextTry));
    String reason =
        "CXone is still dialing at up to %s calls/s; since %s it has not taken %s. It is asked again at %s. %s"
            .formatted(
                Words.rate(inForce),
                Times.iso(since),
                wanted == 0 ? "that it is to stop" : Words.rate(wanted) + " calls/s",
                Times.iso(nextTry),
                BY_HAND);
    return new PacingEvent(LOST, reason, details);
  }

  /**
   * The same where lines for each agent are decided.
   *
   * @param wanted lines that it should dial with; 0 for no calls
   */
  static PacingEvent lostLinesEvent(long since, double wanted, long nextTry) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("since", Times.iso(since));
    details.put("decidedLines", wanted);
    details.put("nextTry", Times.iso(nextTry));
    String asked =
        wanted == 0 ? "that it is to stop" : "fewer lines for each agent (" + wanted + ")";
    String reason =
        "CXone is still dialing as before; since %s it has not taken %s. It is asked again at %s. %s"
            .formatted(Times.iso(since), asked, Times.iso(nextTry), BY_HAND);
    return new PacingEvent(LOST, reason, details);
  }

  /** The event of a tick by which it is back. */
  static PacingEvent regainedEvent(long since) {
    return new PacingEvent(
        REGAINED,
        "CXone dials as it is asked to again; it had not since " + Times.iso(since) + ".",
        Map.of("since", Times.iso(since)));
  }

  /** The details of an audit line by which it is lost with a command. */
  Map<String, Object> lostDetails(Command command, long nextTry) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("command", command.name());
    details.put("since", Times.iso(since));
    details.put("nextTry", Times.iso(nextTry));
    details.put(
        "reason",
        "CXone is still dialing; since %s it has not carried out %s. It is asked again at %s. %s"
            .formatted(
                Times.iso(since),
                command == Command.STOP ? "a stop" : "a pause",
                Times.iso(nextTry),
                BY_HAND));
    return details;
  }
}
