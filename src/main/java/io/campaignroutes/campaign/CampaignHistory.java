package io.campaignroutes.campaign;

import io.campaignroutes.access.By;
import io.campaignroutes.store.Tx;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is told of a change for good: the row of the history, and the audit line. */
final class CampaignHistory {
  private CampaignHistory() {}

  /**
   * Adds both, within the transaction of the change.
   *
   * @param was the stage before; null of a campaign that was taken just now
   */
  static void tell(Tx tx, CampaignStore campaigns, Stage was, Transition change) {
    Campaign to = change.to();
    By by = change.by();
    if (change.reason() != null) {
      by = by == null && goesOn(was, to.stage()) ? latest(tx, to.id()) : by;
      tx.sql()
          .sql(
              "insert into campaign_stage (campaign_id, seq, at, stage, reason, by_whom) select :id,"
                  + " coalesce(max(seq), 0) + 1, :at, :stage, :reason, :by from campaign_stage where"
                  + " campaign_id = :id")
          .param("id", to.id())
          .param("at", tx.now())
          .param("stage", to.stage().name())
          .param("reason", change.reason())
          .param("by", by == null ? null : by.stored())
          .update();
    }
    if (change.event() != null) {
      campaigns.audit(tx, to, change.event(), told(change.details(), by));
    }
  }

  /** The fields of an audit line, with who wanted what it tells of. */
  static Map<String, Object> told(Map<String, Object> details, By by) {
    if (by == null) {
      return details;
    }
    Map<String, Object> told = new LinkedHashMap<>(details);
    told.put("by", By.json(by));
    return told;
  }

  /** Whether a launch, or a resume, that somebody wants has come a stage further. */
  private static boolean goesOn(Stage was, Stage is) {
    return was != null && !was.launched() && (!is.launched() || is == Stage.ACTIVE);
  }

  private static By latest(Tx tx, String id) {
    return tx.sql()
        .sql("select by_whom from campaign_stage where campaign_id = ? order by seq desc limit 1")
        .param(id)
        .query((row, n) -> row.getString(1) == null ? "" : row.getString(1))
        .optional()
        .filter(by -> !by.isEmpty())
        .map(By::stored)
        .orElse(null);
  }
}
