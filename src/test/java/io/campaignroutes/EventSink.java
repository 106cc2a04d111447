package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.benchmark.StubDestination.Arrival;
import io.campaignroutes.benchmark.StubDestination.Manners;
import io.campaignroutes.benchmark.StubDestination.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A marketing system that takes every event, unless it is told to refuse some, and counts. */
final class EventSink implements Manners {
  /** How the ids of events begin that a test has posted; behind it stands their number. */
  static final String POSTED = "trial-";

  /** The call that is a delivery, for a {@link KillPoint}. */
  static final String DELIVERY = "delivery";

  private final KillPoint point;
  private final Map<String, String> webhookIds = new ConcurrentHashMap<>();
  private final Map<String, String> newest = new ConcurrentHashMap<>();
  private final Map<String, String> told = new ConcurrentHashMap<>();
  private final List<Long> doubles = new CopyOnWriteArrayList<>();
  private final Map<String, Long> disordered = new ConcurrentHashMap<>();
  private final Set<String> wrong = ConcurrentHashMap.newKeySet();
  private final AtomicInteger toRefuse = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean away;

  EventSink() {
    this(null);
  }

  /**
   * @param point what may kill the service at a delivery; null for nothing
   */
  EventSink(KillPoint point) {
    this.point = point;
  }

  /** The next post is answered 503. */
  void refuseNext() {
    toRefuse.incrementAndGet();
  }

  /** How many posts were answered 503. */
  int refused() {
    return refused.get();
  }

  /** Whether every post is answered 503 from now on. */
  void away(boolean now) {
    away = now;
  }

  @Override
  public Reply answer(Arrival arrival) {
    if (away || toRefuse.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      refused.incrementAndGet();
      return Reply.status(503);
    }
    if (point != null && point.arrives(DELIVERY)) {
      return Reply.cutAfterReading();
    }
    try {
      note(JSON.readTree(arrival.body()), arrival.header("webhook-id"));
    } catch (IOException e) {
      wrong.add("no JSON: " + arrival.text());
    }
    return point != null && point.done(DELIVERY) ? Reply.cutAfterReading() : Reply.status(204);
  }

  private void note(JsonNode body, String id) {
    String event = body.path("eventId").asText();
    String before = webhookIds.putIfAbsent(event, id);
    if (before != null) {
      doubles.add(System.nanoTime());
      if (!before.equals(id)) {
        wrong.add(event + " came as " + before + " and as " + id);
      }
    }
    told.put(body.path("campaignId").asText(), body.path("status").asText());
    if (before != null) {
      return; // it comes with those after it, again: whoever knows their ids leaves them all
    }
    boolean posted = event.startsWith(POSTED);
    String number =
        posted
            ? "%012d".formatted(Long.parseLong(event.substring(POSTED.length())))
            : body.path("timestamp").asText();
    String last = newest.merge(body.path("campaignId").asText() + posted, number, EventSink::later);
    if (!last.equals(number)) {
      disordered.put(event, System.nanoTime());
      wrong.add(event + " came after a later event of its campaign: " + body);
    }
  }

  private static String later(String one, String other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  /** The ids of the events that came. */
  Set<String> events() {
    return Set.copyOf(webhookIds.keySet());
  }

  /** The status in the event of a campaign that came last, null for none. */
  String told(String campaignId) {
    return told.get(campaignId);
  }

  /** How often an event came that had come before. */
  int doubles() {
    return doubles.size();
  }

  /** When each of those came, by {@link System#nanoTime()}. */
  List<Long> doubledAt() {
    return List.copyOf(doubles);
  }

  /** When each event came that was out of the order of its campaign. */
  Map<String, Long> disordered() {
    return Map.copyOf(disordered);
  }

  /** Events that came under more than one webhook-id or out of order, and what was no event. */
  Set<String> wrong() {
    return Set.copyOf(wrong);
  }
}
