package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What people are shown of the skills of campaigns. */
@Component
public final class SkillViews {
  private final SkillRows rows;

  SkillViews(SkillRows rows) {
    this.rows = rows;
  }

  /**
   * The skill of a campaign.
   *
   * @param payload what the campaign was created from
   * @return {@code {name, mode, skillId, campaignId, settingsBefore, settingsNow}}, the settings as
   *     far as they are ours; empty for a campaign that has none
   */
  public Optional<ObjectNode> of(String campaignId, JsonNode payload) {
    return rows.of(campaignId).map(row -> view(row, payload));
  }

  private static ObjectNode view(SkillRow row, JsonNode payload) {
    ObjectNode view = JsonNodeFactory.instance.objectNode();
    view.put("name", TenantConfiguration.PLATFORM);
    view.put("mode", row.mode().name());
    view.put("skillId", row.skillId());
    view.put("campaignId", row.groupId());
    JsonNode before = row.before();
    view.set(
        "settingsBefore",
        before == null ? null : SkillSettings.before(before, payload.path("settings")));
    view.set("settingsNow", row.now());
    return view;
  }
}
