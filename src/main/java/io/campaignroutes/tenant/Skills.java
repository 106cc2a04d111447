package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * How a campaign comes to its skill and the skill to its settings. Every step may be done again
 * from the start: what has been done is in the store ahead of what depends on it, or is read at
 * CXone. The requests that they make carry {@code skillId} and what else the calls are made from.
 */
@Component
public final class Skills {
  /** So often in a row CXone may show something else than was written before that is a refusal. */
  private static final int MAX_MISMATCHES = 5;

  private final Store store;
  private final SkillRows rows;
  private final SkillProperties properties;

  Skills(Store store, SkillRows rows, SkillProperties properties) {
    this.store = store;
    this.rows = rows;
    this.properties = properties;
  }

  /**
   * A campaign is to have its skill: from now on it is known in which way.
   *
   * @throws CxoneRefusedException when its pool is none, or the skill is another campaign's
   */
  public PlatformRequest begin(PlatformRequest request) {
    String id = id(request);
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
              if (pool.isSkill()) {
                refuseOther(tx, pool.id(), id);
              }
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
    rows.set(tx, row.campaignId(), columns);
  }

  private void refuseOther(Tx tx, String skillId, String campaignId) {
    rows.otherUser(tx, skillId, campaignId)
        .ifPresent(
            other -> {
              throw refused(
                  "SKILL_IN_USE",
                  "Skill " + skillId + " works for campaign " + other + ". Stop that one first.");
            });
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
    return row(request).mode() == SkillRow.Mode.CREATED;
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
   * The group is there.
   *
   * @param group {@code {id}}
   * @throws CxoneUnavailableException when it tells no id: it is looked for again
   */
  public PlatformRequest groupMade(PlatformRequest request, JsonNode group) {
    String groupId = told(group.path("id"), "the campaign that skills are created in");
    set(request, Map.of("group_id", groupId));
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
        if (!skill.path("notes").asText().contains(SkillName.mark(id(request)))) {
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
    set(request, Map.of("skill_id", skillId));
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
    SkillRow row = row(request);
    boolean adopted = row.mode() == SkillRow.Mode.ADOPTED;
    boolean active = skill.path("active").asBoolean();
    if (adopted && (!skill.path("dials").asBoolean() || !active)) {
      throw refused(
          "SKILL_UNSUITABLE",
          "Skill "
              + row.skillId()
              + (active ? " is no outbound skill of Personal Connection." : " is not active.")
              + " Name another one, or change it in CXone.");
    }
    if (skill.path("running").asBoolean() && row.before() == null) {
      throw refused(
          "SKILL_IN_USE",
          "Skill " + row.skillId() + " runs already. Stop it in CXone, then launch again.");
    }
    return request.with("active", JsonNodeFactory.instance.booleanNode(active));
  }

  /** Whether a skill that was deactivated here has to be activated again. */
  public boolean isInactive(PlatformRequest request) {
    return !request.arguments().path("active").asBoolean(true);
  }

  /** The request that activates or deactivates its skill. */
  public PlatformRequest active(PlatformRequest request, boolean active) {
    return request.with("active", JsonNodeFactory.instance.booleanNode(active));
  }

  /** Whether a list is asked for by the campaign, which has to be one of its skill's. */
  public boolean namesList(PlatformRequest request) {
    return !request.arguments().at("/payload/contactListId").asText("").isBlank();
  }

  /**
   * The list that the campaign names is one of its skill's.
   *
   * @param lists {@code {lists: [{id, skills: [{id}]}]}}
   * @throws CxoneRefusedException when it is not
   */
  public PlatformRequest listChecked(PlatformRequest request, JsonNode lists) {
    String wanted = request.arguments().at("/payload/contactListId").asText();
    String skillId = request.arguments().path("skillId").asText();
    for (JsonNode list : lists.path("lists")) {
      if (list.path("id").asText().equals(wanted)) {
        for (JsonNode skill : list.path("skills")) {
          if (skill.path("id").asText().equals(skillId)) {
            return request;
          }
        }
      }
    }
    throw refused(
        "LIST_NOT_OF_SKILL",
        "Contact list " + wanted + " is none of the lists of skill " + skillId + ".");
  }

  /** All blocks of settings as they were read, in one. */
  public JsonNode blocks(JsonNode general, JsonNode retry, JsonNode cpa) {
    ObjectNode blocks = JsonNodeFactory.instance.objectNode();
    blocks.set("general", general);
    blocks.set("retry", retry);
    blocks.set("cpa", cpa);
    return blocks;
  }

  /**
   * The request that writes the campaign's settings. What the skill has now is on disk before.
   *
   * @param now all blocks
   */
  public PlatformRequest plan(PlatformRequest request, JsonNode now) {
    if (row(request).before() == null) {
      set(request, Map.of("settings_before", now));
    }
    return write(request, now, wanted(request));
  }

  private static PlatformRequest write(PlatformRequest request, JsonNode now, JsonNode wanted) {
    JsonNode blocks = SkillSettings.toWrite(now, wanted);
    ObjectNode arguments = ((ObjectNode) request.arguments()).deepCopy();
    arguments.remove(SkillSettings.BLOCKS);
    PlatformRequest writing = new PlatformRequest(arguments, request.urgency(), request.dueSince());
    for (String block : SkillSettings.BLOCKS) {
      if (blocks.has(block)) {
        writing = writing.with(block, blocks.get(block));
      }
    }
    return writing;
  }

  /** Whether a block of settings is to be written. */
  public boolean writes(PlatformRequest request, String block) {
    return request.arguments().has(block);
  }

  private JsonNode wanted(PlatformRequest request) {
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    if (request.arguments().at("/payload/settings") instanceof ObjectNode settings) {
      wanted.setAll(settings.deepCopy());
    }
    if (properties.abandonTimeout() >= 0) {
      wanted.withObject("/cpa").set("abandonTimeout", IntNode.valueOf(properties.abandonTimeout()));
    }
    return wanted;
  }

  /**
   * What was written was read back.
   *
   * @param now all blocks
   * @throws CxoneUnavailableException when CXone shows something else, so that it is tried again
   * @throws CxoneRefusedException when it has done so several times
   */
  public PlatformRequest verified(PlatformRequest request, JsonNode now) {
    JsonNode wanted = wanted(request);
    compare(request, now, wanted);
    Map<String, Object> columns = new HashMap<>();
    columns.put("settings_now", SkillSettings.ours(now, wanted));
    columns.put("mismatches", 0);
    set(request, columns);
    return request;
  }

  private void compare(PlatformRequest request, JsonNode now, JsonNode wanted) {
    SkillSettings.difference(now, wanted)
        .ifPresent(
            difference -> {
              SkillRow row = row(request);
              String why = "Skill " + row.skillId() + " does not show what was written: ";
              if (row.mismatches() + 1 >= MAX_MISMATCHES) {
                set(request, Map.of("mismatches", 0));
                throw refused("SETTINGS_NOT_TAKEN", why + difference);
              }
              set(request, Map.of("mismatches", row.mismatches() + 1));
              throw new CxoneUnavailableException(
                  CxoneUnavailableException.Kind.UNREACHABLE, why + difference, null, null);
            });
  }

  /**
   * Everything of the skill is as it was wanted: it may be started.
   *
   * @throws CxoneUnavailableException when it was given back meanwhile
   */
  public PlatformRequest ready(PlatformRequest request) {
    store.write(
        tx -> {
          rows.locked(tx, id(request))
              .filter(row -> row.state() == SkillRow.State.CLOSED)
              .ifPresent(Skills::lost);
          rows.set(tx, id(request), Map.of("state", SkillRow.State.READY));
          return null;
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
    return rows.of(id(request)).map(row -> row.state() != SkillRow.State.READY).orElse(true);
  }

  /** Nothing is registered: events are observed. */
  public JsonNode registered() {
    return JsonNodeFactory.instance.objectNode().put("id", "observed").put("observed", true);
  }

  /**
   * Agents of the team who are not assigned to the skill yet.
   *
   * @param agents {@code {agents: [{id, teamId}]}}, everybody's
   * @param assigned {@code {agents: [{id}]}}, the skill's
   */
  public PlatformRequest missing(PlatformRequest request, JsonNode agents, JsonNode assigned) {
    String teamId = request.arguments().path("teamId").asText();
    ArrayNode missing = JsonNodeFactory.instance.arrayNode();
    for (JsonNode agent : agents.path("agents")) {
      String id = agent.path("id").asText();
      if (agent.path("teamId").asText().equals(teamId) && !lists(assigned, id)) {
        missing.add(id);
      }
    }
    return request.with("missing", missing);
  }

  private static boolean lists(JsonNode agents, String id) {
    for (JsonNode agent : agents.path("agents")) {
      if (agent.path("id").asText().equals(id)) {
        return true;
      }
    }
    return false;
  }

  /** Whether agents are to be assigned. */
  public boolean lacksAgents(PlatformRequest request) {
    return !request.arguments().path("missing").isEmpty();
  }

  /**
   * The agents that were assigned are the skill's now.
   *
   * @throws CxoneUnavailableException when some are not, so that it is tried again
   */
  public PlatformRequest assigned(PlatformRequest request) {
    if (lacksAgents(request)) {
      throw new CxoneUnavailableException(
          CxoneUnavailableException.Kind.UNREACHABLE,
          "CXone does not show all agents that were assigned to skill "
              + request.arguments().path("skillId").asText()
              + " yet.",
          null,
          null);
    }
    return request;
  }

  /**
   * The requests that keep the numbers of do-not-call groups from the skill, one for each group.
   */
  public List<PlatformRequest> scrubs(PlatformRequest request) {
    if (!request.arguments().at("/payload/respectDnc").asBoolean()) {
      return List.of();
    }
    return properties.dncGroups().stream()
        .map(group -> request.with("dncGroupId", TextNode.valueOf(group)))
        .toList();
  }

  /** The campaign has its skill. */
  public JsonNode created(PlatformRequest request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("id", request.arguments().path("skillId").asText()).put("status", "CREATED");
    return answer.put("takesOver", row(request).mode() == SkillRow.Mode.ADOPTED);
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
    Optional<SkillRow> row = rows.of(id(request));
    String remoteId = request.arguments().path("remoteId").asText();
    return row.isEmpty()
        ? request.with("skillId", TextNode.valueOf(remoteId))
        : with(request, row.get(), SkillPool.of(request.poolId(), properties.pool()).orElse(null));
  }

  /** Whether the skill has to be given back or deactivated still. */
  public boolean isOpen(PlatformRequest request) {
    return rows.of(id(request))
        .map(row -> row.state() != SkillRow.State.CLOSED && row.skillId() != null)
        .orElse(false);
  }

  /**
   * The request that gives an adopted skill back what it had, where it has something else now.
   *
   * @param now all blocks
   */
  public PlatformRequest planBefore(PlatformRequest request, JsonNode now) {
    return write(request, now, had(request));
  }

  private JsonNode had(PlatformRequest request) {
    SkillRow row = row(request);
    if (row.before() == null) {
      return JsonNodeFactory.instance.objectNode();
    }
    ObjectNode ours = (ObjectNode) wanted(request);
    if (properties.fineLever()) {
      ours.withObject("/general").put("percentageOfAgentsBeforeOverdial", 0);
    }
    return SkillSettings.before(row.before(), ours);
  }

  /**
   * An adopted skill has what it had before.
   *
   * @param now all blocks
   * @throws CxoneUnavailableException when it has not, so that it is tried again
   */
  public PlatformRequest givenBack(PlatformRequest request, JsonNode now) {
    compare(request, now, had(request));
    return closed(request);
  }

  /**
   * A skill that was created was deactivated.
   *
   * @param skill {@code {active}}
   * @throws CxoneUnavailableException when CXone shows it active, so that it is tried again
   */
  public PlatformRequest deactivated(PlatformRequest request, JsonNode skill) {
    if (skill.path("active").asBoolean()) {
      throw new CxoneUnavailableException(
          CxoneUnavailableException.Kind.UNREACHABLE,
          "CXone shows skill " + row(request).skillId() + " active still.",
          null,
          null);
    }
    return closed(request);
  }

  /** The skill is no more at CXone: there is nothing to give back. */
  public PlatformRequest gone(PlatformRequest request) {
    return closed(request);
  }

  /**
   * CXone refuses what gives a skill back.
   *
   * @throws CxoneUnavailableException always: it is tried again, however often
   */
  public void notGivenBack(PlatformRequest request, CxoneRefusedException refusal) {
    throw new CxoneUnavailableException(
        CxoneUnavailableException.Kind.UNREACHABLE,
        "Skill %s could not be given back as it was: %s"
            .formatted(row(request).skillId(), refusal.getMessage()),
        null,
        null);
  }

  private PlatformRequest closed(PlatformRequest request) {
    Map<String, Object> columns = new HashMap<>();
    columns.put("state", SkillRow.State.CLOSED);
    columns.put("mismatches", 0);
    columns.put("settings_now", null);
    set(request, columns);
    return request;
  }

  private SkillRow row(PlatformRequest request) {
    return rows.of(id(request))
        .orElseThrow(
            () -> new IllegalStateException("campaign " + id(request) + " has no skill here"));
  }

  private void set(PlatformRequest request, Map<String, Object> columns) {
    store.write(
        tx -> {
          rows.set(tx, id(request), columns);
          return null;
        });
  }

  private static String id(PlatformRequest request) {
    return request.arguments().path("id").asText();
  }

  static CxoneRefusedException refused(String code, String message) {
    return new CxoneRefusedException(422, code, message);
  }
}
