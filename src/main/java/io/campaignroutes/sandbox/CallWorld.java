package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.dialer.AgentPool;
import io.campaignroutes.dialer.CallPeriod;
import io.campaignroutes.dialer.DialedCampaign;
import io.campaignroutes.dialer.Dialer;
import io.campaignroutes.dialer.People;
import io.campaignroutes.dialer.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tenant's agents and the calls of its campaigns: the simulated dialer, beside a real clock. It
 * moves in whole seconds. What it was told to dial is all that is kept of it over a restart: told
 * the same again, the same calls happen. One thread at a time.
 */
class CallWorld {

  /** The window of the real-time figures, in seconds. */
  private static final int WINDOW = 300;

  /** What a handled call takes on average, in seconds, as long as there is nothing measured. */
  private static final double USUAL_HANDLE_TIME = 180;

  /** Time lost longer than this (a machine asleep) is not made up for. */
  private static final long MAX_CATCH_UP = 3600;

  private static final People PEOPLE =
      new People(
          Schedule.constant(0.3),
          Schedule.constant(USUAL_HANDLE_TIME),
          0.9,
          false,
          5.5,
          1.7,
          22,
          0.15,
          2,
          2,
          false,
          0,
          0,
          0,
          0,
          0);

  private final Dialer dialer;
  private final Map<String, SandboxTeam> teams = new LinkedHashMap<>();
  private final Map<String, AgentPool> pools = new LinkedHashMap<>();
  private final Map<String, DialedCampaign> campaigns = new LinkedHashMap<>();
  private final List<Session> sessions = new ArrayList<>();
  private final List<Order> orders = new ArrayList<>();

  /**
   * Time that has passed without a gap.
   *
   * @param begins in seconds since the epoch
   * @param second of the world at that time
   */
  record Session(long begins, long second) {}

  /**
   * What a campaign was told.
   *
   * @param second of the world
   * @param team whom its calls are for
   * @param contacts the length of its list
   * @param rate calls/s from then on
   */
  record Order(long second, String campaign, String team, int contacts, double rate) {}

  /**
   * What is kept of this over a restart.
   *
   * @param second of the world
   */
  record State(long second, List<Session> sessions, List<Order> orders) {}

  /**
   * A world in which nobody calls.
   *
   * @param now in seconds since the epoch
   */
  CallWorld(List<SandboxTeam> teams, long seed, long now) {
    this(teams, seed, now, new State(0, List.of(), List.of()));
  }

  /** The world that was kept; the time in between has not passed in it. */
  CallWorld(List<SandboxTeam> teams, long seed, long now, State kept) {
    dialer = new Dialer(seed);
    sessions.addAll(kept.sessions());
    sessions.add(new Session(now, kept.second()));
    long began = sessions.get(0).begins();
    for (SandboxTeam team : teams) {
      this.teams.put(team.id(), team);
      pools.put(team.id(), dialer.pool(second -> team.present(began + (long) second)));
    }
    orders.addAll(kept.orders());
    for (Order order : orders) {
      dialer.advanceTo(order.second());
      follow(order);
    }
    dialer.advanceTo(kept.second());
  }

  State state() {
    return new State(second(), List.copyOf(sessions), List.copyOf(orders));
  }

  /** Lets time pass up to {@code now}, in seconds since the epoch; whether any has passed. */
  boolean advance(long now) {
    if (now - last().begins() + last().second() - second() > MAX_CATCH_UP) {
      sessions.add(new Session(now - MAX_CATCH_UP, second()));
    }
    long target = last().second() + now - last().begins();
    boolean passes = target > second();
    dialer.advanceTo(target);
    return passes;
  }

  boolean knows(String team) {
    return teams.containsKey(team);
  }

  /** A team as a tenant shows it. */
  ObjectNode team(String id) {
    return teams.get(id).json(sessions.get(0).begins() + second(), pools.get(id).idle());
  }

  /** From now on a campaign dials at a rate; 0 for not at all. */
  void dial(SandboxCampaign campaign, double rate) {
    Order order = new Order(second(), campaign.id(), campaign.poolId(), campaign.contacts(), rate);
    orders.add(order);
    follow(order);
  }

  private void follow(Order order) {
    campaigns.computeIfAbsent(order.campaign(), id -> campaign(order)).dial(order.rate());
  }

  private DialedCampaign campaign(Order order) {
    DialedCampaign campaign = dialer.campaign(pools.get(order.team()), PEOPLE);
    campaign.dialsEvenly();
    campaign.hasContacts(order.contacts());
    return campaign;
  }

  /** Whether calls are under way, whatever has become of the campaign since. */
  boolean underWay(SandboxCampaign campaign) {
    DialedCampaign dialed = campaigns.get(campaign.id());
    return dialed != null && dialed.underWay();
  }

  /** How many calls a campaign has dialled. */
  long attempted(SandboxCampaign campaign) {
    DialedCampaign dialed = campaigns.get(campaign.id());
    return dialed == null ? 0 : dialed.totals().attempted();
  }

  /** The figures of the last five minutes; null for a campaign that has never dialled. */
  ObjectNode realtime(SandboxCampaign campaign) {
    if (attempted(campaign) == 0) {
      return null;
    }
    CallPeriod window = campaigns.get(campaign.id()).between(second() - (double) WINDOW, second());
    double handleTime = window.handled() == 0 ? USUAL_HANDLE_TIME : window.handleTime();
    return figures(campaign, window)
        .put("interval", "PT5M")
        .put("avgHandleTime", tenths(handleTime))
        .put("availableAgents", pools.get(campaign.poolId()).idle());
  }

  /** The figures between two times; no average where no call was answered. */
  ObjectNode history(SandboxCampaign campaign, Instant from, Instant to) {
    DialedCampaign dialed = campaigns.get(campaign.id());
    CallPeriod period =
        dialed == null
            ? new CallPeriod(0, 0, 0, 0, 0, 0)
            : dialed.between(second(from.getEpochSecond()), second(to.getEpochSecond()));
    ObjectNode json =
        figures(campaign, period).put("startDate", from.toString()).put("endDate", to.toString());
    if (period.connected() > 0) {
      json.put("avgAnswerTime", tenths(period.answerTime()));
    }
    return json;
  }

  private static ObjectNode figures(SandboxCampaign campaign, CallPeriod period) {
    return SandboxJson.object()
        .put("campaignId", campaign.id())
        .put("attemptedCalls", period.attempted())
        .put("connectedCalls", period.connected())
        .put("abandonedCalls", period.abandoned());
  }

  /** The second of the world that it was at a time. */
  private double second(long epochSecond) {
    double found = -1;
    for (int n = 0; n < sessions.size() && sessions.get(n).begins() <= epochSecond; n++) {
      long ends = n + 1 < sessions.size() ? sessions.get(n + 1).second() : Long.MAX_VALUE;
      found = Math.min(ends, sessions.get(n).second() + epochSecond - sessions.get(n).begins());
    }
    return found;
  }

  private long second() {
    return (long) dialer.now();
  }

  private Session last() {
    return sessions.get(sessions.size() - 1);
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
