package io.campaignroutes.campaign;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The workers of each lane, and how much of what is due may be claimed: never more than twice what
 * can be worked on now, or leases would end in a queue.
 */
public final class WorkerPools implements AutoCloseable {
  /** Campaigns that are tried while CXone takes no calls. */
  private static final int PROBES = 2;

  private static final long MAX_SLOW_DOWN = TimeUnit.SECONDS.toNanos(2);

  private final CampaignClaims campaigns;
  private final Map<PriorityClass, ThreadPoolExecutor> pools = new EnumMap<>(PriorityClass.class);
  private volatile long slowUntil = System.nanoTime();

  WorkerPools(CampaignClaims campaigns, LaunchProperties properties) {
    this.campaigns = campaigns;
    pools.put(PriorityClass.COMMAND, pool(PriorityClass.COMMAND, properties.commandWorkers()));
    pools.put(PriorityClass.LAUNCH, pool(PriorityClass.LAUNCH, properties.workers()));
    pools.put(
        PriorityClass.ACTIVATION, pool(PriorityClass.ACTIVATION, properties.activationWorkers()));
    pools.put(PriorityClass.LOOK, pool(PriorityClass.LOOK, properties.lookWorkers()));
  }

  private static ThreadPoolExecutor pool(PriorityClass lane, int size) {
    AtomicInteger number = new AtomicInteger();
    String name = "campaign-" + lane.name().toLowerCase() + "-";
    var pool =
        new ThreadPoolExecutor(
            size,
            size,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            run -> new Thread(run, name + number.incrementAndGet()));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** The threads of a lane. */
  ThreadPoolExecutor of(PriorityClass lane) {
    return pools.get(lane);
  }

  /** Claims what is due in a lane, as much of it as can be started soon. */
  public List<Campaign> claim(PriorityClass lane) {
    ThreadPoolExecutor pool = pools.get(lane);
    int room = 2 * pool.getMaximumPoolSize() - pool.getActiveCount() - pool.getQueue().size();
    if (lane != PriorityClass.COMMAND && slowUntil - System.nanoTime() > 0) {
      return campaigns.claim(lane, Math.min(room, PROBES));
    }
    // a claim for one or two is hardly cheaper than one for many
    return room * 4 < pool.getMaximumPoolSize() ? List.of() : campaigns.claim(lane, room);
  }

  /**
   * CXone takes no calls for the moment: until it may again, only a few campaigns are tried, to
   * find out, and the others stay as they are.
   *
   * @param pause how long; null when unknown
   */
  void slowDown(Duration pause) {
    long nanos = pause == null ? MAX_SLOW_DOWN : Math.min(pause.toNanos(), MAX_SLOW_DOWN);
    slowUntil = System.nanoTime() + nanos;
  }

  @Override
  public void close() throws InterruptedException {
    for (ThreadPoolExecutor pool : pools.values()) {
      pool.shutdown();
    }
    for (ThreadPoolExecutor pool : pools.values()) {
      pool.awaitTermination(20, TimeUnit.SECONDS);
    }
  }
}
