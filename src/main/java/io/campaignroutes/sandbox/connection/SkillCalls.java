package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Skills: made, found, changed, started and stopped, and the agents who are assigned to them. */
final class SkillCalls {

  private static final String NAME = "[A-Za-z0-9 \\-_.()^]{1,30}";
  private static final int MAX_ASSIGNED = 100;
  private static final Answer ACCEPTED = new Answer(202, Map.of(), new byte[0]);
  private static final Answer NOTHING = new Answer(204, Map.of(), new byte[0]);

  private final BusinessUnit unit;

  SkillCalls(BusinessUnit unit) {
    this.unit = unit;
  }

  void register(CallTable calls) {
    calls
        .add("skills", "GET", "/skills", this::skills)
        .add("createSkill", "POST", "/skills", this::create)
        .add("skill", "GET", "/skills/(\\d+)", this::skill)
        .add("updateSkill", "PUT", "/skills/(\\d+)", this::update)
        .add("startSkill", "POST", "/skills/{}/start", this::start)
        .add("stopSkill", "POST", "/skills/{}/stop", this::stop)
        .add("skillAgents", "GET", "/skills/{}/agents", this::agents)
        .add("assignAgents", "POST", "/skills/{}/agents", this::assign)
        .add("removeAgents", "DELETE", "/skills/{}/agents", this::remove);
  }

  private Answer skills(TenantCall call) {
    String active = call.query().get("isActive");
    String strategy = call.query().get("outboundStrategy");
    String text = call.query().get("searchString");
    Integer media = call.filter("mediaTypeId");
    Predicate<Skill> asked =
        skill ->
            skill.visible(unit.now())
                && (active == null || skill.active() == Boolean.parseBoolean(active))
                && (media == null || skill.fields().path("mediaTypeId").asInt() == media)
                && (strategy == null
                    || strategy.isEmpty()
                    || skill.fields().path("outboundStrategy").asText().equals(strategy))
                && (text == null || skill.name().contains(text));
    List<ObjectNode> found = unit.skills().stream().filter(asked).map(Skill::json).toList();
    ObjectNode around =
        SandboxJson.object()
            .put("businessUnitId", BusinessUnit.ID)
            .put("lastPollTime", Instant.ofEpochMilli(unit.now()).toString());
    Answer page = call.page(around, "skills", found, 50);
    return call.version() >= 24
        ? page
        : Answer.json(200, SandboxJson.object().set("resultSet", around));
  }

  private Answer skill(TenantCall call) {
    return Answer.json(200, unit.skill(call.number(0), 404).json());
  }

  private Answer create(TenantCall call) {
    JsonNode skills = call.body().path("skills");
    if (!skills.isArray() || skills.isEmpty()) {
      throw Refused.told(400, "skills is required");
    }
    ObjectNode answer = SandboxJson.object();
    ArrayNode results = SandboxJson.MAPPER.createArrayNode();
    int errors = 0;
    for (JsonNode skill : skills) {
      ObjectNode result = results.addObject();
      String error = fault(skill);
      if (error != null) {
        errors++;
        result.put("success", false).putNull("skillId").put("error", error);
        continue;
      }
      ObjectNode fields = ((ObjectNode) skill).deepCopy();
      if (!fields.has("isActive")) {
        fields.put("isActive", true);
      }
      Skill made =
          unit.addSkill(
              unit.nextSkillId(), fields, unit.now() + unit.properties().listDelay().toMillis());
      result.put("success", true).put("skillId", made.id()).putNull("error");
    }
    answer.put("errorCount", errors).set("skillsResults", results);
    return Answer.json(200, answer);
  }

  /** What is wrong inside a request that as a whole is answered 200; null for nothing. */
  private String fault(JsonNode skill) {
    String name = skill.path("skillName").asText();
    if (!name.matches(NAME)) {
      throw Refused.told(400, "Skill name must have 1 to 30 of the allowed characters");
    }
    if (unit.skills().stream().anyMatch(other -> other.name().equals(name))) {
      throw Refused.told(409, "Skill name in use");
    }
    if (!unit.campaigns().containsKey(skill.path("campaignId").asInt())) {
      return "Invalid campaignId";
    }
    boolean dials = "Personal Connection".equals(skill.path("outboundStrategy").asText());
    return dials && skill.path("callerIdOverride").asText().isBlank()
        ? "callerIdOverride is required"
        : null;
  }

  private Answer update(TenantCall call) {
    Skill skill = unit.skill(call.number(0), 404);
    ObjectNode change = call.wrapped("skill");
    if (skill.willRun() || skill.running()) {
      throw Refused.told(409, "Cannot update a running skill");
    }
    String name = change.path("skillName").asText(skill.name());
    if (!name.matches(NAME)) {
      throw Refused.told(400, "Skill name must have 1 to 30 of the allowed characters");
    }
    if (unit.skills().stream().anyMatch(s -> s != skill && s.name().equals(name))) {
      throw Refused.told(409, "Skill name in use");
    }
    skill.fields().setAll(change);
    return Answer.json(
        200,
        SandboxJson.object().put("success", "true").put("skillId", skill.id()).putNull("error"));
  }

  private Answer start(TenantCall call) {
    Skill skill = unit.dialingSkill(call.number(0));
    if (skill.willRun() || skill.running() || !skill.active()) {
      throw Refused.told(409, "Invalid state. Cannot start skill");
    }
    skill.runs(true, false, unit.now() + unit.properties().startDelay().toMillis());
    return ACCEPTED;
  }

  private Answer stop(TenantCall call) {
    Skill skill = unit.dialingSkill(call.number(0));
    if (!skill.running()) {
      throw Refused.header(404, "SkillNotRunning");
    }
    if (!skill.willRun()) {
      throw Refused.told(409, "Invalid state. Cannot stop skill");
    }
    skill.runs(false, call.flag("force"), unit.now() + unit.properties().startDelay().toMillis());
    return ACCEPTED;
  }

  private Answer agents(TenantCall call) {
    Skill skill = unit.skill(call.number(0), 404);
    if (skill.proficiencies().isEmpty()) {
      return NOTHING;
    }
    List<ObjectNode> assigned =
        skill.proficiencies().entrySet().stream()
            .map(
                entry ->
                    SandboxJson.object()
                        .put("agentId", String.valueOf(entry.getKey()))
                        .put("agentProficiencyValue", entry.getValue())
                        .put("isActive", unit.agents().get(entry.getKey()).active())
                        .put("isAssigned", true)
                        .put("isSkillActive", skill.active())
                        .put("isDialer", skill.dials())
                        .put("isNaturalCalling", skill.dials())
                        .put("isNaturalCallingRunning", skill.running())
                        .put("isOutbound", true)
                        .put("teamId", unit.agents().get(entry.getKey()).teamId())
                        .put("skillId", skill.id()))
            .toList();
    return call.page(
        SandboxJson.object().put("hiddenAgents", 0), "agentSkillAssignments", assigned, 1000);
  }

  private Answer assign(TenantCall call) {
    Skill skill = unit.skill(call.number(0), 404);
    JsonNode agents = call.anyBody().isArray() ? call.anyBody() : call.body().path("agents");
    if (!agents.isArray() || agents.size() > MAX_ASSIGNED) {
      throw Refused.told(400, "agents must be a list of 100 at most");
    }
    int errors = 0;
    ArrayNode results = SandboxJson.MAPPER.createArrayNode();
    for (JsonNode entry : agents) {
      Agent agent = unit.agents().get(entry.path("agentId").asInt());
      ObjectNode result = results.addObject();
      int proficiency = entry.path("proficiency").asInt(3);
      if (agent == null || proficiency < 1 || proficiency > 5) {
        errors++;
        result
            .put("success", false)
            .put("agentId", entry.path("agentId").asText())
            .put("error", agent == null ? "InvalidAgentId" : "InvalidProficiency");
        continue;
      }
      if (entry.path("isActive").asBoolean(true)) {
        unit.assign(skill, agent, proficiency);
      } else {
        unit.unassign(skill, agent);
      }
      result.put("success", true).put("agentId", agent.id()).putNull("error");
    }
    ObjectNode answer = SandboxJson.object();
    answer.putObject("resultSet").put("errorCount", errors).set("agentResults", results);
    return Answer.json(errors > 0 && errors < results.size() ? 206 : 200, answer);
  }

  private Answer remove(TenantCall call) {
    Skill skill = unit.skill(call.number(0), 404);
    for (JsonNode entry : call.body().path("agents")) {
      Agent agent = unit.agents().get(entry.path("agentId").asInt());
      if (agent != null) {
        unit.unassign(skill, agent);
      }
    }
    return Answer.json(200, SandboxJson.object().put("errorCount", 0));
  }
}
