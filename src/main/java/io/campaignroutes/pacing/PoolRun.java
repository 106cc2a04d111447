package io.campaignroutes.pacing;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One tick of an agent pool on its way through the routes, with that of each of its campaigns.
 * Immutable but for the figures, which several threads bring at the same time.
 *
 * @param id the pool, as campaigns name it
 * @param claim the claim's token, which its campaigns have been claimed under too
 * @param dueSince since when the tick has been due, in milliseconds since the epoch
 * @param startBy no call begins after this time: the lease would end under it
 * @param seq number of the latest decision
 * @param state what is remembered of the pool, as it is stored; null for nothing
 * @param given calls a second of campaigns that are about to begin, each with a rate of its own
 * @param agents who is there; null when that is not known
 * @param runs its campaigns that are paced at this tick
 * @param decision what was decided; null before that
 * @param figures what became of the question for a campaign's figures, by its id
 */
public record PoolRun(
    String id,
    String claim,
    long dueSince,
    long startBy,
    long seq,
    String state,
    double given,
    AgentsSeen agents,
    List<PacingRun> runs,
    PoolDecision decision,
    Map<String, PacingRun> figures) {

  PoolRun(
      String id,
      String claim,
      long dueSince,
      long startBy,
      long seq,
      String state,
      double given,
      List<PacingRun> runs) {
    this(
        id,
        claim,
        dueSince,
        startBy,
        seq,
        state,
        given,
        null,
        List.copyOf(runs),
        null,
        new ConcurrentHashMap<>());
  }

  /** Whether CXone is to be asked for anything: not while nobody may call. */
  public boolean asks() {
    return runs.stream().anyMatch(PacingRun::asks);
  }

  /**
   * The campaigns to be asked for: those first that dial, then those that have gone without figures
   * the longest.
   */
  public List<PacingRun> asking() {
    return runs.stream()
        .filter(PacingRun::asks)
        .sorted(
            Comparator.comparing((PacingRun run) -> run.dials() ? 0 : 1)
                .thenComparingLong(run -> run.state().figuresSeen().sampledAt()))
        .toList();
  }

  /** The changes that slow somebody down, or stop them. */
  public List<PacingRun> lowers() {
    return runs.stream()
        .filter(run -> run.change() != PacingRun.Change.NONE && !run.raises())
        .toList();
  }

  /** The changes that let somebody dial faster. */
  List<PacingRun> raises() {
    return runs.stream().filter(PacingRun::raises).toList();
  }

  PoolRun agents(AgentsSeen seen) {
    return new PoolRun(
        id, claim, dueSince, startBy, seq, state, given, seen, runs, decision, figures);
  }

  PoolRun runs(List<PacingRun> other) {
    return new PoolRun(
        id,
        claim,
        dueSince,
        startBy,
        seq,
        state,
        given,
        agents,
        List.copyOf(other),
        decision,
        figures);
  }

  PoolRun decided(List<PacingRun> after, PoolDecision made, String remembered) {
    return new PoolRun(
        id,
        claim,
        dueSince,
        startBy,
        seq + 1,
        remembered,
        given,
        agents,
        List.copyOf(after),
        made,
        figures);
  }
}
