package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.dialer.OutboundCall;
import io.campaignroutes.sandbox.SandboxJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.DoubleToLongFunction;

/**
 * The completed contacts as the tenant tells them: each some seconds after its end, and again with
 * the agent's wrap-up when that is done. Beside it, every call that has ended: the truth.
 */
final class ContactLog {

  private static final int MAX_KEPT = 400_000;

  private final PersonalConnectionProperties properties;
  private final DoubleToLongFunction millis;
  private final PriorityQueue<Version> pending =
      new PriorityQueue<>(Comparator.comparingLong(Version::at).thenComparingLong(Version::number));
  private final List<Version> published = new ArrayList<>();
  private final List<OutboundCall> ended = new ArrayList<>();
  private long versions;

  /**
   * How a contact is told from a time on.
   *
   * @param at in milliseconds since the epoch
   */
  private record Version(long at, long number, long contactId, ObjectNode contact) {}

  /**
   * An empty log.
   *
   * @param millis the time of a second of the world, in milliseconds since the epoch
   */
  ContactLog(PersonalConnectionProperties properties, DoubleToLongFunction millis) {
    this.properties = properties;
    this.millis = millis;
  }

  /** A call ended, or its wrap-up did. */
  void told(OutboundCall call, Skill skill) {
    boolean again = !Double.isNaN(call.wrapUpEndedAt());
    if (!again) {
      ended.add(call);
    }
    boolean refused =
        call.outcome() != OutboundCall.Outcome.CONNECTED
            && call.outcome() != OutboundCall.Outcome.ABANDONED;
    if (refused && !properties.failedCalls()) {
      return;
    }
    // never before the version without wrap-up
    long after = millis.applyAsLong(again ? call.wrapUpEndedAt() : call.endedAt());
    long at = after + delay(call);
    pending.add(new Version(at, versions++, call.id(), contact(call, skill, at)));
  }

  private long delay(OutboundCall call) {
    long shortest = properties.shortestDelay().toMillis();
    long room = properties.longestDelay().toMillis() - shortest + 1;
    return shortest + Math.floorMod(call.id() * 0x9E3779B97F4A7C15L >>> 16, room);
  }

  /** Publishes what has become due. */
  void advance(long now) {
    while (!pending.isEmpty() && pending.peek().at() <= now) {
      published.add(pending.remove());
    }
    if (published.size() > MAX_KEPT) {
      published.subList(0, MAX_KEPT / 4).clear();
    }
    if (ended.size() > MAX_KEPT) {
      ended.subList(0, MAX_KEPT / 4).clear();
    }
  }

  /** Contacts that appeared or changed after a time, each as it is told last. */
  List<ObjectNode> changedSince(long since) {
    int from = published.size();
    while (from > 0 && published.get(from - 1).at() > since) {
      from--;
    }
    Map<Long, ObjectNode> latest = new LinkedHashMap<>();
    for (Version version : published.subList(from, published.size())) {
      latest.remove(version.contactId());
      latest.put(version.contactId(), version.contact());
    }
    return List.copyOf(latest.values());
  }

  /** Every call that has ended. */
  List<OutboundCall> ended() {
    return ended;
  }

  private ObjectNode contact(OutboundCall call, Skill skill, long at) {
    boolean connected = call.outcome() == OutboundCall.Outcome.CONNECTED;
    boolean abandoned = call.outcome() == OutboundCall.Outcome.ABANDONED;
    String start = Instant.ofEpochMilli(millis.applyAsLong(call.dialedAt())).toString();
    ObjectNode contact =
        SandboxJson.object()
            .put("contactId", call.id())
            .put("masterContactId", call.id())
            .put("skillId", skill.id())
            .put("skillName", skill.name())
            .put("campaignId", skill.campaignId())
            .put("mediaTypeId", 4)
            .put("isOutbound", true)
            .put("abandoned", abandoned)
            .put("abandonSeconds", abandoned ? seconds(call.endedAt() - call.answeredAt()) : 0)
            .put("agentSeconds", connected ? seconds(call.endedAt() - call.connectedAt()) : 0)
            .put("holdSeconds", 0)
            .put("totalDurationSeconds", seconds(call.endedAt() - call.dialedAt()))
            .put("isRefused", !connected && !abandoned)
            .put("refuseReason", reason(call.outcome()))
            .put("contactStart", start)
            .put("contactStartDate", start)
            .put("lastUpdateTime", Instant.ofEpochMilli(at).toString())
            .put("endReason", connected ? "Agent Hung Up" : "Contact Hung Up");
    boolean wrapped = !Double.isNaN(call.wrapUpEndedAt());
    contact.put("acwSeconds", wrapped ? seconds(call.wrapUpEndedAt() - call.endedAt()) : 0);
    if (connected) {
      contact.put("agentId", call.agent().id()).put("primaryDispositionId", wrapped ? 1 : 0);
    } else {
      contact.putNull("agentId");
    }
    return contact;
  }

  private static long seconds(double exact) {
    return Math.round(exact);
  }

  static String reason(OutboundCall.Outcome outcome) {
    return switch (outcome) {
      case NO_ANSWER -> "No Answer";
      case BUSY -> "Busy";
      case BAD_NUMBER -> "Bad Number";
      case MACHINE -> "Answering Machine";
      case CUT -> "Cancelled";
      default -> null;
    };
  }
}
