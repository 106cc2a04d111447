package io.campaignroutes.collect;

import io.campaignroutes.store.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * What has changed with skills since they were looked at before. Each change has a number of its
 * own and is noted beside what is known of the skill, to be told later.
 */
final class SkillChanges {
  /** A list of all skills may be so far behind what a skill by itself is told to do, in ms. */
  static final long BEHIND = 10_000;

  private static final String OURS =
      "case when ran = 0 and asked is not null then 'START' else asked end";

  private final Tx tx;
  private final long readAt;
  private final Map<String, Known> known = new HashMap<>();
  private final List<Object[]> rows = new ArrayList<>();
  private final List<Object[]> events = new ArrayList<>();
  private final List<Object[]> starts = new ArrayList<>();
  private final Set<String> listed = new HashSet<>();

  /**
   * @param running null where it was not looked at yet
   * @param through whether its lists were worked through when they were looked at last
   * @param seenAt when it was seen by itself, or told what to do, last; 0 for never
   * @param starting whether it was started here and not seen to run since
   * @param missing whether the last list of all had it not
   */
  private record Known(
      Boolean running,
      boolean active,
      long changes,
      boolean through,
      long seenAt,
      boolean starting,
      boolean missing) {}

  /**
   * Of all skills, which nobody else changes until the transaction ends: two who note the same
   * change would give it the same number.
   *
   * @param readAt when what is told of was asked for, in milliseconds since the epoch
   * @param rowLock see {@link io.campaignroutes.store.Store#rowLock}
   */
  SkillChanges(Tx tx, long readAt, String rowLock) {
    this(tx, readAt, " order by skill_id" + rowLock, Map.of());
  }

  /** Of one skill whose row is the transaction's already. */
  static SkillChanges of(Tx tx, String skillId) {
    return new SkillChanges(tx, tx.now(), " where skill_id = :id", Map.of("id", skillId));
  }

  private SkillChanges(Tx tx, long readAt, String which, Map<String, ?> params) {
    this.tx = tx;
    this.readAt = readAt;
    tx.sql()
        .sql(
            "select skill_id, running, active, changes, total, fresh, finalized, seen_at,"
                + " starting, missing from skill_now"
                + which)
        .params(params)
        .query(
            (RowCallbackHandler)
                row -> {
                  int running = row.getInt(2);
                  boolean looked = !row.wasNull();
                  long total = row.getLong(5);
                  known.put(
                      row.getString(1),
                      new Known(
                          looked ? (Boolean) (running == 1) : null,
                          row.getInt(3) == 1,
                          row.getLong(4),
                          total > 0 && row.getLong(6) == 0 && row.getLong(7) >= total,
                          row.getLong(8),
                          row.getInt(9) == 1,
                          row.getInt(10) == 1));
                });
  }

  /**
   * How a skill is by a list of all. What was read no later than it was looked at by itself says
   * nothing new, and is left to the next list.
   */
  void listed(String skillId, boolean running, boolean active) {
    listed.add(skillId);
    Known before = known.get(skillId);
    if (before == null || before.seenAt() + BEHIND <= readAt) {
      seen(skillId, running, active);
    }
  }

  /** How a skill is now. */
  void seen(String skillId, boolean running, boolean active) {
    Known before = known.getOrDefault(skillId, new Known(null, true, 0, false, 0, false, false));
    String status = status(before, running, active);
    long changes = before.changes() + (status == null ? 0 : 1);
    boolean started = running && before.starting();
    if (status != null) {
      Object[] event = {skillId, changes, status, tx.now(), skillId, skillId};
      (started && status.equals("ACTIVE") ? starts : events).add(event);
    } else if (before.running() != null && before.active() == active && !started) {
      return; // as it was
    }
    rows.add(new Object[] {skillId, running ? 1 : 0, active ? 1 : 0, changes});
  }

  /** What has happened to it; null for nothing that is told. */
  private static String status(Known before, boolean running, boolean active) {
    boolean ran = before.running() != null && before.running();
    if (before.running() != null && before.active() && !active) {
      return "ERROR";
    }
    if (running == ran) {
      return null;
    }
    return running ? "ACTIVE" : before.through() ? "COMPLETED" : "PAUSED";
  }

  /**
   * What is known of a skill at this moment: an order that comes later has not made the event. One
   * that runs although it was to stop, and was not seen to run before, runs by our own start.
   */
  private static String ordered(String column) {
    return "(select max(" + column + ") from skill where skill_id = ? and state <> 'CLOSED')";
  }

  /**
   * Notes which skills the list that was read has not: nothing is known of them until they are
   * asked for by themselves. One that was seen by itself lately may only be too new for it.
   */
  void complete() {
    List<Object[]> changed = new ArrayList<>();
    known.forEach(
        (id, before) -> {
          boolean missing = !listed.contains(id);
          if (missing != before.missing() && (!missing || before.seenAt() + BEHIND <= readAt)) {
            changed.add(new Object[] {missing ? 1 : 0, id});
          }
        });
    if (!changed.isEmpty()) {
      tx.jdbc().batchUpdate("update skill_now set missing = ? where skill_id = ?", changed);
    }
  }

  void write() {
    if (!rows.isEmpty()) {
      tx.jdbc()
          .batchUpdate(
              "insert into skill_now (skill_id, running, active, changes) values (?, ?, ?, ?)"
                  + " on conflict (skill_id) do update set running = excluded.running,"
                  + " active = excluded.active, changes = excluded.changes,"
                  + " starting = case when excluded.running = 1 then 0 else skill_now.starting end",
              rows);
    }
    insert(starts, "'START'");
    insert(events.stream().filter(event -> event[2].equals("ACTIVE")).toList(), OURS);
    insert(events.stream().filter(event -> !event[2].equals("ACTIVE")).toList(), "asked");
  }

  private void insert(List<Object[]> some, String asked) {
    if (!some.isEmpty()) {
      tx.jdbc()
          .batchUpdate(
              "insert into skill_event (skill_id, n, status, seen_at, asked, by_person)"
                  + " values (?, ?, ?, ?, "
                  + ordered(asked)
                  + ", "
                  + ordered("by_person")
                  + ")",
              some);
    }
  }
}
