package io.campaignroutes.pacing;

import static io.campaignroutes.pacing.PacingLaw.seconds;

import java.time.Duration;

/**
 * How many lines for each agent who waits a campaign is to have. That is a set-point for the
 * moments at which agents become free, so it goes by the team, the answers and the handle time as
 * they are over minutes, not by who waits now. What abandons as much as is aimed at is worked out
 * ({@link LinesModel}); the credit of calls that were abandoned less often or more often than that
 * moves it. 1:1 is where it rests: nobody can be abandoned then.
 */
final class RatioLaw {
  /** No platform dials more lines for each agent. */
  private static final double MOST_LINES = 10;

  /** What is seen of a shorter time says nothing of how fast a campaign dials. */
  private static final Duration BRIEF = Duration.ofSeconds(30);

  /** Ticks without figures, from then on it is 1:1. */
  private static final int BLIND = 2;

  private final LawSettings law;
  private final FigureSettings figures;
  private final RatioSettings settings;

  RatioLaw(LawSettings law, FigureSettings figures, PlatformSettings platform) {
    this.law = law;
    this.figures = figures;
    this.settings = platform.ratio();
  }

  /**
   * What a pool's agents can take.
   *
   * @param model what lines come to
   * @param lines for each agent by the model and the credit
   * @param safe the same with a margin
   * @param answersSeen answered calls since its campaigns began
   * @param staffedKnown whether it is known how many agents are at work
   */
  record PoolLines(
      LinesModel model, double lines, double safe, double answersSeen, boolean staffedKnown) {}

  /** What is wanted of one of its campaigns. */
  WantedLines wanted(PoolLines pool, RatioCycle.Skill skill, RatioState ratio) {
    Mode mode =
        switch (skill.bounds.plan().strategy()) {
          case PREDICTIVE -> Mode.PREDICTIVE;
          case PROGRESSIVE -> Mode.PROGRESSIVE;
          case PREVIEW -> Mode.PREVIEW;
          case POWER -> Mode.POWER;
        };
    if (skill.reading.closed() != null) {
      return WantedLines.none(mode, RateBound.CLOSED, skill.reading.closed());
    }
    if (skill.judgement.cap().held()) {
      return WantedLines.none(Mode.HOLD, RateBound.HOLD, "held: " + skill.judgement.why());
    }
    if (ratio.limitedAt() != 0) {
      String held = "held: one line for each agent who waits dials faster than the limit of %s, %s";
      String limit = Words.rate(skill.bounds.limit()) + " calls/s";
      return WantedLines.none(
          mode, RateBound.LIMIT, held.formatted(skill.bounds.plan().mostFrom(), limit));
    }
    if (mode == Mode.PROGRESSIVE || mode == Mode.PREVIEW) {
      return WantedLines.one(mode, RateBound.STRATEGY, "one line for each agent who waits");
    }
    if (!ratio.known().predictive()) {
      String no = "CXone allows this tenant no more than one line (allowPredictiveDialing)";
      return one(RateBound.STRATEGY, no);
    }
    WantedLines careful = careful(pool, skill);
    return careful != null ? careful : within(pool, skill, mode);
  }

  /** 1:1 where more cannot be answered for; null where it can. */
  private WantedLines careful(PoolLines pool, RatioCycle.Skill skill) {
    FiguresSeen seen = skill.known.seen();
    AgentEstimate agents = skill.known.agents();
    double blind = (skill.time.now() - seen.sampledAt()) / 1000.0;
    // figures that are too old are none, and have been old for long by then
    boolean none = skill.known.sample().missing() != null && blind > BLIND * seconds(law.tick());
    if (seen.sampledAt() == 0 || none) {
      String missing = skill.known.sample().missing();
      String since = seen.sampledAt() == 0 ? "" : " for " + Words.number(blind) + " s";
      return one(
          RateBound.NO_FIGURES, (missing == null ? "there are no figures" : missing) + since);
    }
    if (!pool.staffedKnown()) {
      return one(RateBound.NO_FIGURES, "it is not known how many agents are at work");
    }
    if (agents.staffedOnly(figures)) {
      return one(RateBound.STAFFED_ONLY, "it is not to be seen which agents wait for a call");
    }
    if (agents.staffed() < settings.fewestAgents()) {
      return one(
          RateBound.SMALL_TEAM,
          Words.number(agents.staffed()) + " agents at work are too few for more");
    }
    if (pool.answersSeen() < law.coldAnswers()) {
      return one(
          RateBound.COLD,
          Words.number(pool.answersSeen())
              + " answered calls seen, "
              + Words.number(law.coldAnswers())
              + " are needed for more");
    }
    return skill.judgement.cap().protect()
        ? one(RateBound.PROTECT, "protected: " + skill.judgement.why())
        : null;
  }

  private static WantedLines one(RateBound bound, String why) {
    return WantedLines.one(Mode.PROGRESSIVE, bound, why);
  }

  private WantedLines within(PoolLines pool, RatioCycle.Skill skill, Mode mode) {
    AgentEstimate agents = skill.known.agents();
    String why =
        "%s agents at work, %s of calls are answered, %s s a call: %s lines for each who waits"
            .formatted(
                Words.number(agents.staffed()),
                Words.percent(pool.model().answer()),
                Words.number(agents.handleTime()),
                Words.rate(pool.lines()));
    double limit = skill.bounds.limit() / skill.share / faster(pool.model(), skill);
    int most = pool.model().within(limit, settings.maxRatio());
    if (most < pool.lines() && most < settings.maxRatio()) {
      String reason =
          "the limit of "
              + skill.bounds.plan().mostFrom()
              + " is "
              + Words.rate(skill.bounds.limit())
              + " calls/s";
      int lines = Math.max(1, most);
      return new WantedLines(lines, lines, 0, mode, RateBound.LIMIT, reason);
    }
    // nothing goes up on what was seen before
    double safe = skill.known.sample().usable() ? pool.safe() : 1;
    double waiting = agents.idle() / Math.max(1, agents.staffed());
    return new WantedLines(pool.lines(), safe, waiting, mode, RateBound.NONE, why);
  }

  /**
   * How many times as fast as the model says it is seen to dial, at least 1: calls may be much
   * shorter than is known yet.
   */
  private double faster(LinesModel model, RatioCycle.Skill skill) {
    Dialing dialing = skill.known.dialing();
    long since = skill.time.now() - dialing.commandedAt();
    boolean whole = since >= figures.length().toMillis(); // else it was 1:1 for a part of the time
    double lines = whole ? Math.max(1, Math.min(dialing.inForce(), MOST_LINES)) : 1;
    return skill.callsPerSecond == null
        ? 1
        : Math.max(1, skill.callsPerSecond / (skill.share * model.callsPerSecond(lines)));
  }

  /** Whether the campaign dials faster with 1:1 than it may, and whether it is held for that. */
  RatioState limited(LinesModel model, RatioCycle.Skill skill, RatioState before) {
    long now = skill.time.now();
    double limit = skill.bounds.limit();
    if (before.limitedAt() != 0) {
      boolean over = now - before.limitedAt() >= settings.limitHold().toMillis();
      boolean keeps = skill.share * model.callsPerSecond(1) <= limit;
      return over && keeps ? before.limit(0, 0) : before;
    }
    Dialing dialing = skill.known.dialing();
    // nothing of the window was dialed with more lines, but perhaps its beginning
    long window = Math.min(figures.length().toMillis(), now - skill.known.seen().freshSince());
    boolean alone =
        window >= BRIEF.toMillis() && now - dialing.commandedAt() >= window - BRIEF.toMillis();
    boolean faster =
        skill.callsPerSecond != null
            && skill.callsPerSecond > limit
            && dialing.inForce() > 0
            && dialing.inForce() <= 1
            && alone;
    if (!faster) {
      return before.limit(0, 0);
    }
    long since = before.fasterAt() == 0 ? now : before.fasterAt();
    return before.limit(since, now - since >= settings.raiseInterval().toMillis() ? now : 0);
  }
}
