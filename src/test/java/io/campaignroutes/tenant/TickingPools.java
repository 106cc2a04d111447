package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.cxone.Urgency;
import io.campaignroutes.sandbox.connection.TestTenant;
import io.campaignroutes.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * What running campaigns ask of a tenant besides what collectors read: who is in their pools, at
 * every tick, how they stand, at every look, and what their skills are set to.
 */
public final class TickingPools {
  private static final long LATELY = Duration.ofHours(10).toMillis();

  private final Store store;
  private final TestTenant tenant;
  private final IntConsumer called;
  private final TenantReads reads;
  private final SkillWatch watch;
  private final List<PlatformRequest> pools = new ArrayList<>();

  /**
   * @param called told of calls that are made
   */
  public TickingPools(
      Store store, TestTenant tenant, TenantNow now, SkillSightings seen, IntConsumer called) {
    SkillRows rows = new SkillRows(store);
    this.store = store;
    this.tenant = tenant;
    this.called = called;
    this.reads = new TenantReads(store, rows, now);
    this.watch = new SkillWatch(store, rows, seen, Duration.ofSeconds(30));
  }

  /** Campaigns run on skills, and have done so for a while. */
  public void adopt(int first, int count) {
    SkillRows rows = new SkillRows(store);
    for (int n = 0; n < count; n++) {
      String skill = String.valueOf(first + n);
      long age = LATELY * n / count;
      pools.add(
          new PlatformRequest(
              JsonNodeFactory.instance.objectNode().put("skillId", skill), Urgency.PACING, 0));
      store.write(
          tx -> {
            rows.insert(tx, "cmp_" + skill, SkillRow.Mode.ADOPTED, skill, null);
            rows.set(
                tx,
                "cmp_" + skill,
                Map.of("state", SkillRow.State.READY, "settings_now", ours(skill)));
            tx.sql()
                .sql("insert into tenant_read (name, answer, read_at) values (?, '{}', ?)")
                .params("skillAgents:" + skill, tx.now() - age)
                .update();
            return null;
          });
    }
  }

  private ObjectNode ours(String skill) {
    ObjectNode blocks = JsonNodeFactory.instance.objectNode();
    JsonNode told = tenant.read("/skills/" + skill + "/parameters");
    blocks.putObject("general").set("maximumRatio", told.at("/generalSettings/maximumRatio"));
    blocks.putObject("retry").set("maximumAttempts", told.at("/retrySettings/maximumAttempts"));
    return blocks;
  }

  /**
   * A tick of pools: of a few, or of all when it is also time to look how each campaign stands.
   * What is of the tenant as a whole a few of them ask for: it is there for the others.
   */
  public void tick(boolean looks) {
    List<PlatformRequest> few = pools.subList(0, Math.min(20, pools.size()));
    for (PlatformRequest pool : looks ? pools : few) {
      if (reads.recentOf("skillAgents", pool) == null) {
        called.accept(1);
        reads.keepOf("skillAgents", pool, JsonNodeFactory.instance.objectNode());
      }
    }
    for (int n = 0; n < few.size(); n++) {
      asked("agents", pages("/agents?x=", "agents"));
      asked("agentStates", 1);
      asked("timeZones", 1);
      asked("businessUnit", 1);
      if (looks) {
        asked("skills", 6);
        asked("lists", 1);
      }
    }
  }

  private int pages;

  private int pages(String path, String name) {
    if (pages == 0) {
      pages = 1 + tenant.read(path + "&top=1&skip=0").path("totalRecords").asInt() / 100;
    }
    return pages;
  }

  private void asked(String operation, int calls) {
    if (reads.recent(operation) == null) {
      called.accept(calls);
      reads.keep(operation, JsonNodeFactory.instance.objectNode());
    }
  }

  /** Reads the settings of those skills whose time it is. */
  public void settings() {
    for (PlatformRequest skill : watch.due()) {
      called.accept(1);
      String id = skill.arguments().path("skillId").asText();
      JsonNode told = tenant.read("/skills/" + id + "/parameters");
      ObjectNode blocks = JsonNodeFactory.instance.objectNode();
      blocks.set("general", told.path("generalSettings"));
      blocks.set("retry", told.path("retrySettings"));
      blocks.set("cpa", told.path("cpaSettings"));
      watch.read(skill, blocks);
    }
  }

  /** Changes of settings that were taken for people's. */
  public long changesSeen() {
    return store
        .read()
        .sql("select count(*) from skill_event where detail is not null")
        .query(Long.class)
        .single();
  }
}
