package io.campaignroutes.sandbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/**
 * The calls of one campaign: contacts not dialled yet, calls that ring, people who wait for an
 * agent, and the figures of all of them.
 */
final class CampaignCalls {

  /** The window of the real-time figures, in seconds. */
  static final int WINDOW = 300;

  private static final double ANSWER_PROBABILITY = 0.3;
  private static final int SHORTEST_RING = 3;
  private static final int LONGEST_RING = 8;
  private static final int PATIENCE = 2;

  private final SlotSeries seconds = new SlotSeries(1, WINDOW);
  private final SlotSeries minutes = new SlotSeries(60, Long.MAX_VALUE / 2);
  private final List<Call> ringing = new ArrayList<>();
  private final Deque<Call> waiting = new ArrayDeque<>();
  private final Random random;
  private int contactsLeft;
  private int attempted;
  private int talking;
  private double due;

  /**
   * A call that somebody answers.
   *
   * @param dialledAt in seconds since the epoch
   * @param answeredAt in seconds since the epoch
   */
  record Call(long dialledAt, long answeredAt) {}

  /** What is kept of this over a restart. */
  record State(
      int contactsLeft,
      int attempted,
      int talking,
      List<Call> ringing,
      List<Call> waiting,
      long[][] seconds,
      long[][] minutes) {}

  CampaignCalls(int contacts, Random random) {
    this.contactsLeft = contacts;
    this.random = random;
  }

  /** Dials for one second at the given rate, which may be a fraction of a call. */
  void dial(long second, double callsPerSecond) {
    due = Math.min(due, 1) + callsPerSecond;
    int calls = Math.min((int) (due + 1e-9), contactsLeft);
    due = Math.max(0, due - calls);
    if (calls <= 0) {
      return;
    }
    contactsLeft -= calls;
    attempted += calls;
    seconds.at(second).attempted += calls;
    minutes.at(second).attempted += calls;
    for (int i = 0; i < calls; i++) {
      if (random.nextDouble() < ANSWER_PROBABILITY) {
        int ring = SHORTEST_RING + random.nextInt(LONGEST_RING - SHORTEST_RING + 1);
        ringing.add(new Call(second, second + ring));
      }
    }
  }

  /** Gives people who answered to idle agents; who has waited beyond patience hangs up. */
  void connect(long second, AgentPool pool, String campaignId) {
    for (Iterator<Call> calls = ringing.iterator(); calls.hasNext(); ) {
      Call call = calls.next();
      if (call.answeredAt() <= second) {
        waiting.addLast(call);
        calls.remove();
      }
    }
    while (!waiting.isEmpty()) {
      int agent = pool.idleAgent(second);
      if (agent < 0) {
        break;
      }
      Call call = waiting.removeFirst();
      int waited = (int) (second - call.dialledAt());
      for (Counts slot : List.of(seconds.at(second), minutes.at(second))) {
        slot.connected++;
        slot.answerSeconds += waited;
      }
      talking++;
      pool.talk(agent, campaignId, second, random);
    }
    while (!waiting.isEmpty() && waiting.peekFirst().answeredAt() + PATIENCE <= second) {
      waiting.removeFirst();
      seconds.at(second).abandoned++;
      minutes.at(second).abandoned++;
    }
  }

  /** An agent has ended a call of this campaign. */
  void ended(long second, int handleSeconds) {
    talking--;
    for (Counts slot : List.of(seconds.at(second), minutes.at(second))) {
      slot.handled++;
      slot.handleSeconds += handleSeconds;
    }
  }

  /** Whether calls are under way, whatever has become of the campaign since. */
  boolean underWay() {
    return talking > 0 || !ringing.isEmpty() || !waiting.isEmpty();
  }

  /** Whether every contact has been dialled and every call has ended. */
  boolean exhausted() {
    return contactsLeft == 0 && !underWay();
  }

  /** Whether there is anything to report. */
  boolean hasFigures() {
    return attempted > 0;
  }

  int contactsLeft() {
    return contactsLeft;
  }

  /** The rolling window that ends with {@code second}. */
  Counts window(long second) {
    return seconds.sum(second - WINDOW + 1, second + 1);
  }

  /** The figures between two times, to the minute. */
  Counts between(long from, long to) {
    return minutes.sum(from, to);
  }

  State state() {
    return new State(
        contactsLeft,
        attempted,
        talking,
        List.copyOf(ringing),
        List.copyOf(waiting),
        seconds.state(),
        minutes.state());
  }

  void restore(State state) {
    contactsLeft = state.contactsLeft();
    attempted = state.attempted();
    talking = state.talking();
    ringing.addAll(state.ringing());
    waiting.addAll(state.waiting());
    seconds.restore(state.seconds());
    minutes.restore(state.minutes());
  }
}
