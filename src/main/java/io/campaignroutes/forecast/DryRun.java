package io.campaignroutes.forecast;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.compliance.GivenRates;
import io.campaignroutes.cxone.AgentPools;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A dry run of many requests as far as it has come. */
public final class DryRun {
  final List<ObjectNode> problems = new ArrayList<>();
  final Map<String, PoolSum> pools = new LinkedHashMap<>();
  final Set<String> furtherPools = new HashSet<>();
  final Map<Finding, Integer> warnings = new LinkedHashMap<>();

  /** Keys of the names of good entries. */
  final Set<String> names = new HashSet<>();

  /** Fingerprints of the good entries that have an {@code externalId}, by that. */
  final Map<String, String> fingerprints = new HashMap<>();

  long entries;
  long good;
  long refused;
  long repeats;

  /** Good entries that were not compared with those before them. */
  long uncompared;

  /** Whether nobody is asked for agents any more, since one was in vain. */
  boolean unreachable;

  DryRun() {}

  /** The good entries that want one pool. */
  static final class PoolSum {
    final PoolDemand demand;
    boolean asked;
    AgentPools.Pool pool;
    String whyUnknown;

    /**
     * What campaigns without figures have been given to begin with; null before it was looked up.
     */
    GivenRates given;

    /** calls/s that those of the file would begin with. */
    double first;

    PoolSum(PoolDemand demand) {
      this.demand = demand;
    }
  }
}
