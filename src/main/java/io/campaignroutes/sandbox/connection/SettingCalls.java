package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import java.util.Map;
import java.util.Set;

/** The blocks of a skill's parameters: read flat, written wrapped. */
final class SettingCalls {

  private static final Set<String> OWN_RATE =
      Set.of("abandonRateThreshold", "abandonRateCutoff", "beginDampenPercentage");

  private final BusinessUnit unit;

  SettingCalls(BusinessUnit unit) {
    this.unit = unit;
  }

  void register(CallTable calls) {
    calls.add("parameters", "GET", "/skills/{}/parameters", this::all);
    for (SettingBlock block : SettingBlock.values()) {
      String path = "/skills/{}/parameters/" + block.path();
      calls
          .add(block.label("get"), "GET", path, call -> get(call, block))
          .add(block.label("put"), "PUT", path, call -> put(call, block));
    }
  }

  private Skill skill(TenantCall call) {
    Skill skill = unit.skill(call.number(0), 500);
    if (!skill.dials()) {
      throw Refused.header(404, "InvalidSkillId");
    }
    return skill;
  }

  private Answer all(TenantCall call) {
    Skill skill = skill(call);
    ObjectNode answer = SandboxJson.object();
    for (SettingBlock block : SettingBlock.values()) {
      answer.set(
          block.wrapper(),
          block == SettingBlock.ZONES
              ? skill.block(block).get("timeZoneSettings")
              : skill.block(block).deepCopy());
    }
    ObjectNode general = (ObjectNode) answer.get(SettingBlock.GENERAL.wrapper());
    general.put("aggressiveness", 1).put("waitTimeFactor", true);
    ((ObjectNode) answer.get(SettingBlock.DELIVERY.wrapper())).put("displayField2NAme", "");
    return Answer.json(200, answer);
  }

  private Answer get(TenantCall call, SettingBlock block) {
    ObjectNode values = skill(call).block(block).deepCopy();
    if (block == SettingBlock.CPA) {
      values.path("exceptions").forEach(SettingCalls::readable);
    }
    return Answer.json(200, values);
  }

  private static void readable(JsonNode exception) {
    if (exception instanceof ObjectNode object && object.has("attempt_No")) {
      object.set("attemptNo", object.remove("attempt_No"));
    }
  }

  private Answer put(TenantCall call, SettingBlock block) {
    Skill skill = skill(call);
    ObjectNode change;
    if (block == SettingBlock.ZONES) {
      change = SandboxJson.object().set(block.wrapper(), call.body().path(block.wrapper()));
    } else {
      change = call.wrapped(block.wrapper());
    }
    if (block == SettingBlock.GENERAL) {
      checkOwnRate(skill.block(block), change);
    }
    skill.write(block, block.written(skill.block(block), change));
    return new Answer(204, Map.of(), new byte[0]);
  }

  /** A rate of its own needs the business unit's consent, and its figures need the rate. */
  private void checkOwnRate(ObjectNode before, ObjectNode change) {
    boolean own = change.path("overrideBusinessUnitAbandonRate").asBoolean();
    if (own && !unit.skillRates()) {
      throw Refused.told(400, "Skill abandon rates are not enabled for the business unit");
    }
    for (String name : OWN_RATE) {
      double usual = SettingBlock.GENERAL.usual().get(name).asDouble();
      double now = before.path(name).asDouble(usual);
      if (!own && change.has(name) && change.get(name).asDouble() != now) {
        throw Refused.told(400, name + " needs overrideBusinessUnitAbandonRate");
      }
    }
  }
}
