package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.campaignroutes.cxone.CxoneException;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * How a campaign comes to its skill; {@link SkillSetup} has its settings. Every step may be done
 * again from the start: what has been done is in the store ahead of what depends on it, or is read
 * at CXone. The requests that they make carry {@code skillId} and what else the calls are made
 * from.
 */
@Component
public final class Skills {
  private final Store store;
  private final SkillRows rows;
  private final SkillProperties properties;
  private final SkillSightings sightings;

  Skills(Store store, SkillRows rows, SkillProperties properties, SkillSightings sightings) {
    this.store = store;
    this.rows = rows;
    this.properties = properties;
    this.sightings = sightings;
  }

  /**
   * A campaign is to have its skill: from now on it is known in which way.
   *
   * @throws CxoneRefusedException when its pool is none, or the skill is another campaign's
   */
  public PlatformRequest begin(PlatformRequest request) {
    String id = SkillRows.id(request);
    String poolId = request.poolId();
    SkillPool pool =
        SkillPool.of(poolId, properties.pool())
            .orElseThrow(() -> refused("POOL_UNKNOWN", unknownPool(poolId)));
    SkillRow row =
        store.write(
            tx -> {
              if (pool.isSkill()) {
                store.lock(tx, "skill:" + pool.id());
              }
              Optional<SkillRow> known = rows.locked(tx, id);
              Optional<SkillRow> before =
                  pool.isSkill() ? rows.otherUser(tx, pool.id(), id) : Optional.empty();
              before.ifPresent(other -> refuseUnlessEnded(tx, other));
              if (known.isEmpty()) {
                String name = request.arguments().path("name").asText();
                rows.insert(
                    tx,
                    id,
                    pool.isSkill() ? SkillRow.Mode.ADOPTED : SkillRow.Mode.CREATED,
                    pool.isSkill() ? pool.id() : null,
                    pool.isSkill() ? null : SkillName.of(id, name));
              } else if (known.get().state() == SkillRow.State.CLOSED) {
                reopen(tx, known.get());
              }
              before.ifPresent(other -> takeOver(tx, other, id));
              return rows.locked(tx, id).orElseThrow();
            });
    return with(request, row, pool);
  }

  /** Given back, and to dial again: what it has now is what it gets back next time. */
  private void reopen(Tx tx, SkillRow row) {
    Map<String, Object> columns = new HashMap<>();
    columns.put("state", SkillRow.State.NEW);
    columns.put("settings_before", null);
    columns.put("asked", null);
    columns.put("ran", 0);
    columns.put("end_seen_at", null);
    columns.put("start_until", null);
    rows.set(tx, row.campaignId(), columns);
  }

  private static void refuseUnlessEnded(Tx tx, SkillRow other) {
    if (!SkillRows.ended(tx.sql(), other.campaignId())) {
      throw SkillFault.inUse(other.skillId(), other.campaignId()).refusal();
    }
  }

  /** What the skill had before a campaign that has failed is what it gets back after the next. */
  private void takeOver(Tx tx, SkillRow other, String campaignId) {
    if (other.before() != null) {
      rows.set(tx, campaignId, Map.of("settings_before", other.before()));
    }
    Map<String, Object> columns = new HashMap<>();
    columns.put("settings_now", null);
    rows.close(tx, other.campaignId(), columns);
  }

  private static String unknownPool(String poolId) {
    return "agentPoolId is "
        + poolId
        + ", and has to be skill:<number> or team:<number>, as CXone numbers them.";
  }

  private PlatformRequest with(PlatformRequest request, SkillRow row, SkillPool pool) {
    PlatformRequest with = request;
    if (row.skillId() != null) {
      with = with.with("skillId", TextNode.valueOf(row.skillId()));
    }
    if (row.groupId() != null) {
      with = with.with("groupId", TextNode.valueOf(row.groupId()));
    }
    if (row.mode() == SkillRow.Mode.CREATED) {
      String name = request.arguments().path("name").asText();
      with =
          with.with("skillName", TextNode.valueOf(row.name()))
              .with("notes", TextNode.valueOf(SkillName.notes(row.campaignId(), name)));
    }
    return pool == null || pool.isSkill() ? with : with.with("teamId", TextNode.valueOf(pool.id()));
  }

  /** Whether a skill is there already for a request. */
  public boolean hasSkill(PlatformRequest request) {
    return request.arguments().has("skillId");
  }

  /** Whether none is. */
  public boolean lacksSkill(PlatformRequest request) {
    return !hasSkill(request);
  }

  /** Whether the group is not known that a skill is to be created in. */
  public boolean lacksGroup(PlatformRequest request) {
    return !request.arguments().has("groupId");
  }

  /** Whether the campaign's skill is created here, so that its agents are ours to assign. */
  public boolean isCreated(PlatformRequest request) {
    return rows.known(request).mode() == SkillRow.Mode.CREATED;
  }

  /**
   * Takes the group that skills are created in from those that there are.
   *
   * @param groups {@code {groups: [{id, name}]}}
   */
  public PlatformRequest group(PlatformRequest request, JsonNode groups) {
    for (JsonNode group : groups.path("groups")) {
      if (properties.campaign().equals(group.path("name").asText())) {
        return groupMade(request, group);
      }
    }
    return request;
  }

  /**
   * The same after CXone has refused to create it, as where another campaign just did.
   *
   * @throws CxoneRefusedException the refusal, when it is not there all the same
   */
  public PlatformRequest groupOfOthers(
      PlatformRequest request, JsonNode groups, CxoneRefusedException refused) {
    PlatformRequest found = group(request, groups);
    if (lacksGroup(found)) {
      throw refused;
    }
    return found;
  }

  /**
   * The group is there.
   *
   * @param group {@code {id}}
   * @throws CxoneUnavailableException when it tells no id: it is looked for again
   */
  public PlatformRequest groupMade(PlatformRequest request, JsonNode group) {
    String groupId = told(group.path("id"), "the campaign that skills are created in");
    rows.set(request, Map.of("group_id", groupId));
    return request.with("groupId", TextNode.valueOf(groupId));
  }

  /**
   * Takes the campaign's skill from those that CXone lists: of exactly its name, and with our id in
   * its notes.
   *
   * @param listed {@code {skills: [{id, name, notes}]}}
   * @throws CxoneRefusedException when one has its name that is not ours
   */
  public PlatformRequest listed(PlatformRequest request, JsonNode listed) {
    String name = request.arguments().path("skillName").asText();
    for (JsonNode skill : listed.path("skills")) {
      if (name.equals(skill.path("name").asText())) {
        if (!skill.path("notes").asText().contains(SkillName.mark(SkillRows.id(request)))) {
          throw refused(
              "SKILL_IN_USE",
              "CXone has a skill called "
                  + name
                  + " without this campaign's id in its notes. Rename it in CXone.");
        }
        return made(request, skill);
      }
    }
    return request;
  }

  /**
   * CXone has created the skill.
   *
   * @param made {@code {id}}
   * @throws CxoneUnavailableException when it tells no id: the skill is looked for by its name
   */
  public PlatformRequest made(PlatformRequest request, JsonNode made) {
    String skillId = told(made.path("id"), "the skill that it has created");
    rows.set(request, Map.of("skill_id", skillId));
    return request.with("skillId", TextNode.valueOf(skillId));
  }

  private static String told(JsonNode id, String what) {
    String text = id.isValueNode() && !id.isNull() ? id.asText().strip() : "";
    if (text.isEmpty() || text.equals("0")) {
      throw new CxoneUnavailableException(
          CxoneUnavailableException.Kind.UNREACHABLE,
          "CXone does not tell the id of " + what + "; it is looked for by its name.",
          null,
          null);
    }
    return text;
  }

  /**
   * The skill, as it is now, can be made ready. One that is adopted must not dial yet.
   *
   * @param skill {@code {id, active, running, dials}}
   * @throws CxoneRefusedException when it cannot
   */
  public PlatformRequest usable(PlatformRequest request, JsonNode skill) {
    SkillRow row = rows.known(request);
    if (row.mode() == SkillRow.Mode.ADOPTED) {
      SkillFault.unsuitable(row.skillId(), skill).ifPresent(Skills::refuse);
    }
    if (skill.path("running").asBoolean() && row.asked() == null) {
      refuse(SkillFault.running(row.skillId()));
    }
    boolean active = skill.path("active").asBoolean();
    return request.with("active", JsonNodeFactory.instance.booleanNode(active));
  }

  /** Whether a skill that was deactivated here has to be activated again. */
  public boolean isInactive(PlatformRequest request) {
    return !request.arguments().path("active").asBoolean(true);
  }

  /** The request that activates or deactivates its skill, which is noted to be ours before. */
  public PlatformRequest active(PlatformRequest request, boolean active) {
    String skillId = request.arguments().path("skillId").asText();
    store.run(
        tx -> {
          if (active) {
            sightings.ordered(tx, skillId);
          } else {
            sightings.deactivates(tx, skillId);
          }
        });
    return request.with("active", JsonNodeFactory.instance.booleanNode(active));
  }

  /** Whether its lists are there already: it is adopted. */
  public boolean bringsLists(PlatformRequest request) {
    return rows.known(request).mode() == SkillRow.Mode.ADOPTED;
  }

  /**
   * The skill has a list with somebody to call, and the one that the campaign names is its own.
   *
   * @param lists {@code {lists: [{id, skills: [{id, total, fresh, finalized}]}]}}
   * @throws CxoneRefusedException when that is not so
   */
  public PlatformRequest listsChecked(PlatformRequest request, JsonNode lists) {
    String wanted = request.arguments().at("/payload/contactListId").asText("");
    String skillId = request.arguments().path("skillId").asText();
    SkillFault.lists(skillId, wanted, lists).forEach(Skills::refuse);
    return request;
  }

  private static void refuse(SkillFault fault) {
    throw fault.refusal();
  }

  /**
   * Everything of the skill is as it was wanted: it may be started.
   *
   * @throws CxoneUnavailableException when it was given back meanwhile
   */
  public PlatformRequest ready(PlatformRequest request) {
    store.run(
        tx -> {
          rows.locked(tx, SkillRows.id(request))
              .filter(row -> row.state() == SkillRow.State.CLOSED)
              .ifPresent(Skills::lost);
          rows.set(tx, SkillRows.id(request), Map.of("state", SkillRow.State.READY));
        });
    return request;
  }

  /** Whoever has gone on with the campaign has given the skill back; nothing is done with it. */
  static void lost(SkillRow row) {
    throw new CxoneUnavailableException(
        CxoneUnavailableException.Kind.UNREACHABLE,
        "Skill " + row.skillId() + " was given back or is not ready; nothing is done with it.",
        null,
        null);
  }

  /** Whether the skill may not be started: it is half made, or was given back. */
  public boolean isUnready(PlatformRequest request) {
    return rows.of(SkillRows.id(request))
        .map(row -> row.state() != SkillRow.State.READY)
        .orElse(true);
  }

  /** Whether it was never started for its campaign yet. */
  public boolean isFirstStart(PlatformRequest request) {
    return rows.of(SkillRows.id(request)).map(row -> row.asked() == null).orElse(false);
  }

  /** Nothing is registered: events are observed. */
  public JsonNode registered() {
    return JsonNodeFactory.instance.objectNode().put("id", "observed").put("observed", true);
  }

  /** The campaign has its skill. */
  public JsonNode created(PlatformRequest request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("id", request.arguments().path("skillId").asText()).put("status", "CREATED");
    return answer.put("takesOver", rows.known(request).mode() == SkillRow.Mode.ADOPTED);
  }

  /** The same as one that was looked for. */
  public JsonNode found(PlatformRequest request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.putArray("campaigns").add(created(request));
    return answer;
  }

  /** There is no such skill, or not yet. */
  public JsonNode none() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.putArray("campaigns");
    return answer;
  }

  /**
   * Throws what was caught, once what it leads to has been done.
   *
   * @param caught the refusal, or what a split has made of it
   */
  public void rethrow(Exception caught) {
    for (Throwable cause = caught; cause != null; cause = cause.getCause()) {
      if (cause instanceof CxoneException known) {
        throw known;
      }
    }
    throw new IllegalStateException(caught);
  }

  /** The request about the skill that a campaign has, with what its calls are made from. */
  public PlatformRequest known(PlatformRequest request) {
    Optional<SkillRow> row = rows.of(SkillRows.id(request));
    String remoteId = request.arguments().path("remoteId").asText();
    return row.isEmpty()
        ? request.with("skillId", TextNode.valueOf(remoteId))
        : with(request, row.get(), SkillPool.of(request.poolId(), properties.pool()).orElse(null));
  }

  static CxoneRefusedException refused(String code, String message) {
    return new CxoneRefusedException(422, code, message);
  }
}
