package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.PlatformRequest;
import io.campaignroutes.store.Store;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Whether the skill of a campaign has come to its end: its lists are worked through. */
@Component
public final class SkillEnds {
  /** Between the two looks that find the lists of a skill worked through. */
  private static final long SECOND_LOOK = 60_000;

  private final Store store;
  private final SkillRows rows;

  SkillEnds(Store store, SkillRows rows) {
    this.store = store;
    this.rows = rows;
  }

  /** Whether it may have come to its end, so that its lists are looked at. */
  public boolean mayBeThrough(PlatformRequest request) {
    return rows.of(request)
        .map(row -> row.isOn() && row.state() == SkillRow.State.READY)
        .orElse(false);
  }

  /**
   * Notes whether the lists of the skill are worked through.
   *
   * @param lists {@code {lists: [{id, skills: [{id, total, fresh, finalized}]}]}}
   */
  public PlatformRequest listsSeen(PlatformRequest request, JsonNode lists) {
    boolean through = SkillLists.through(request.arguments().path("skillId").asText(), lists);
    rows.of(request)
        .filter(row -> through != (row.endSeenAt() != null))
        .ifPresent(
            row -> {
              Map<String, Object> columns = new HashMap<>();
              columns.put("end_seen_at", through ? store.now() : null);
              rows.set(request, columns);
            });
    return request;
  }

  /** Whether it has come to its end: its lists were worked through a minute ago, and are still. */
  public boolean isThrough(PlatformRequest request) {
    return rows.of(request)
        .map(
            row ->
                row.isOn()
                    && row.endSeenAt() != null
                    && store.now() - row.endSeenAt() >= SECOND_LOOK)
        .orElse(false);
  }
}
