package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
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
  private final Store store;
  private final CampaignStore campaigns;

  public PoolReads(Store store, CampaignStore campaigns) {
    this.store = store;
    this.campaigns = campaigns;
  }

  private record Pool(String id, String decision) {
    static Pool of(ResultSet row, int n) throws SQLException {
      return new Pool(row.getString(1), row.getString(2));
    }
  }

  /**
   * What dials for a pool now.
   *
   * @param running campaigns that are ACTIVE for it; each dials in its turn
   * @param callsPerSecond what they may dial together at this moment
   */
  public record Running(int running, double callsPerSecond) {}

  /** A running campaign of a pool; what is shown of it is read apart. */
  private record Member(String campaignId, String poolId, double dials, String decision) {
    static Member of(ResultSet row, int n) throws SQLException {
      return new Member(
          row.getString("campaign_id"),
          row.getString("pool_id"),
          PacingReads.mayDial(row),
          row.getString("decision"));
    }
  }

  /**
   * Pools that campaigns have dialed for, in the order of their ids, each as it is shown.
   *
   * @param after the id after which the page begins; null for the first page
   */
  public List<ObjectNode> list(String after, int limit) {
    List<Pool> page =
        store
            .read()
            .sql("select id, decision from pool where id > ? order by id limit ?")
            .params(after == null ? "" : after, limit)
            .query(Pool::of)
            .list();
    Map<String, List<Member>> members =
        members(page.stream().map(Pool::id).toList()).stream()
            .collect(Collectors.groupingBy(Member::poolId));
    return page.stream()
        .map(pool -> view(pool, members.getOrDefault(pool.id(), List.of())))
        .toList();
  }

  /**
   * One pool with the campaigns that run for it.
   *
   * @throws UnknownPoolException when no campaign has ever dialed for it
   */
  public ObjectNode get(String id) {
    Pool pool =
        store
            .read()
            .sql("select id, decision from pool where id = ?")
            .param(id)
            .query(Pool::of)
            .optional()
            .orElseThrow(() -> new UnknownPoolException(id));
    List<Member> members = members(List.of(id));
    ObjectNode view = view(pool, members);
    ArrayNode shown = view.putArray("campaigns");
    Map<String, Campaign> known =
        campaigns.byIds(members.stream().map(Member::campaignId).toList());
    members.stream()
        .filter(member -> known.containsKey(member.campaignId()))
        .sorted(Comparator.comparing(Member::campaignId))
        .forEach(member -> shown.add(view(member, known.get(member.campaignId()))));
    return view;
  }

  /** What dials for a pool now; nothing for one that no campaign has ever dialed for. */
  public Running running(String id) {
    List<Member> members = members(List.of(id));
    return new Running(members.size(), sum(members));
  }

  private static double sum(List<Member> members) {
    return Math.rint(members.stream().mapToDouble(Member::dials).sum() * PoolViews.DECIMALS)
        / PoolViews.DECIMALS;
  }

  private List<Member> members(Collection<String> poolIds) {
    return poolIds.isEmpty()
        ? List.of()
        : store
            .read()
            .sql(
                "select p.campaign_id, p.pool_id, p.rate, p.writing, p.decision, c.held, c.command"
                    + " from pacing p join campaign c on c.id = p.campaign_id"
                    + " where p.pool_id in (:pools) and p.due_at is not null")
            .param("pools", InList.of(poolIds))
            .query(Member::of)
            .list();
  }

  private ObjectNode view(Pool pool, List<Member> members) {
    ObjectNode view = Json.object();
    view.put("id", pool.id());
    view.put("running", members.size());
    view.put("callsPerSecond", sum(members));
    ObjectNode decision = Json.storedObject(pool.decision() == null ? "{}" : pool.decision());
    JsonNode agents = decision.remove("agents");
    view.set("agents", agents == null ? null : aged((ObjectNode) agents));
    view.set("decision", decision.isEmpty() ? null : decision);
    return view;
  }

  private ObjectNode aged(ObjectNode agents) {
    long at = Instant.parse(agents.path("at").asText()).toEpochMilli();
    return agents.put("ageSeconds", Math.max(0, store.now() - at) / 1000.0);
  }

  private static ObjectNode view(Member member, Campaign campaign) {
    JsonNode decision =
        Json.storedObject(member.decision() == null ? "{}" : member.decision()).path("reason");
    return Json.object()
        .put("id", campaign.id())
        .put("cxoneCampaignId", campaign.remoteId())
        .put("name", campaign.name())
        .put("weight", campaign.weight())
        .put("callsPerSecond", member.dials())
        .put("held", campaign.held())
        .put("decision", decision.isTextual() ? decision.asText() : null);
  }
}
