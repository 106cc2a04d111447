package io.campaignroutes.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.campaignroutes.cxone.CxoneException;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The steps that the routes of collectors put together. What was read is written in one transaction
 * with the cursor, by whoever still has the claim: a replica that was killed, or was late, leaves
 * nothing behind.
 */
@Component
public class Collect {
  private static final Logger LOG = LoggerFactory.getLogger(Collect.class);

  /** How long a call may be told of again after it was counted. */
  private static final long KEEP_CALLS = Duration.ofHours(6).toMillis();

  private static final long KEEP_COUNTS = Duration.ofDays(40).toMinutes();

  private final Store store;
  private final CollectQueue queue;
  private final DayThreshold threshold;

  /** What had entries without an id, and was told of. */
  private final Set<Collector> odds = ConcurrentHashMap.newKeySet();

  private boolean begun;

  Collect(Store store, CollectQueue queue, DayThreshold threshold) {
    this.store = store;
    this.queue = queue;
    this.threshold = threshold;
  }

  /** Claims what is due to be read. */
  public synchronized List<CollectRun> claim() {
    if (!begun) {
      queue.begins();
      begun = true;
    }
    List<CollectRun> claimed = queue.claim();
    if (!claimed.isEmpty()) {
      threshold.look();
    }
    return claimed;
  }

  /**
   * Signed-in agents are known.
   *
   * @param answer {@code {skills: [{id, staffed}]}}
   */
  public void activity(CollectRun run, JsonNode answer) {
    JsonNode skills = answer.path("skills");
    write(
        run,
        answer,
        skills.size(),
        tx -> {
          List<Object[]> rows = new ArrayList<>();
          for (JsonNode skill : named(run, skills)) {
            rows.add(new Object[] {text(skill, "id"), number(skill, "staffed")});
          }
          upsert(tx, "staffed", "?", rows);
        });
  }

  /**
   * What agents do has changed.
   *
   * @param answer {@code {pollTime, agents: [{id, skillId, teamId, state, contactId, wrapUp}]}}
   */
  public void states(CollectRun run, JsonNode answer) {
    JsonNode agents = answer.path("agents");
    write(
        run,
        answer,
        agents.size(),
        tx -> {
          Map<String, Object[]> rows = new TreeMap<>();
          Map<String, String> talked = new TreeMap<>();
          for (JsonNode agent : named(run, agents)) {
            String contact = text(agent, "contactId");
            String skill = text(agent, "skillId");
            rows.put(
                text(agent, "id"),
                new Object[] {
                  text(agent, "id"),
                  skill,
                  text(agent, "teamId"),
                  agent.path("state").asText("Unknown"),
                  contact,
                  agent.path("wrapUp").asBoolean() ? 1 : 0
                });
            if (contact != null && skill != null && agent.path("outbound").asBoolean(true)) {
              talked.put(contact, skill);
            }
          }
          if (run.pollTime() == null) { // all were told: whoever was not is no agent any more
            tx.sql().sql("delete from tenant_agent").update();
          }
          agents(tx, rows.values());
          CallCounts counts = new CallCounts(tx, talked.keySet());
          talked.forEach(counts::talks);
          counts.write();
        });
  }

  private static void agents(Tx tx, java.util.Collection<Object[]> rows) {
    if (!rows.isEmpty()) {
      tx.jdbc()
          .batchUpdate(
              "insert into tenant_agent (agent_id, skill_id, team_id, state, contact_id, wrap_up)"
                  + " values (?, ?, ?, ?, ?, ?) on conflict (agent_id) do update set"
                  + " skill_id = excluded.skill_id, team_id = excluded.team_id,"
                  + " state = excluded.state, contact_id = excluded.contact_id,"
                  + " wrap_up = excluded.wrap_up",
              List.copyOf(rows));
    }
  }

  /**
   * Calls have ended, or more is known of some that had.
   *
   * @param answer {@code {pollTime, contacts: [{id, skillId, agentId, abandoned, agentSeconds,
   *     wrapUpSeconds}]}}
   */
  public void completed(CollectRun run, JsonNode answer) {
    JsonNode contacts = answer.path("contacts");
    write(
        run,
        answer,
        contacts.size(),
        tx -> {
          List<JsonNode> calls = named(run, contacts);
          Set<String> ids = new HashSet<>();
          calls.forEach(contact -> ids.add(text(contact, "id")));
          CallCounts counts = new CallCounts(tx, ids);
          for (JsonNode contact : calls) {
            CollectedCall.Outcome outcome =
                contact.path("abandoned").asBoolean()
                    ? CollectedCall.Outcome.ABANDONED
                    : text(contact, "agentId") == null
                        ? CollectedCall.Outcome.FAILED
                        : CollectedCall.Outcome.CONNECTED;
            counts.ended(
                text(contact, "id"),
                text(contact, "skillId"),
                outcome,
                contact.path("agentSeconds").asLong(),
                contact.path("wrapUpSeconds").asLong());
          }
          counts.write();
          forget(tx, run);
        });
  }

  /** By what was told at the last read: after a long silence more is told of calls of before. */
  private static void forget(Tx tx, CollectRun run) {
    if (run.readAt() != null) {
      long before = Math.min(run.readAt(), tx.now()) - KEEP_CALLS;
      tx.sql().sql("delete from tenant_call where counted_at < ?").param(before).update();
      long minute = tx.now() / 60_000 - KEEP_COUNTS;
      tx.sql().sql("delete from skill_count where minute < ?").param(minute).update();
    }
  }

  /**
   * Which skills run is known.
   *
   * @param answer {@code {skills: [{id, running, active}]}}
   */
  public void skills(CollectRun run, JsonNode answer) {
    JsonNode skills = answer.path("skills");
    write(
        run,
        answer,
        skills.size(),
        tx -> {
          SkillChanges changes = new SkillChanges(tx, run.claimedAt(), store.rowLock());
          for (JsonNode skill : named(run, skills)) {
            changes.listed(
                text(skill, "id"),
                skill.path("running").asBoolean(),
                skill.path("active").asBoolean(true));
          }
          changes.write();
          changes.complete();
          queue.hasten(tx);
        });
  }

  /**
   * How far lists are worked through is known.
   *
   * @param answer {@code {lists: [{id, skills: [{id, total, fresh, finalized}]}]}}
   */
  public void lists(CollectRun run, JsonNode answer) {
    Map<String, long[]> sums = new TreeMap<>();
    for (JsonNode list : answer.path("lists")) {
      for (JsonNode skill : named(run, list.path("skills"))) {
        long[] sum = sums.computeIfAbsent(text(skill, "id"), id -> new long[3]);
        sum[0] += skill.path("total").asLong();
        sum[1] += skill.path("fresh").asLong();
        sum[2] += skill.path("finalized").asLong();
      }
    }
    write(
        run,
        answer,
        answer.path("lists").size(),
        tx -> {
          List<Object[]> rows = new ArrayList<>();
          sums.forEach((id, sum) -> rows.add(new Object[] {id, sum[0], sum[1], sum[2]}));
          upsert(tx, "total, fresh, finalized", "?, ?, ?", rows);
        });
  }

  private static void upsert(Tx tx, String columns, String marks, List<Object[]> rows) {
    if (rows.isEmpty()) {
      return;
    }
    StringBuilder set = new StringBuilder();
    for (String column : columns.split(", ")) {
      set.append(set.isEmpty() ? "" : ", ").append(column).append(" = excluded.").append(column);
    }
    tx.jdbc()
        .batchUpdate(
            "insert into skill_now (skill_id, "
                + columns
                + ", changes) values (?, "
                + marks
                + ", 0) on conflict (skill_id) do update set "
                + set,
            rows);
  }

  private void write(CollectRun run, JsonNode answer, int entries, Consumer<Tx> counted) {
    String pollTime = answer.path("pollTime").asText(null);
    store.run(
        tx -> {
          // first, so that nothing is written by one who has lost the claim
          if (queue.done(tx, run, pollTime, run.collector().pages(entries))) {
            counted.accept(tx);
          }
        });
  }

  /** What skills of campaigns are set to was read, as far as it was their time. */
  public void settings(CollectRun run) {
    write(run, JsonNodeFactory.instance.objectNode(), 1, tx -> {});
  }

  /** There was no answer. */
  public void failed(CollectRun run, Exception failure) {
    if (failure instanceof CxoneException cxone && cxone.stopOfService()) {
      queue.release(run);
      return;
    }
    LOG.info("The tenant's {} could not be read: {}", run.key(), failure.getMessage());
    String why = failure.getMessage();
    queue.failed(run, why == null ? failure.getClass().getSimpleName() : why);
  }

  /**
   * Entries with an id: others say nothing of anybody, and must not keep the rest from counting.
   */
  private List<JsonNode> named(CollectRun run, JsonNode entries) {
    List<JsonNode> named = new ArrayList<>();
    for (JsonNode entry : entries) {
      if (text(entry, "id") != null) {
        named.add(entry);
      }
    }
    int odd = entries.size() - named.size();
    if (odd > 0 && odds.add(run.collector())) {
      LOG.warn(
          "CXone tells of {} entries without an id where the tenant's {} are read; they are left"
              + " out, now and later.",
          odd,
          run.key());
    }
    return named;
  }

  private static String text(JsonNode of, String field) {
    JsonNode value = of.path(field);
    String text = value.isValueNode() && !value.isNull() ? value.asText().strip() : "";
    return text.isEmpty() || text.equals("0") ? null : text;
  }

  private static Integer number(JsonNode of, String field) {
    JsonNode value = of.path(field);
    return value.isNumber() ? (Integer) value.intValue() : null;
  }
}
