package io.campaignroutes.webhook;

import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Decides what is sent next. One transaction writes what has come of earlier deliveries and claims
 * new ones, for each destination no more than it has room for: one that is slow or dead keeps its
 * own places only. Nothing here is worth keeping; the rows say what is due.
 */
public final class Forwarder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

  /** Lines that one claim takes at the most. */
  private static final int MOST_LINES = 256;

  /** Deliveries that one run has at least where the destination is fast. */
  private static final int WORTH_A_RUN = 4;

  /** Bytes of bodies that one run has at the most, unless its only one is longer. */
  private static final long RUN_BYTES = (long) Lane.DEEPEST * DeliveryStore.SHORT_BODY;

  private static final String GONE = "It answered 410 (Gone): it takes no more events.";
  private static final long TROUBLE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Store store;
  private final DeliveryStore deliveries;
  private final Destinations destinations;
  private final WebhookProperties properties;
  private final WebhookMetrics metrics;
  private final RetrySchedule schedule;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
  private final Queue<LineRun> ended = new ConcurrentLinkedQueue<>();
  private final Set<Run> underWay = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private volatile boolean newsThere;
  private long lookAt = System.nanoTime(); // guarded by lock
  private long claimAt = Long.MAX_VALUE; // guarded by lock
  private long claimedAt = System.nanoTime();
  private long turns;
  private volatile boolean inTrouble;
  private volatile boolean closed;

  Forwarder(
      Store store,
      DeliveryStore deliveries,
      Destinations destinations,
      WebhookProperties properties,
      WebhookMetrics metrics) {
    this.store = store;
    this.deliveries = deliveries;
    this.destinations = destinations;
    this.properties = properties;
    this.metrics = metrics;
    this.schedule = new RetrySchedule(properties.retrySchedule());
  }

  /** Something is due for these destinations. */
  void wake(Collection<String> names) {
    if (names.isEmpty()) {
      return;
    }
    for (String name : names) {
      Lane lane = lanes.get(name);
      if (lane == null) {
        lookBy(System.nanoTime());
      } else {
        lane.due(true);
      }
    }
    signal();
  }

  /** Looks at all destinations at once: something was changed by hand. */
  void look() {
    lookBy(System.nanoTime());
    signal();
  }

  private void lookBy(long time) {
    lock.lock();
    try {
      lookAt = Math.min(lookAt, time);
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    if (newsThere) {
      return; // the one that waits has been told, or looks anyway before it waits
    }
    newsThere = true;
    lock.lock();
    try {
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is news or it is time to look, and no shorter than between two claims. */
  public void await() throws InterruptedException {
    long earliest = claimedAt + properties.claimGap().toNanos();
    if (inTrouble) {
      earliest = claimedAt + TROUBLE_PAUSE_NANOS;
    }
    lock.lock();
    try {
      for (long now = System.nanoTime(); now < earliest && !closed; now = System.nanoTime()) {
        news.awaitNanos(earliest - now);
      }
      for (long now = System.nanoTime();
          !newsThere && now < Math.min(lookAt, claimAt) && !closed;
          now = System.nanoTime()) {
        news.awaitNanos(Math.min(lookAt, claimAt) - now);
      }
      newsThere = false;
      claimAt = Long.MAX_VALUE;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Settles what has come of earlier runs and claims what is due.
   *
   * @return what can be sent now, each run to be sent by a thread of its own
   * @throws org.springframework.dao.DataAccessException when the store cannot be reached; nothing
   *     is lost, and what could not be written is written next time
   */
  public List<Run> claim() {
    claimedAt = System.nanoTime();
    if (timeToLook()) {
      lookAround();
    }
    long lease = properties.lease().toNanos();
    List<LineRun> lasting =
        underWay.stream()
            .map(run -> run.lasting(claimedAt, lease))
            .filter(Objects::nonNull)
            .toList();
    List<LineRun> over = new ArrayList<>();
    for (LineRun line = ended.poll(); line != null; line = ended.poll()) {
      over.add(line);
    }
    List<Wish> wishes = closed ? List.of() : wishes();
    if (over.isEmpty() && wishes.isEmpty() && lasting.isEmpty()) {
      return List.of();
    }
    record Written(List<LineRun> settled, List<DeliveryStore.Claimed> claimed) {}
    Written written;
    try {
      written =
          store.write(
              tx -> {
                deliveries.renew(tx, lasting, properties.lease().toMillis());
                List<LineRun> settled = over.isEmpty() ? List.of() : deliveries.settle(tx, over);
                settled.stream()
                    .filter(LineRun::switchedOff)
                    .forEach(
                        line ->
                            deliveries.switchOff(
                                tx,
                                line.destination.name(),
                                line.destination.own() ? line.destination.url() : null,
                                GONE));
                List<DeliveryStore.Claimed> claimed = new ArrayList<>();
                for (Wish wish : wishes) {
                  claimed.add(
                      deliveries.claim(
                          tx, wish.lane.destination, wish.most, properties.lease().toMillis()));
                }
                return new Written(settled, claimed);
              });
    } catch (RuntimeException e) {
      ended.addAll(over);
      wishes.forEach(wish -> wish.lane.due(true));
      throw e;
    }
    if (inTrouble) {
      inTrouble = false;
      LOG.info("Deliveries go on: the store can be written again.");
    }
    written.settled().forEach(this::told);
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < wishes.size(); i++) {
      runs.addAll(runs(wishes.get(i), written.claimed().get(i)));
    }
    return runs;
  }

  /** Whether it is time to look around; what is asked for from now on is looked at next time. */
  private boolean timeToLook() {
    lock.lock();
    try {
      if (claimedAt < lookAt) {
        return false;
      }
      lookAt = claimedAt + properties.lookPeriod().toNanos();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The store could not be read or written; the next try is a second later. */
  public void trouble(Throwable e) {
    if (!inTrouble && !(e instanceof StoreUnavailableException)) { // of which the log is told
      LOG.warn("Deliveries wait: {}", e.toString());
    }
    inTrouble = true;
  }

  /** A run has come to its end, well or badly. */
  public void done(Run run) {
    underWay.remove(run);
    run.close();
  }

  /** What is to be claimed for one destination. */
  private record Wish(Lane lane, int runs, DeliveryStore.Most most) {}

  private List<Wish> wishes() {
    long now = System.nanoTime();
    int busy = 0;
    int hindering = 0;
    for (Lane lane : lanes.values()) {
      busy += lane.running();
      hindering += lane.hinders() ? lane.running() : 0;
    }
    int free = properties.workers() - busy;
    // those that fail or are slow hold a worker for long: half of them stay for the others
    int freeForHindering = Math.min(free, properties.workers() / 2 - hindering);
    List<Wish> wishes = new ArrayList<>();
    List<Lane> inTurn = new ArrayList<>(lanes.values());
    inTurn.sort(Comparator.comparingLong(lane -> lane.turn));
    for (Lane lane : inTurn) {
      int room = lane.room(now);
      if (room == 0) {
        claimBy(lane.freeAt(now), now);
        continue;
      }
      boolean hinders = lane.hinders();
      int runs = Math.min(room, hinders ? freeForHindering : free);
      if (runs <= 0) {
        continue;
      }
      free -= runs;
      freeForHindering = Math.min(free, hinders ? freeForHindering - runs : freeForHindering);
      lane.turn = ++turns;
      lane.due(false); // what is announced from here on is for the next claim
      int depth = lane.depth();
      int deliveries = Math.min(runs * depth, lane.allowance(now));
      int lines = Math.min(MOST_LINES, deliveries);
      wishes.add(
          new Wish(lane, runs, new DeliveryStore.Most(lines, depth, deliveries, runs * RUN_BYTES)));
    }
    return wishes;
  }

  private void claimBy(long time, long now) {
    if (time > now) {
      lock.lock();
      try {
        claimAt = Math.min(claimAt, time);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Shares claimed lines out among as many runs as there is room for. */
  private List<Run> runs(Wish wish, DeliveryStore.Claimed found) {
    if (found.more()) {
      wish.lane.due(true);
    }
    List<LineRun> claimed = found.lines();
    if (claimed.isEmpty()) {
      return List.of();
    }
    int all = claimed.stream().mapToInt(line -> line.next.size()).sum();
    int worth = wish.lane.fast() ? WORTH_A_RUN : 1;
    int count = Math.max(1, Math.min(Math.min(wish.runs, claimed.size()), all / worth));
    List<List<LineRun>> shares = new ArrayList<>();
    int[] sizes = new int[count];
    for (int i = 0; i < count; i++) {
      shares.add(new ArrayList<>());
    }
    for (LineRun line : claimed) {
      int least = 0;
      for (int i = 1; i < count; i++) {
        least = sizes[i] < sizes[least] ? i : least;
      }
      shares.get(least).add(line);
      sizes[least] += line.next.size();
    }
    wish.lane.started(count, all);
    List<Run> runs = shares.stream().map(lines -> new Run(wish.lane, lines, schedule)).toList();
    underWay.addAll(runs);
    return runs;
  }

  /** Tells what is on disk now, and looks again when a line falls due. */
  private void told(LineRun line) {
    for (int i = 0; i < line.outcomes().size(); i++) {
      Outcome outcome = line.outcomes().get(i);
      metrics.settled(line.destination, outcome);
      Outgoing delivery = line.tried().get(i);
      if (outcome.kind() == Outcome.Kind.DEAD || outcome.kind() == Outcome.Kind.PARKED) {
        LOG.warn(
            "Delivery {} to {} is {} after {} attempts: {}",
            delivery.id(),
            line.destination,
            outcome.kind(),
            delivery.attempts() + 1,
            outcome.error());
      }
    }
    if (line.waitMillis() > 0) {
      lookBy(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(line.waitMillis() + 1));
    } else {
      Lane lane = lanes.get(line.destination.name());
      if (lane != null && !line.drained()) {
        lane.due(true);
      }
    }
  }

  /** Finds every destination for which something is due, and forgets those that are at rest. */
  private void lookAround() {
    long now = System.nanoTime();
    long clock = store.now();
    Set<String> waiting = new HashSet<>();
    for (DeliveryStore.Waiting one : deliveries.waiting()) {
      Destination destination =
          one.ownUrl() == null
              ? destinations.configured(one.destination())
              : destinations.own(one.ownUrl());
      if (destination == null) {
        continue; // no longer in the file: what waits for it stays
      }
      waiting.add(destination.name());
      Lane lane = lanes.computeIfAbsent(destination.name(), name -> lane(destination));
      lane.off(one.off());
      if (one.dueAt() <= clock) {
        lane.due(true);
      } else {
        lookBy(now + TimeUnit.MILLISECONDS.toNanos(one.dueAt() - clock));
      }
    }
    lanes.values().removeIf(lane -> lane.idle(now) && !waiting.contains(lane.destination.name()));
  }

  private Lane lane(Destination destination) {
    return new Lane(destination, properties, this::over, this::signal);
  }

  private void over(LineRun line) {
    ended.add(line);
    signal();
  }

  /** Whether the breaker of a destination is open in this process. */
  public boolean open(String destination) {
    Lane lane = lanes.get(destination);
    return lane != null && lane.open();
  }

  /** Destinations that take nothing in this process, with the reason. */
  Map<Destination, String> troubles() {
    Map<Destination, String> troubles = new HashMap<>();
    for (Lane lane : lanes.values()) {
      String trouble = lane.trouble();
      if (trouble != null) {
        troubles.put(lane.destination, trouble);
      }
    }
    return troubles;
  }

  /** Claims nothing more, and writes what has come of what was under way. */
  @Override
  public void close() {
    closed = true;
    signal();
    try {
      claim();
    } catch (DataAccessException e) {
      LOG.warn("What was sent last could not be noted and is sent again: {}", e.toString());
    }
  }
}
