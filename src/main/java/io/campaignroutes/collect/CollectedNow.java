package io.campaignroutes.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.store.Store;
import io.campaignroutes.tenant.TenantNow;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/** Answers looks at campaigns from what is collected, as long as that goes on well. */
@Component
public class CollectedNow implements TenantNow {
  /** A read that is overdue for so long is not made any more. */
  private static final long OVERDUE = Duration.ofSeconds(60).toMillis();

  private final Store store;
  private final CollectProperties properties;

  /** Answers of what the store has. */
  public CollectedNow(Store store, CollectProperties properties) {
    this.store = store;
    this.properties = properties;
  }

  @Override
  public Optional<Long> readAt(String operation) {
    return readAt(
        switch (operation) {
          case "agentStates" -> Collector.STATES;
          case "skills" -> Collector.SKILLS;
          default -> Collector.LISTS;
        });
  }

  private Optional<Long> readAt(Collector collector) {
    return store
        .read()
        .sql(
            "select read_at from collector where name = ? and read_at is not null"
                + " and failures = 0 and due_at > ?")
        .params(collector.label(), store.now() - OVERDUE)
        .query(Long.class)
        .optional();
  }

  @Override
  public JsonNode states() {
    long oldest = store.now() - properties.oldest().toMillis();
    if (readAt(Collector.STATES).filter(at -> at >= oldest).isEmpty()) {
      return null;
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode states = answer.putArray("states");
    store
        .read()
        .sql("select agent_id, state, contact_id, wrap_up from tenant_agent")
        .query(
            (RowCallbackHandler)
                row ->
                    states
                        .addObject()
                        .put("id", row.getString(1))
                        .put("state", row.getString(2))
                        .put("contact", row.getString(3))
                        .put("wrapUp", row.getInt(4) == 1));
    return answer;
  }

  @Override
  public JsonNode skills() {
    Optional<Long> readAt = readAt(Collector.SKILLS);
    if (readAt.isEmpty()) {
      return null;
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode skills = answer.putArray("skills");
    store
        .read()
        .sql(
            "select skill_id, running, active from skill_now where running is not null"
                + " and missing = 0 and coalesce(seen_at, 0) <= ?")
        .param(readAt.get() - SkillChanges.BEHIND)
        .query(
            (RowCallbackHandler)
                row ->
                    skills
                        .addObject()
                        .put("id", row.getString(1))
                        .put("running", row.getInt(2) == 1)
                        .put("active", row.getInt(3) == 1));
    return answer;
  }

  @Override
  public Set<String> toldSince(long readAt) {
    return Set.copyOf(
        store
            .read()
            .sql("select skill_id from skill_now where seen_at > ?")
            .param(readAt - SkillChanges.BEHIND)
            .query(String.class)
            .list());
  }

  @Override
  public JsonNode lists() {
    if (readAt(Collector.LISTS).isEmpty()) {
      return null;
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode lists = answer.putArray("lists");
    store
        .read()
        .sql("select skill_id, total, fresh, finalized from skill_now where total is not null")
        .query(
            (RowCallbackHandler)
                row ->
                    lists
                        .addObject()
                        .put("id", "")
                        .putArray("skills")
                        .addObject()
                        .put("id", row.getString(1))
                        .put("total", row.getLong(2))
                        .put("fresh", row.getLong(3))
                        .put("finalized", row.getLong(4)));
    return answer;
  }
}
