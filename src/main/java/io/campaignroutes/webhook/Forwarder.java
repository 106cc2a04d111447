package io.campaignroutes.webhook;

import io.campaignroutes.audit.AuditLog;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import io.campaignroutes.store.WorkQueue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
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

  /**
   * The timer in {@code routes/} that claims; events of which nobody here was told are announced to
   * it.
   */
  static final String TIMER = "webhook-forward";

  /** A line that another process has for the moment is asked for again after this. */
  private static final long CLAIM_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** What is said of a destination that has gone from the file. */
  static final String NOT_CONFIGURED =
      "is not in the file of destinations, or is not enabled there";

  private static final String GONE = "It answered 410 (Gone): it takes no more events.";
  private static final long FAILURE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Store store;
  private final AuditLog audit;
  private final DeliveryClaims claims;
  private final DeliveryWrites writes;
  private final Destinations destinations;
  private final WebhookProperties properties;
  private final WebhookMetrics metrics;
  private final RetrySchedule schedule;
  private final Map<String, DestinationChannel> channels = new ConcurrentHashMap<>();
  private final Queue<ClaimedLine> ended = new ConcurrentLinkedQueue<>();
  private final Set<DeliveryBatch> underWay = ConcurrentHashMap.newKeySet();
  private final ClaimTimer timer = new ClaimTimer();
  private final ClaimPlanner planner;
  private long claimedAt = System.nanoTime();
  private volatile Set<String> notConfigured = Set.of();
  private volatile boolean storeFails;
  private volatile boolean closed;

  Forwarder(
      Store store,
      AuditLog audit,
      DeliveryClaims claims,
      DeliveryWrites writes,
      Destinations destinations,
      WebhookProperties properties,
      WebhookMetrics metrics) {
    this.store = store;
    this.audit = audit;
    this.claims = claims;
    this.writes = writes;
    this.destinations = destinations;
    this.properties = properties;
    this.metrics = metrics;
    this.planner = new ClaimPlanner(properties.workers(), timer, () -> WorkQueue.newToken(store));
    this.schedule = new RetrySchedule(properties.retrySchedule());
    store.due(TIMER).listen(this::refresh);
  }

  /** Something is due for these destinations. */
  void wake(Collection<String> names) {
    if (names.isEmpty()) {
      return;
    }
    for (String name : names) {
      DestinationChannel channel = channels.get(name);
      if (channel == null) {
        timer.refreshBy(System.nanoTime());
      } else {
        channel.due(true);
      }
    }
    timer.signal();
  }

  /** Looks at all destinations at once: something was changed by hand. */
  void refresh() {
    timer.refreshBy(System.nanoTime());
    timer.signal();
  }

  /** Waits until there is news or it is time to look, and no shorter than between two claims. */
  public void await() throws InterruptedException {
    long gap = storeFails ? FAILURE_PAUSE_NANOS : properties.claimGap().toNanos();
    timer.await(claimedAt + gap, () -> closed);
  }

  /**
   * What a claim has written: lines whose outcomes are on disk, and one answer for each request.
   */
  private record Written(List<ClaimedLine> recorded, List<DeliveryClaims.Claimed> claimed) {}

  /**
   * Records what has come of earlier batches and claims what is due.
   *
   * @return what can be sent now, each batch to be sent by a thread of its own
   * @throws org.springframework.dao.DataAccessException when the store cannot be reached; nothing
   *     is lost, and what could not be written is written next time
   */
  public List<DeliveryBatch> claim() {
    claimedAt = System.nanoTime();
    if (timer.timeToRefresh(claimedAt, properties.lookPeriod().toNanos())) {
      refreshDestinations();
    }
    long lease = properties.lease().toNanos();
    List<ClaimedLine> lasting =
        underWay.stream()
            .map(batch -> batch.lasting(claimedAt, lease))
            .filter(Objects::nonNull)
            .toList();
    List<ClaimedLine> over = new ArrayList<>();
    for (ClaimedLine line = ended.poll(); line != null; line = ended.poll()) {
      over.add(line);
    }
    List<ClaimRequest> requests = closed ? List.of() : planner.requests(channels.values());
    if (over.isEmpty() && requests.isEmpty() && lasting.isEmpty()) {
      return List.of();
    }
    Written written;
    try {
      List<String> tokens = requests.stream().map(ClaimRequest::token).toList();
      written = claims.write(tokens, tx -> write(tx, lasting, over, requests));
    } catch (RuntimeException e) {
      ended.addAll(over);
      requests.forEach(request -> request.channel().due(true));
      throw e;
    }
    if (storeFails) {
      storeFails = false;
      LOG.info("Deliveries go on: the store can be written again.");
    }
    written.recorded().forEach(this::told);
    List<DeliveryBatch> batches = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      batches.addAll(batches(requests.get(i), written.claimed().get(i)));
    }
    return batches;
  }

  private Written write(
      Tx tx, List<ClaimedLine> lasting, List<ClaimedLine> over, List<ClaimRequest> requests) {
    if (over.stream().anyMatch(ClaimedLine::switchedOff)) {
      audit.lockService(tx); // before lines, as everywhere
    }
    claims.renew(tx, lasting);
    List<ClaimedLine> recorded = over.isEmpty() ? List.of() : claims.recordOutcomes(tx, over);
    for (ClaimedLine line : recorded) {
      if (line.switchedOff() && !writes.isOff(tx, line.destination.name())) {
        String ownUrl = line.destination.own() ? line.destination.url() : null;
        writes.switchOff(tx, line.destination.name(), ownUrl, GONE);
        audit.appendService(
            tx, "DESTINATION_OFF", Map.of("destination", line.destination.name(), "reason", GONE));
      }
    }
    List<DeliveryClaims.Claimed> claimed = new ArrayList<>();
    for (ClaimRequest request : requests) {
      claimed.add(
          claims.claim(tx, request.channel().destination, request.limits(), request.token()));
    }
    return new Written(recorded, claimed);
  }

  /** The store could not be read or written; the next try is a second later. */
  public void onStoreFailure(Throwable e) {
    if (!storeFails && !(e instanceof StoreUnavailableException)) { // of which the log is told
      LOG.warn("Deliveries wait: {}", e.toString());
    }
    storeFails = true;
    timer.refreshBy(System.nanoTime() + FAILURE_PAUSE_NANOS);
  }

  /** A batch has come to its end, well or badly. */
  public void done(DeliveryBatch batch) {
    underWay.remove(batch);
    batch.close();
  }

  private List<DeliveryBatch> batches(ClaimRequest request, DeliveryClaims.Claimed found) {
    DestinationChannel channel = request.channel();
    if (found.more()) {
      claimNext(channel);
    }
    List<ClaimedLine> claimed = found.lines();
    if (claimed.isEmpty()) {
      if (found.more()) {
        timer.refreshBy(System.nanoTime() + CLAIM_AGAIN_NANOS);
      }
      return List.of();
    }
    List<DeliveryBatch> batches =
        ClaimPlanner.shares(request, claimed).stream()
            .map(lines -> new DeliveryBatch(channel, lines, schedule))
            .toList();
    channel.started(batches.size(), claimed.stream().mapToInt(line -> line.next.size()).sum());
    underWay.addAll(batches);
    return batches;
  }

  /** Tells what is on disk now, and looks again when a line falls due. */
  private void told(ClaimedLine line) {
    for (int i = 0; i < line.outcomes().size(); i++) {
      AttemptOutcome outcome = line.outcomes().get(i);
      metrics.settled(line.destination, outcome);
      Outgoing delivery = line.tried().get(i);
      if (outcome.kind() == AttemptOutcome.Kind.DEAD
          || outcome.kind() == AttemptOutcome.Kind.PARKED) {
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
      timer.refreshBy(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(line.waitMillis() + 1));
    } else {
      DestinationChannel channel = channels.get(line.destination.name());
      if (channel != null && !line.drained()) {
        claimNext(channel);
      }
    }
  }

  /** What is due is for the next claim, which nobody else may ask for. */
  private void claimNext(DestinationChannel channel) {
    channel.due(true);
    timer.signal();
  }

  /** Finds every destination for which something is due, and forgets those that are at rest. */
  private void refreshDestinations() {
    long now = System.nanoTime();
    long clock = store.nearlyNow();
    Set<String> waiting = new HashSet<>();
    Set<String> left = new TreeSet<>();
    for (DeliveryClaims.WaitingDestination one : claims.waiting()) {
      Destination destination =
          one.ownUrl() == null
              ? destinations.configured(one.destination())
              : destinations.own(one.ownUrl());
      if (destination == null) {
        left.add(one.destination()); // what waits for it stays
        continue;
      }
      waiting.add(destination.name());
      DestinationChannel channel =
          channels.computeIfAbsent(destination.name(), name -> channel(destination));
      channel.off(one.off());
      if (one.dueAt() <= clock) {
        channel.due(true);
      } else {
        timer.refreshBy(now + TimeUnit.MILLISECONDS.toNanos(one.dueAt() - clock));
      }
    }
    channels
        .values()
        .removeIf(channel -> channel.idle(now) && !waiting.contains(channel.destination.name()));
    left.stream().filter(name -> !notConfigured.contains(name)).forEach(Forwarder::tellOf);
    notConfigured = left;
  }

  private static void tellOf(String name) {
    LOG.warn(
        "Deliveries wait for destination {}, which {}: nothing is sent until it is.",
        name,
        NOT_CONFIGURED);
  }

  /** Destinations for which something waits though they are not in the file. */
  Set<String> notConfigured() {
    return notConfigured;
  }

  private DestinationChannel channel(Destination destination) {
    return new DestinationChannel(destination, properties, this::over, timer::signal);
  }

  private void over(ClaimedLine line) {
    ended.add(line);
    timer.signal();
  }

  /** Whether the breaker of a destination is open in this process. */
  public boolean open(String destination) {
    DestinationChannel channel = channels.get(destination);
    return channel != null && channel.open();
  }

  /** Destinations that take nothing in this process, with the reason. */
  Map<Destination, String> unavailable() {
    Map<Destination, String> reasons = new HashMap<>();
    for (DestinationChannel channel : channels.values()) {
      String reason = channel.unavailableReason();
      if (reason != null) {
        reasons.put(channel.destination, reason);
      }
    }
    return reasons;
  }

  /** Claims nothing more, and writes what has come of what was under way. */
  @Override
  public void close() {
    closed = true;
    timer.signal();
    try {
      claim();
    } catch (DataAccessException e) {
      LOG.warn("What was sent last could not be noted and is sent again: {}", e.toString());
    }
  }
}
