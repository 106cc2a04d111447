package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.RemoteStatus;
import io.campaignroutes.store.Ids;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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

  /** What our ids begin with. */
  private static final String OUR_IDS = "cmp_";

  /** What a reason looks like that is no sentence. */
  private static final Pattern CODE = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

  private final Store store;
  private final CampaignStore campaigns;
  private final CampaignWrites writes;
  private final TransitionWriter writer;
  private final Transitions transitions;
  private final StatusResults statuses;

  LifecycleEvents(
      Store store,
      CampaignStore campaigns,
      CampaignWrites writes,
      TransitionWriter writer,
      Transitions transitions,
      StatusResults statuses) {
    this.store = store;
    this.campaigns = campaigns;
    this.writes = writes;
    this.writer = writer;
    this.transitions = transitions;
    this.statuses = statuses;
  }

  /**
   * A campaign that this service launched.
   *
   * @param id ours
   * @param remoteId CXone's
   * @param url its externalWebhookUrl; null for none
   */
  public record Known(String id, String remoteId, String url) {
    /** What is known of a campaign that exists at CXone. */
    public static Known of(Campaign campaign) {
      return of(campaign.id(), campaign.remoteId(), campaign.request());
    }

    private static Known of(String id, String remoteId, JsonNode request) {
      return new Known(id, remoteId, request.path("externalWebhookUrl").asText(null));
    }
  }

  /**
   * Which of these campaigns this service launched. CXone's id decides; where no campaign has it
   * there, an event that names one by our id means that one.
   *
   * @param ids CXone's or ours; those of campaigns that are not at CXone yet are not known
   */
  public Map<String, Known> known(Tx tx, Collection<String> ids) {
    Map<String, Known> known = known(tx, "remote_id", ids);
    List<String> ours =
        ids.stream().filter(id -> id.startsWith(OUR_IDS) && !known.containsKey(id)).toList();
    known.putAll(known(tx, "id", ours));
    return known;
  }

  private static Map<String, Known> known(Tx tx, String column, Collection<String> ids) {
    Map<String, Known> known = new HashMap<>();
    if (!ids.isEmpty()) {
      tx.sql()
          .sql(
              "select %s, id, remote_id, request from campaign where %s in (:ids) and remote_id is not null"
                  .formatted(column, column))
          .param("ids", InList.of(ids))
          .query(
              (RowCallbackHandler)
                  row ->
                      known.put(
                          row.getString(1),
                          Known.of(
                              row.getString(2),
                              row.getString(3),
                              Json.storedObject(row.getString(4)))));
    }
    return known;
  }

  /**
   * Moves the stage of the campaign that an event tells of, with its history row and audit line,
   * unless the event is older than what is known, tells nothing new, or tells of what a pending
   * command or our own pacing has done. A run that has the campaign claimed loses its claim when
   * the stage moves: what it found out is older than the event. An error that tells no code has
   * CXone asked for it.
   *
   * @param remoteId CXone's id
   * @param type such as CAMPAIGN_PAUSED
   * @param at when it happened, in milliseconds since the epoch; null when that is not known, and
   *     then nothing moves
   * @param event as {@link io.campaignroutes.cxone.PlatformEvents} has it
   * @return the campaign when its stage moved; to be given to {@link #moved} once that is on disk
   */
  public Optional<Campaign> happened(Tx tx, String remoteId, String type, Long at, JsonNode event) {
    Optional<Campaign> found =
        CampaignStore.one(tx.sql(), "remote_id = ?" + store.rowLock(), remoteId);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Campaign c = found.get();
    Optional<Transition> change =
        at == null || at < c.stageAt() || at < newestEvent(tx, c)
            ? Optional.empty()
            : change(tx, c, type, event);
    if (change.isEmpty()) {
      if (type.equals("CAMPAIGN_ERROR") && watched(c) && c.command() == null) {
        letGo(tx, c); // a look that is under way may have been answered before the error
      }
      campaigns.lookNow(tx, remoteId);
      return Optional.empty();
    }
    String claim = Ids.next("event", tx.now());
    tx.sql()
        .sql("update campaign set claim_token = ?, event_at = ? where id = ?")
        .params(claim, Math.min(at, tx.now()), c.id()) // a clock ahead must not shut later ones out
        .update();
    return Optional.of(writes.apply(tx, c.with(d -> d.claim = claim), change.get()));
  }

  private static long newestEvent(Tx tx, Campaign c) {
    return tx.sql()
        .sql("select coalesce(event_at, 0) from campaign where id = ?")
        .param(c.id())
        .query(Long.class)
        .single();
  }

  private static void letGo(Tx tx, Campaign c) {
    tx.sql().sql("update campaign set claim_token = null where id = ?").param(c.id()).update();
  }

  private static boolean watched(Campaign c) {
    return c.stage() == Stage.ACTIVATING || c.stage().running();
  }

  private Optional<Transition> change(Tx tx, Campaign c, String type, JsonNode event) {
    LaunchTable.EventRow row = transitions.table().events().get(type);
    boolean person = event.path("byPerson").asBoolean();
    boolean overtakes = person && c.command() != null && c.command().byPacing();
    boolean moves =
        row != null
            && row.in().contains(c.stage())
            && (row.whileCommanded() || c.command() == null || overtakes)
            && (person || row.outcome() != Outcome.PAUSED || !c.held()); // by its own pacing
    String code = code(event);
    if (!moves || row.outcome() == Outcome.ERROR && code == null) { // CXone is asked for the code
      return Optional.empty();
    }
    RemoteStatus status =
        switch (row.outcome()) {
          case ACTIVE -> RemoteStatus.DIALING;
          case PAUSED -> RemoteStatus.PAUSED;
          case COMPLETED -> RemoteStatus.COMPLETED;
          case ERROR -> RemoteStatus.ERROR;
          default -> throw new IllegalStateException(type + " cannot be " + row.outcome());
        };
    StepResult told =
        statuses
            .seen(c, status, code, tx.now())
            .with(
                d -> {
                  d.remoteStatus = statuses.word(status);
                  d.command = overtakes ? null : d.command; // pacing has no say in what people do
                });
    return Optional.of(transitions.next(c, Step.EVENT, told, tx.now()));
  }

  /** The code of an error: where the event has none, its reason may be one. */
  private static String code(JsonNode event) {
    String code = RemoteAnswer.failureCode(event);
    String reason = event.path("reason").asText("").strip();
    return code != null || !CODE.matcher(reason).matches() ? code : reason;
  }

  /** Tells those who wait for the campaign of a move that is on disk now. */
  public void moved(Campaign campaign) {
    LOG.info(
        "Campaign {} ({}) is {}, by an event{}",
        campaign.id(),
        campaign.name(),
        campaign.stage(),
        TransitionWriter.why(campaign));
    writer.movedByEvent(campaign);
  }
}
