package io.campaignroutes.webhook;

import io.campaignroutes.shared.RetryAfter;
import io.campaignroutes.text.Causes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Claimed lines of one destination on their way through the route, one delivery after the other.
 * What has come of a line is handed over as soon as nothing more of it follows; after ten seconds
 * the rest is given back, so that a lease never ends under it. One thread at a time sends; the
 * forwarder renews the lease of what takes longer.
 */
public final class DeliveryBatch {
  private static final long MAX_NANOS = Duration.ofSeconds(10).toNanos();

  private final DestinationChannel channel;
  private final RetrySchedule schedule;
  private final Deque<ClaimedLine> lines;
  private final long started = System.nanoTime();
  private long leasedAt = started;
  private boolean lasts;
  private ClaimedLine line;
  private int index;
  private Outgoing delivery;
  private long at;
  private long sentNanos;
  private boolean open;

  DeliveryBatch(DestinationChannel channel, List<ClaimedLine> lines, RetrySchedule schedule) {
    this.channel = channel;
    this.lines = new ArrayDeque<>(lines);
    this.schedule = schedule;
  }

  /** Moves on to the next delivery; false when there is none. */
  public synchronized boolean next() {
    if (open) {
      // a step of the route broke before it could say what came of the delivery
      end(untried("The delivery was not carried out."));
    }
    boolean late = System.nanoTime() - started > MAX_NANOS || channel.closed();
    if (line != null && (late || index >= line.next.size())) {
      leave();
    }
    if (line == null && !late) {
      line = lines.poll();
      index = 0;
    }
    if (line == null) {
      return false;
    }
    delivery = line.next.get(index++);
    open = true;
    at = System.currentTimeMillis();
    sentNanos = System.nanoTime();
    return true;
  }

  /**
   * The line whose delivery has been under way for so long that its lease has to be renewed: nobody
   * else may send it before the destination's endpoint has come to an end with it. Lines that were
   * not begun are given back.
   *
   * @return null when there is none
   */
  synchronized ClaimedLine lasting(long now, long leaseNanos) {
    if (line == null || now - leasedAt < leaseNanos / 3) {
      return null;
    }
    leasedAt = now;
    channel.lasting((now - sentNanos) / 1_000_000_000, !lasts);
    lasts = true;
    lines.forEach(channel::over);
    lines.clear();
    return line;
  }

  public Destination destination() {
    return channel.destination;
  }

  /** What it is identified by, the same at every attempt: {@code webhook-id}. */
  public String id() {
    return delivery.id();
  }

  Outgoing delivery() {
    return delivery;
  }

  /** The Camel endpoint of a destination that is not reached over HTTP. */
  public String endpoint() {
    return channel.destination.endpoint();
  }

  /**
   * Takes the destination's answer.
   *
   * @param retryAfter the header of that name, null for none
   * @param answer the beginning of the body, null for none
   */
  public void answered(int status, String retryAfter, String answer) {
    AttemptOutcome.Kind kind = RetrySchedule.kind(status);
    String error =
        kind == AttemptOutcome.Kind.DELIVERED ? null : "The destination answered " + status + ".";
    if (kind == AttemptOutcome.Kind.RETRIED) {
      Duration wish = RetryAfter.parse(retryAfter, Instant.now());
      retry(status, error, answer, wish);
      if (status == 429 && wish != null) {
        channel.hold(wish);
      }
      return;
    }
    if (kind == AttemptOutcome.Kind.SWITCHED_OFF) {
      channel.switchOff();
    }
    channel.reached(millis());
    end(new AttemptOutcome(kind, at, (int) millis(), status, error, answer, 0));
  }

  /** The destination is no HTTP one, and its endpoint took the delivery. */
  public void taken() {
    channel.reached(millis());
    end(new AttemptOutcome(AttemptOutcome.Kind.DELIVERED, at, (int) millis(), null, null, null, 0));
  }

  /** Takes the failure of an attempt: no connection, a cut one, no answer in time. */
  public void failed(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RefusedAddressException || cause instanceof TemplateException) {
        end(
            new AttemptOutcome(
                AttemptOutcome.Kind.PARKED, at, (int) millis(), null, cause.getMessage(), null, 0));
        return;
      }
      if (DeliveryClient.noneFree(cause)) {
        end(untried("No connection of this service was free."));
        return;
      }
    }
    retry(null, Causes.told(failure), null, null);
  }

  private void retry(Integer status, String error, String answer, Duration wish) {
    channel.missed(millis(), error);
    long wait = schedule.waitMillis(delivery.tries(), wish);
    end(
        new AttemptOutcome(
            wait < 0 ? AttemptOutcome.Kind.DEAD : AttemptOutcome.Kind.RETRIED,
            at,
            (int) millis(),
            status,
            error,
            answer,
            Math.max(0, wait)));
  }

  private AttemptOutcome untried(String why) {
    return new AttemptOutcome(
        AttemptOutcome.Kind.UNTRIED,
        at,
        (int) millis(),
        null,
        why,
        null,
        RetrySchedule.OWN_FAULT_MS);
  }

  private long millis() {
    return (System.nanoTime() - sentNanos) / 1_000_000;
  }

  private synchronized void end(AttemptOutcome outcome) {
    open = false;
    if (lasts) {
      lasts = false;
      channel.noLongerLasting();
    }
    if (!line.add(delivery, outcome)) {
      leave();
    }
  }

  private void leave() {
    channel.over(line);
    line = null;
  }

  /** Gives back whatever has not been dealt with. */
  synchronized void close() {
    if (open) {
      end(untried("The delivery was not carried out."));
    }
    if (line != null) {
      leave();
    }
    lines.forEach(channel::over);
    lines.clear();
    channel.ended();
  }
}
