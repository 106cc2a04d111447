package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.dialer.Operator;
import io.campaignroutes.dialer.OutboundCall;
import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The business unit itself, its time zones, teams, agents, and what the agents do. */
final class PeopleCalls {

  private static final int PAGE = 50;

  /** Until it is told that an agent talks who was handed a call, in seconds. */
  private static final double HAND_OVER = 1;

  private final BusinessUnit unit;
  private List<State> states = List.of();
  private long statesAt = Long.MIN_VALUE / 2;

  /** What an agent does, and since when, in milliseconds since the epoch. */
  private record State(ObjectNode json, long since) {}

  PeopleCalls(BusinessUnit unit) {
    this.unit = unit;
  }

  void register(CallTable calls) {
    calls
        .add("businessUnit", "GET", "/business-unit", this::businessUnit)
        .add("timeZones", "GET", "/business-unit/time-zones|/timezones", this::zones)
        .add("outboundRoutes", "GET", "/business-unit/outbound-routes", this::outboundRoutes)
        .add("serverTime", "GET", "/server-time", this::serverTime)
        .add("apiVersions", "GET", "/apiversion", this::versions)
        .add("dispositions", "GET", "/dispositions", this::dispositions)
        .add("team", "GET", "/teams/{}", this::team)
        .add("teamAgents", "GET", "/teams/{}/agents", this::teamAgents)
        .add("agents", "GET", "/agents", this::agents)
        .add("agentStates", "GET", "/agents/states", this::agentStates);
  }

  private Answer businessUnit(TenantCall call) {
    ObjectNode answer = SandboxJson.object();
    ObjectNode told =
        answer
            .putArray("businessUnits")
            .addObject()
            .put("businessUnitId", BusinessUnit.ID)
            .put("businessUnitName", "Sandbox")
            .put("defaultTimeZone", ZoneNames.BUSINESS_UNIT)
            .put("allowPredictiveDialing", unit.predictive())
            .put("enableSkillAbandonRate", String.valueOf(unit.skillRates()))
            .put("abandonRateScope", "BusinessUnit")
            .put("priorityBasedBlending", false)
            .put("apiPublishedLimit", unit.properties().dailyThreshold())
            .put("outboundPortLimit", "500")
            .put("tenantId", AccessTokens.TENANT_ID);
    told.set("timeZones", ZoneNames.json());
    told.putArray("features");
    return Answer.json(200, answer);
  }

  private Answer zones(TenantCall call) {
    ObjectNode answer = SandboxJson.object();
    answer.set("timeZones", ZoneNames.json());
    return Answer.json(200, answer);
  }

  private Answer outboundRoutes(TenantCall call) {
    ObjectNode answer = SandboxJson.object();
    answer
        .putArray("outboundRoutes")
        .addObject()
        .put("outboundTelecomRouteId", 1)
        .put("routeDescription", "Default");
    return Answer.json(200, answer);
  }

  private Answer serverTime(TenantCall call) {
    return Answer.json(
        200, SandboxJson.object().put("ServerTime", Instant.ofEpochMilli(unit.now()).toString()));
  }

  private Answer versions(TenantCall call) {
    ObjectNode answer = SandboxJson.object();
    answer
        .putArray("apiInfo")
        .addObject()
        .put("uri", call.query().getOrDefault("searchUriText", ""))
        .put("verb", call.query().getOrDefault("verb", "GET"))
        .put("version", "v33.0");
    return Answer.json(200, answer);
  }

  private Answer dispositions(TenantCall call) {
    ObjectNode answer = SandboxJson.object();
    String[] names = {"Connected", "Callback", "Not interested", "Do not call", "Wrong number"};
    var list = answer.putArray("dispositions");
    for (int n = 0; n < names.length; n++) {
      list.addObject()
          .put("dispositionId", n + 1)
          .put("dispositionName", names[n])
          .put("isActive", true);
    }
    return Answer.json(200, answer);
  }

  private Answer team(TenantCall call) {
    int id = known(call.number(0));
    ObjectNode answer = SandboxJson.object();
    answer
        .putArray("teams")
        .addObject()
        .put("teamId", String.valueOf(id))
        .put("teamName", "Team " + id)
        .put("isActive", true);
    return Answer.json(200, answer);
  }

  private int known(int team) {
    if (!unit.team(team)) {
      throw Refused.header(404, "InvalidTeamId");
    }
    return team;
  }

  private Answer teamAgents(TenantCall call) {
    int team = known(call.number(0));
    return call.page(
        SandboxJson.object(),
        "agents",
        unit.agents().values().stream()
            .filter(agent -> agent.teamId() == team)
            .map(Agent::json)
            .toList(),
        PAGE,
        100);
  }

  private Answer agents(TenantCall call) {
    String active = call.query().get("isActive");
    return call.page(
        SandboxJson.object(),
        "agents",
        unit.agents().values().stream()
            .filter(agent -> active == null || agent.active() == Boolean.parseBoolean(active))
            .map(Agent::json)
            .toList(),
        PAGE,
        100);
  }

  private Answer agentStates(TenantCall call) {
    refresh();
    Instant since = call.time("updatedSince");
    List<ObjectNode> changed =
        states.stream()
            .filter(state -> since == null || Instant.ofEpochMilli(state.since()).isAfter(since))
            .map(state -> inVersion(state.json(), call.version()))
            .toList();
    if (changed.isEmpty()) {
      return new Answer(204, Map.of(), new byte[0]);
    }
    ObjectNode around =
        SandboxJson.object()
            .put("lastPollTime", Instant.ofEpochMilli(statesAt).toString())
            .put("businessUnitId", BusinessUnit.ID);
    return call.page(around, "agentStates", changed, 1000);
  }

  /** What agents do is told as it was some seconds ago. */
  private void refresh() {
    if (unit.now() - statesAt >= unit.properties().cache().toMillis()) {
      statesAt = unit.now();
      Map<Integer, Skill> skills = skills();
      states = unit.agents().values().stream().map(agent -> state(agent, skills)).toList();
    }
  }

  private static ObjectNode inVersion(ObjectNode state, int version) {
    if (version >= 25) {
      return state;
    }
    ObjectNode old = state.deepCopy();
    old.set("isAcw", old.remove("isACW"));
    old.set("mediaType", old.remove("mediaTypeId"));
    return old;
  }

  private State state(Agent agent, Map<Integer, Skill> skills) {
    Operator operator = agent.operator();
    OutboundCall call = operator.call();
    long since = unit.millis(operator.since());
    String name =
        switch (operator.state()) {
          case LOGGED_OUT -> "LoggedOut";
          case UNAVAILABLE -> "Unavailable";
          case WAITING -> "Dialer";
          case TALKING, WRAP_UP -> "OutboundContact";
        };
    if (operator.state() == Operator.State.TALKING) {
      long told = unit.millis(operator.since() + HAND_OVER);
      if (told > statesAt) {
        name = "Dialer"; // with a contact: it is being handed over
      } else {
        since = told;
      }
    }
    Skill skill = call == null ? skills.get(agent.id()) : unit.skill(call.skill().id(), 500);
    ObjectNode state =
        SandboxJson.object()
            .put("agentId", agent.id())
            .put("agentStateId", operator.state().ordinal())
            .put("agentStateName", name)
            .put("businessUnitId", BusinessUnit.ID)
            .put("isActive", agent.active())
            .put("isACW", operator.state() == Operator.State.WRAP_UP)
            .put("isOutbound", call != null || operator.state() == Operator.State.WAITING)
            .put("teamId", agent.teamId())
            .put("teamName", agent.teamName())
            .put("mediaTypeId", 4)
            .put("openContacts", call == null ? 0 : 1)
            .put("startDate", Instant.ofEpochMilli(since).toString())
            .put("lastUpdateTime", Instant.ofEpochMilli(since).toString());
    if (call == null) {
      state.putNull("contactId");
    } else {
      state.put("contactId", call.id());
    }
    if (skill == null) {
      state.putNull("skillId");
    } else {
      state.put("skillId", skill.id()).put("skillName", skill.name());
    }
    return new State(state, since);
  }

  /** The skill that each agent works for; the first of them where they are several. */
  private Map<Integer, Skill> skills() {
    Map<Integer, Skill> skills = new HashMap<>();
    for (Skill skill : unit.skills()) {
      skill.proficiencies().keySet().forEach(agent -> skills.putIfAbsent(agent, skill));
    }
    return skills;
  }
}
