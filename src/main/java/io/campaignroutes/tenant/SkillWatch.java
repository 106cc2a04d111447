package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Reads now and then what the skills of campaigns are set to, since people change that in CXone's
 * pages too. What is ours and is not as it was written is somebody's doing: it is kept as it is,
 * and told. Fields that are not ours are nobody's business here.
 */
@Component
public final class SkillWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SkillWatch.class);

  /** What a skill's own abandon control goes by, beside the blocks of settings that are ours. */
  static final String CONTROL = "control";

  private static final List<String> OWN_RATE =
      List.of("overrideBusinessUnitAbandonRate", "abandonRateThreshold");

  /** Skills that are read one after the other while one replica has the read for itself. */
  private static final int AT_ONCE = 5;

  /** Reads in a day, of all skills together; with many of them each is read less often. */
  private static final long READS_A_DAY = 6_000;

  private static final long DAY = Duration.ofDays(1).toMillis();

  private final Store store;
  private final SkillRows rows;
  private final long period;

  /** Campaigns whose settings cannot be read, each told of once. */
  private final Set<String> unread = ConcurrentHashMap.newKeySet();

  private final SkillSightings sightings;
  private boolean doubtfulFirst = true;

  SkillWatch(
      Store store,
      SkillRows rows,
      SkillSightings sightings,
      @Value("${personal-connection.collect.settings:30s}") Duration period) {
    this.store = store;
    this.rows = rows;
    this.sightings = sightings;
    this.period = period.toMillis();
  }

  /** How long it is from one read of a skill's settings to the next, in ms. */
  long between() {
    return Math.max(period, rows.ready() * DAY / READS_A_DAY);
  }

  /** The requests about skills whose settings are to be read now, by one thread at a time. */
  public List<PlatformRequest> due() {
    long before = store.now() - between();
    long last =
        store
            .read()
            .sql("select coalesce(max(tried_at), 0) from skill where state = 'READY'")
            .query(Long.class)
            .single();
    long most = Math.min(AT_ONCE, (store.now() - last) / (DAY / READS_A_DAY));
    if (most <= 0) {
      return List.of();
    }
    Map<String, PlatformRequest> due = new LinkedHashMap<>();
    if (doubtfulFirst) {
      doubtful().forEach(skill -> due.put(SkillRows.id(skill), skill));
    }
    inTurn(before, most).forEach(skill -> due.putIfAbsent(SkillRows.id(skill), skill));
    doubtfulFirst = !doubtfulFirst;
    return due.values().stream().limit(most).toList();
  }

  /**
   * Skills that one line for each waiting agent was read of, and calls of which were abandoned
   * since, which that hardly does: somebody may have set more. Every second time they go before
   * those whose turn it is.
   */
  private List<PlatformRequest> doubtful() {
    long recent = store.now() - period;
    return store
        .read()
        .sql(
            "select s.campaign_id, s.skill_id, s.settings_now from skill s left join campaign c on"
                + " c.id = s.campaign_id where s.state = 'READY' and coalesce(c.ended, 0) = 0 and"
                + " s.settings_now is not null and s.tried_at <= ? and s.tried_at <= s.read_at and"
                + " exists (select 1 from skill_count k where k.skill_id = s.skill_id and"
                + " k.abandoned > 0 and k.minute > s.read_at / 60000 + 1) order by s.tried_at")
        .param(recent)
        .query(
            (row, n) ->
                Json.storedObject(row.getString(3)).at("/general/maximumRatio").asInt() == 1
                    ? request(row.getString(1), row.getString(2), recent)
                    : null)
        .list()
        .stream()
        .filter(Objects::nonNull)
        .toList();
  }

  private List<PlatformRequest> inTurn(long before, long most) {
    return store
        .read()
        .sql(
            "select s.campaign_id, s.skill_id from skill s left join campaign c on c.id = s.campaign_id"
                + " where s.state = 'READY' and coalesce(c.ended, 0) = 0 and coalesce(s.tried_at, 0) <= ?"
                + " order by coalesce(s.tried_at, 0) limit ?")
        .params(before, most)
        .query((row, n) -> request(row.getString(1), row.getString(2), before))
        .list();
  }

  private static PlatformRequest request(String campaignId, String skillId, long dueAt) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    return new PlatformRequest(
        arguments.put("id", campaignId).put("skillId", skillId), Urgency.PACING, dueAt);
  }

  /** Whether an answer has not all blocks of settings: then each is read by itself. */
  public boolean lacksBlocks(JsonNode blocks) {
    return !SkillSettings.BLOCKS.stream().allMatch(block -> blocks.path(block).isObject());
  }

  /**
   * A skill's settings were read.
   *
   * @param blocks all blocks, as they are
   */
  public PlatformRequest read(PlatformRequest request, JsonNode blocks) {
    String id = SkillRows.id(request);
    store.run(
        tx ->
            rows.locked(tx, id)
                .filter(row -> row.state() == SkillRow.State.READY && row.now() != null)
                .ifPresent(row -> compare(tx, row, blocks)));
    unread.remove(id);
    return request;
  }

  /**
   * Compares what was read with what is known.
   *
   * @param blocks those that were read
   * @return whether somebody has changed what is ours
   */
  boolean compare(Tx tx, SkillRow row, JsonNode blocks) {
    Map<String, Object> columns = new HashMap<>();
    columns.put("read_at", tx.now());
    if (!lacksBlocks(blocks)) {
      columns.put("tried_at", tx.now());
    }
    boolean underWay = row.writingUntil() != null && row.writingUntil() > tx.now();
    ArrayNode changes = JsonNodeFactory.instance.arrayNode();
    if (!underWay) { // or what was read may be of before it
      ObjectNode kept = row.now().deepCopy();
      changes = changes(kept, blocks);
      OWN_RATE.stream()
          .filter(blocks.path("general")::hasNonNull)
          .forEach(
              field -> kept.withObject("/" + CONTROL).set(field, blocks.at("/general/" + field)));
      columns.put("settings_now", kept);
      columns.put("writing_until", null);
      // a write whose answer was lost has made what is read now
      if (row.writingUntil() == null && !changes.isEmpty()) {
        sightings.changed(tx, row.skillId(), changes);
      }
    }
    rows.set(tx, row.campaignId(), columns);
    return row.writingUntil() == null && !changes.isEmpty();
  }

  /** What is not as it was; it is noted to be so from now on. */
  private static ArrayNode changes(ObjectNode kept, JsonNode blocks) {
    ArrayNode changes = JsonNodeFactory.instance.arrayNode();
    for (String block : SkillSettings.BLOCKS) {
      for (Map.Entry<String, JsonNode> ours : List.copyOf(kept.path(block).properties())) {
        JsonNode is = blocks.path(block).path(ours.getKey());
        if (is.isValueNode() && !is.isNull() && !SkillSettings.same(is, ours.getValue())) {
          ObjectNode change = changes.addObject().put("setting", ours.getKey());
          change.set("before", ours.getValue());
          change.set("after", is);
          kept.withObject("/" + block).set(ours.getKey(), is);
        }
      }
    }
    return changes;
  }

  /** A skill's settings could not be read: that is tried again no sooner than after a read. */
  public void unread(PlatformRequest request, Exception why) {
    String id = SkillRows.id(request);
    store.run(tx -> rows.set(tx, id, Map.of("tried_at", tx.now())));
    if (unread.add(id)) {
      LOG.warn(
          "What the skill of campaign {} is set to cannot be read; it is asked for again now and"
              + " then: {}",
          id,
          why.getMessage());
    }
  }
}
