package io.campaignroutes.pacing;

import static io.campaignroutes.pacing.PacingLaw.seconds;

/**
 * The law itself: how many answers the agents can take, and which rate brings them. Where it cannot
 * predict, for want of figures, answers, agents or permission, it says what is dialed instead.
 */
final class RateLaw {
  /** Calls after which figures are to be expected. */
  private static final double UNSEEN_CALLS = 3;

  /** With staffed agents only: change of the rate for one abandoned call off the target. */
  private static final double STAFFED_GAIN = 0.02;

  /** With staffed agents only: share of the target that a progressive campaign may lose. */
  private static final double PROGRESSIVE_TARGET = 0.1;

  private static final double MIN_TRIM = 0.5;
  private static final double MAX_TRIM = 1.1;

  /** With staffed agents only: share of the rate to begin with. */
  private static final double FIRST_TRIM = 0.6;

  /** With staffed agents only: answered calls after which the estimates are trusted. */
  private static final double ANSWERS_TO_TRUST = 400;

  /** s: what an answered call waits when the profile does not say. */
  private static final double PATIENCE = 2;

  private final LawSettings law;
  private final FigureSettings figures;
  private final PlatformSettings platform;

  RateLaw(LawSettings law, FigureSettings figures, PlatformSettings platform) {
    this.law = law;
    this.figures = figures;
    this.platform = platform;
  }

  /** What is dialed of what is predicted, or instead of it. */
  WantedRate wanted(Situation s) {
    WantedRate predicted = predicted(s);
    if (s.reading().closed() != null) {
      return predicted.rate(0).because(RateBound.CLOSED, s.reading().closed());
    }
    if (s.judgement().cap().held()) {
      return predicted
          .mode(Mode.HOLD)
          .rate(0)
          .because(RateBound.HOLD, "held: " + s.judgement().why());
    }
    if (predicted.mode() == Mode.PREVIEW) {
      return predicted
          .rate(s.bounds().limit())
          .because(RateBound.STRATEGY, "agents start each call themselves");
    }
    Estimate known = s.known();
    double blind = (s.time().now() - lastSeen(known)) / 1000.0;
    boolean stale = known.seen().sampledAt() == 0 || blind > seconds(law.staleAfter());
    boolean othersTell = s.share().seen() && s.reading().notYet();
    if (!known.sample().usable() && !othersTell) {
      if (probes(s)) {
        return probe(s, predicted);
      }
      if (stale) {
        return withoutFigures(s, predicted, blind);
      }
      String age = "; the last figures are " + Words.number(blind) + " s old";
      predicted = predicted.missing(predicted.missing() + age);
    }
    if (known.agents().staffed() < 0.5) {
      return predicted.rate(0).because(RateBound.NO_AGENTS, "no agent is at work");
    }
    boolean progressive = s.bounds().plan().strategy() == Strategy.PROGRESSIVE;
    if (known.agents().staffedOnly(figures)) {
      double target = s.bounds().target();
      return constantRate(s, predicted, progressive ? PROGRESSIVE_TARGET * target : target);
    }
    if (progressive) {
      return predicted
          .rate(perIdleAgent(s, s.forecast().idleNow(), 1))
          .because(RateBound.STRATEGY, "one line for each idle agent");
    }
    return careful(s, predicted);
  }

  // The prediction

  /** Dials until the answers to be expected come up to the agents to be expected, less a margin. */
  private WantedRate predicted(Situation s) {
    Estimate known = s.known();
    AgentForecast forecast = s.forecast();
    double aimed = forecast.answers(margin(s), s.share().uncertainty());
    double calls = aimed / known.answerProbability() - forecast.ringing().awaited();
    double rate = s.share().part() * Math.max(0, calls / s.time().interval());
    String why =
        Words.number(forecast.idleThen())
            + " of "
            + Words.number(known.agents().staffed())
            + " agents will be idle, "
            + Words.percent(known.answerProbability())
            + " of calls are answered, "
            + Words.number(forecast.ringing().lines())
            + " lines ring";
    return new WantedRate(
        mode(s.bounds().plan().strategy()),
        rate,
        RateBound.NONE,
        why,
        forecast.idleThen() <= 0 ? 0 : aimed / forecast.idleThen(),
        rate,
        known.sample().missing(),
        false);
  }

  private static Mode mode(Strategy strategy) {
    return switch (strategy) {
      case PREDICTIVE -> Mode.PREDICTIVE;
      case PROGRESSIVE -> Mode.PROGRESSIVE;
      case PREVIEW -> Mode.PREVIEW;
      case POWER -> Mode.POWER;
    };
  }

  /** The safety margin in standard deviations: at the cap as wide as it goes. */
  private double margin(Situation s) {
    return s.judgement().cap().protect() ? law.protectMargin() : s.share().margin();
  }

  // Care

  /** As predicted, but for the first answers, small teams and what is close to the cap. */
  private WantedRate careful(Situation s, WantedRate predicted) {
    double answered = s.share().answersSeen();
    double staffed = s.known().agents().staffed();
    double few = perIdleAgent(s, s.forecast().idleNow(), law.progressiveFactor());
    if (answered < law.coldAnswers()) {
      return predicted
          .mode(Mode.PROGRESSIVE)
          .rate(Math.min(predicted.rate(), few))
          .because(
              RateBound.COLD,
              Words.number(answered)
                  + " answered calls seen, "
                  + Words.number(law.coldAnswers())
                  + " are needed to predict");
    }
    if (staffed < law.smallestTeam()) {
      return predicted
          .mode(Mode.PROGRESSIVE)
          .rate(Math.min(predicted.rate(), few))
          .because(
              RateBound.SMALL_TEAM,
              Words.number(staffed) + " agents are too few to dial ahead of them");
    }
    boolean small = staffed < law.smallTeam();
    WantedRate wanted =
        small ? predicted.rate(law.smallTeamFactor() * predicted.rate()) : predicted;
    if (s.judgement().cap().protect()) {
      return wanted.because(RateBound.PROTECT, "protected: " + s.judgement().why());
    }
    return small
        ? wanted.because(RateBound.SMALL_TEAM, wanted.why() + "; damped for a team this small")
        : wanted;
  }

  /** Idle agents are not to be seen, and a guess at them would dial far too much. */
  private WantedRate constantRate(Situation s, WantedRate predicted, double aimed) {
    Estimate known = s.known();
    CapState cap = s.judgement().cap();
    int team = (int) Math.round(known.agents().staffed());
    double handle = Math.max(1, known.agents().handleTime());
    double rate =
        s.share().part()
            * Erlang.answersPerSecond(team, handle, PATIENCE, aimed)
            / known.answerProbability();
    double learnt = Math.min(1, known.answers().answersSinceStart() / ANSWERS_TO_TRUST);
    double steered = Math.exp(STAFFED_GAIN * cap.abandonmentCredit());
    double trim =
        Math.max(MIN_TRIM, Math.min(MAX_TRIM, steered)) * (FIRST_TRIM + (1 - FIRST_TRIM) * learnt);
    String why =
        "only staffed agents are visible ("
            + team
            + "), so a constant rate keeps abandonment at "
            + Words.percent(aimed);
    WantedRate constant = predicted.predicted(rate);
    return cap.protect()
        ? constant
            .rate(rate * Math.min(trim, MIN_TRIM))
            .because(
                RateBound.PROTECT, why + "; halved, abandonment is " + Words.percent(cap.share()))
        : constant.rate(rate * trim).because(RateBound.STAFFED_ONLY, why);
  }

  private static double perIdleAgent(Situation s, double idle, double factor) {
    double free = Math.max(0, idle - s.forecast().ringing().lines());
    return factor * s.share().part() * free / s.time().interval();
  }

  // Without figures

  private static long lastSeen(Estimate known) {
    return Math.max(known.seen().sampledAt(), known.seen().freshSince());
  }

  /**
   * Whether it is dialed so that there will be figures: CXone says that there are none yet, and
   * agents are known to be ready. For a while only, and again once nothing was dialed for so long
   * that CXone cannot have any.
   */
  private boolean probes(Situation s) {
    if (!s.reading().notYet() || s.reading().readyAgents() == null) {
      return false;
    }
    FiguresSeen seen = s.known().seen();
    long dialedAt = s.known().dialing().dialedAt();
    long now = s.time().now();
    long window = figures.length().toMillis();
    if (seen.probeAt() != 0) {
      return probing(seen, now)
          || hardlyDialed(s.known(), now)
          || now - Math.max(seen.probeAt(), dialedAt) > window;
    }
    return seen.sampledAt() == 0 || now - Math.max(dialedAt, seen.sampledAt()) > window;
  }

  private boolean probing(FiguresSeen seen, long now) {
    return seen.probeAt() != 0 && (now - seen.probeAt()) / 1000.0 <= seconds(law.staleAfter());
  }

  /**
   * Whether next to nothing was dialed while there were no figures, as by a campaign that has had
   * no turn: that there are none is no fault then.
   */
  private boolean hardlyDialed(Estimate known, long now) {
    long probeAt = known.seen().probeAt();
    return probeAt != 0
        && (now - probeAt) / 1000.0 <= 2 * seconds(law.staleAfter())
        && known.dialing().dialed().calls(probeAt, now) < UNSEEN_CALLS;
  }

  private WantedRate probe(Situation s, WantedRate predicted) {
    int ready = Math.max(0, s.reading().readyAgents());
    WantedRate wanted = predicted.mode(Mode.PROGRESSIVE);
    if (!probing(s.known().seen(), s.time().now())) {
      wanted = wanted.probing();
    }
    if (ready == 0) {
      return wanted.rate(0).because(RateBound.NO_AGENTS, "no agent of the pool is free for it");
    }
    return wanted
        .rate(perIdleAgent(s, ready, law.progressiveFactor()))
        .because(
            RateBound.PROBE,
            predicted.missing()
                + "; "
                + ready
                + " agents of the pool are ready, one line for each of them");
  }

  /**
   * The last figures are too old to predict from: the rate is kept for a tick, then halved at each.
   *
   * @param blind seconds since there were figures
   */
  private WantedRate withoutFigures(Situation s, WantedRate predicted, double blind) {
    FiguresSeen seen = s.known().seen();
    String missing = predicted.missing();
    if (seen.sampledAt() == 0 && seen.probeAt() == 0) {
      return predicted
          .rate(0)
          .because(RateBound.NO_FIGURES, missing + ", and no agent is known to be ready");
    }
    String since = missing + " for " + Words.number(blind) + " s";
    double inForce = s.known().dialing().inForce();
    double passed = s.time().passed();
    if (blind - passed <= seconds(law.staleAfter()) && seen.sampledAt() != 0) {
      return predicted.rate(inForce).because(RateBound.NO_FIGURES, since + "; kept for now");
    }
    double halved = inForce * Math.pow(0.5, Math.max(1, passed / seconds(law.tick())));
    return predicted
        .rate(halved < Math.max(platform.rateStep(), 0.01) ? 0 : halved)
        .because(RateBound.NO_FIGURES, since + "; going down");
  }
}
