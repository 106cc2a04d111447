package io.campaignroutes.pacing;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What other pools do with agents whom a pool has too. Each pool that dials for an agent sees him
 * idle, so what all of them are about to bring him counts for each, and of what is left each takes
 * its part.
 *
 * @param part of what the pool's agents can take beyond what is dialed already, the share that this
 *     pool may dial for, above 0 to 1: of an agent whom k pools dial for, one k-th
 * @param answersDue answers that calls of the other pools will bring to agents of this one
 * @param credit {@link PoolState#credit} of the others, as far as their agents are this one's: who
 *     dials for the same agents does so with the same margin, or one would get all of them
 */
public record Overlap(double part, double answersDue, double credit) {
  /** Answers that hardly anybody waits for. */
  private static final double NOBODY = 1e-3;

  /** All agents are the pool's own. */
  public static final Overlap NONE = new Overlap(1, 0, 0);

  /**
   * A pool that dials for some of the same agents.
   *
   * @param agents what tells its agents at work from others
   * @param state what is remembered since its latest tick
   * @param age seconds since that
   * @param begins whether its first tick is due or under way: what it will dial is not known yet
   */
  public record Other(Set<String> agents, PoolState state, double age, boolean begins) {
    public Other(Set<String> agents, PoolState state, double age) {
      this(agents, state, age, false);
    }

    /** As many as there were and are not answered by now, and those dialed since. */
    private double answersDue(double ring) {
      double left = Math.exp(-Math.max(0, age) / ring);
      return state.answersDue() * left + state.answersPerSecond() * ring * (1 - left);
    }

    private boolean dials() {
      return begins || state.answersDue() > NOBODY || state.answersPerSecond() > NOBODY;
    }
  }

  /**
   * What others take of a pool's agents. Their answers come to all of their agents alike.
   *
   * @param agents what tells its agents at work from others
   * @param others pools that may have some of them too; those that do not dial take nothing
   * @param ring mean seconds from a dialed call to its answer
   */
  public static Overlap of(Set<String> agents, List<Other> others, double ring) {
    Map<String, Integer> pools = new HashMap<>();
    double due = 0;
    double credit = 0;
    for (Other other : others.stream().filter(Other::dials).toList()) {
      Set<String> common = common(agents, other.agents());
      common.forEach(agent -> pools.merge(agent, 1, Integer::sum));
      double share = (double) common.size() / Math.max(1, other.agents().size());
      due += share * other.answersDue(ring);
      credit += share * other.state().credit();
    }
    if (pools.isEmpty()) {
      return NONE;
    }
    double own = agents.size() - pools.size();
    double shared = pools.values().stream().mapToDouble(more -> 1.0 / (1 + more)).sum();
    return new Overlap((own + shared) / agents.size(), due, credit);
  }

  private static Set<String> common(Collection<String> some, Collection<String> others) {
    Set<String> common = new HashSet<>(some);
    common.retainAll(others);
    return common;
  }
}
