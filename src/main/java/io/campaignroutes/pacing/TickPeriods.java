package io.campaignroutes.pacing;

import io.campaignroutes.cxone.CallBudget;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long it is until a pool's next tick. Who looks more often has agents wait less for the same
 * share of abandoned calls, but asks CXone more often; so it is done while there is room for that.
 */
final class TickPeriods {
  /** Campaigns of a pool that are asked for so often. */
  private static final int MAX_CAMPAIGNS = 8;

  /** Share of the calls that may go out in a second beyond which there is no room. */
  private static final double ROOM = 0.5;

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

  private boolean room() {
    CallBudget.State now = calls.get();
    return now.waiting() == 0
        && now.heldFor().isZero()
        && (now.rateLimit() == 0 || now.started() <= ROOM * now.rateLimit());
  }
}
