package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.text.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * What was read of the tenant as a whole a while ago, or of one pool: a thousand campaigns need not
 * ask a thousand times, and no more than so many calls a day are to be made for all of them. What
 * changes often is taken from the reads that are made anyway; what does not is read once for all
 * replicas and kept in the store.
 */
@Component
public final class TenantReads {
  /** How long an answer is used again, by its operation. */
  private static final Map<String, Duration> KEPT =
      Map.of(
          "agentStates", Duration.ofSeconds(10),
          "skills", Duration.ofSeconds(25),
          "lists", Duration.ofSeconds(50),
          "agents", Duration.ofMinutes(15),
          "timeZones", Duration.ofHours(6),
          "businessUnit", Duration.ofMinutes(30),
          "getTeam", Duration.ofHours(1),
          "skillAgents", Duration.ofMinutes(5));

  /** Reads in a day of who works for skills; with many skills each is read less often. */
  private static final long MEMBERS_A_DAY = 1_200;

  /** What was collected is put together anew after so long, in ms. */
  private static final long COLLECTED = 2_000;

  /** What is kept was asked for no longer before, in ms: a call may wait and be repeated. */
  private static final long LONGEST = 60_000;

  private static final long DAY = Duration.ofDays(1).toMillis();

  private final Store store;
  private final SkillRows rows;
  private final TenantNow now;
  private final Map<String, Supplier<JsonNode>> collected;
  private final Map<String, Collected> together = new ConcurrentHashMap<>();
  private final Cache<String, Kept> answers =
      Caffeine.newBuilder().maximumSize(2_000).expireAfterWrite(Duration.ofHours(6)).build();

  private record Kept(JsonNode answer, long readAt) {
    boolean young(long now, long millis) {
      return now >= readAt && now - readAt < millis;
    }
  }

  /**
   * What was collected, put together.
   *
   * @param version when it was read last: an event may tell already of what was read after it
   */
  private record Collected(Kept kept, Optional<Long> version) {}

  TenantReads(Store store, SkillRows rows, TenantNow now) {
    this.store = store;
    this.rows = rows;
    this.now = now;
    this.collected = Map.of("agentStates", now::states, "skills", now::skills, "lists", now::lists);
  }

  /** The answer of a while ago; null when it must be asked for. */
  public JsonNode recent(String operation) {
    Supplier<JsonNode> reads = collected.get(operation);
    if (reads == null) {
      return kept(operation, KEPT.get(operation).toMillis(), store.now());
    }
    Optional<Long> version = now.readAt(operation); // ahead of what is read: at worst it is older
    Collected last = together.get(operation);
    if (last != null
        && last.version().equals(version)
        && last.kept().young(store.now(), COLLECTED)) {
      return last.kept().answer();
    }
    JsonNode answer = reads.get();
    if (answer == null) {
      Kept asked = answers.getIfPresent(operation);
      return asked != null && asked.young(store.now(), KEPT.get(operation).toMillis())
          ? usable(operation, asked)
          : null;
    }
    together.put(operation, new Collected(new Kept(answer, store.now()), version));
    return answer;
  }

  /**
   * The same of what agents do.
   *
   * @throws CxoneUnavailableException when a tick asks and it was not read of late: what fails is
   *     not asked for by each agent pool every few seconds
   */
  public JsonNode recentStates(PlatformRequest request) {
    JsonNode states = recent("agentStates");
    if (states == null && request.urgency() == Urgency.PACING) {
      throw new CxoneUnavailableException(
          CxoneUnavailableException.Kind.UNREACHABLE,
          "What the tenant's agents do was not read of late.",
          null,
          null);
    }
    return states;
  }

  /** What was asked for, without the skills of which it may tell what was so before. */
  private JsonNode usable(String operation, Kept asked) {
    if (!operation.equals("skills")) {
      return asked.answer();
    }
    Set<String> since = now.toldSince(asked.readAt() - LONGEST);
    ObjectNode usable = Json.object();
    ArrayNode skills = usable.putArray("skills");
    for (JsonNode skill : asked.answer().path("skills")) {
      if (!since.contains(skill.path("id").asText())) {
        skills.add(skill);
      }
    }
    return usable;
  }

  /** Keeps an answer, and returns what of it can be used. */
  public JsonNode keep(String operation, JsonNode answer) {
    if (collected.containsKey(operation)) {
      Kept asked = new Kept(answer, store.now());
      answers.put(operation, asked);
      return usable(operation, asked);
    }
    return write(operation, answer);
  }

  /** The same for a request about one pool: {@code skillAgents} or {@code getTeam}. */
  public JsonNode recentOf(String operation, PlatformRequest request) {
    long now = store.now();
    long millis = KEPT.get(operation).toMillis();
    if (operation.equals("skillAgents")) {
      millis = Math.max(millis, skills(now) * DAY / MEMBERS_A_DAY);
    }
    return kept(name(operation, request), millis, now);
  }

  /** How many skills there are, as of a moment ago. */
  private long skills(long now) {
    Kept count = answers.getIfPresent("skills that are ours");
    if (count == null || !count.young(now, COLLECTED)) {
      count = new Kept(LongNode.valueOf(rows.ready()), now);
      answers.put("skills that are ours", count);
    }
    return count.answer().asLong();
  }

  /** Keeps an answer about one pool. */
  public JsonNode keepOf(String operation, PlatformRequest request, JsonNode answer) {
    return write(name(operation, request), answer);
  }

  private static String name(String operation, PlatformRequest request) {
    JsonNode of = request.arguments();
    return operation + ":" + of.path("skillId").asText(of.path("teamId").asText());
  }

  private JsonNode kept(String name, long millis, long now) {
    Kept kept = answers.getIfPresent(name);
    if (kept == null || !kept.young(now, millis)) {
      kept = stored(name);
      if (kept == null || !kept.young(now, millis)) {
        return null;
      }
      answers.put(name, kept);
    }
    return kept.answer();
  }

  private Kept stored(String name) {
    return store
        .read()
        .sql("select answer, read_at from tenant_read where name = ?")
        .param(name)
        .query((row, n) -> new Kept(Json.stored(row.getString(1)), row.getLong(2)))
        .optional()
        .orElse(null);
  }

  private JsonNode write(String name, JsonNode answer) {
    answers.put(name, new Kept(answer, store.now()));
    try {
      store.write(
          tx ->
              tx.sql()
                  .sql(
                      "insert into tenant_read (name, answer, read_at) values (?, ?, ?) on conflict"
                          + " (name) do update set answer = excluded.answer,"
                          + " read_at = excluded.read_at")
                  .params(name, Json.text(answer), tx.now())
                  .update());
    } catch (StoreUnavailableException e) {
      return answer; // then this process alone has it
    }
    return answer;
  }
}
