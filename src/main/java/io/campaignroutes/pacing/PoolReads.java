package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.shared.NotFoundException;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Plain;
import io.campaignroutes.text.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What is shown of agent pools: who dials for them, who is there, and what was decided. */
@Component
public class PoolReads {
  private static final String POOL = "select id, decision, state from pool where id ";

  private final Store store;
  private final CampaignStore campaigns;
  private final ControlReads control;

  public PoolReads(Store store, CampaignStore campaigns, ControlReads control) {
    this.store = store;
    this.campaigns = campaigns;
    this.control = control;
  }

  private record Pool(String id, String decision, String state) {
    static Pool of(ResultSet row, int n) throws SQLException {
      return new Pool(row.getString(1), row.getString(2), row.getString(3));
    }

    /** Whether lines for each agent are decided, and no rates. */
    boolean byLines() {
      return decision != null && Json.storedObject(decision).has("lines");
    }

    /** The campaign whose turn it is; empty for none. */
    String turn() {
      return state == null ? "" : StoredState.readPool(state).map(PoolState::turn).orElse("");
    }
  }

  /**
   * What dials for a pool now.
   *
   * @param running campaigns that are ACTIVE for it; each dials in its turn
   * @param callsPerSecond what they may dial together at this moment; where lines for each agent
   *     are decided, what they have dialed lately
   */
  public record Running(int running, double callsPerSecond) {}

  /**
   * A campaign of a pool that runs, or that has ended here and may dial at CXone; what else is
   * shown of it is read apart.
   */
  private record Member(
      String campaignId, String name, String poolId, double dials, String decision) {
    static Member of(ResultSet row, int n) throws SQLException {
      return new Member(
          row.getString("campaign_id"),
          row.getString("name"),
          row.getString("pool_id"),
          PacingReads.mayDial(row),
          row.getString("decision"));
    }

    /** Its latest decision, empty before the first, or where it was not read. */
    JsonNode made() {
      return Json.storedObject(decision == null ? "{}" : decision);
    }
  }

  /**
   * Pools that campaigns have dialed for, in the order of their ids, each as it is shown, with who
   * dials for it.
   *
   * @param after the id after which the page begins; null for the first page
   */
  public List<ObjectNode> list(String after, int limit) {
    List<Pool> page =
        store
            .read()
            .sql(POOL + "> ? order by id limit ?")
            .params(after == null ? "" : after, limit)
            .query(Pool::of)
            .list();
    String decision = page.stream().anyMatch(Pool::byLines) ? "p.decision" : "null";
    Map<String, List<Member>> members =
        members(page.stream().map(Pool::id).toList(), decision).stream()
            .collect(Collectors.groupingBy(Member::poolId));
    Map<String, List<ControlReads.Uncontrolled>> lost = control.byPool();
    return page.stream()
        .map(
            pool -> {
              List<Member> own = members.getOrDefault(pool.id(), List.of());
              ObjectNode view = view(pool, own, lost.getOrDefault(pool.id(), List.of()));
              ArrayNode shown = view.putArray("campaigns");
              own.stream()
                  .sorted(Comparator.comparing(Member::campaignId))
                  .forEach(member -> shown.add(dialing(member, member.made())));
              return view;
            })
        .toList();
  }

  /**
   * One pool with the campaigns that run for it.
   *
   * @throws NotFoundException when no campaign has ever dialed for it
   */
  public ObjectNode get(String id) {
    Pool pool =
        store
            .read()
            .sql(POOL + "= ?")
            .param(id)
            .query(Pool::of)
            .optional()
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "Unknown agent pool",
                        "No campaign has dialed for an agent pool " + Plain.quoted(id) + "."));
    List<Member> members = members(List.of(id), "p.decision");
    ObjectNode view = view(pool, members, control.byPool().getOrDefault(id, List.of()));
    ArrayNode shown = view.putArray("campaigns");
    List<String> ids = members.stream().map(Member::campaignId).toList();
    Map<String, Campaign> known = campaigns.byIds(ids);
    Map<String, JsonNode> against = control.shown(ids);
    members.stream()
        .filter(member -> known.containsKey(member.campaignId()))
        .sorted(Comparator.comparing(Member::campaignId))
        .forEach(
            member ->
                shown.add(
                    view(member, known.get(member.campaignId()))
                        .set("control", against.get(member.campaignId()))));
    return view;
  }

  /** What dials for a pool now; nothing for one that no campaign has ever dialed for. */
  public Running running(String id) {
    List<Member> members = members(List.of(id), "null");
    String made =
        store
            .read()
            .sql("select decision from pool where id = ? and decision is not null")
            .param(id)
            .query(String.class)
            .optional()
            .orElse("{}");
    ObjectNode decision = Json.storedObject(made);
    double calls =
        decision.has("lines") ? decision.path("callsPerSecond").asDouble() : sum(members);
    return new Running(members.size(), calls);
  }

  private static double sum(List<Member> members) {
    return Math.rint(members.stream().mapToDouble(Member::dials).sum() * PoolViews.DECIMALS)
        / PoolViews.DECIMALS;
  }

  /**
   * @param decision what is read of their decisions, which are long
   */
  private List<Member> members(Collection<String> poolIds, String decision) {
    return poolIds.isEmpty()
        ? List.of()
        : store
            .read()
            .sql(
                "select p.campaign_id, c.name, p.pool_id, p.rate, p.writing, c.held, c.command, "
                    + decision
                    + " as decision from pacing p join campaign c on c.id = p.campaign_id"
                    + " where p.pool_id in (:pools)"
                    + " and (p.due_at is not null or c.command = 'HALT')")
            .param("pools", InList.of(poolIds))
            .query(Member::of)
            .list();
  }

  private ObjectNode view(Pool pool, List<Member> members, List<ControlReads.Uncontrolled> lost) {
    ObjectNode view = Json.object();
    view.put("id", pool.id());
    view.put("running", members.size());
    ObjectNode decision = Json.storedObject(pool.decision() == null ? "{}" : pool.decision());
    if (decision.has("lines")) { // no rate is known, only what was dialed lately
      view.set("callsPerSecond", decision.get("callsPerSecond"));
    } else {
      view.put("callsPerSecond", sum(members));
    }
    view.put("uncontrolled", lost.size());
    view.put("uncontrolledSince", lost.isEmpty() ? null : Times.iso(lost.get(0).control().since()));
    view.set("turn", turn(pool, members));
    JsonNode agents = decision.remove("agents");
    view.set("agents", agents == null ? null : aged((ObjectNode) agents));
    view.set("decision", decision.isEmpty() ? null : decision);
    return view;
  }

  private static ObjectNode turn(Pool pool, List<Member> members) {
    String turn = pool.turn();
    return members.stream()
        .filter(member -> member.campaignId().equals(turn))
        .findFirst()
        .map(member -> Json.object().put("id", turn).put("name", member.name()))
        .orElse(null);
  }

  private ObjectNode aged(ObjectNode agents) {
    long at = Instant.parse(agents.path("at").asText()).toEpochMilli();
    return agents.put("ageSeconds", Math.max(0, store.now() - at) / 1000.0);
  }

  private static ObjectNode view(Member member, Campaign campaign) {
    JsonNode decision = member.made();
    JsonNode reason = decision.path("reason");
    return dialing(member, decision)
        .put("cxoneCampaignId", campaign.remoteId())
        .put("weight", campaign.weight())
        .put("held", campaign.held())
        .put("decision", reason.isTextual() ? reason.asText() : null);
  }

  private static ObjectNode dialing(Member member, JsonNode decision) {
    ObjectNode view = Json.object().put("id", member.campaignId()).put("name", member.name());
    if (decision.has("lines")) {
      view.set("callsPerSecond", decision.get("callsPerSecond"));
      view.set("ratio", decision.get("ratio"));
      view.set("overdialPercentage", decision.get("overdialPercentage"));
    } else {
      view.put("callsPerSecond", member.dials());
    }
    return view;
  }
}
