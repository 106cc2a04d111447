package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Campaigns, which here only group skills, and the do-not-call groups. */
final class CampaignCalls {

  /** From this version on a campaign is told and written flat. */
  private static final int FLAT = 33;

  private static final int MAX_NAME = 80;
  private static final Answer DONE = new Answer(200, Map.of(), new byte[0]);

  private final BusinessUnit unit;

  CampaignCalls(BusinessUnit unit) {
    this.unit = unit;
  }

  void register(CallTable calls) {
    calls
        .add("campaigns", "GET", "/campaigns", this::campaigns)
        .add("createGroup", "POST", "/campaigns", this::create)
        .add("campaign", "GET", "/campaigns/{}", this::campaign)
        .add("updateGroup", "PUT", "/campaigns/{}", this::update)
        .add("dncGroups", "GET", "/dnc-groups", this::groups)
        .add("scrubbedSkills", "GET", "/dnc-groups/{}/scrubbed-skills", this::scrubbed)
        .add("scrubSkill", "POST", "/dnc-groups/{}/scrubbed-skills/{}", call -> scrub(call, true))
        .add(
            "unscrubSkill",
            "DELETE",
            "/dnc-groups/{}/scrubbed-skills/{}",
            call -> scrub(call, false))
        .add("contributeSkill", "POST", "/dnc-groups/{}/contributing-skills/{}", this::contribute);
  }

  private Answer campaigns(TenantCall call) {
    List<ObjectNode> all =
        unit.campaigns().entrySet().stream()
            .map(entry -> json(entry.getKey(), entry.getValue(), call.version()))
            .toList();
    return call.page(SandboxJson.object(), "campaigns", all, 50, 100);
  }

  private Answer campaign(TenantCall call) {
    ObjectNode json = json(call.number(0), known(call.number(0)), call.version());
    return Answer.json(
        200, call.version() >= FLAT ? json : SandboxJson.object().set("campaign", json));
  }

  private ObjectNode known(int id) {
    ObjectNode campaign = unit.campaigns().get(id);
    if (campaign == null) {
      throw Refused.header(404, "InvalidCampaignId");
    }
    return campaign;
  }

  private ObjectNode json(int id, ObjectNode campaign, int version) {
    ObjectNode json = campaign.deepCopy();
    if (version >= FLAT) {
      json.put("id", id);
    } else {
      json.put("campaignId", id).set("campaignName", json.remove("name"));
    }
    return json.put("lastUpdateTime", Instant.ofEpochMilli(unit.now()).toString());
  }

  private Answer create(TenantCall call) {
    ObjectNode body = call.body();
    if (call.version() >= FLAT) {
      return Answer.json(200, SandboxJson.object().put("id", add(body, "name")));
    }
    if (!body.path("campaigns").isArray()) { // the later shape
      throw Refused.told(500, "Internal Server Error");
    }
    ObjectNode answer = SandboxJson.object();
    int errors = 0;
    var results = answer.putArray("campaignResults");
    for (var entry : body.get("campaigns")) {
      try {
        results
            .addObject()
            .put("campaignId", add((ObjectNode) entry, "campaignName"))
            .put("success", "true");
      } catch (Refused e) {
        errors++;
        results.addObject().put("success", "false").put("error", e.getMessage());
      }
    }
    answer.put("errorCount", errors);
    return Answer.json(errors > 0 && errors < results.size() ? 206 : 200, answer);
  }

  private int add(ObjectNode campaign, String nameField) {
    String name = campaign.path(nameField).asText();
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw Refused.told(400, "Invalid campaign name");
    }
    if (unit.campaigns().values().stream().anyMatch(c -> c.get("name").asText().equals(name))) {
      throw Refused.told(400, "Campaign name in use");
    }
    int id = ((TreeMap<Integer, ObjectNode>) unit.campaigns()).lastKey() + 1;
    unit.campaigns()
        .put(
            id,
            SandboxJson.object()
                .put("name", name)
                .put("isActive", campaign.path("isActive").asBoolean(true))
                .put("description", campaign.path("description").asText())
                .put("notes", campaign.path("notes").asText()));
    return id;
  }

  private Answer update(TenantCall call) {
    ObjectNode campaign = known(call.number(0));
    ObjectNode change = call.version() >= FLAT ? call.body() : call.wrapped("campaign");
    if (!change.path("isActive").asBoolean(true)
        && unit.skills().stream()
            .anyMatch(skill -> skill.active() && skill.campaignId() == call.number(0))) {
      throw Refused.told(409, "The campaign has active skills");
    }
    for (String field : List.of("name", "description", "notes", "isActive")) {
      if (change.has(field)) {
        campaign.set(field, change.get(field));
      }
    }
    return DONE;
  }

  private Answer groups(TenantCall call) {
    ObjectNode answer = SandboxJson.object();
    ObjectNode set = answer.putObject("resultSet").put("totalGroups", 1);
    set.putArray("dncGroups")
        .addObject()
        .put("dncGroupId", BusinessUnit.DNC_GROUP)
        .put("dncGroupName", "Company list")
        .put("validRecords", 12_500)
        .put("isActive", true)
        .put("isRemoved", false)
        .put("lastUpdateTime", Instant.ofEpochMilli(unit.now() - 86_400_000).toString());
    return Answer.json(200, answer);
  }

  private Answer scrubbed(TenantCall call) {
    int group = group(call);
    List<ObjectNode> skills =
        unit.skills().stream()
            .filter(skill -> skill.groups().contains(group))
            .map(s -> SandboxJson.object().put("skillId", s.id()).put("skillName", s.name()))
            .toList();
    if (skills.isEmpty()) {
      return new Answer(204, Map.of(), new byte[0]);
    }
    return call.page(SandboxJson.object(), "skills", skills, 1000);
  }

  private Answer scrub(TenantCall call, boolean on) {
    int group = group(call);
    Skill skill = unit.skill(call.number(1), 404);
    if (on) {
      skill.groups().add(group);
    } else {
      skill.groups().remove(group);
    }
    return DONE;
  }

  private Answer contribute(TenantCall call) {
    unit.skill(call.number(1), 404).contributes().add(group(call));
    return DONE;
  }

  private static int group(TenantCall call) {
    if (call.number(0) != BusinessUnit.DNC_GROUP) {
      throw Refused.header(404, "InvalidDncGroupId");
    }
    return call.number(0);
  }
}
