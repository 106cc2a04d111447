package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.PlatformRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Who works for a skill or is in a team, made of what CXone says of all agents: whether they are
 * there, and in which time zone.
 */
@Component
public final class SkillAgents {
  private static final String GONE = "LoggedOut";

  /** The states in which the dialer, or a queue, may hand a call to an agent. */
  private static final Set<String> WAITING = Set.of("Dialer", "Available");

  private final SkillProperties properties;

  SkillAgents(SkillProperties properties) {
    this.properties = properties;
  }

  /** The request with {@code skillId} or {@code teamId}, or neither for what is no such pool. */
  public PlatformRequest pool(PlatformRequest request) {
    Optional<SkillPool> pool = SkillPool.of(request.poolId(), properties.pool());
    return pool.isEmpty()
        ? request
        : request.with(
            pool.get().isSkill() ? "skillId" : "teamId", TextNode.valueOf(pool.get().id()));
  }

  /** Whether the pool is a skill. */
  public boolean isSkill(PlatformRequest request) {
    return request.arguments().has("skillId");
  }

  /** Whether the pool is a team. */
  public boolean isTeam(PlatformRequest request) {
    return request.arguments().has("teamId");
  }

  /**
   * There is no such pool.
   *
   * @throws CxoneRefusedException always
   */
  public JsonNode unknown(PlatformRequest request) {
    throw new CxoneRefusedException(
        404, "POOL_UNKNOWN", request.poolId() + " is neither skill:<number> nor team:<number>.");
  }

  /**
   * The agents of a pool.
   *
   * @param members {@code {agents: [{id}]}} of a skill; not looked at for a team
   * @param all {@code {agents: [{id, teamId, timeZone, own}]}}
   * @param states {@code {states: [{id, state, contact, wrapUp}]}}
   * @return {@code {agents: [{id, status, timeZone, own}]}}
   */
  public JsonNode of(PlatformRequest request, JsonNode members, JsonNode all, JsonNode states) {
    Set<String> ids = new HashSet<>();
    members.path("agents").forEach(agent -> ids.add(agent.path("id").asText()));
    String teamId = request.arguments().path("teamId").asText();
    Map<String, JsonNode> now = new HashMap<>();
    states.path("states").forEach(state -> now.put(state.path("id").asText(), state));
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode agents = answer.putArray("agents");
    for (JsonNode agent : all.path("agents")) {
      String id = agent.path("id").asText();
      boolean member =
          isTeam(request) ? agent.path("teamId").asText().equals(teamId) : ids.contains(id);
      if (member) {
        ObjectNode one = agents.addObject().put("id", id).put("status", status(now.get(id)));
        one.set("timeZone", agent.path("timeZone"));
        one.put("own", agent.path("own").asBoolean(true));
      }
    }
    return answer;
  }

  private static String status(JsonNode state) {
    String word = state == null ? GONE : state.path("state").asText(GONE);
    if (word.equals(GONE)) {
      return "LOGGED_OUT";
    }
    JsonNode contact = state.path("contact");
    boolean talks = contact.isValueNode() && !contact.isNull() && contact.asLong() != 0;
    boolean busy = talks || state.path("wrapUp").asText().equals("true");
    return WAITING.contains(word) && !busy ? "AVAILABLE" : "NOT_READY";
  }

  /**
   * The same with time zones by their IANA names, as far as they can be told.
   *
   * @param zones {@code {zones: [{display, windows}]}}
   * @param unit {@code {timeZone}}, of agents who have none of their own
   * @return {@code {agents: [{id, status, timeZone}]}}
   */
  public JsonNode zoned(JsonNode agents, JsonNode zones, JsonNode unit) {
    WindowsZones known = new WindowsZones(zones.path("zones"));
    String common = unit.path("timeZone").asText("");
    for (JsonNode agent : agents.path("agents")) {
      String told = agent.path("timeZone").asText("");
      boolean own = agent.path("own").asBoolean(true) && !told.isBlank();
      String zone = known.iana(own ? told : common);
      ((ObjectNode) agent).put("timeZone", zone).remove("own");
    }
    return agents;
  }
}
