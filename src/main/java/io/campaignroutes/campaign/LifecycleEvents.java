package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/**
 * What an event of CXone does to the campaign that it tells of. It moves the stage in the
 * transaction that keeps the event, and whoever watches the campaign looks at CXone at once all the
 * same: what CXone then says decides.
 */
@Component
public class LifecycleEvents {
  private static final Logger LOG = LoggerFactory.getLogger(LifecycleEvents.class);

  private final Store store;
  private final CampaignStore campaigns;
  private final Launch launch;

  public LifecycleEvents(Store store, CampaignStore campaigns, Launch launch) {
    this.store = store;
    this.campaigns = campaigns;
    this.launch = launch;
  }

  /**
   * A campaign that this service launched.
   *
   * @param id ours
   * @param url its externalWebhookUrl; null for none
   */
  public record Known(String id, String url) {}

  /** Which of these campaigns this service launched, by CXone's id. */
  public Map<String, Known> known(Tx tx, Collection<String> remoteIds) {
    Map<String, Known> known = new HashMap<>();
    if (!remoteIds.isEmpty()) {
      tx.sql()
          .sql("select remote_id, id, request from campaign where remote_id in (:ids)")
          .param("ids", InList.of(remoteIds))
          .query(
              (RowCallbackHandler)
                  row -> {
                    JsonNode request = Json.storedObject(row.getString(3));
                    known.put(
                        row.getString(1),
                        new Known(
                            row.getString(2), request.path("externalWebhookUrl").asText(null)));
                  });
    }
    return known;
  }

  /**
   * Moves the stage of the campaign that an event tells of, with its history row and audit line,
   * unless the event is older than what is known, tells nothing new, or tells of what a pending
   * command or our own pacing has done. A run that has the campaign claimed loses its claim when
   * the stage moves: what it found out is older than the event.
   *
   * @param remoteId CXone's id
   * @param type such as CAMPAIGN_PAUSED
   * @param at when it happened, in milliseconds since the epoch; null when that is not known, and
   *     then nothing moves
   * @param event as it came
   * @return the campaign when its stage moved; to be given to {@link #moved} once that is on disk
   */
  public Optional<Campaign> happened(Tx tx, String remoteId, String type, Long at, JsonNode event) {
    Optional<Campaign> found =
        CampaignStore.one(tx.sql(), "remote_id = ?" + store.rowLock(), remoteId);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Campaign c = found.get();
    Optional<Change> change =
        at == null || at < c.stageAt() || at < newestEvent(tx, c)
            ? Optional.empty()
            : change(tx, c, type, event);
    if (change.isEmpty()) {
      campaigns.lookNow(tx, remoteId);
      return Optional.empty();
    }
    String claim = Ids.next("event", tx.now());
    tx.sql()
        .sql("update campaign set claim_token = ?, event_at = ? where id = ?")
        .params(claim, Math.min(at, tx.now()), c.id()) // a clock ahead must not shut later ones out
        .update();
    return Optional.of(campaigns.apply(tx, c.with(d -> d.claim = claim), change.get()));
  }

  private static long newestEvent(Tx tx, Campaign c) {
    return tx.sql()
        .sql("select coalesce(event_at, 0) from campaign where id = ?")
        .param(c.id())
        .query(Long.class)
        .single();
  }

  private Optional<Change> change(Tx tx, Campaign c, String type, JsonNode event) {
    boolean watched = c.stage() == Stage.ACTIVATING || c.stage().running();
    boolean commanded = c.command() != null;
    String code = Launch.errorCode(event);
    return switch (type) {
      case "CAMPAIGN_ACTIVATED" ->
          watched && c.stage() != Stage.ACTIVE && !commanded
              ? Optional.of(launch.toldBy(c, "ACTIVE", code, tx.now()))
              : Optional.empty();
      case "CAMPAIGN_PAUSED" ->
          c.stage() == Stage.ACTIVE && !commanded && !c.held()
              ? Optional.of(launch.toldBy(c, "PAUSED", code, tx.now()))
              : Optional.empty();
      case "CAMPAIGN_COMPLETED" ->
          watched ? Optional.of(launch.toldBy(c, "COMPLETED", code, tx.now())) : Optional.empty();
      case "CAMPAIGN_ERROR" ->
          watched ? Optional.of(launch.toldBy(c, "ERROR", code, tx.now())) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Tells those who wait for the campaign of a move that is on disk now. */
  public void moved(Campaign campaign) {
    LOG.info(
        "Campaign {} ({}) is {}, by an event{}",
        campaign.id(),
        campaign.name(),
        campaign.stage(),
        Launch.why(campaign));
    launch.toldByEvent(campaign);
  }
}
