package io.campaignroutes.forecast;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.compliance.CallingHours;
import io.campaignroutes.compliance.CallingHours.Opening;
import io.campaignroutes.simulator.SharedForecast.Sharing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The campaigns that want an agent pool, with the hours at which they do: those that are asked
 * about, which are new, and others, which are there already. Campaigns that are alike are counted
 * together, so that a file of very many needs little room.
 */
final class PoolDemand {
  /** Kinds of campaigns that are told apart by their hours; more are taken to be open from now. */
  private static final int MAX_KINDS = 5_000;

  private static final Duration WEEK = Duration.ofDays(7);

  /** So far after the first new campaign begins hours are compared. */
  private static final Duration MAX_AHEAD = Duration.ofDays(35);

  /**
   * Campaigns that dial at the same hours under the same cap.
   *
   * @param from epoch ms from which they dial
   * @param until epoch ms until which they do
   * @param stage how the others stand; null for new ones
   */
  private record Kind(
      CallingHours hours, long from, long until, Abandonment abandonment, String stage) {}

  private static final class Sum {
    private int campaigns;
    private double weight;
    private double limit;

    void add(double weight, double limit) {
      campaigns++;
      this.weight += weight;
      this.limit += limit;
    }
  }

  /**
   * The moment at which most campaigns would dial while a new one does.
   *
   * @param at epoch ms from which they do; null when no new one ever dials
   * @param sharing all that do at that moment
   * @param others campaigns that dial at any moment at which a new one does, by their stage
   */
  record Busiest(Long at, List<Sharing> sharing, Map<String, Integer> others) {
    int campaigns() {
      return sharing.stream().mapToInt(Sharing::campaigns).sum();
    }
  }

  private record Edge(long at, Kind kind, boolean opens) {}

  private final long now;
  private final Map<Kind, Sum> kinds = new LinkedHashMap<>();

  /**
   * @param now epoch ms
   */
  PoolDemand(long now) {
    this.now = now;
  }

  /** Nobody as yet, of the same moment. */
  PoolDemand none() {
    return new PoolDemand(now);
  }

  /**
   * Adds a campaign.
   *
   * @param activateAt epoch ms before which it does not dial; null for none
   * @param stopAt epoch ms from which it does not dial any more; null for none
   * @param stage how it stands; null for a new one
   * @param limit calls/s that it never exceeds
   */
  void add(
      CallingHours hours,
      Long activateAt,
      Long stopAt,
      String stage,
      double weight,
      double limit,
      Abandonment abandonment) {
    long from = activateAt == null ? now : Math.max(now, activateAt);
    long until = stopAt == null ? Long.MAX_VALUE : stopAt;
    Kind kind = new Kind(hours, from, until, abandonment, stage);
    if (!kinds.containsKey(kind) && kinds.size() >= MAX_KINDS) {
      kind = new Kind(hours, now, Long.MAX_VALUE, abandonment, stage);
    }
    kinds.computeIfAbsent(kind, made -> new Sum()).add(weight, limit);
  }

  /** New campaigns, how many. */
  int fresh() {
    return kinds.entrySet().stream()
        .filter(one -> one.getKey().stage() == null)
        .mapToInt(one -> one.getValue().campaigns)
        .sum();
  }

  /** What all new campaigns together never exceed, in calls/s. */
  double freshLimit() {
    return kinds.entrySet().stream()
        .filter(one -> one.getKey().stage() == null)
        .mapToDouble(one -> one.getValue().limit)
        .sum();
  }

  /** Goes through the hours of all once. */
  Busiest busiest() {
    Set<Kind> open = new LinkedHashSet<>();
    Set<Kind> openOthers =
        new LinkedHashSet<>(); // that were not met by a new one since they opened
    Set<Kind> met = new LinkedHashSet<>();
    int fresh = 0;
    int all = 0;
    int most = 0;
    Long at = null;
    List<Kind> then = List.of();
    List<Edge> edges = edges();
    for (int i = 0; i < edges.size(); i++) {
      Edge edge = edges.get(i);
      Kind kind = edge.kind();
      int sign = edge.opens() ? 1 : -1;
      all += sign * kinds.get(kind).campaigns;
      fresh += kind.stage() == null ? sign : 0;
      change(open, edge);
      if (kind.stage() != null) {
        change(openOthers, edge);
      }
      boolean settled = i + 1 == edges.size() || edges.get(i + 1).at() > edge.at();
      if (settled && fresh > 0) {
        if (all > most) {
          most = all;
          at = edge.at();
          then = List.copyOf(open);
        }
        met.addAll(openOthers);
        openOthers.clear();
      }
    }
    Map<String, Integer> others = new TreeMap<>();
    met.forEach(kind -> others.merge(kind.stage(), kinds.get(kind).campaigns, Integer::sum));
    return new Busiest(at, sharing(then), others);
  }

  private static void change(Set<Kind> kinds, Edge edge) {
    if (edge.opens()) {
      kinds.add(edge.kind());
    } else {
      kinds.remove(edge.kind());
    }
  }

  /** When campaigns open and close, in order; of one moment those that close come first. */
  private List<Edge> edges() {
    long first = Long.MAX_VALUE;
    long last = now;
    for (Kind kind : kinds.keySet()) {
      if (kind.stage() == null) {
        first = Math.min(first, kind.from());
        last = Math.max(last, kind.from());
      }
    }
    List<Edge> edges = new ArrayList<>();
    if (first == Long.MAX_VALUE) {
      return edges;
    }
    Instant start = Instant.ofEpochMilli(first);
    Instant end = Instant.ofEpochMilli(last).plus(WEEK);
    end = end.isAfter(start.plus(MAX_AHEAD)) ? start.plus(MAX_AHEAD) : end;
    Map<CallingHours, List<Opening>> known = new IdentityHashMap<>();
    for (Kind kind : kinds.keySet()) {
      Instant until = end;
      for (Opening opening :
          known.computeIfAbsent(kind.hours(), hours -> hours.openings(start, until))) {
        long from = Math.max(kind.from(), opening.from());
        long to = Math.min(kind.until(), opening.until());
        if (from < to) {
          edges.add(new Edge(from, kind, true));
          edges.add(new Edge(to, kind, false));
        }
      }
    }
    edges.sort(
        (a, b) ->
            a.at() != b.at()
                ? Long.compare(a.at(), b.at())
                : Boolean.compare(a.opens(), b.opens()));
    return edges;
  }

  private List<Sharing> sharing(List<Kind> open) {
    Map<Sharing, Integer> alike = new LinkedHashMap<>();
    for (Kind kind : open) {
      Sum sum = kinds.get(kind);
      Sharing each =
          new Sharing(1, sum.weight / sum.campaigns, sum.limit / sum.campaigns, kind.abandonment());
      alike.merge(each, sum.campaigns, Integer::sum);
    }
    List<Sharing> sharing = new ArrayList<>(alike.size());
    alike.forEach(
        (each, campaigns) ->
            sharing.add(new Sharing(campaigns, each.weight(), each.limit(), each.abandonment())));
    sharing.sort(
        (a, b) ->
            a.limit() != b.limit()
                ? Double.compare(a.limit(), b.limit())
                : Double.compare(a.weight(), b.weight()));
    return sharing;
  }
}
