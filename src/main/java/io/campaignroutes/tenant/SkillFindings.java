package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.store.Store;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * What there is at CXone against a request, before anything is made for it: the same that {@link
 * Skills} and {@link SkillSetup} refuse when it is. The answers are {@code {findings, warnings}},
 * each {@code [{field, rule, message}]}.
 */
@Component
public final class SkillFindings {
  /** A skill that is busy now may be free when a campaign begins that begins later than that. */
  private static final Duration SOON = Duration.ofMinutes(1);

  private final Store store;
  private final SkillRows rows;
  private final SkillProperties properties;

  SkillFindings(Store store, SkillRows rows, SkillProperties properties) {
    this.store = store;
    this.rows = rows;
    this.properties = properties;
  }

  /**
   * What there is against adopting a skill.
   *
   * @param request about {@code {id, skillId, contactListId, activateAt}}
   * @param skill {@code {active, running, dials}}
   * @param lists {@code {lists: [{id, skills: [{id, total, fresh, finalized}]}]}}
   */
  public JsonNode ofSkill(PlatformRequest request, JsonNode skill, JsonNode lists) {
    String skillId = request.arguments().path("skillId").asText();
    List<SkillFault> findings = new ArrayList<>();
    List<SkillFault> warnings = new ArrayList<>();
    SkillFault.unsuitable(skillId, skill).ifPresent(findings::add);
    busy(request, skillId, skill).ifPresent((beginsLater(request) ? warnings : findings)::add);
    findings.addAll(
        SkillFault.lists(skillId, request.arguments().path("contactListId").asText(""), lists));
    return told(findings, warnings);
  }

  private Optional<SkillFault> busy(PlatformRequest request, String skillId, JsonNode skill) {
    Optional<String> other = rows.user(skillId, SkillRows.id(request));
    if (other.isPresent()) {
      return other.map(campaignId -> SkillFault.inUse(skillId, campaignId));
    }
    boolean ours = rows.of(request).filter(row -> row.asked() != null).isPresent();
    return skill.path("running").asBoolean() && !ours
        ? Optional.of(SkillFault.running(skillId))
        : Optional.empty();
  }

  private boolean beginsLater(PlatformRequest request) {
    String at = request.arguments().path("activateAt").asText("");
    return !at.isEmpty()
        && OffsetDateTime.parse(at).toInstant().toEpochMilli() > store.now() + SOON.toMillis();
  }

  /** Whether a skill is to be created that has to keep to do-not-call groups. */
  public boolean keepsNumbers(PlatformRequest request) {
    return request.arguments().path("respectDnc").asBoolean();
  }

  /**
   * What there is against creating a skill that keeps to do-not-call groups.
   *
   * @param groups {@code {groups: [{id, active}]}}
   */
  public JsonNode ofGroups(JsonNode groups) {
    return told(SkillFault.groups(properties.dncGroups(), groups), List.of());
  }

  /** There is nothing against it; of a pool that there is not, the look at its agents tells. */
  public JsonNode none() {
    return told(List.of(), List.of());
  }

  private static JsonNode told(List<SkillFault> findings, List<SkillFault> warnings) {
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    tell(told.putArray("findings"), findings);
    tell(told.putArray("warnings"), warnings);
    return told;
  }

  private static void tell(ArrayNode into, List<SkillFault> faults) {
    for (SkillFault fault : faults) {
      Finding finding = fault.finding();
      into.addObject()
          .put("field", finding.field())
          .put("rule", finding.rule())
          .put("message", finding.message());
    }
  }
}
