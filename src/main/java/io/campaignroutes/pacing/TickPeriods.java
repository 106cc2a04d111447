package io.campaignroutes.pacing;

import io.campaignroutes.cxone.CallBudget;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long it is until a pool's next tick, and how many calls that tick may take. Who looks more
 * often has agents wait less for the same share of abandoned calls, but asks CXone more often; so
 * it is done while there is room for that.
 */
final class TickPeriods {
  /** Campaigns of a pool that are asked for so often. */
  private static final int MAX_CAMPAIGNS = 8;

  /** Share of the calls that may go out in a second beyond which there is no room. */
  private static final double ROOM = 0.5;

  /** So many campaigns of a pool are asked for at each tick however low the limit is. */
  static final int ALWAYS_ASKED = 4;

  private final PacingProperties properties;
  private final Supplier<CallBudget.State> calls;
  private final LongSupplier clock;

  /**
   * @param calls how the limit on calls to CXone stands
   * @param clock milliseconds since the epoch, the store's
   */
  TickPeriods(PacingProperties properties, Supplier<CallBudget.State> calls, LongSupplier clock) {
    this.properties = properties;
    this.calls = calls;
    this.clock = clock;
  }

  /** That of a pool, as it was claimed, once CXone has told what it was asked. */
  Duration of(PoolRun pool) {
    Duration quick = properties.quickPeriod();
    boolean worthIt =
        quick.compareTo(properties.period()) < 0
            && pool.runs().size() <= MAX_CAMPAIGNS
            && pool.asks();
    boolean onTime = clock.getAsLong() - pool.dueSince() <= quick.toMillis();
    return worthIt && onTime && room() ? quick : properties.period();
  }

  /**
   * How many campaigns of each pool can be asked for figures at a tick: what the limit on calls
   * lets out until the next, less what the changes of the tick and everybody else want of it, and
   * the read of each pool's agents.
   *
   * @param pools how many are paced
   */
  int asked(IntSupplier pools) {
    double limit = calls.get().rateLimit();
    if (limit == 0) {
      return Integer.MAX_VALUE;
    }
    double calls = ROOM * limit * properties.period().toMillis() / 1000.0;
    return (int) Math.max(ALWAYS_ASKED, calls / Math.max(1, pools.getAsInt()) - 1);
  }

  private boolean room() {
    CallBudget.State now = calls.get();
    return now.waiting() == 0
        && now.heldFor().isZero()
        && (now.rateLimit() == 0 || now.started() <= ROOM * now.rateLimit());
  }
}
