package io.campaignroutes.forecast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.PoolCampaigns;
import io.campaignroutes.compliance.AgentCheck;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.forecast.PoolDemand.Busiest;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PoolReads;
import io.campaignroutes.simulator.CampaignForecast;
import io.campaignroutes.simulator.Forecast;
import io.campaignroutes.simulator.SharedForecast;
import io.campaignroutes.simulator.SharedForecast.Sharing;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Plain;
import io.campaignroutes.text.Times;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * What an agent pool would have with campaigns that are only asked about: its agents, who dials for
 * it now and at their hours, what could be expected of all together, and a warning where they are
 * more than it can feed.
 */
@Component
public class PoolOutlook {
  private static final String NOTE =
      "A forecast by simulation for all campaigns that would dial at the busiest moment, with the"
          + " agents at hand and assumed answers; not a promise.";

  private static final String COMMON =
      "An agent for whom other pools dial too counts as this pool's part of one.";

  private final PoolDemands demands;
  private final PoolReads pools;
  private final SharedForecast forecasts;
  private final PacingLaw law;
  private final ForecastProperties properties;

  PoolOutlook(
      PoolDemands demands,
      PoolReads pools,
      SharedForecast forecasts,
      PacingLaw law,
      ForecastProperties properties) {
    this.demands = demands;
    this.pools = pools;
    this.forecasts = forecasts;
    this.law = law;
    this.properties = properties;
  }

  /**
   * What is told of a pool.
   *
   * @param pool as the API shows it
   * @param warnings none, or that it would have too many campaigns
   */
  public record Outlook(ObjectNode pool, List<Finding> warnings) {}

  /**
   * What its pool would have with one more campaign.
   *
   * @param checked a request without findings
   * @param pool its agents; null when they are not known
   * @param alone what could be expected of it if no other dialed for them; null when that is not
   *     known
   */
  public Outlook of(CheckedRequest checked, AgentPools.Pool pool, CampaignForecast.Expected alone) {
    JsonNode request = checked.request();
    PoolDemand demand = demands.none();
    demands.add(demand, request);
    String poolId = request.path("agentPoolId").asText();
    long unread = demands.addOthers(demand, poolId, request.path("externalId").asText(null));
    Busiest busiest = demand.busiest();
    Team team = team(poolId, pool);
    ObjectNode shown = shown(poolId, pool, team, busiest, unread);
    if (team.staffed() == 0 || busiest.at() == null) {
      return new Outlook(shown, List.of());
    }
    Forecast forecast =
        busiest.campaigns() == 1 && alone != null && alone.agents() == team.own()
            ? alone.forecast()
            : forecasts.of(team.own(), busiest.sharing());
    PoolDemand own = demand.none(); // of the same moment: what ends now has ended for both
    demands.add(own, request);
    PoolShare share = share(own.busiest().sharing().get(0), busiest, forecast, team.own());
    show(shown, forecast, team, share);
    String begins =
        law.byRatio()
            ? "one line for each agent who waits"
            : rate(checked.payload().at("/pacing/maxCallsPerSecond").asDouble()) + " calls/s";
    return new Outlook(
        shown,
        warnings(
            busiest,
            share,
            "With it, "
                + sharing(busiest, team, poolId)
                + ": it would "
                + gets(share)
                + ". It would begin with "
                + begins
                + "."));
  }

  /**
   * What a pool would have with all campaigns of a file.
   *
   * @param pool its agents; null when they are not known
   * @param demand the campaigns of the file; those that are there already are added
   * @param first calls/s that those of the file would begin with together; not known without agents
   */
  Outlook ofFile(String poolId, AgentPools.Pool pool, PoolDemand demand, double first) {
    int fresh = demand.fresh();
    double limit = demand.freshLimit();
    long unread = demands.addOthers(demand, poolId, null);
    Busiest busiest = demand.busiest();
    Team team = team(poolId, pool);
    ObjectNode shown = shown(poolId, pool, team, busiest, unread);
    ObjectNode file = shown.putObject("file").put("campaigns", fresh).put("limit", decimals(limit));
    if (team.staffed() > 0 && !law.byRatio()) {
      file.put("firstCallsPerSecond", decimals(first));
    }
    if (team.staffed() == 0 || busiest.at() == null) {
      return new Outlook(shown, List.of());
    }
    Forecast forecast = forecasts.of(team.own(), busiest.sharing());
    PoolShare share = share(mean(busiest.sharing()), busiest, forecast, team.own());
    show(shown, forecast, team, share);
    return new Outlook(
        shown,
        warnings(
            busiest,
            share,
            sharing(busiest, team, poolId)
                + ": each would "
                + gets(share)
                + ". Those of this file ("
                + fresh
                + ") would begin with "
                + (law.byRatio()
                    ? "one line for each agent who waits, which CXone deals out among them."
                    : rate(first) + " calls/s together, should all begin at once.")));
  }

  private static Sharing mean(List<Sharing> all) {
    int campaigns = all.stream().mapToInt(Sharing::campaigns).sum();
    double weights = all.stream().mapToDouble(some -> some.campaigns() * some.weight()).sum();
    double limits = all.stream().mapToDouble(some -> some.campaigns() * some.limit()).sum();
    return new Sharing(1, weights / campaigns, limits / campaigns, null);
  }

  private PoolShare share(Sharing one, Busiest busiest, Forecast forecast, int agents) {
    return PoolShare.of(
        one,
        busiest.sharing(),
        forecast.callsPerSecond(),
        forecasts.servedAnHour(forecast, agents),
        law.byRatio() ? null : (Double) (law.turn(busiest.campaigns()).toMillis() / 1000.0));
  }

  /**
   * Who takes the calls of a pool.
   *
   * @param staffed its agents at work
   * @param shared what of them is its own
   */
  private record Team(int staffed, PoolCampaigns.Own shared) {
    /** As many agents as those come to who are its own, and its part of those in common. */
    int own() {
      return (int) Math.max(Math.min(1, staffed), Math.rint(staffed * shared.part()));
    }
  }

  private Team team(String poolId, AgentPools.Pool pool) {
    return new Team(staffed(pool), demands.own(poolId, pool));
  }

  private ObjectNode shown(
      String poolId, AgentPools.Pool pool, Team team, Busiest busiest, long unread) {
    ObjectNode shown = Json.object().put("id", poolId);
    if (pool == null || !pool.exists()) {
      shown.putNull("agents");
    } else {
      ObjectNode agents =
          shown
              .putObject("agents")
              .put("staffed", team.staffed())
              .put("idle", AgentCheck.idle(pool.agents()));
      if (team.shared().common() > 0) {
        agents.put("common", team.shared().common()).put("own", team.own());
        agents.set("commonWith", Json.tree(team.shared().pools()));
      }
    }
    PoolReads.Running running = pools.running(poolId);
    shown.put("running", running.running()).put("callsPerSecond", running.callsPerSecond());
    ObjectNode others = shown.putObject("others");
    others.put("campaigns", busiest.others().values().stream().mapToInt(n -> n).sum());
    others.set("stages", Json.tree(busiest.others()));
    if (unread > 0) {
      others.put("unread", unread);
    }
    if (busiest.at() == null) {
      shown.putNull("busiest");
    } else {
      shown
          .putObject("busiest")
          .put("campaigns", busiest.campaigns())
          .put("from", Times.iso(busiest.at()));
    }
    return shown;
  }

  private static void show(ObjectNode shown, Forecast forecast, Team team, PoolShare share) {
    ObjectNode told = Json.tree(forecast);
    String note = team.shared().common() > 0 ? NOTE + " " + COMMON : NOTE;
    shown.set("forecast", told.put("agents", team.own()).put("note", note));
    ObjectNode each =
        shown
            .putObject("share")
            .put("callsPerSecond", decimals(share.callsPerSecond()))
            .put("answeredPerHour", decimals(share.servedAnHour()));
    if (share.turnSeconds() != null) {
      each.put("turnSeconds", Math.rint(share.turnSeconds()));
      each.put("everySeconds", Math.rint(share.everySeconds()));
    }
  }

  private List<Finding> warnings(Busiest busiest, PoolShare share, String message) {
    boolean waits =
        share.everySeconds() != null
            && share.everySeconds() > properties.longestWait().toMillis() / 1000.0;
    boolean starves = !share.limited() && share.servedAnHour() < properties.fewestCalls();
    return busiest.campaigns() > 1 && (waits || starves)
        ? List.of(
            new Finding(
                "agentPoolId",
                "agents.shared",
                message
                    + " Add agents to the pool, or let fewer campaigns dial for it at one time"
                    + " (schedule, activateAt, stopAt)."))
        : List.of();
  }

  private static String sharing(Busiest busiest, Team team, String poolId) {
    String agents = team.staffed() == 1 ? " agent" : " agents";
    String common =
        team.shared().common() == 0
            ? ""
            : " (for %d of them other pools dial too, so they count as %d)"
                .formatted(team.shared().common(), team.own());
    return busiest.campaigns()
        + " campaigns would share the "
        + team.staffed()
        + agents
        + " of agent pool "
        + Plain.escaped(poolId)
        + common
        + " at one time";
  }

  private static String gets(PoolShare share) {
    String served = decimal(share.servedAnHour()) + " answered calls an hour";
    return share.everySeconds() == null
        ? "get about " + served
        : "have a turn of about "
            + time(share.turnSeconds())
            + " every "
            + time(share.everySeconds())
            + ", and about "
            + served;
  }

  private static String time(double seconds) {
    return seconds < 120
        ? Math.round(seconds) + " s"
        : seconds < 7_200 ? Math.round(seconds / 60) + " min" : decimal(seconds / 3600) + " h";
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.1f" : "%.0f", value);
  }

  private static String rate(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static double decimals(double value) {
    return Math.rint(value * 1e4) / 1e4;
  }

  private static int staffed(AgentPools.Pool pool) {
    return pool == null || !pool.exists() ? 0 : AgentCheck.staffed(pool.agents());
  }
}
