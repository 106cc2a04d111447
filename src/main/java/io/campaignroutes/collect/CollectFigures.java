package io.campaignroutes.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/** The figures of a campaign, made of what was collected for all of them. */
@Component
public class CollectFigures {
  private static final long WINDOW = Duration.ofMinutes(5).toMillis();

  /** Calls that make the mean handle time. */
  private static final long HANDLE_WINDOW = Duration.ofMinutes(30).toMillis();

  /** After this a call without wrap-up has none. */
  private static final long WRAP_UP_LATE = Duration.ofSeconds(120).toMillis();

  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  /** Minutes for which calls are told of whose skill was given back: some are talked on. */
  private static final long TOLD_LATE = 10;

  private static final List<Collector> NEEDED = List.of(Collector.STATES, Collector.COMPLETED);

  private final Store store;
  private final CollectProperties properties;

  /** Figures of what the store has. */
  public CollectFigures(Store store, CollectProperties properties) {
    this.store = store;
    this.properties = properties;
  }

  /**
   * What is counted for a campaign now: calls of the last five minutes, those included that are
   * talked; idle agents; the mean seconds for which a call keeps its agent; and how old that is.
   *
   * @return {@code {connected, abandoned, attempted, avgHandleTime, agents, staffed, ages}}, ages
   *     in seconds by what was read; without {@code staffed} where that is too old
   * @throws CxoneRefusedException as not found, when nothing was ever read
   * @throws CxoneUnavailableException when what was read is too old
   */
  public JsonNode now(PlatformRequest request) {
    String skillId = request.arguments().path("remoteId").asText();
    long now = store.now();
    ObjectNode figures = JsonNodeFactory.instance.objectNode();
    ObjectNode ages = ages(now);
    figures.set("ages", ages);
    figures.put("agents", idle(skillId));
    // read more seldom than the rest: one read that failed is no reason
    long oldest = Math.max(properties.oldest().toSeconds(), 3 * properties.activity().toSeconds());
    if (ages.path(Collector.ACTIVITY.label()).asLong() <= oldest) {
      staffed(skillId, figures);
    }
    counts(skillId, now, figures);
    return figures;
  }

  private ObjectNode ages(long now) {
    Map<Collector, Long> readAt = new EnumMap<>(Collector.class);
    store
        .read()
        .sql("select name, read_at from collector where read_at is not null")
        .query(
            (RowCallbackHandler) row -> readAt.put(Collector.of(row.getString(1)), row.getLong(2)));
    if (!readAt.keySet().containsAll(NEEDED)) {
      throw new CxoneRefusedException(404, "NO_FIGURES", "The tenant has not been read yet.");
    }
    ObjectNode ages = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<Collector, Long> read : readAt.entrySet()) {
      long age = Math.max(0, now - read.getValue()) / 1000;
      ages.put(read.getKey().label(), age);
      if (NEEDED.contains(read.getKey()) && age > properties.oldest().toSeconds()) {
        throw new CxoneUnavailableException(
            CxoneUnavailableException.Kind.HELD_BACK,
            "What is known of the tenant's %s is %d s old."
                .formatted(read.getKey() == Collector.STATES ? "agents" : "completed calls", age),
            null,
            null);
      }
    }
    return ages;
  }

  /** Who waits for a call of the skill. */
  private int idle(String skillId) {
    return store
        .read()
        .sql(
            "select count(*) from tenant_agent where skill_id = ? and state in ('Dialer',"
                + " 'Available') and contact_id is null and wrap_up = 0")
        .param(skillId)
        .query(Integer.class)
        .single();
  }

  private void staffed(String skillId, ObjectNode figures) {
    store
        .read()
        .sql("select staffed from skill_now where skill_id = ? and staffed is not null")
        .param(skillId)
        .query(Integer.class)
        .optional()
        .ifPresent(staffed -> figures.put("staffed", staffed));
  }

  private void counts(String skillId, long now, ObjectNode figures) {
    store
        .read()
        .sql(
            """
            select count(case when outcome = 'CONNECTED' then 1 end),
              count(case when outcome = 'ABANDONED' then 1 end),
              count(case when outcome = 'FAILED' then 1 end)
            from tenant_call where skill_id = ? and counted_at > ?""")
        .params(skillId, now - WINDOW)
        .query(
            (RowCallbackHandler)
                row -> {
                  figures.put("connected", row.getLong(1)).put("abandoned", row.getLong(2));
                  if (row.getLong(3) > 0) { // not every tenant tells of calls that nobody answered
                    figures.put("attempted", row.getLong(1) + row.getLong(2) + row.getLong(3));
                  }
                });
    store
        .read()
        .sql(
            """
            select count(*), coalesce(sum(agent_seconds + wrap_up_seconds), 0) from tenant_call
            where skill_id = ? and outcome = 'CONNECTED' and handled_at > ?
              and (wrap_up_seconds > 0 or handled_at < ?)""")
        .params(skillId, now - HANDLE_WINDOW, now - WRAP_UP_LATE)
        .query(
            (RowCallbackHandler)
                row -> {
                  if (row.getLong(1) > 0) {
                    figures.put("avgHandleTime", (double) row.getLong(2) / row.getLong(1));
                  }
                });
  }

  /**
   * What was counted for a campaign in a period, by whole minutes: of its skill, while that was its
   * own. Of one that was never started here, all.
   *
   * @return {@code {attemptedCalls, connectedCalls, abandonedCalls, handledCalls, handleSeconds}}
   */
  public JsonNode between(PlatformRequest request) {
    JsonNode arguments = request.arguments();
    ObjectNode totals = JsonNodeFactory.instance.objectNode();
    store
        .read()
        .sql(
            """
            select coalesce(sum(attempted), 0), coalesce(sum(connected), 0),
              coalesce(sum(abandoned), 0), coalesce(sum(handled), 0),
              coalesce(sum(handle_seconds), 0)
            from skill_count c where skill_id = :skill and minute >= :from and minute < :to
              and (not exists (select 1 from skill_period where campaign_id = :id)
                or :id = (select p.campaign_id from skill_period p
                  where p.skill_id = c.skill_id and p.began <= c.minute
                    and (p.ended is null or c.minute < p.ended + :late)
                  order by p.began desc limit 1))""")
        .param("skill", arguments.path("remoteId").asText())
        .param("id", arguments.path("id").asText())
        .param("from", Math.floorDiv(time(arguments, "from"), MINUTE))
        .param("to", -Math.floorDiv(-time(arguments, "to"), MINUTE))
        .param("late", TOLD_LATE)
        .query(
            (RowCallbackHandler)
                row ->
                    totals
                        .put("attemptedCalls", row.getLong(1))
                        .put("connectedCalls", row.getLong(2))
                        .put("abandonedCalls", row.getLong(3))
                        .put("handledCalls", row.getLong(4))
                        .put("handleSeconds", row.getLong(5)));
    return totals;
  }

  private static long time(JsonNode arguments, String field) {
    return Instant.parse(arguments.path(field).asText()).toEpochMilli();
  }
}
