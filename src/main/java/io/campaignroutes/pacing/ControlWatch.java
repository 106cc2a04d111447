package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignListener;
import io.campaignroutes.campaign.CampaignListeners;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.stereotype.Component;

/**
 * Tells the audit trail, once each, that control over a campaign is lost and that it is back. What
 * was told last stands in the trail itself, so a restart repeats nothing. Commands tell it when a
 * step of theirs is written, rates with the decision of a tick.
 */
@Component
class ControlWatch implements CampaignListener {
  private static final Logger LOG = LoggerFactory.getLogger(ControlWatch.class);

  /** Newest lines of a trail that are looked at; few come while control is lost. */
  private static final int MAX_LINES = 200;

  private final CampaignStore campaigns;
  private final PacingProperties properties;

  ControlWatch(CampaignStore campaigns, CampaignListeners listeners, PacingProperties properties) {
    this.campaigns = campaigns;
    this.properties = properties;
    listeners.add(this);
  }

  @Override
  public void quieting(Tx tx, Campaign was, Campaign now) {
    if (!dials(now)) {
      if (dials(was) && isLost(campaigns, tx, now)) {
        tell(
            campaigns,
            tx,
            now,
            Control.REGAINED,
            Map.of("reason", "CXone does not dial for it any more."));
      }
      return;
    }
    if (now.command() == null || !now.command().quiets()) {
      return; // what came of its rate is told by its ticks
    }
    Control control =
        Control.of(true, now.command(), now.commandAt(), tooFastSince(tx, now.id()), null);
    if (control != null && control.lost(tx.now(), properties) && !isLost(campaigns, tx, now)) {
      long next = Control.nextTry(tx.now(), now.claim() != null, now.dueAt(), 0);
      tell(campaigns, tx, now, Control.LOST, control.lostDetails(now.command(), next));
    }
  }

  private static Long tooFastSince(Tx tx, String campaignId) {
    return tx.sql()
        .sql(
            "select too_fast_since from pacing where campaign_id = ? and too_fast_since is not null")
        .param(campaignId)
        .query(Long.class)
        .optional()
        .orElse(null);
  }

  /** Adds what an event tells of control to the trail, and to the log. */
  static void tell(
      CampaignStore campaigns,
      Tx tx,
      Campaign campaign,
      String event,
      Map<String, Object> details) {
    campaigns.audit(tx, campaign, event, details);
    LOG.atLevel(event.equals(Control.LOST) ? Level.WARN : Level.INFO)
        .log("Campaign {}: {}", campaign.id(), details.get("reason"));
  }

  /** A rate was taken: where it was waited for, control is back. */
  static void regained(CampaignStore campaigns, Tx tx, PacingRun run) {
    Long since = run.standing().tooFastSince();
    if (since != null && isLost(campaigns, tx, run.campaign())) {
      PacingEvent event = Control.regainedEvent(since);
      tell(campaigns, tx, run.campaign(), event.name(), Map.of("reason", event.reason()));
    }
  }

  /** Whether an event tells of control. */
  static boolean concerns(String event) {
    return event.equals(Control.LOST) || event.equals(Control.REGAINED);
  }

  /** Whether the trail says already what an event tells of control. */
  static boolean knows(CampaignStore campaigns, Tx tx, Campaign campaign, String event) {
    return isLost(campaigns, tx, campaign) == event.equals(Control.LOST);
  }

  static boolean dials(Campaign campaign) {
    return Control.dials(campaign.stage(), campaign.held(), campaign.remoteStatus());
  }

  /** Whether the trail says that control is lost, and not that it is back. */
  private static boolean isLost(CampaignStore campaigns, Tx tx, Campaign campaign) {
    campaigns.lockTrail(tx, campaign.id()); // so nobody adds to it meanwhile
    return tx.sql()
        .sql(
            "select line from (select line, seq from audit_line where campaign_id = ?"
                + " order by seq desc limit ?) newest where line like '%\"event\":\"CONTROL_%'"
                + " order by seq desc limit 1")
        .params(campaign.id(), MAX_LINES)
        .query(String.class)
        .optional()
        .filter(line -> Json.stored(line).path("event").asText().equals(Control.LOST))
        .isPresent();
  }
}
