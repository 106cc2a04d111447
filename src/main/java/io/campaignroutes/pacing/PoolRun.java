package io.campaignroutes.pacing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One tick of an agent pool on its way through the routes, with that of each of its campaigns.
 * Immutable but for its answers, which several threads bring at the same time.
 *
 * @param id the pool, as campaigns name it
 * @param claim the claim's token, which its campaigns have been claimed under too
 * @param dueSince since when the tick has been due, in milliseconds since the epoch
 * @param startBy no call begins after this time: the lease would end under it
 * @param seq number of the latest decision
 * @param state what is remembered of the pool, as it is stored; null for nothing
 * @param given calls a second of campaigns that are about to begin, each with a rate of its own
 * @param runs its campaigns that are paced at this tick
 * @param beside those that are not, for a change of an earlier tick is still under way
 * @param decision what was decided; null before that
 * @param answers what CXone has told
 */
public record PoolRun(
    String id,
    String claim,
    long dueSince,
    long startBy,
    long seq,
    String state,
    double given,
    List<PacingRun> runs,
    List<PacingRun> beside,
    PoolDecision decision,
    TickAnswers answers) {

  /** Ticks of a pool after which a campaign is asked for figures though it {@link #rests}. */
  private static final int MAX_UNASKED = 6;

  public PoolRun {
    runs = List.copyOf(runs);
    beside = List.copyOf(beside);
  }

  /** Who is there; null when that is not known. */
  AgentsSeen agents() {
    return answers.agents();
  }

  /** Whether CXone is to be asked for anything: not while nobody may call. */
  public boolean asks() {
    return runs.stream().anyMatch(PacingRun::open);
  }

  /** All that CXone is asked for: this pool's agents, and the figures of campaigns. */
  public List<Object> questions() {
    List<Object> questions = new ArrayList<>(List.of(this));
    questions.addAll(asking());
    return questions;
  }

  /**
   * Before when all that is asked for has been due, in milliseconds since the epoch: where the rate
   * limit is short, who is there is told before what its campaigns have done.
   */
  public long askedSince() {
    return runs.stream().mapToLong(PacingRun::dueSince).reduce(dueSince, Math::min) - 1;
  }

  /**
   * Whether a campaign need not be asked for figures at this tick: CXone could tell nothing new of
   * it. It is asked at every sixth tick all the same, in case that it was dialed against our word.
   */
  boolean rests(PacingRun run, long at, FigureSettings figures) {
    return run.rests(at, figures)
        && Math.floorMod(seq + run.campaign().id().hashCode(), MAX_UNASKED) != 0;
  }

  /**
   * Whether a campaign stays as it is after a tick at which it was not asked for: then nothing of
   * it is written down, for as long as it {@link #rests}.
   */
  boolean leaves(PacingDecider.Decided decided) {
    PacingRun run = decided.run();
    return answers.resting(run.campaign().id())
        && run.open()
        && run.change() == PacingRun.Change.NONE
        && run.decision().events().isEmpty()
        && !decided.urged();
  }

  /** Of the pool alone: routes look methods of this up by it, and all of it is much. */
  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /**
   * Leaves those out of this tick who would be too many to be asked for: they are asked for in
   * turns, and those that dial at every tick as far as that goes.
   *
   * @param most campaigns to be asked for
   */
  void asksAtMost(int most) {
    List<PacingRun> all = asking();
    if (all.size() <= most) {
      return;
    }
    List<PacingRun> dialing = all.stream().filter(PacingRun::dials).toList();
    List<PacingRun> others = all.stream().filter(run -> !run.dials()).toList();
    int left = Math.max(most - dialing.size(), Math.max(1, most / 10));
    int forOthers = Math.min(others.size(), left);
    inTurns(dialing, most - forOthers);
    inTurns(others, forOthers);
  }

  /** At each tick so many of them are asked for who come after those of the tick before. */
  private void inTurns(List<PacingRun> some, int asked) {
    List<PacingRun> all =
        some.stream().sorted(Comparator.comparing(run -> run.campaign().id())).toList();
    for (int i = Math.max(0, asked); i < all.size(); i++) {
      int at = (int) Math.floorMod(seq * asked + i, (long) all.size());
      answers.leavesOut(all.get(at).campaign().id());
    }
  }

  /**
   * The campaigns to be asked for: those first that dial, then those that have gone without figures
   * the longest.
   */
  public List<PacingRun> asking() {
    return runs.stream()
        .filter(run -> run.asks() && !answers.leftOut(run.campaign().id()))
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

  PoolRun runs(List<PacingRun> other) {
    return with(seq, state, other, decision);
  }

  PoolRun decided(List<PacingRun> after, PoolDecision made, String remembered) {
    return with(seq + 1, remembered, after, made);
  }

  private PoolRun with(long number, String remembered, List<PacingRun> other, PoolDecision made) {
    return new PoolRun(
        id, claim, dueSince, startBy, number, remembered, given, other, beside, made, answers);
  }
}
