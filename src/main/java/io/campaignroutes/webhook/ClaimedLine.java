package io.campaignroutes.webhook;

import io.campaignroutes.store.WorkQueue;
import java.util.ArrayList;
import java.util.List;

/** A claimed line, the next deliveries of it, and what has come of them so far. */
final class ClaimedLine implements WorkQueue.Claim {
  final String id;
  private final String token;
  final Destination destination;
  final long tail;
  final List<Outgoing> next;
  private final List<Outgoing> tried = new ArrayList<>();
  private final List<AttemptOutcome> outcomes = new ArrayList<>();
  private long head;
  private long waitMillis;
  private volatile boolean grown;

  ClaimedLine(
      String id, String token, Destination destination, long head, long tail, List<Outgoing> next) {
    this.id = id;
    this.token = token;
    this.destination = destination;
    this.head = head;
    this.tail = tail;
    this.next = next;
  }

  @Override
  public String key() {
    return id;
  }

  @Override
  public String token() {
    return token;
  }

  /** Notes an outcome; returns whether the next delivery of the line may follow at once. */
  boolean add(Outgoing delivery, AttemptOutcome outcome) {
    tried.add(delivery);
    outcomes.add(outcome);
    if (outcome.kind().finished()) {
      head = delivery.seq() + 1;
      return true;
    }
    waitMillis = outcome.waitMillis();
    return false;
  }

  /** Whether the destination said that it wants no more. */
  boolean switchedOff() {
    return outcomes.stream().anyMatch(one -> one.kind() == AttemptOutcome.Kind.SWITCHED_OFF);
  }

  List<Outgoing> tried() {
    return tried;
  }

  List<AttemptOutcome> outcomes() {
    return outcomes;
  }

  /** The first delivery that is not finished. */
  long head() {
    return head;
  }

  /** Deliveries were added to it after it was claimed. */
  void grew() {
    grown = true;
  }

  /** Whether nothing is left of it, as far as is known. */
  boolean drained() {
    return head == tail && !grown;
  }

  /** How long the line waits before it is due again. */
  long waitMillis() {
    return waitMillis;
  }
}
