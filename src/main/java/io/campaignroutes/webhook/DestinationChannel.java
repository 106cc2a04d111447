package io.campaignroutes.webhook;

import io.campaignroutes.store.Outage;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process knows of one destination: how much is under way, how fast it answers, and
 * whether it is left alone for the moment. All of it may be forgotten: a restart begins anew.
 */
final class DestinationChannel {
  private static final Logger LOG = LoggerFactory.getLogger(DestinationChannel.class);

  /** What a batch should last about: with a slow destination it takes fewer deliveries. */
  private static final double BATCH_MS = 500;

  /** Deliveries that one batch has at the most. */
  static final int MAX_DEPTH = 64;

  /** A destination that takes longer than this on average holds its workers for too long. */
  private static final double SLOW_MS = 1_000;

  /** The share of a new figure in the running mean. */
  private static final double NEW = 0.1;

  /** So many failures in a row are told. */
  private static final int A_FEW = 3;

  final Destination destination;
  private final WebhookProperties properties;
  private final Consumer<ClaimedLine> over;
  private final Runnable ended;
  private final Outage outage;

  /** The number of its last turn to claim; used by the thread that claims only. */
  long turn;

  private int running;
  private boolean due;
  private boolean off;
  private double meanMillis = 5;
  private int lasting;
  private int failures;
  private int trips;
  private long openUntil = System.nanoTime();
  private long heldUntil = System.nanoTime();
  private double tokens;
  private long tokensAt = System.nanoTime();

  DestinationChannel(
      Destination destination,
      WebhookProperties properties,
      Consumer<ClaimedLine> over,
      Runnable ended) {
    this.destination = destination;
    this.properties = properties;
    this.over = over;
    this.ended = ended;
    this.tokens = Math.max(1, destination.rate());
    String name = "Destination " + destination.name() + ", " + destination.shown() + ",";
    this.outage = new Outage(LOG, name + " takes no deliveries", name + " takes deliveries again");
  }

  synchronized void due(boolean value) {
    due = value;
  }

  synchronized void off(boolean value) {
    off = value;
  }

  /** Whether nothing would be lost by forgetting it once nothing waits for it. */
  synchronized boolean idle(long now) {
    return running == 0 && !due && heldUntil < now;
  }

  /** Whether it fails at present, or is so slow that it would hinder others. */
  synchronized boolean hinders() {
    return failures > 0 || lasting > 0 || meanMillis > SLOW_MS;
  }

  /** Whether the breaker is open: nothing is sent but a trial now and then. */
  synchronized boolean open() {
    return trips > 0;
  }

  /** Batches under way. */
  synchronized int running() {
    return running;
  }

  /** Whether what is claimed already had better be given back. */
  synchronized boolean closed() {
    long now = System.nanoTime();
    return off || now < heldUntil || now < openUntil;
  }

  /** How many batches may be started now; 0 when nothing is due or nothing may be sent. */
  synchronized int room(long now) {
    if (!due || off || now < openUntil || now < heldUntil || allowance(now) < 1) {
      return 0;
    }
    // one that fails is sent one at a time until it answers again
    return Math.max(0, (failures > 0 ? 1 : destination.concurrency()) - running);
  }

  /** When time alone makes room for it, in nanoseconds; now when time is not what it waits for. */
  synchronized long freeAt(long now) {
    if (!due || off) {
      return now;
    }
    long at = Math.max(now, Math.max(openUntil, heldUntil));
    double lacking = 1 - allowance(now);
    return lacking <= 0 ? at : Math.max(at, now + (long) (lacking / destination.rate() * 1e9));
  }

  /** Deliveries that one batch should have at the most. */
  synchronized int depth() {
    if (trips > 0) {
      return 1; // a trial
    }
    return (int) Math.max(1, Math.min(MAX_DEPTH, BATCH_MS / meanMillis));
  }

  /**
   * Whether it answers so fast that batches of one delivery each would cost more than they gain.
   */
  synchronized boolean fast() {
    return meanMillis < 10;
  }

  /** Deliveries that the rate allows now. */
  synchronized int allowance(long now) {
    if (destination.rate() == 0) {
      return Integer.MAX_VALUE;
    }
    double most = Math.max(1, destination.rate()); // a second's worth
    tokens = Math.min(most, tokens + (now - tokensAt) / 1e9 * destination.rate());
    tokensAt = now;
    return (int) tokens;
  }

  /** Batches were claimed, with so many deliveries. */
  synchronized void started(int batches, int deliveries) {
    running += batches;
    tokens -= deliveries;
  }

  /** The destination answered, whatever it said. */
  synchronized void reached(long millis) {
    meanMillis += NEW * (millis - meanMillis);
    failures = 0;
    trips = 0;
    openUntil = System.nanoTime();
    outage.worked();
  }

  /** A delivery has been under way for so many seconds. */
  synchronized void lasting(long seconds, boolean first) {
    lasting += first ? 1 : 0;
    outage.failed("a delivery has been under way for " + seconds + " s.");
  }

  /** One that was is no longer. */
  synchronized void noLongerLasting() {
    lasting--;
  }

  /** Why it takes nothing; null when it does, or has failed once or twice only. */
  String unavailableReason() {
    return outage.cause();
  }

  /** An attempt failed in a way that may pass. */
  synchronized void missed(long millis, String why) {
    meanMillis += NEW * (millis - meanMillis);
    failures++;
    if (failures >= A_FEW) {
      outage.failed(why);
    }
    boolean trial = trips > 0;
    if (trial || failures >= properties.breakerFailures()) {
      long open =
          Math.min(
              properties.breakerLongest().toMillis(),
              properties.breakerOpen().toMillis() << Math.min(trips, 20));
      openUntil = System.nanoTime() + Duration.ofMillis(open).toNanos();
      trips++;
    }
  }

  /** The destination wants a pause. */
  synchronized void hold(Duration pause) {
    heldUntil = System.nanoTime() + pause.toNanos();
  }

  synchronized void switchOff() {
    off = true;
  }

  /** Nothing more of a line follows for now. */
  void over(ClaimedLine line) {
    over.accept(line);
  }

  /** A batch has come to its end. */
  void ended() {
    synchronized (this) {
      running--;
    }
    ended.run();
  }
}
