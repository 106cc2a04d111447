package io.campaignroutes.sandbox.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.SandboxException;
import io.campaignroutes.sandbox.SandboxJson;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * What happens to a tenant that no call of the API asked for: supervisors start, stop, change and
 * deactivate skills, an administrator takes rights away, NICE moves the tenant.
 */
final class PeopleAtWork {

  private final BusinessUnit unit;
  private final AccessTokens tokens;
  private final SignIn signIn;
  private final Set<String> forbidden;
  private final LongSupplier calls;

  PeopleAtWork(
      BusinessUnit unit,
      AccessTokens tokens,
      SignIn signIn,
      Set<String> forbidden,
      LongSupplier calls) {
    this.unit = unit;
    this.tokens = tokens;
    this.signIn = signIn;
    this.forbidden = forbidden;
    this.calls = calls;
  }

  /** A supervisor does something to a skill, at once. */
  ObjectNode does(int skillId, String what) {
    synchronized (unit) {
      unit.advance();
      Skill skill = skill(skillId);
      switch (what) {
        case "start" -> skill.runs(true, false, unit.now());
        case "stop" -> skill.runs(false, false, unit.now());
        case "deactivate" -> {
          skill.runs(false, false, unit.now());
          skill.fields().put("isActive", false);
        }
        case "activate" -> skill.fields().put("isActive", true);
        default ->
            throw new SandboxException(
                404, "UNKNOWN", "People can start, stop, deactivate or activate a skill.");
      }
      skill.advance(unit.now());
      return skill.json();
    }
  }

  /** A supervisor changes settings of a skill. */
  ObjectNode changes(int skillId, String block, ObjectNode change) {
    synchronized (unit) {
      unit.advance();
      Skill skill = skill(skillId);
      try {
        SettingBlock of = SettingBlock.of(block);
        ObjectNode after = skill.block(of).deepCopy();
        after.setAll(
            of.written(skill.block(of), change)
                .retain(change.properties().stream().map(Map.Entry::getKey).toList()));
        skill.write(of, after);
        return after;
      } catch (Refused e) {
        throw new SandboxException(400, "INVALID_SETTINGS", e.getMessage());
      }
    }
  }

  /** An administrator, or NICE, changes what the tenant is. */
  ObjectNode tenant(ObjectNode change) {
    synchronized (unit) {
      unit.advance();
      if (change.has("allowPredictiveDialing")) {
        unit.predictive(change.get("allowPredictiveDialing").asBoolean());
      }
      if (change.has("enableSkillAbandonRate")) {
        unit.skillRates(change.get("enableSkillAbandonRate").asBoolean());
      }
      if (change.has("tokenLifetimeSeconds")) {
        tokens.lifetime(
            Duration.ofSeconds(Math.max(1, change.get("tokenLifetimeSeconds").asInt())));
      }
      if (change.hasNonNull("accessKeySecret")) {
        signIn.accessKeySecret(change.get("accessKeySecret").asText());
      }
      if (change.path("forgetTokens").asBoolean()) {
        tokens.forget();
      }
      if (change.has("forbidden")) {
        forbidden.clear();
        change.get("forbidden").forEach(name -> forbidden.add(name.asText()));
      }
      if (change.path("move").asBoolean()) {
        signIn.move();
      }
      return SandboxJson.object()
          .put("allowPredictiveDialing", unit.predictive())
          .put("enableSkillAbandonRate", unit.skillRates())
          .put("tokenLifetimeSeconds", tokens.lifetime().toSeconds())
          .put("api", signIn.apiPath())
          .put("callsToday", calls.getAsLong());
    }
  }

  /** What has really happened, for comparing it with what clients have counted. */
  ObjectNode truth() {
    synchronized (unit) {
      unit.advance();
      ObjectNode truth = SandboxJson.object();
      Map<Integer, Long> handled =
          unit.log().ended().stream()
              .filter(call -> !Double.isNaN(call.wrapUpEndedAt()))
              .collect(Collectors.groupingBy(call -> call.skill().id(), Collectors.counting()));
      for (Skill skill : unit.skills()) {
        truth
            .putObject(String.valueOf(skill.id()))
            .put("running", skill.running())
            .put("active", skill.active())
            .put("dialed", skill.dialing().dialed())
            .put("answered", skill.dialing().answered())
            .put("connected", skill.dialing().connected())
            .put("abandoned", skill.dialing().abandoned())
            .put("handled", handled.getOrDefault(skill.id(), 0L))
            .put("underWay", skill.dialing().active().size())
            .put("lines", skill.dialing().lines());
        contacts(skill, (ObjectNode) truth.get(String.valueOf(skill.id())));
      }
      return truth;
    }
  }

  /** What its lists hold, and how much of that came twice. */
  private void contacts(Skill skill, ObjectNode truth) {
    long received = 0;
    long numbers = 0;
    long records = 0;
    long finalized = 0;
    for (int list : skill.lists().keySet()) {
      received += unit.lists().get(list).received();
      numbers += unit.lists().get(list).numbers();
      records += skill.lists().get(list).total();
      finalized += skill.lists().get(list).finalized();
    }
    truth.put("contacts", records).put("finalized", finalized);
    truth.put("contactsReceived", received).put("numbers", numbers);
  }

  private Skill skill(int id) {
    try {
      return unit.skill(id, 404);
    } catch (Refused e) {
      throw new SandboxException(404, "UNKNOWN_SKILL", "There is no such skill.");
    }
  }
}
