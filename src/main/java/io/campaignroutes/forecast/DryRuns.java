package io.campaignroutes.forecast;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.CampaignIntake;
import io.campaignroutes.campaign.CheckedEntry;
import io.campaignroutes.campaign.ConflictException;
import io.campaignroutes.campaign.InvalidRequestException;
import io.campaignroutes.campaign.Problem;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.compliance.GivenRates;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.forecast.DryRun.PoolSum;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Names;
import io.campaignroutes.text.Plain;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Dry runs of many requests: what is wrong with each, and what their pools would have with all. */
@Component
public class DryRuns {
  private static final int MAX_TOLD = 100;

  /** Good entries that are compared with those after them; it bounds what a run remembers. */
  private static final int MAX_COMPARED = 100_000;

  private static final Finding UNCOMPARED =
      new Finding(
          "name",
          "duplicate",
          "So many good entries come before them that they were not compared with each other by"
              + " name and externalId. A launch does compare them.");

  private final CampaignIntake intake;
  private final PoolDemands demands;
  private final PoolOutlook outlook;
  private final ForecastProperties properties;

  DryRuns(
      CampaignIntake intake,
      PoolDemands demands,
      PoolOutlook outlook,
      ForecastProperties properties) {
    this.intake = intake;
    this.demands = demands;
    this.outlook = outlook;
    this.properties = properties;
  }

  /** One that knows nothing as yet. */
  public DryRun begin() {
    return new DryRun();
  }

  /** The agent pools of a chunk that CXone is to be asked for, each once in a run. */
  public Set<String> poolsOf(DryRun run, List<CheckedEntry> chunk) {
    Set<String> ids = new LinkedHashSet<>();
    for (CheckedEntry entry : chunk) {
      PoolSum sum = entry.checked() == null ? null : pool(run, intake.poolId(entry.checked()));
      if (sum != null && !sum.asked && !run.unreachable) {
        ids.add(intake.poolId(entry.checked()));
      }
    }
    return ids;
  }

  /** What is told of a pool; null for one too many. */
  private PoolSum pool(DryRun run, String poolId) {
    if (poolId == null) {
      return null;
    }
    PoolSum sum = run.pools.get(poolId);
    if (sum == null && run.pools.size() < properties.pools()) {
      sum = new PoolSum(demands.none());
      run.pools.put(poolId, sum);
    } else if (sum == null && run.furtherPools.size() < MAX_COMPARED) {
      run.furtherPools.add(poolId);
    }
    return sum;
  }

  /** CXone told who is in a pool. */
  public void agents(DryRun run, String poolId, AgentPools.Pool agents) {
    PoolSum sum = run.pools.get(poolId);
    sum.asked = true;
    sum.pool = agents;
  }

  /** Whether CXone is still asked: it is not asked for one pool after the other in vain. */
  public boolean asks(DryRun run) {
    return !run.unreachable;
  }

  /** CXone did not tell who is in a pool. */
  public void unknown(DryRun run, String poolId, String why) {
    PoolSum sum = run.pools.get(poolId);
    sum.asked = true;
    sum.whyUnknown = why;
    run.unreachable = true;
  }

  /** Adds a chunk, whose pools have been asked for. */
  public void add(DryRun run, List<CheckedEntry> chunk) {
    for (CheckedEntry entry : chunk) {
      run.entries += entry.entries();
      Problem problem = entry.checked() == null ? entry.problem() : add(run, entry.checked());
      if (problem != null) {
        run.refused += entry.entries();
        if (run.problems.size() < MAX_TOLD) {
          run.problems.add(entry.refusal(problem));
        }
      }
    }
  }

  /** Adds a request; why it would be refused, or null. */
  private Problem add(DryRun run, CheckedRequest given) {
    String poolId = intake.poolId(given);
    PoolSum sum = pool(run, poolId);
    boolean known = sum != null && sum.pool != null;
    CheckedRequest checked =
        known ? intake.besides(given, sum.pool, () -> given(sum, poolId)) : given;
    boolean repeat;
    try {
      if (!checked.valid()) {
        intake.refuse(checked);
      }
      repeat = intake.takeable(checked) || repeated(run, checked);
    } catch (InvalidRequestException | ConflictException e) {
      return Problem.of(e);
    }
    if (repeat) {
      run.repeats++;
      return null;
    }
    run.good++;
    checked.warnings().stream()
        .filter(one -> run.warnings.size() < MAX_TOLD || run.warnings.containsKey(one))
        .forEach(one -> run.warnings.merge(one, 1, Integer::sum));
    if (sum != null) {
      demands.add(sum.demand, checked.request());
    }
    if (known) {
      double rate = intake.begins(checked, sum.pool, given(sum, poolId));
      sum.first += rate;
      sum.given = sum.given.plus(rate);
    }
    return null;
  }

  private GivenRates given(PoolSum sum, String poolId) {
    sum.given = sum.given == null ? intake.given(poolId, sum.pool) : sum.given;
    return sum.given;
  }

  /** Whether the run has had the same request; what it has had stands in the way of another. */
  private static boolean repeated(DryRun run, CheckedRequest checked) {
    if (run.names.size() >= MAX_COMPARED) {
      run.uncompared++;
      return false;
    }
    String key = checked.request().path("externalId").asText(null);
    String fingerprint = Json.fingerprint(checked.given());
    String before = key == null ? null : run.fingerprints.putIfAbsent(key, fingerprint);
    if (before != null) {
      if (before.equals(fingerprint)) {
        return true;
      }
      throw new ConflictException(
          "externalId",
          "duplicate",
          null,
          "An entry before it has this key and is another request.");
    }
    if (!run.names.add(Names.key(checked.request().path("name").asText()))) {
      throw new ConflictException(
          "name",
          "duplicate",
          null,
          "An entry before it carries this name, or one that nobody can tell from it.");
    }
    return false;
  }

  /** What is told at the end. */
  public ObjectNode told(DryRun run) {
    if (run.entries == 0 && run.problems.isEmpty()) {
      Problem empty = Problem.of(400, "Empty file", "The file holds no request.");
      run.problems.add(new CheckedEntry(0, 1, 0, 1, null, empty).refusal(empty));
    }
    ObjectNode told = Json.object();
    told.put("valid", run.problems.isEmpty());
    told.put("entries", run.entries);
    told.put("good", run.good);
    told.put("refused", run.refused);
    told.put("repeats", run.repeats);
    told.set("problems", Json.tree(run.problems));
    ArrayNode pools = told.putArray("pools");
    ArrayNode warnings = told.putArray("warnings");
    run.pools.forEach((id, sum) -> pools.add(pool(id, sum, warnings)));
    told.put("furtherPools", run.furtherPools.size());
    for (Map.Entry<Finding, Integer> one : run.warnings.entrySet()) {
      warn(warnings, one.getKey(), one.getValue());
    }
    if (run.uncompared > 0) {
      warn(warnings, UNCOMPARED, run.uncompared);
    }
    return told;
  }

  private ObjectNode pool(String id, PoolSum sum, ArrayNode warnings) {
    int campaigns = sum.demand.fresh();
    if (sum.pool == null && campaigns > 0) {
      String why =
          sum.whyUnknown == null ? "CXone did not answer for another pool." : sum.whyUnknown;
      warn(
          warnings,
          new Finding(
              "agentPoolId",
              "agents",
              "The agents of agent pool "
                  + Plain.escaped(id)
                  + " could not be checked: "
                  + why
                  + " They are checked when its campaigns are launched. Until then there is no"
                  + " forecast."),
          campaigns);
    }
    PoolOutlook.Outlook told = outlook.ofFile(id, sum.pool, sum.demand, sum.first);
    told.warnings().forEach(one -> warn(warnings, one, campaigns));
    return told.pool();
  }

  private static void warn(ArrayNode warnings, Finding warning, long entries) {
    ObjectNode shown = Json.tree(warning);
    warnings.add(shown.put("entries", entries));
  }
}
