package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * How a skill comes to the settings and agents of its campaign, and how it is given back. Every
 * step may be done again from the start: what a skill had is in the store ahead of the first write,
 * and what was written is believed once it is read.
 */
@Component
public final class SkillSetup {
  /** So often in a row CXone may show something else than was written before that is a refusal. */
  private static final int MAX_MISMATCHES = 5;

  /** Agents that one call assigns; CXone answers 400 above a limit that it does not tell. */
  private static final int MAX_ASSIGNED = 100;

  private static final Logger LOG = LoggerFactory.getLogger(SkillSetup.class);

  private final Store store;
  private final SkillRows rows;
  private final SkillProperties properties;

  /** Campaigns whose skills cannot be given back, each told of once. */
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  SkillSetup(Store store, SkillRows rows, SkillProperties properties) {
    this.store = store;
    this.rows = rows;
    this.properties = properties;
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
    if (rows.known(request).before() == null) {
      rows.set(request, Map.of("settings_before", now));
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

  /** Whether any block of settings is to be written. */
  public boolean isWriting(PlatformRequest request) {
    return SkillSettings.BLOCKS.stream().anyMatch(block -> writes(request, block));
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
    columns.put("read_at", store.now());
    columns.put("tried_at", store.now());
    columns.put("mismatches", 0);
    rows.set(request, columns);
    return request;
  }

  private void compare(PlatformRequest request, JsonNode now, JsonNode wanted) {
    SkillSettings.difference(now, wanted)
        .ifPresent(
            difference -> {
              SkillRow row = rows.known(request);
              String why = "Skill " + row.skillId() + " does not show what was written: ";
              if (row.mismatches() + 1 >= MAX_MISMATCHES) {
                rows.set(request, Map.of("mismatches", 0));
                throw Skills.refused("SETTINGS_NOT_TAKEN", why + difference);
              }
              rows.set(request, Map.of("mismatches", row.mismatches() + 1));
              throw new CxoneUnavailableException(
                  CxoneUnavailableException.Kind.UNREACHABLE, why + difference, null, null);
            });
  }

  /** Whether the skill has to be given back or deactivated still. */
  public boolean isOpen(PlatformRequest request) {
    return rows.of(SkillRows.id(request))
        .map(row -> row.state() != SkillRow.State.CLOSED && row.skillId() != null)
        .orElse(false);
  }

  /** Whether an operator wants to stop the campaign before it has its skill. */
  public boolean isUnwanted(PlatformRequest request) {
    return rows.isUnwanted(SkillRows.id(request));
  }

  /** A skill that does not dial any more could not be given back yet: the log tells it once. */
  public void backLater(PlatformRequest request, CxoneUnavailableException why) {
    if (open.add(SkillRows.id(request))) {
      LOG.warn(
          "Campaign {}: CXone does not dial for it any more; its stop is done once its skill is"
              + " given back, which is tried again. {}",
          SkillRows.id(request),
          why.getMessage());
    }
  }

  /**
   * Whether nothing was written to a skill that is adopted, so that nothing is to be given back.
   */
  public boolean isUntouched(PlatformRequest request) {
    SkillRow row = rows.known(request);
    return row.mode() == SkillRow.Mode.ADOPTED && row.before() == null;
  }

  /**
   * The request that gives an adopted skill back what it had, where it has something else now. What
   * had no value is to have none again.
   *
   * @param now all blocks
   */
  public PlatformRequest planBefore(PlatformRequest request, JsonNode now) {
    return write(request, now, had(request));
  }

  /** Whether a request to write settings has some that are to have no value. */
  public boolean empties(PlatformRequest request) {
    return SkillSettings.empties(request.arguments());
  }

  /** The same request where CXone refuses that: such settings are left out of what is written. */
  public PlatformRequest planLeavingOut(PlatformRequest request) {
    PlatformRequest writing = request;
    for (String block : SkillSettings.BLOCKS) {
      if (writes(request, block)) {
        writing = writing.with(block, SkillSettings.filled(request.arguments().path(block)));
      }
    }
    return writing;
  }

  private JsonNode had(PlatformRequest request) {
    SkillRow row = rows.known(request);
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
    JsonNode had = had(request);
    compare(request, now, had);
    ObjectNode kept = SkillSettings.kept(now, had);
    closed(request, kept.isEmpty() ? null : kept);
    if (!kept.isEmpty()) {
      LOG.warn(
          "Campaign {}: skill {} has all its settings back but {}, which had no value before: CXone"
              + " does not take them back. Look at them in CXone.",
          SkillRows.id(request),
          rows.known(request).skillId(),
          SkillSettings.told(kept));
    }
    return request;
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
          "CXone shows skill " + rows.known(request).skillId() + " active still.",
          null,
          null);
    }
    return closed(request);
  }

  /** Nothing is given back: there is nothing, or the skill is no more at CXone. */
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
            .formatted(rows.known(request).skillId(), refusal.getMessage()),
        null,
        null);
  }

  private PlatformRequest closed(PlatformRequest request) {
    return closed(request, null);
  }

  /** The same with what is left of ours in the skill. */
  private PlatformRequest closed(PlatformRequest request, JsonNode kept) {
    Map<String, Object> columns = new HashMap<>();
    columns.put("mismatches", 0);
    columns.put("settings_now", kept);
    store.run(tx -> rows.close(tx, SkillRows.id(request), columns));
    open.remove(SkillRows.id(request));
    return request;
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

  /** The requests that assign the agents who are missing, some in each. */
  public List<PlatformRequest> assignments(PlatformRequest request) {
    List<PlatformRequest> requests = new ArrayList<>();
    ArrayNode some = JsonNodeFactory.instance.arrayNode();
    for (JsonNode agent : request.arguments().path("missing")) {
      if (some.size() == MAX_ASSIGNED) {
        requests.add(request.with("missing", some));
        some = JsonNodeFactory.instance.arrayNode();
      }
      some.add(agent);
    }
    requests.add(request.with("missing", some));
    return requests;
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

  /** Whether the numbers of do-not-call groups are to be kept from the skill. */
  public boolean keepsNumbers(PlatformRequest request) {
    return request.arguments().at("/payload/respectDnc").asBoolean();
  }

  /**
   * The do-not-call groups are there.
   *
   * @param groups {@code {groups: [{id, active}]}}
   * @throws CxoneRefusedException when one is not, or keeps nothing
   */
  public void groupsChecked(JsonNode groups) {
    SkillFault.groups(properties.dncGroups(), groups)
        .forEach(
            fault -> {
              throw fault.refusal();
            });
  }

  /**
   * The requests that keep the numbers of do-not-call groups from the skill, one for each group.
   */
  public List<PlatformRequest> scrubs(PlatformRequest request) {
    if (!keepsNumbers(request)) {
      return List.of();
    }
    return properties.dncGroups().stream()
        .map(group -> request.with("dncGroupId", TextNode.valueOf(group)))
        .toList();
  }

  /**
   * A group's numbers are kept from the skill.
   *
   * @param scrubbed {@code {skills: [id]}}, from which they are
   * @throws CxoneUnavailableException when CXone does not show it, so that it is tried again
   */
  public void scrubbed(PlatformRequest request, JsonNode scrubbed) {
    String skillId = request.arguments().path("skillId").asText();
    for (JsonNode skill : scrubbed.path("skills")) {
      if (skill.asText().equals(skillId)) {
        return;
      }
    }
    throw new CxoneUnavailableException(
        CxoneUnavailableException.Kind.UNREACHABLE,
        "CXone does not show yet that the numbers of do-not-call group %s are kept from skill %s."
            .formatted(request.arguments().path("dncGroupId").asText(), skillId),
        null,
        null);
  }
}
