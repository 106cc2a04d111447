package io.campaignroutes.benchmark;

import io.campaignroutes.benchmark.StubDestination.Arrival;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a destination has seen of the events of an {@link EventLoad}: which came, in which order,
 * which more than once, and whether they were signed. Written by the destination's thread, read by
 * any.
 */
public final class EventLog {
  private static final String MARK = "\"eventId\"";

  private final EventLoad load;
  private final String secret;
  private final int checkEvery;

  /** By campaign, the number of the event that is to come next for the first time. */
  private final int[] due;

  private final BitSet delivered = new BitSet();
  private final Set<String> seenIds = new HashSet<>();
  private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
  private String[] webhookIds = new String[1_024];
  private long[] arrivedAt = new long[1_024];
  private int arrivals;
  private volatile int distinct;
  private volatile int doubles;
  private volatile long firstAt;
  private volatile long lastAt;

  /**
   * An empty log.
   *
   * @param secret what deliveries are signed with, {@code whsec_...}; null when they are not
   * @param checkEvery of how many deliveries one signature is checked
   */
  public EventLog(EventLoad load, String secret, int checkEvery) {
    this.load = load;
    this.secret = secret;
    this.checkEvery = checkEvery;
    this.due = new int[load.campaigns()];
  }

  /**
   * Notes an arrival.
   *
   * @param good whether it is going to be answered with 2xx
   */
  public void note(Arrival arrival, boolean good) {
    byte[] body = arrival.body();
    String id = eventId(body);
    String[] parts = id.split("-");
    if (parts.length != 3 || !parts[0].equals("load")) {
      wrong.add("an event that was not posted: " + new String(body, StandardCharsets.UTF_8));
      return;
    }
    int campaign = Integer.parseInt(parts[1]);
    int number = Integer.parseInt(parts[2]);
    int index = load.index(campaign, number);
    if (secret != null) {
      checkSigned(arrival, id, index);
    }
    if (number == due[campaign]) {
      if (number > 0 && !delivered.get(load.index(campaign, number - 1))) {
        wrong.add(id + " came before the one before it was taken");
      }
      due[campaign]++;
      place(index, arrival.at());
    } else if (number < due[campaign]) {
      doubles++;
    } else {
      wrong.add(id + " came when " + due[campaign] + " was due");
    }
    if (good) {
      delivered.set(index);
    }
  }

  private void place(int index, long at) {
    if (index >= arrivedAt.length) {
      arrivedAt = Arrays.copyOf(arrivedAt, Math.max(2 * arrivedAt.length, index + 1));
    }
    arrivedAt[index] = at;
    if (distinct == 0) {
      firstAt = at;
    }
    lastAt = at;
    distinct++;
  }

  private void checkSigned(Arrival arrival, String event, int index) {
    String id = arrival.header("webhook-id");
    if (index >= webhookIds.length) {
      webhookIds = Arrays.copyOf(webhookIds, Math.max(2 * webhookIds.length, index + 1));
    }
    if (id == null) {
      wrong.add(event + " has no webhook-id");
    } else if (webhookIds[index] == null) {
      webhookIds[index] = id;
      if (!seenIds.add(id)) {
        wrong.add(event + " has the webhook-id of another event: " + id);
      }
    } else if (!webhookIds[index].equals(id)) {
      wrong.add(event + " came as " + webhookIds[index] + " and as " + id);
    }
    if (arrivals++ % checkEvery == 0) {
      String fault =
          WebhookSignature.fault(
              secret,
              id,
              arrival.header("webhook-timestamp"),
              arrival.header("webhook-signature"),
              arrival.body());
      if (fault != null) {
        wrong.add(event + ": " + fault);
      }
    }
  }

  /** The value of {@code eventId}, found without reading all of the JSON; empty when missing. */
  private static String eventId(byte[] body) {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    int mark = text.indexOf(MARK);
    int from = mark < 0 ? -1 : text.indexOf('"', mark + MARK.length());
    return from < 0 ? "" : text.substring(from + 1, text.indexOf('"', from + 1));
  }

  /** How many different events came. */
  public int distinct() {
    return distinct;
  }

  /** How often an event came that had come before. */
  public int doubles() {
    return doubles;
  }

  /** What was not as it should be: order, ids, signatures. Empty is good. */
  public List<String> wrong() {
    return wrong;
  }

  /** When the first event came, by {@link System#nanoTime()}. */
  long firstAt() {
    return firstAt;
  }

  /** When the last event came that had not come before. */
  long lastAt() {
    return lastAt;
  }

  /** How long each event took from its 202 to its arrival, in milliseconds, never below 0. */
  List<Double> latencies(int fromIndex, int toIndex) {
    List<Double> millis = new ArrayList<>();
    for (int i = fromIndex; i < toIndex; i++) {
      millis.add(Math.max(0, (arrivedAt[i] - load.acceptedAt(i)) / 1e6));
    }
    return millis;
  }
}
