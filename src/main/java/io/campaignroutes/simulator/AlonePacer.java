package io.campaignroutes.simulator;

import io.campaignroutes.dialer.AgentPool;
import io.campaignroutes.pacing.Overlap;
import io.campaignroutes.pacing.PoolState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntFunction;

/** Each campaign of a pool paced as if its agents were its own. */
final class AlonePacer implements SharedPacer {
  private final IntFunction<LawPacer> maker;
  private final Map<Integer, LawPacer> pacers = new HashMap<>();

  AlonePacer(IntFunction<LawPacer> maker) {
    this.maker = maker;
  }

  @Override
  public void joined(int index, double now, double rate) {
    LawPacer pacer = maker.apply(index);
    pacer.accepted(rate, now);
    pacers.put(index, pacer);
  }

  @Override
  public void tick(
      double now,
      List<Seen> seen,
      AgentPool pool,
      Overlap overlap,
      BiPredicate<Integer, Double> write) {
    for (Seen one : seen) {
      LawPacer pacer = pacers.get(one.index());
      double rate = one.closed() ? 0 : pacer.decide(now, one.answer(), one.campaign());
      if (rate >= 0 && write.test(one.index(), rate)) {
        pacer.accepted(rate, now);
      }
    }
  }

  @Override
  public PoolState state() {
    return PoolState.NONE;
  }

  @Override
  public int holds() {
    return pacers.values().stream().mapToInt(LawPacer::holds).sum();
  }
}
