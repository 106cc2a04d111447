package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;

import io.campaignroutes.benchmark.StubDestination.Arrival;
import io.campaignroutes.benchmark.StubDestination.Manners;
import io.campaignroutes.benchmark.StubDestination.Reply;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A marketing system that takes every event, unless it is told to refuse some, and counts. */
final class EventSink implements Manners {
  private final Map<String, String> webhookIds = new ConcurrentHashMap<>();
  private final AtomicInteger doubles = new AtomicInteger();
  private final Set<String> wrong = ConcurrentHashMap.newKeySet();
  private final AtomicInteger toRefuse = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /** The next post is answered 503. */
  void refuseNext() {
    toRefuse.incrementAndGet();
  }

  /** How many posts were answered 503. */
  int refused() {
    return refused.get();
  }

  @Override
  public Reply answer(Arrival arrival) {
    if (toRefuse.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      refused.incrementAndGet();
      return Reply.status(503);
    }
    try {
      String event = JSON.readTree(arrival.body()).path("eventId").asText();
      String id = arrival.header("webhook-id");
      String before = webhookIds.putIfAbsent(event, id);
      if (before != null) {
        doubles.incrementAndGet();
        if (!before.equals(id)) {
          wrong.add(event + " came as " + before + " and as " + id);
        }
      }
    } catch (IOException e) {
      wrong.add("no JSON: " + arrival.text());
    }
    return Reply.status(204);
  }

  /** The ids of the events that came. */
  Set<String> events() {
    return Set.copyOf(webhookIds.keySet());
  }

  /** How often an event came that had come before. */
  int doubles() {
    return doubles.get();
  }

  /** Events that came under more than one webhook-id, and what was no event. */
  Set<String> wrong() {
    return Set.copyOf(wrong);
  }
}
