package io.campaignroutes.collect;

import io.campaignroutes.store.InList;
import io.campaignroutes.store.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Counts calls: each once, from the first that is told of it, and changed by whatever is told
 * later. What a call adds to the counts of its minute is always what its row says, so that both
 * agree after any kill.
 */
final class CallCounts {
  private static final int CHUNK = 500;
  private static final long MINUTE = 60_000;

  private final Tx tx;
  private final Map<String, CollectedCall> known = new HashMap<>();
  private final Map<String, CollectedCall> changed = new LinkedHashMap<>();
  private final Map<String, Map<Long, long[]>> counts = new TreeMap<>();

  /** Counts what is told of these calls. */
  CallCounts(Tx tx, Collection<String> contactIds) {
    this.tx = tx;
    List<String> ids = new ArrayList<>(contactIds);
    for (int from = 0; from < ids.size(); from += CHUNK) {
      read(ids.subList(from, Math.min(ids.size(), from + CHUNK)));
    }
  }

  private void read(List<String> ids) {
    tx.sql()
        .sql("select * from tenant_call where contact_id in (:ids)")
        .param("ids", InList.of(ids))
        .query(
            (RowCallbackHandler)
                row -> {
                  long handledAt = row.getLong("handled_at");
                  boolean handled = !row.wasNull();
                  known.put(
                      row.getString("contact_id"),
                      new CollectedCall(
                          row.getString("contact_id"),
                          row.getString("skill_id"),
                          CollectedCall.Outcome.valueOf(row.getString("outcome")),
                          row.getLong("counted_at"),
                          handled ? (Long) handledAt : null,
                          row.getLong("agent_seconds"),
                          row.getLong("wrap_up_seconds")));
                });
  }

  /** An agent has a call; the call may be known already, and have ended. */
  void talks(String contactId, String skillId) {
    if (!known.containsKey(contactId)) {
      put(
          new CollectedCall(
              contactId, skillId, CollectedCall.Outcome.CONNECTED, tx.now(), null, 0, 0));
    }
  }

  /**
   * A call has ended, or more is told of one that had; one of no skill that is known is nobody's.
   */
  void ended(
      String contactId,
      String skillId,
      CollectedCall.Outcome outcome,
      long agentSeconds,
      long wrapUpSeconds) {
    CollectedCall before = known.get(contactId);
    long countedAt = before == null ? tx.now() : before.countedAt();
    Long handledAt =
        before == null || before.handledAt() == null ? (Long) tx.now() : before.handledAt();
    String skill = before == null ? skillId : before.skillId();
    if (skill == null) {
      return;
    }
    CollectedCall now =
        new CollectedCall(
            contactId, skill, outcome, countedAt, handledAt, agentSeconds, wrapUpSeconds);
    if (!now.equals(before)) {
      put(now);
    }
  }

  private void put(CollectedCall now) {
    CollectedCall before = known.put(now.contactId(), now);
    if (before != null) {
      add(before, -1);
    }
    add(now, 1);
    changed.put(now.contactId(), now);
  }

  private void add(CollectedCall call, int sign) {
    long[] counted = counts(call.skillId(), call.countedAt());
    counted[0] += sign;
    counted[1] += call.outcome() == CollectedCall.Outcome.CONNECTED ? sign : 0;
    counted[2] += call.outcome() == CollectedCall.Outcome.ABANDONED ? sign : 0;
    if (call.handled()) {
      long[] handled = counts(call.skillId(), call.handledAt());
      handled[3] += sign;
      handled[4] += sign * call.handleSeconds();
    }
  }

  private long[] counts(String skillId, long at) {
    return counts
        .computeIfAbsent(skillId, id -> new TreeMap<>())
        .computeIfAbsent(at / MINUTE, minute -> new long[5]);
  }

  /** Writes what was counted. */
  void write() {
    List<Object[]> calls = new ArrayList<>();
    for (CollectedCall call : changed.values()) {
      calls.add(
          new Object[] {
            call.contactId(),
            call.skillId(),
            call.outcome().name(),
            call.countedAt(),
            call.handledAt(),
            call.agentSeconds(),
            call.wrapUpSeconds()
          });
    }
    if (calls.isEmpty()) {
      return;
    }
    tx.jdbc()
        .batchUpdate(
            "insert into tenant_call (contact_id, skill_id, outcome, counted_at, handled_at,"
                + " agent_seconds, wrap_up_seconds) values (?, ?, ?, ?, ?, ?, ?)"
                + " on conflict (contact_id) do update set outcome = excluded.outcome,"
                + " handled_at = excluded.handled_at, agent_seconds = excluded.agent_seconds,"
                + " wrap_up_seconds = excluded.wrap_up_seconds",
            calls);
    List<Object[]> minutes = new ArrayList<>();
    counts.forEach(
        (skillId, byMinute) ->
            byMinute.forEach(
                (minute, c) ->
                    minutes.add(new Object[] {skillId, minute, c[0], c[1], c[2], c[3], c[4]})));
    tx.jdbc()
        .batchUpdate(
            "insert into skill_count (skill_id, minute, attempted, connected, abandoned, handled,"
                + " handle_seconds) values (?, ?, ?, ?, ?, ?, ?)"
                + " on conflict (skill_id, minute) do update set"
                + " attempted = skill_count.attempted + excluded.attempted,"
                + " connected = skill_count.connected + excluded.connected,"
                + " abandoned = skill_count.abandoned + excluded.abandoned,"
                + " handled = skill_count.handled + excluded.handled,"
                + " handle_seconds = skill_count.handle_seconds + excluded.handle_seconds",
            minutes);
  }
}
