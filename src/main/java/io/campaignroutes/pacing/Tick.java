package io.campaignroutes.pacing;

import static io.campaignroutes.pacing.PacingLaw.seconds;

import io.campaignroutes.compliance.Abandonment.Denominator;
import io.campaignroutes.pacing.PacingDecision.Estimates;
import io.campaignroutes.pacing.PacingDecision.Inputs;
import io.campaignroutes.pacing.PacingDecision.Period;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One tick of the law: what is seen, what is made of it, what is decided. Used once. */
final class Tick {
  /** No figure above this is believed: agents, calls of a window. */
  private static final double MOST = 1e6;

  /** s: no mean handle time above this is believed. */
  private static final double LONGEST_HANDLE_TIME = 4 * 3600;

  /** s: no tick counts as longer than this when the next one is planned for. */
  private static final double LONGEST_TICK = 60;

  /** Calls that the prior on answers always weighs. */
  private static final double PRIOR_FLOOR = 5;

  /** s: half-life of the answer probability that is taken for usual. */
  private static final double USUAL_HALF_LIFE = 900;

  /** Most calls that a mean handle time weighs. */
  private static final double HANDLE_CALLS = 200;

  /** Handle times after which the mean of the ended calls is one of all calls. */
  private static final double CENSORED = 3;

  private static final double LOWEST_ANSWER = 0.01;
  private static final double HIGHEST_ANSWER = 0.95;

  /** s: half-life with which the number of staffed agents follows what is seen. */
  private static final double STAFFED_HALF_LIFE = 60;

  /** Evidence (natural logarithm of the odds) from which agents count as staffed ones: 1e7 : 1. */
  private static final double STILL = 16;

  /** Most evidence that is remembered, so that a shift change does not undo it. */
  private static final double MOST_STILL = 60;

  /** Most evidence that one tick gives or takes. */
  private static final double MOST_SURPRISE = 4;

  /** With staffed agents only: change of the rate for one abandoned call off the target. */
  private static final double STAFFED_GAIN = 0.02;

  /** With staffed agents only: share of the target that a progressive campaign may lose. */
  private static final double PROGRESSIVE_TARGET = 0.1;

  private static final double LOWEST_TRIM = 0.5;
  private static final double HIGHEST_TRIM = 1.1;

  /** The lowest rate stands in for zero where it is no more than this share of the capacity. */
  private static final double STAND_IN = 0.1;

  /** Why nothing may be dialed, as against enough being dialed already. */
  private static final Set<Clamp> AT_REST =
      EnumSet.of(Clamp.CLOSED, Clamp.HOLD, Clamp.NO_AGENTS, Clamp.NO_FIGURES, Clamp.PROBE);

  /** With staffed agents only: share of the rate to begin with. */
  private static final double FIRST_TRIM = 0.6;

  /** With staffed agents only: answered calls after which the estimates are trusted. */
  private static final double ANSWERS_TO_TRUST = 400;

  /** s: what an answered call waits when the profile does not say. */
  private static final double PATIENCE = 2;

  private final LawSettings law;
  private final FigureSettings figures;
  private final PlatformSettings platform;
  private final RingTimes ring;
  private final PacingPlan plan;
  private final PacingReading reading;
  private final PacingState.Draft s;
  private final Periods periods;
  private final long now;
  private final double passed;
  private final double limit;
  private final double cap;
  private final double target;
  private final List<PacingEvent> events = new ArrayList<>(0);

  private final Double connected;
  private final Double abandoned;
  private final Double attempted;
  private final Double handleTime;
  private final Double agents;
  private final Double staffed;
  private String missing;
  private boolean sampled;

  private double interval;
  private double answer;
  private double age;
  private double idleNow;
  private double idleThen;
  private double lines;
  private double overdial;
  private Double unclamped;

  private Mode mode;
  private Clamp clamp = Clamp.NONE;
  private String why = "";

  Tick(
      LawSettings law,
      FigureSettings figures,
      PlatformSettings platform,
      RingTimes ring,
      PacingPlan plan,
      PacingState state,
      PacingReading reading) {
    this.law = law;
    this.figures = figures;
    this.platform = platform;
    this.ring = ring;
    this.plan = plan;
    this.reading = reading;
    PacingState known = state.notAheadOf(reading.at(), law.tick().toMillis());
    this.s = new PacingState.Draft(known);
    this.periods = new Periods(plan);
    this.now = Math.max(reading.at(), known.readAt());
    this.passed = (now - known.readAt()) / 1000.0;
    this.limit = sane(plan.mostCallsPerSecond());
    this.cap = plan.abandonment() == null ? law.houseCap() : plan.abandonment().cap();
    PacingFigures read = reading.figures();
    connected = read == null ? null : count(read.connected(), MOST);
    abandoned = read == null ? null : count(read.abandoned(), MOST);
    attempted = read == null ? null : count(read.attempted(), MOST);
    agents = read == null ? null : count(read.agents(), MOST);
    staffed = read == null ? null : count(read.staffed(), MOST);
    Double handle = read == null ? null : count(read.avgHandleTime(), LONGEST_HANDLE_TIME);
    handleTime = handle == null || handle == 0 ? null : handle;
    double share = s.staffed >= law.largeTeam() ? law.targetShare() : law.targetShareSmall();
    this.target = share * cap;
    this.interval = Math.min(LONGEST_TICK, Math.max(seconds(law.tick()), passed));
  }

  /** A rate or limit that can be worked with: 0 for what is no number or negative. */
  static double sane(double value) {
    return value > 0 ? Math.min(value, MOST) : 0;
  }

  private static Double count(Double value, double most) {
    return value != null && value >= 0 && value <= most ? value : null;
  }

  PacingStep decide() {
    s.dialUntil(now);
    turnPeriod();
    look();
    guard();
    double wanted = wanted();
    double bounded = Math.min(wanted, limit);
    if (wanted > limit) {
      clamp(Clamp.LIMIT, "the limit of " + plan.mostFrom() + " is " + Words.rate(limit));
    }
    bounded = raiseSlowly(bounded);
    double rate = onSteps(bounded);
    s.readAt = now;
    return new PacingStep(s.state(), decision(rate, worthAWrite(rate)));
  }

  // What is seen

  private void turnPeriod() {
    long bucket = periods.bucket(now);
    if (s.period.bucket() > bucket + 1) { // the clock was ahead: they belong to now
      s.period = s.period.movedBack(periods.rolling() ? bucket + 1 : bucket);
    }
    if (bucket > s.period.bucket()) {
      if (!periods.rolling()) {
        s.aboveAt = 0;
      }
      s.period = s.period.movedTo(bucket, periods.oldest(bucket));
    }
    if (s.toldAt != 0 && periods.bucket(s.toldAt) == bucket) {
      s.period =
          s.period.plus(
              Math.max(0, s.toldAnswered - s.period.answered()),
              Math.max(0, s.toldAbandoned - s.period.abandoned()));
    }
  }

  private void look() {
    missing = lacking();
    answer = answerProbability();
    if (missing != null) {
      return;
    }
    sampled = true;
    long before = s.sampledAt == 0 ? s.freshSince : s.sampledAt;
    double newConnected;
    double newAbandoned;
    if (figures.window() == FigureSettings.Window.ROLLING) {
      long start = now - figures.length().toMillis();
      newConnected = connected - s.counts.connectedSince(start);
      newAbandoned = abandoned - s.counts.abandonedSince(start);
      // What a window shows after a longer gap lies somewhere in all of it.
      long stretch = Math.min(now - before, figures.length().toMillis());
      s.counts = s.counts.with(now, stretch, newConnected, newAbandoned, start);
    } else {
      boolean restarted = connected < s.lastConnected || abandoned < s.lastAbandoned;
      newConnected = restarted ? connected : connected - s.lastConnected;
      newAbandoned = restarted ? abandoned : abandoned - s.lastAbandoned;
    }
    s.lastConnected = connected;
    s.lastAbandoned = abandoned;
    if (figures.connectedIncludesAbandoned()) {
      newConnected -= newAbandoned;
    }
    // What this window shows is in the totals that history told.
    boolean told = s.toldAt != 0;
    s.toldAt = 0;
    long seenFrom =
        figures.window() == FigureSettings.Window.ROLLING
            ? Math.max(before, now - figures.length().toMillis())
            : before;
    double span = Math.max(0.001, (now - seenFrom) / 1000.0);
    learn(newConnected, newAbandoned, seenFrom, span, told);
    s.sampledAt = now;
    s.probeAt = 0;
  }

  /** Why the reading is no sample; null when it is one. */
  private String lacking() {
    if (reading.figures() == null) {
      return reading.missing() != null
          ? reading.missing()
          : reading.notYet() ? "CXone has no figures yet" : "there are no figures";
    }
    if (s.sampledAt != 0 && reading.at() <= s.sampledAt) {
      return "these figures are not newer than the last ones";
    }
    if (connected == null) {
      return lacking("connectedCalls", reading.figures().connected());
    }
    if (abandoned == null) {
      return lacking("abandonedCalls", reading.figures().abandoned());
    }
    return agents == null ? lacking("availableAgents", reading.figures().agents()) : null;
  }

  private static String lacking(String field, Double value) {
    if (value == null) {
      return "CXone's answer has no " + field;
    }
    return Double.isFinite(value)
        ? field + " is " + Words.number(value) + ", which cannot be true"
        : field + " is not a number";
  }

  private void learn(
      double newConnected, double newAbandoned, long before, double span, boolean told) {
    double answered = newConnected + newAbandoned;
    double mistaken = answered * figures.mistakenPersons();
    double live = newConnected * (1 - figures.markedMachines()) + newAbandoned + mistaken;
    double lost = newAbandoned + mistaken;
    if (!told) {
      s.period = s.period.plus(live, lost);
    }
    s.warm = Math.max(0, s.warm + answered);

    double fade = Math.pow(0.5, span / seconds(law.answerHalfLife()));
    long lag = figures.lag().toMillis();
    if (attempted != null && s.sampledAt != 0) {
      correctDialed(before, lag);
    }
    double ripe = s.dialed.ripe(now - lag, ring) - s.dialed.ripe(before - lag, ring);
    s.attempts = s.attempts * fade + Math.max(0, ripe);
    s.answers = Math.max(0, s.answers * fade + answered);
    double usual = Math.min(1, s.answers / Math.max(1, s.attempts));
    s.usualAnswer += (1 - Math.pow(0.5, span / USUAL_HALF_LIFE)) * (usual - s.usualAnswer);
    answer = answerProbability();

    if (handleTime != null) {
      // The first calls to end are the short ones, so their mean is trusted little by little.
      double dialing = (now - s.freshSince) / 1000.0 / (CENSORED * law.handlePrior());
      double weight = Math.min(HANDLE_CALLS, connected) * Math.min(1, dialing * dialing);
      s.handleTime =
          (law.handlePrior() * law.handlePriorCalls() + handleTime * weight)
              / (law.handlePriorCalls() + weight);
    }

    detectStaffed(newConnected, span);
    // Calls connected over a long stretch have partly ended by now.
    double stretch =
        (s.sampledAt == 0 ? Math.max(span, seconds(figures.length())) : span) / s.handleTime;
    s.busy =
        Math.max(
            0,
            s.busy * Math.exp(-span / s.handleTime)
                - newConnected * Math.expm1(-stretch) / stretch);
    s.idle = agents;
    if (staffedOnly()) {
      s.staffed = agents;
      s.idle = Math.max(0, agents - s.busy);
    } else if (staffed != null) {
      s.staffed = staffed;
      s.busy = Math.max(0, staffed - agents);
    } else {
      double seen = agents + s.busy;
      double follow = s.sampledAt == 0 ? 1 : 1 - Math.pow(0.5, span / STAFFED_HALF_LIFE);
      s.staffed += follow * (seen - s.staffed);
    }

    boolean atTheLimit = s.inForce() > 0 && s.inForce() >= limit - platform.rateStep();
    double growth = target * live - lost;
    if (growth < 0 || !atTheLimit) {
      s.budget = Math.max(law.budgetLowest(), Math.min(law.budgetHighest(), s.budget + growth));
    }
  }

  /** Puts the dialed calls right by what the API counted, where it does. */
  private void correctDialed(long before, long lag) {
    // Only the whole window is told. What of it was not dialed lately is not remembered, so the
    // newest stretch gets the ratio of the whole.
    long start = Math.max(now - lag - figures.length().toMillis(), s.dialed.end() - 120_000);
    double own = s.dialed.calls(start, now - lag);
    double told = attempted * (now - lag - start) / Math.max(1, figures.length().toMillis());
    if (own > 20 && figures.window() == FigureSettings.Window.ROLLING) {
      s.dialed =
          s.dialed.corrected(
              before - lag, now - lag, s.dialed.calls(before - lag, now - lag) * told / own);
    }
  }

  /**
   * Weighs how unlikely it is that a figure for idle agents stays as it is: just as many calls had
   * to end as were connected. All staffed agents stay as they are whatever is connected.
   */
  private void detectStaffed(double newConnected, double span) {
    if (newConnected < 0.5 || agents == 0 || s.sampledAt == 0) {
      return;
    }
    boolean before = s.still >= STILL;
    if (agents == lastAgents()) {
      double ended = Math.max(0.05, s.busy * span / Math.max(1, s.handleTime));
      s.still = Math.min(MOST_STILL, s.still + surprise(Math.rint(newConnected), ended));
    } else {
      s.still = Math.max(0, s.still - MOST_SURPRISE);
    }
    if (s.still >= STILL && !before && figures.agents() == FigureSettings.Agents.IDLE) {
      events.add(
          new PacingEvent(
              PacingEvent.AGENTS_LOOK_STAFFED,
              "availableAgents stays at "
                  + Words.number(agents)
                  + " while calls are connected, so it seems to count all staffed agents.",
              Map.of("availableAgents", agents)));
    }
  }

  /** Minus the logarithm of the Poisson probability of a count, within bounds. */
  private static double surprise(double count, double mean) {
    double log = -mean + count * Math.log(mean);
    for (int i = 2; i <= count && log > -2 * MOST; i++) {
      log -= Math.log(i);
      if (i > 100) {
        return MOST_SURPRISE;
      }
    }
    return Math.min(MOST_SURPRISE, -log);
  }

  private double lastAgents() {
    return staffedOnly() ? s.staffed : s.idle;
  }

  private boolean staffedOnly() {
    return figures.agents() == FigureSettings.Agents.STAFFED || s.still >= STILL;
  }

  private double answerProbability() {
    double p = (law.answerPrior() * PRIOR_FLOOR + s.answers) / (PRIOR_FLOOR + s.attempts);
    double floor = Math.max(LOWEST_ANSWER, law.steadiness() * s.usualAnswer);
    return Math.max(floor, Math.min(HIGHEST_ANSWER, p));
  }

  // What the cap says

  private double share() {
    double answered = s.period.answered();
    // figures that come late can leave more abandoned calls than answers at the edge of a window
    return answered <= 0 ? 0 : Math.min(1, s.period.abandoned() / answered);
  }

  private void guard() {
    double answered = s.period.answered();
    double lost = s.period.abandoned();
    double base = Math.max(answered, law.fewestAnswers());
    boolean was = s.protect;
    s.protect = lost > 0 && lost >= base * cap * (was ? law.protectBelow() : law.protectFrom());
    if (s.protect != was) {
      String told = Words.percent(share()) + " of " + Words.number(answered) + " answered calls";
      events.add(
          s.protect
              ? event(PacingEvent.PROTECT, "Abandonment is " + told + "; dialing is to be careful.")
              : event(PacingEvent.PROTECT_RELEASED, "Abandonment is down to " + told + "."));
    }
    if (plan.abandonment() == null) {
      return;
    }
    if (s.held) {
      if (share() < cap) {
        s.held = false;
        s.aboveAt = 0;
        s.warm = 0;
        s.freshSince = now;
        events.add(
            event(
                PacingEvent.HOLD_RELEASED,
                "Dialing may go on: abandonment is %s of %s answered in this period."
                    .formatted(Words.percent(share()), Words.number(answered))));
      }
      return;
    }
    if (answered < law.fewestAnswers() || share() <= cap) {
      s.aboveAt = 0;
      return;
    }
    if (s.aboveAt == 0) {
      s.aboveAt = now;
      s.aboveAnswered = answered;
    }
    double excess = lost - cap * answered;
    double answersLeft = answersToComeBack();
    boolean cannot = excess > cap * answersLeft;
    boolean hasNot =
        (now - s.aboveAt) / 1000.0 > seconds(law.holdHorizon())
            && answered - s.aboveAnswered > law.fewestAnswers();
    if (cannot || hasNot) {
      s.held = true;
      events.add(event(PacingEvent.HOLD, "Dialing is to stop: " + heldWhy()));
    }
  }

  /** Answered calls within which a share above the cap has to be back below it. */
  private double answersToComeBack() {
    double horizon = seconds(law.holdHorizon());
    Long end = periods.end(now);
    if (end != null) {
      horizon = Math.min(horizon, (end - now) / 1000.0);
    }
    double possible = s.staffed / Math.max(1, s.handleTime) * horizon;
    double few =
        end == null
            ? law.fewestAnswers()
            : Math.min(
                law.fewestAnswers(), s.staffed / Math.max(1, s.handleTime) * (end - now) / 1000.0);
    return Math.max(few, possible);
  }

  private String heldWhy() {
    Long end = periods.end(now);
    return "abandonment "
        + Words.percent(share())
        + " of "
        + Words.number(s.period.answered())
        + " answered in this period, the cap is "
        + Words.percent(cap)
        + (end == null
            ? "; until older calls leave the window"
            : "; until the next period begins at " + Words.time(end))
        + machinesNote();
  }

  private String machinesNote() {
    return countsMachines() && figures.markedMachines() == 0
        ? " (machines that agents marked are not in the figures)"
        : "";
  }

  private boolean countsMachines() {
    return plan.abandonment() != null
        && plan.abandonment().denominator() == Denominator.ANSWERED_LIVE_MINUS_AGENT_MARKED_AM;
  }

  private PacingEvent event(String name, String reason) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("answered", s.period.answered());
    details.put("abandoned", s.period.abandoned());
    details.put("rate", share());
    details.put("cap", cap);
    details.put("periodStart", Words.time(periods.start(now)));
    return new PacingEvent(name, reason, details);
  }

  // What is wanted

  private double wanted() {
    mode =
        switch (plan.strategy()) {
          case PREDICTIVE -> Mode.PREDICTIVE;
          case PROGRESSIVE -> Mode.PROGRESSIVE;
          case PREVIEW -> Mode.PREVIEW;
          case POWER -> Mode.POWER;
        };
    predict();
    if (reading.closed() != null) {
      clamp(Clamp.CLOSED, reading.closed());
      s.warm = 0;
      s.freshSince = now;
      return 0;
    }
    if (s.held) {
      mode = Mode.HOLD;
      clamp(Clamp.HOLD, "held: " + heldWhy());
      return 0;
    }
    if (mode == Mode.PREVIEW) {
      clamp(Clamp.STRATEGY, "agents start each call themselves");
      return limit;
    }
    if (!sampled) {
      Double without = withoutFigures();
      if (without != null) {
        return without;
      }
    }
    if (s.staffed < 0.5) {
      clamp(Clamp.NO_AGENTS, "no agent is at work");
      return 0;
    }
    if (staffedOnly()) {
      boolean progressive = plan.strategy() == Strategy.PROGRESSIVE;
      return constantRate(progressive ? PROGRESSIVE_TARGET * target : target);
    }
    if (plan.strategy() == Strategy.PROGRESSIVE) {
      clamp(Clamp.STRATEGY, "one line for each idle agent");
      return perIdleAgent(idleNow, 1);
    }
    return predicted();
  }

  /** Where agents and lines stand, as far as can be told. */
  private void predict() {
    long data = (s.sampledAt == 0 ? now : s.sampledAt) - figures.lag().toMillis();
    age = (now - data) / 1000.0;
    double h = Math.max(1, s.handleTime);
    double ripeThen = s.dialed.ripe(data, ring);
    double ripeNow = s.dialed.ripe(now, ring);
    double all = s.dialed.calls(Long.MIN_VALUE / 2, now);
    double free = s.idle + s.busy * -Math.expm1(-age / h);
    idleNow = Math.max(0, Math.min(s.staffed, free - answer * (ripeNow - ripeThen)));
    double lead = seconds(law.lead()) + (interval - seconds(law.tick())) / 2;
    double completions = s.busy * -Math.expm1(-(age + lead) / h);
    double left = s.busy * Math.exp(-(age + lead) / h);
    idleThen = s.idle + completions;
    lines =
        answer * (all - ripeNow)
            + (1 - answer) * s.dialed.calls(now - platform.ringTimeout().toMillis(), now);

    double z =
        s.protect
            ? law.protectMargin()
            : Math.max(
                law.marginLowest(),
                Math.min(law.marginHighest(), law.margin() - law.gain() * s.budget));
    // Variance of the completions; that of the answers is their number (they are Poisson), and what
    // is not known about the answer probability comes on top.
    double v = completions * (s.busy == 0 ? 0 : left / s.busy);
    double seen = Math.min(s.answers, s.warm);
    double aimed = answersAimedAt(idleThen, v, z, 1 / (PRIOR_FLOOR + seen));
    overdial = idleThen <= 0 ? 0 : aimed / idleThen;
    unclamped = Math.max(0, (aimed / answer - (all - ripeThen)) / interval);
  }

  /** The answers a for which a + z·sqrt(a + v + u·a²) = idle. */
  private static double answersAimedAt(double idle, double v, double z, double u) {
    double square = 1 - z * z * u;
    double half = idle + z * z / 2;
    double root = Math.sqrt(Math.max(0, half * half - square * (idle * idle - z * z * v)));
    return Math.max(0, (idle * idle - z * z * v) / (half + Math.signum(z) * root));
  }

  private double predicted() {
    double careful = perIdleAgent(idleNow, law.progressiveFactor());
    double rate = unclamped;
    why =
        Words.number(idleThen)
            + " of "
            + Words.number(s.staffed)
            + " agents will be idle, "
            + Words.percent(answer)
            + " of calls are answered, "
            + Words.number(lines)
            + " lines ring";
    if (s.warm < law.coldAnswers()) {
      mode = Mode.PROGRESSIVE;
      clamp(
          Clamp.COLD,
          Words.number(s.warm)
              + " answered calls seen, "
              + Words.number(law.coldAnswers())
              + " are needed to predict");
      return Math.min(rate, careful);
    }
    if (s.staffed < law.smallestTeam()) {
      mode = Mode.PROGRESSIVE;
      clamp(
          Clamp.SMALL_TEAM, Words.number(s.staffed) + " agents are too few to dial ahead of them");
      return Math.min(rate, careful);
    }
    if (s.protect) {
      clamp(
          Clamp.PROTECT,
          "protected: abandonment "
              + Words.percent(share())
              + " of "
              + Words.number(s.period.answered())
              + " answered in this period, the cap is "
              + Words.percent(cap)
              + machinesNote());
    }
    if (s.staffed < law.smallTeam()) {
      if (!s.protect) {
        clamp(Clamp.SMALL_TEAM, why + "; damped for a team this small");
      }
      return law.smallTeamFactor() * rate;
    }
    return rate;
  }

  /** Idle agents are not to be seen, and a guess at them would dial far too much. */
  private double constantRate(double aimed) {
    int team = (int) Math.round(s.staffed);
    double lambda = Erlang.answersPerSecond(team, Math.max(1, s.handleTime), PATIENCE, aimed);
    double learnt = Math.min(1, s.warm / ANSWERS_TO_TRUST);
    double trim =
        Math.max(LOWEST_TRIM, Math.min(HIGHEST_TRIM, Math.exp(STAFFED_GAIN * s.budget)))
            * (FIRST_TRIM + (1 - FIRST_TRIM) * learnt);
    clamp(
        Clamp.STAFFED_ONLY,
        "only staffed agents are visible ("
            + team
            + "), so a constant rate keeps abandonment at "
            + Words.percent(aimed));
    if (s.protect) {
      clamp(Clamp.PROTECT, why + "; halved, abandonment is " + Words.percent(share()));
      trim = Math.min(trim, LOWEST_TRIM);
    }
    unclamped = lambda / answer;
    return unclamped * trim;
  }

  private double perIdleAgent(double idle, double factor) {
    return factor * Math.max(0, idle - lines) / interval;
  }

  /** The rate without fresh figures; null when the last ones are young enough to predict from. */
  private Double withoutFigures() {
    double stale = seconds(law.staleAfter());
    boolean nothingDialed =
        s.sampledAt == 0
            ? s.probeAt == 0 || (now - s.probeAt) / 1000.0 <= stale
            : (now - Math.max(s.dialedAt, s.sampledAt)) > figures.length().toMillis();
    boolean probing = s.probeAt != 0 && (now - s.probeAt) / 1000.0 <= stale;
    boolean again =
        s.probeAt != 0 && now - Math.max(s.probeAt, s.dialedAt) > figures.length().toMillis();
    if (reading.notYet()
        && reading.readyAgents() != null
        && (probing || again || s.probeAt == 0 && nothingDialed)) {
      if (!probing) {
        s.probeAt = now;
      }
      int ready = Math.max(0, reading.readyAgents());
      mode = Mode.PROGRESSIVE;
      if (ready == 0) {
        clamp(Clamp.NO_AGENTS, "no agent of the pool is ready");
        return 0.0;
      }
      clamp(
          Clamp.PROBE,
          missing + "; " + ready + " agents of the pool are ready, one line for each of them");
      return perIdleAgent(ready, law.progressiveFactor());
    }
    double without = (now - Math.max(s.sampledAt, s.freshSince)) / 1000.0;
    if (s.sampledAt == 0 && s.probeAt == 0) {
      clamp(Clamp.NO_FIGURES, missing + ", and no agent is known to be ready");
      return 0.0;
    }
    if (without <= stale && s.sampledAt != 0) {
      missing = missing + "; the last figures are " + Words.number(without) + " s old";
      return null;
    }
    if (without - passed <= stale && s.sampledAt != 0) {
      clamp(Clamp.NO_FIGURES, missing + " for " + Words.number(without) + " s; kept for now");
      return s.inForce();
    }
    clamp(Clamp.NO_FIGURES, missing + " for " + Words.number(without) + " s; going down");
    double halved = s.inForce() * Math.pow(0.5, Math.max(1, passed / seconds(law.tick())));
    return halved < Math.max(platform.rateStep(), 0.01) ? 0 : halved;
  }

  private void clamp(Clamp by, String reason) {
    clamp = by;
    why = reason;
  }

  // What is written

  private double raiseSlowly(double rate) {
    double raise =
        Math.max(platform.rateStep(), Math.max(law.raiseLimit(), law.raiseShare() * capacity()))
            * interval
            / seconds(law.tick());
    double highest = s.inForce() + raise;
    if (mode == Mode.PREVIEW || rate <= highest) {
      return rate;
    }
    clamp(Clamp.RAISE_LIMIT, why + "; going up step by step");
    return highest;
  }

  private double onSteps(double rate) {
    double step = platform.rateStep();
    double rounded = step <= 0 ? rate : Math.floor(rate / step + 1e-9) * step;
    // 0.30000000000000004 is not a rate that anybody wants to read.
    double clean = Math.rint(rounded * 1e6) / 1e6;
    if (clean > 0 && clean >= platform.lowestRate()) {
      return Math.min(clean, limit);
    }
    // Lines enough ring already, for a moment: a platform that knows no zero would be paused and
    // resumed hundreds of times a shift, each time with an activation and two events.
    double least = platform.lowestRate() > 0 ? platform.lowestRate() : step;
    boolean forAMoment = !platform.zeroAccepted() && !AT_REST.contains(clamp);
    return forAMoment && least <= limit && least <= STAND_IN * capacity() ? least : 0;
  }

  /** calls/s that would keep all agents busy. */
  private double capacity() {
    return s.staffed / Math.max(1, s.handleTime) / answer;
  }

  private boolean worthAWrite(double rate) {
    double inForce = s.commanded;
    double change = Math.abs(rate - inForce);
    if (change < 1e-9) {
      return false;
    }
    if (rate == 0) {
      return true;
    }
    double since = Math.max(0, now - s.commandedAt) / 1000.0;
    if (since < seconds(platform.minWriteInterval())) {
      return false;
    }
    if (inForce > limit || clamp == Clamp.NO_FIGURES) {
      return true;
    }
    double band = Math.max(Math.min(0.1, 0.002 * s.staffed), law.deadBand() * inForce);
    return change > band || since >= seconds(law.refresh());
  }

  private PacingDecision decision(double rate, boolean send) {
    Inputs inputs = new Inputs(connected, abandoned, attempted, handleTime, agents, missing);
    Estimates estimates =
        new Estimates(
            answer,
            s.handleTime,
            s.budget,
            overdial,
            s.staffed,
            s.busy,
            idleThen,
            lines,
            mode == Mode.PREVIEW ? null : unclamped);
    Period period =
        new Period(
            periods.start(now),
            periods.end(now),
            s.period.answered(),
            s.period.abandoned(),
            share(),
            plan.abandonment() == null ? null : cap);
    String reason = Words.rate(rate) + " calls/s: " + why;
    return new PacingDecision(
        now, mode, rate, send, clamp, reason, inputs, estimates, period, List.copyOf(events));
  }
}
