package io.campaignroutes.pacing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Whose calls the agents of a pool get. One campaign dials for them at a time, each long enough to
 * be worth it, so that its abandoned calls follow its own margin; what it cannot use for its limit
 * goes to the next. Next is who has had the fewest calls for its weight.
 */
final class Turns {
  /** ms: all have had a turn after this, if turns can be so short. */
  private static final long ROUND = 1_800_000;

  private static final long MIN_TURN = 15_000;
  private static final long MAX_TURN = 60_000;

  /** Calls for its weight that a campaign may catch up. */
  private static final double MAX_BEHIND = 60;

  private static final Set<RateBound> CANNOT =
      EnumSet.of(RateBound.CLOSED, RateBound.HOLD, RateBound.NO_AGENTS, RateBound.NO_FIGURES);

  private final List<PoolCycle.Place> order;
  private final double level;
  private final String holder;
  private final long since;
  private int dialing;

  private Turns(List<PoolCycle.Place> order, double level, String holder, long since) {
    this.order = order;
    this.level = level;
    this.holder = holder;
    this.since = since;
  }

  static Turns of(List<PoolCycle.Place> places, PoolState pool, long now) {
    List<PoolCycle.Place> able = new ArrayList<>();
    double most = 0;
    for (PoolCycle.Place place : places) {
      most = Math.max(most, place.turn.served());
      if (!CANNOT.contains(place.wanted.bound()) && place.wanted.mode() != Mode.PREVIEW) {
        able.add(place);
      }
    }
    if (able.isEmpty()) {
      return new Turns(able, pool.level(), "", now);
    }
    double level = Math.max(pool.level(), most - MAX_BEHIND);
    PoolCycle.Place first = null;
    boolean passed = false;
    for (PoolCycle.Place place : able) {
      place.turn = place.turn.atLeast(level);
      if (place.member.id().equals(pool.turn())) {
        first = place;
      }
    }
    long turn = length(able.size());
    if (first != null && first.turn.inVain()) {
      first.turn = first.turn.passed(first.member.weight());
      passed = true;
    }
    boolean goesOn = first != null && !passed && now - pool.turnAt() < turn;
    able.sort(
        Comparator.comparingDouble(
            place ->
                place.turn.served()
                    + place.answer() * place.ringing.awaited() / place.member.weight()));
    if (goesOn) {
      able.remove(first);
      able.add(0, first);
    }
    double fewest = able.stream().mapToDouble(place -> place.turn.served()).min().orElse(level);
    return new Turns(
        able, Math.max(level, fewest), able.get(0).member.id(), goesOn ? pool.turnAt() : now);
  }

  /** How long one of so many campaigns dials before the next does, in ms. */
  static long length(int campaigns) {
    return Math.max(MIN_TURN, Math.min(MAX_TURN, ROUND / campaigns));
  }

  /** Gives what the agents can take to those whose turn it is; the others wait. */
  void share() {
    double left = Double.POSITIVE_INFINITY;
    for (PoolCycle.Place place : order) {
      if (left <= 0) {
        place.wanted =
            place
                .wanted
                .rate(0)
                .because(RateBound.TURN, "others dial for its agents at the moment");
        continue;
      }
      dialing++;
      double rate = Math.min(place.wanted.rate(), left / place.answer());
      place.wanted = place.wanted.rate(rate);
      left = Math.max(0, rate - place.situation.bounds().limit()) * place.answer();
    }
  }

  boolean dials(PoolCycle.Place place) {
    int at = order.indexOf(place);
    return at >= 0 && at < dialing;
  }

  /** Those that dial, the first one first. */
  List<PoolCycle.Place> order() {
    return order.subList(0, dialing);
  }

  int waiting() {
    return order.size() - dialing;
  }

  int sharing() {
    return order.size();
  }

  double level() {
    return level;
  }

  String holder() {
    return holder;
  }

  long since() {
    return since;
  }
}
