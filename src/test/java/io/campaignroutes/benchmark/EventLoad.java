package io.campaignroutes.benchmark;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Lifecycle events as CXone posts them. A campaign's events all go over one connection, the next
 * one when the one before was answered 202; what was answered otherwise, or not at all, is posted
 * again with the same {@code eventId}. So the order in which a campaign's events were accepted is
 * the order of their numbers.
 */
public final class EventLoad implements LoadGenerator.Source {
  private static final String[][] KINDS = {
    {"CAMPAIGN_ACTIVATED", "ACTIVE"}, {"CAMPAIGN_PAUSED", "PAUSED"}
  };

  private final String token;
  private final int connections;
  private final int campaignsEach;

  /** By connection, the number of its next event. */
  private final AtomicIntegerArray next;

  private volatile int goal;
  private volatile long[] acceptedAt = new long[0];
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger repeats = new AtomicInteger();
  private final Map<Integer, Integer> statuses = new ConcurrentSkipListMap<>();
  private List<Double> millis = new ArrayList<>();

  /**
   * Nothing is posted before {@link #upTo} is called.
   *
   * @param token what stands in {@code X-Webhook-Token}
   * @param campaignsEach how many campaigns each connection posts events of
   */
  public EventLoad(String token, int connections, int campaignsEach) {
    this.token = token;
    this.connections = connections;
    this.campaignsEach = campaignsEach;
    this.next = new AtomicIntegerArray(connections);
  }

  /** Lets so many events be posted, those that were posted before included. */
  public EventLoad upTo(int events) {
    acceptedAt = Arrays.copyOf(acceptedAt, events);
    goal = events;
    return this;
  }

  /** Forgets the times and statuses of answers; the numbers of events go on. */
  public EventLoad forgetAnswers() {
    millis = new ArrayList<>();
    statuses.clear();
    repeats.set(0);
    return this;
  }

  /** How many campaigns there are. */
  public int campaigns() {
    return connections * campaignsEach;
  }

  /** How many events may be posted. */
  public int goal() {
    return goal;
  }

  /** The CXone id of a campaign. */
  public static String campaignId(int campaign) {
    return "cx-load-" + campaign;
  }

  /** The body of a campaign's event. */
  public static String event(int campaign, int number) {
    String[] kind = KINDS[number % 2];
    return "{\"campaignId\":\""
        + campaignId(campaign)
        + "\",\"status\":\""
        + kind[1]
        + "\",\"timestamp\":\"2026-03-02T15:04:05.123Z\",\"eventType\":\""
        + kind[0]
        + "\",\"eventId\":\"load-"
        + campaign
        + "-"
        + number
        + "\",\"tenantId\":\"tenant-7\",\"skill\":{\"id\":4711,\"name\":\"Renewals, outbound\"}}";
  }

  /** The place of a campaign's event among all, as they count up to the goal. */
  int index(int campaign, int number) {
    int ofConnection = number * campaignsEach + campaign % campaignsEach;
    return ofConnection * connections + campaign / campaignsEach;
  }

  @Override
  public byte[] next(int connection) {
    int n = next.get(connection);
    if (n * connections + connection >= goal) {
      return null;
    }
    int campaign = connection * campaignsEach + n % campaignsEach;
    return request(token, event(campaign, n / campaignsEach)).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A request that posts a body of plain ASCII. */
  static String request(String token, String body) {
    return "POST /webhooks/cxone HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        + "X-Source: cxone\r\nX-Webhook-Token: "
        + token
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Override
  public void answered(int connection, int status, long nanos) {
    statuses.merge(status, 1, Integer::sum);
    if (status != 202) {
      repeats.incrementAndGet();
      return;
    }
    millis.add(nanos / 1e6);
    int n = next.getAndIncrement(connection);
    acceptedAt[n * connections + connection] = System.nanoTime();
    accepted.incrementAndGet();
  }

  /** How many events were answered 202. */
  public int accepted() {
    return accepted.get();
  }

  /** How many requests were answered otherwise, or not at all. */
  public int repeats() {
    return repeats.get();
  }

  /** How many requests were answered with each status; 0 is no answer. */
  public Map<Integer, Integer> statuses() {
    return statuses;
  }

  /** How long each 202 took, in milliseconds. */
  List<Double> millis() {
    return millis;
  }

  /** When the event at a place was answered 202, by {@link System#nanoTime()}. */
  long acceptedAt(int index) {
    return acceptedAt[index];
  }
}
