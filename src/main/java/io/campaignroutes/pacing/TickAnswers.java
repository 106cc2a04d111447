package io.campaignroutes.pacing;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What several threads bring to one tick of a pool: answers until it is decided, and which changes
 * have been begun. An answer that comes later is not looked at.
 */
final class TickAnswers {
  private final Map<String, PacingRun> figures = new HashMap<>();
  private final Set<String> resting = new HashSet<>();
  private final Set<String> leftOut = new HashSet<>();
  private final Set<String> begun = new HashSet<>();
  private AgentsSeen agents;
  private boolean stopped;
  private boolean decided;

  /** Whether answers still count. */
  synchronized boolean open() {
    return !decided;
  }

  /** Who is there; null when that is not known. */
  synchronized AgentsSeen agents() {
    return agents;
  }

  synchronized void agents(AgentsSeen seen) {
    agents = decided ? agents : seen;
  }

  /** What became of the question for a campaign's figures; null for nothing yet. */
  synchronized PacingRun figures(String campaignId) {
    return figures.get(campaignId);
  }

  synchronized void figures(PacingRun run) {
    if (!decided) {
      figures.put(run.campaign().id(), run);
      stopped |= run.asks();
    }
  }

  /** A campaign is not asked for, since nothing new could be told of it. */
  synchronized void rests(String campaignId) {
    resting.add(campaignId);
  }

  synchronized boolean resting(String campaignId) {
    return resting.contains(campaignId);
  }

  /** A campaign is asked for at a later tick: more are there than calls that may go out. */
  synchronized void leavesOut(String campaignId) {
    leftOut.add(campaignId);
  }

  synchronized boolean leftOut(String campaignId) {
    return leftOut.contains(campaignId);
  }

  /** Whether there are figures of any campaign. */
  synchronized boolean told() {
    return figures.values().stream()
        .anyMatch(run -> run.reading() != null && run.reading().figures() != null);
  }

  /** The service stops: nothing is decided any more. */
  synchronized void stop() {
    stopped = true;
  }

  /**
   * No answer counts any more.
   *
   * @return whether something is to be decided; not while the service stops
   */
  synchronized boolean close() {
    decided = true;
    return !stopped;
  }

  /**
   * Takes up what is to be done about a campaign.
   *
   * @return false when that has been taken up already, or the tick has ended
   */
  synchronized boolean begins(String campaignId) {
    return begun.add(campaignId);
  }
}
