package io.campaignroutes.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.LifecycleEvents;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Times;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes events of what was seen to happen to skills, since CXone posts none: they go the way of
 * those that a platform posts. What nobody here asked for was done by a person in CXone's pages,
 * and the audit says so. Whatever is killed, each change is told: again under the same id, so that
 * it counts once.
 */
public class CollectEvents {
  private static final Logger LOG = LoggerFactory.getLogger(CollectEvents.class);

  private static final String AUDIT = "CHANGED_IN_CXONE";

  private static final Map<String, String> TYPES =
      Map.of(
          "ACTIVE",
          "CAMPAIGN_ACTIVATED",
          "PAUSED",
          "CAMPAIGN_PAUSED",
          "COMPLETED",
          "CAMPAIGN_COMPLETED",
          "ERROR",
          "CAMPAIGN_ERROR",
          CollectEvents.CHANGED,
          "CAMPAIGN_CHANGED");

  /** What a skill's settings are that somebody has changed. */
  static final String CHANGED = "CHANGED";

  private final Store store;
  private final CampaignStore campaigns;
  private final LifecycleEvents known;
  private final SkillOrders orders;
  private final Consumer<byte[]> keep;

  /**
   * @param keep keeps an event as one that was posted; on disk when it returns
   */
  CollectEvents(
      Store store,
      CampaignStore campaigns,
      LifecycleEvents known,
      SkillOrders orders,
      Consumer<byte[]> keep) {
    this.store = store;
    this.campaigns = campaigns;
    this.known = known;
    this.orders = orders;
    this.keep = keep;
  }

  private record Seen(
      String skillId,
      long n,
      String status,
      long at,
      String asked,
      String byPerson,
      JsonNode detail) {
    boolean is(String word) {
      return status.equals(word);
    }
  }

  /** Tells what has been seen and was not told yet. */
  public void tell() {
    List<Seen> all =
        store
            .read()
            .sql(
                "select skill_id, n, status, seen_at, asked, by_person, detail from skill_event"
                    + " order by seen_at, skill_id, n")
            .query(
                (row, i) ->
                    new Seen(
                        row.getString(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7) == null ? null : Json.stored(row.getString(7))))
            .list();
    all.forEach(this::tell);
  }

  private void tell(Seen seen) {
    Optional<Campaign> campaign = campaign(seen.skillId());
    Optional<String> status = campaign.flatMap(of -> status(of, seen));
    if (status.isPresent()) {
      boolean person = note(campaign.get(), seen);
      keep.accept(event(seen, status.get(), person).toString().getBytes(StandardCharsets.UTF_8));
    }
    store.write(
        tx ->
            tx.sql()
                .sql("delete from skill_event where skill_id = ? and n = ?")
                .params(seen.skillId(), seen.n())
                .update());
  }

  private Optional<Campaign> campaign(String skillId) {
    return store.write(
        tx ->
            Optional.ofNullable(known.known(tx, Set.of(skillId)).get(skillId))
                .flatMap(found -> campaigns.find(found.id())));
  }

  /**
   * How the campaign stands by that; empty where nothing is told: of one that is through with its
   * skill only that it has completed, and of a skill that is deactivated here nothing.
   */
  private Optional<String> status(Campaign campaign, Seen seen) {
    boolean closing = seen.is("ERROR") && asked(campaign, seen).filter("STOP"::equals).isPresent();
    if (closing) {
      return Optional.empty();
    }
    if (!campaign.stage().ended() || isCause(campaign, seen)) {
      return Optional.of(seen.status());
    }
    boolean through = campaign.stage() == Stage.COMPLETED && !seen.status().equals("ACTIVE");
    return through ? Optional.of("COMPLETED") : Optional.empty();
  }

  /** Whether a campaign has failed by what was seen, which may be told later than it failed. */
  private static boolean isCause(Campaign campaign, Seen seen) {
    return campaign.stage() == Stage.FAILED && seen.is("ERROR") && seen.asked() != null;
  }

  /**
   * Says whose doing it was, once, ahead of the event that changes what is known.
   *
   * @return whether a person did it
   */
  private boolean note(Campaign campaign, Seen seen) {
    boolean human = isByPerson(campaign, seen);
    boolean first =
        store.write(
            tx -> {
              boolean noted =
                  tx.sql()
                          .sql(
                              "update skill_event set human = ? where skill_id = ? and n = ?"
                                  + " and human is null")
                          .params(human ? 1 : 0, seen.skillId(), seen.n())
                          .update()
                      == 1;
              if (noted && human) {
                audit(tx, campaign, seen);
                if (seen.is("ACTIVE") || seen.is("PAUSED")) {
                  orders.personDid(tx, campaign.id(), seen.status().equals("ACTIVE"));
                }
              }
              return noted;
            });
    if (first && human) {
      LOG.warn("Campaign {}: {}", campaign.id(), sentence(seen));
    }
    return first ? human : noted(seen);
  }

  private boolean noted(Seen seen) {
    return store
        .read()
        .sql("select human from skill_event where skill_id = ? and n = ?")
        .params(seen.skillId(), seen.n())
        .query(Integer.class)
        .optional()
        .map(human -> human == 1)
        .orElse(false);
  }

  /** What was asked of the skill when this was seen. */
  private Optional<String> asked(Campaign campaign, Seen seen) {
    return Optional.ofNullable(seen.asked()).or(() -> orders.asked(campaign.id()));
  }

  private boolean isByPerson(Campaign campaign, Seen seen) {
    if (campaign.stage().ended()) {
      return isCause(campaign, seen);
    }
    Optional<String> asked = asked(campaign, seen);
    if (asked.isEmpty() && campaign.command() != null) {
      return false;
    }
    Optional<String> person =
        Optional.ofNullable(seen.byPerson())
            .or(() -> seen.asked() == null ? orders.byPerson(campaign.id()) : Optional.empty());
    boolean started =
        asked
            .map("START"::equals)
            .orElseGet(() -> campaign.stage() != Stage.PAUSED && !campaign.held());
    return switch (seen.status()) {
      // by somebody else than us, or by whoever starts again what a person had stopped
      case "ACTIVE" -> !started || "STOP".equals(seen.byPerson());
      // by somebody who had started it, or whom our own stop came too late for
      case "PAUSED" -> started || person.isPresent();
      case "ERROR", CHANGED -> true;
      default -> false; // its lists are worked through
    };
  }

  private void audit(Tx tx, Campaign campaign, Seen seen) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("cxoneCampaignId", seen.skillId());
    details.put("reason", sentence(seen));
    details.put("eventId", id(seen, seen.status()));
    details.put("observed", true);
    if (seen.detail() != null) {
      details.put("settings", seen.detail());
    }
    campaigns.audit(tx, campaign, AUDIT, details);
  }

  private static String sentence(Seen seen) {
    if (seen.is(CHANGED)) {
      List<String> changes = new ArrayList<>();
      seen.detail()
          .forEach(
              change ->
                  changes.add(
                      "%s from %s to %s"
                          .formatted(
                              change.path("setting").asText(),
                              change.path("before").asText(),
                              change.path("after").asText())));
      return "A person has changed settings of skill %s in CXone: %s."
          .formatted(seen.skillId(), String.join(", ", changes));
    }
    String what =
        switch (seen.status()) {
          case "ACTIVE" -> "started";
          case "ERROR" -> "deactivated";
          default -> "stopped";
        };
    return "A person has " + what + " skill " + seen.skillId() + " in CXone.";
  }

  private static String id(Seen seen, String status) {
    return "poll:" + seen.skillId() + ":" + status + ":" + seen.n();
  }

  private static ObjectNode event(Seen seen, String status, boolean person) {
    ObjectNode event =
        JsonNodeFactory.instance
            .objectNode()
            .put("campaignId", seen.skillId())
            .put("status", status)
            .put("timestamp", Times.iso(seen.at()))
            .put("eventType", TYPES.get(status))
            .put("eventId", id(seen, status))
            .put("observed", true)
            .put("byPerson", person);
    if (seen.detail() != null) {
      event.set("settings", seen.detail());
    }
    return status.equals("ERROR") ? event.put("errorCode", "SKILL_DEACTIVATED") : event;
  }
}
