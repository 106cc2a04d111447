package io.campaignroutes.pacing;

import static io.campaignroutes.pacing.PacingLaw.seconds;

import io.campaignroutes.cxone.DialingRatio;
import io.campaignroutes.pacing.PacingDecision.Estimates;
import io.campaignroutes.pacing.PacingDecision.Inputs;
import io.campaignroutes.pacing.PacingDecision.Lines;
import io.campaignroutes.pacing.PacingDecision.Period;
import java.util.ArrayList;
import java.util.List;

/**
 * One tick of a pool on a platform that dials for agents who wait: new calls ({@link Sampler}),
 * what the agents do ({@link AgentEstimate}), what the caps say ({@link AbandonmentGuard}), how
 * many lines that makes for each agent ({@link RatioLaw}) and what of it is written ({@link
 * RatioShaper}). Campaigns of one pool have the same lines, but for what each is bound to: the
 * platform deals the agents out.
 */
final class RatioCycle {
  /**
   * ms after a change within which what the platform tells of it may be older; less than what lies
   * between two changes, so that what somebody sets is known before the next one.
   */
  private static final long TOLD_LATER = 20_000;

  /** s: half-life with which answers and handle times that are usual follow what is seen. */
  private static final double USUAL_HALF_LIFE = 900;

  /** s: calls a second of less dialing than this are taken as those of this time. */
  private static final double SOONEST = 60;

  private static final double MIN_ANSWER = 0.01;
  private static final double MAX_ANSWER = 0.95;

  /** Standard deviations beyond which more is no chance. */
  static final double SURE = 2.5;

  /** s: no handle time above this is concluded. */
  private static final double MAX_HANDLE_TIME = 1800;

  private final LawSettings law;
  private final FigureSettings figures;
  private final PlatformSettings platform;
  private final Sampler sampler;
  private final AbandonmentGuard guard;
  private final RatioCredit owed;
  private final RatioLaw ratioLaw;
  private final RatioShaper shaper;

  RatioCycle(LawSettings law, FigureSettings figures, PlatformSettings platform) {
    this.law = law;
    this.figures = figures;
    this.platform = platform;
    this.sampler = new Sampler(figures);
    this.guard = new AbandonmentGuard(law, figures, platform);
    this.owed = new RatioCredit(platform);
    this.ratioLaw = new RatioLaw(law, figures, platform);
    this.shaper = new RatioShaper(platform);
  }

  /** A campaign as far as it has come in this tick. */
  static final class Skill {
    final PacingReading reading;
    final PacingState before;
    final CycleTime time;
    final Bounds bounds;
    Estimate known;
    RatioState ratio;
    Double callsPerSecond;
    PacingEvent found;
    AbandonmentGuard.Judgement judgement;
    double share = 1;
    WantedLines wanted;
    RatioShaper.Shaped shaped;

    Skill(PoolMember member, double period, LawSettings law, RatioSettings settings) {
      reading = member.reading();
      before = member.state().notAheadOf(reading.at(), law.tick().toMillis());
      ratio = before.ratio() == null ? RatioState.NONE : before.ratio();
      ratio = ratio.rules(reading.figures() == null ? null : reading.figures().rules());
      time = CycleTime.of(before.figuresSeen().readAt(), reading.at(), period);
      PacingPlan plan = member.plan();
      double cap = plan.abandonment() == null ? law.houseCap() : plan.abandonment().cap();
      bounds =
          new Bounds(
              plan,
              new Periods(plan),
              Bounds.rate(plan.mostCallsPerSecond()),
              cap,
              settings.aim(law.targetShare() * cap, ratio.known()));
    }
  }

  /**
   * Decides.
   *
   * @param overlap what other pools do with the agents
   * @param period seconds until the next tick
   */
  PoolStep decide(
      PoolState kept, AgentsSeen agents, Overlap overlap, double period, List<PoolMember> members) {
    List<Skill> skills = new ArrayList<>(members.size());
    long now = 0;
    for (PoolMember member : members) {
      Skill skill = new Skill(member, period, law, platform.ratio());
      skills.add(skill);
      now = Math.max(now, skill.time.now());
    }
    PoolState pool =
        kept == null ? PoolState.of(skills.get(0).before).credit(0) : kept.notAheadOf(now);
    skills.forEach(this::learn);
    List<Sample> samples = skills.stream().map(skill -> skill.known.sample()).toList();
    Sample all =
        PoolSample.of(samples, skills.size() == 1, pool, unless(agents, samples), now, figures);
    AgentEstimate staff = staff(pool, agents, all, skills);
    boolean told = agents != null || !all.usable() || all.figures().staffed() != null;
    double credit = judge(skills, pool, staff);
    RatioLaw.PoolLines lines = lines(skills, staff, credit, told);
    skills.forEach(skill -> shape(skill, lines));
    PoolState after =
        new PoolState(
            all.usable() ? now : pool.sampledAt(), staff, 0, 0, overlap.part(), credit, 0, "", now);
    return new PoolStep(
        after, reason(skills), skills.stream().map(skill -> step(skill, lines, credit)).toList());
  }

  /**
   * The list of the pool's agents, where the figures do not tell how many take its calls: who is on
   * the list may do something else.
   */
  private static AgentsSeen unless(AgentsSeen agents, List<Sample> samples) {
    boolean told = samples.stream().anyMatch(s -> s.usable() && s.figures().staffed() != null);
    return told ? null : agents;
  }

  /** What a campaign's figures tell of its calls, and of the lines that are in force. */
  private void learn(Skill skill) {
    long now = skill.time.now();
    PacingState before = skill.before;
    FiguresSeen seen = before.figuresSeen();
    Sampler.Sampled taken = sampler.take(seen, before.historyTotals(), skill.reading, now);
    Sample sample = taken.sample();
    Dialing dialing = before.dialing().until(now, seen.sampledAt());
    if (skill.ratio.humanAt() != 0
        && now - skill.ratio.humanAt() >= platform.ratio().human().toMillis()) {
      skill.ratio = skill.ratio.humanAt(0);
    }
    DialingRatio found = skill.reading.figures() == null ? null : skill.reading.figures().ratio();
    boolean begins = dialing.commanded() >= RatioShaper.UNKNOWN;
    double written = begins ? 1 : dialing.commanded(); // a skill is made ready with 1:1
    boolean settled = begins || now - dialing.commandedAt() > TOLD_LATER;
    if (found != null && ours(found).lines() != written && dialing.inForce() > 0 && settled) {
      skill.found = PacingEvent.changedByHand(ours(found), written);
      skill.ratio = skill.ratio.humanAt(now);
      dialing = dialing.confirmed(ours(found).lines(), now);
    }
    AnswerEstimate answers = before.answerEstimate();
    if (sample.usable()) {
      answers = answers(answers, sample, skill.before.figuresSeen().freshSince());
      Double attempted = sample.figures().attempted();
      skill.callsPerSecond =
          attempted == null
              ? null
              : attempted / Math.max(SOONEST, observed(sample, before.figuresSeen().freshSince()));
    }
    skill.known =
        new Estimate(
            sample,
            taken.seen(),
            dialing,
            answers,
            before.agentEstimate(),
            answers.probability(law),
            0);
  }

  /** Without the percentage where that is not ours. */
  private DialingRatio ours(DialingRatio found) {
    return platform.ratio().fineLever()
        ? found
        : new DialingRatio(found.ratio(), null, found.blockMultipleCalls());
  }

  /**
   * Answers of the window, of the calls that were dialed in it.
   *
   * @param fresh epoch ms since when there has been dialing
   */
  private AnswerEstimate answers(AnswerEstimate before, Sample sample, long fresh) {
    PacingFigures read = sample.figures();
    double seen = Math.max(0, before.answersSinceStart() + sample.answered());
    AnswerShare share =
        read.attempted() == null
            ? null
            : AnswerShare.of(
                read.connected() + read.abandoned(),
                read.attempted(),
                observed(sample, fresh),
                (sample.at() - fresh) / 1000.0 - late());
    if (share == null) {
      return new AnswerEstimate(before.attempts(), before.answers(), before.usualAnswer(), seen);
    }
    double dialing = Math.max(sample.span(), (sample.at() - fresh) / 1000.0);
    double follows = Math.max(followed(sample.span()), sample.span() / dialing);
    return new AnswerEstimate(
        read.attempted(), share.answered(), share.usual(before.usualAnswer(), follows), seen);
  }

  /** Seconds of the figures' window in which there was dialing. */
  private double observed(Sample sample, long fresh) {
    return Math.min(seconds(figures.length()), Math.max(0, sample.at() - fresh) / 1000.0);
  }

  /** Seconds by which a call that nobody answers may be told later than one that is. */
  private double late() {
    return seconds(platform.ringTimeout()) + seconds(law.staleAfter());
  }

  private AgentEstimate staff(PoolState pool, AgentsSeen agents, Sample all, List<Skill> skills) {
    if (agents != null && agents.staffed() == 0) {
      return pool.agents().nobody();
    }
    long fresh =
        skills.stream().mapToLong(s -> s.before.figuresSeen().freshSince()).min().orElse(0);
    AgentEstimate before = pool.agents();
    if (!all.usable()) {
      return before;
    }
    AgentEstimate seen = before.after(all, fresh, law, figures);
    double usual =
        before.handleTime() <= 0
            ? seen.handleTime()
            : before.handleTime()
                + followed(all.span()) * (seen.handleTime() - before.handleTime());
    return seen.handleTime(Math.max(usual, surelyHandled(seen, all, fresh)));
  }

  /**
   * Seconds that a call surely keeps an agent, by how few were connected while so many agents were
   * busy: calls that are longer than before are in no mean until they have ended.
   *
   * @param fresh epoch ms since when there has been dialing: calls of the time before are in no
   *     count, so that time does not count either
   */
  private double surelyHandled(AgentEstimate agents, Sample all, long fresh) {
    double calls = Math.max(1, all.figures().connected());
    double most = calls + SURE * Math.sqrt(calls);
    return Math.min(MAX_HANDLE_TIME, agents.busy() * observed(all, fresh) / most);
  }

  /** How far what is usual follows what is seen in so many seconds. */
  private static double followed(double seconds) {
    return 1 - Math.pow(0.5, seconds / USUAL_HALF_LIFE);
  }

  /** Judges each campaign by itself; the credit of all of them together. */
  private double judge(List<Skill> skills, PoolState pool, AgentEstimate staff) {
    double credit = pool.credit();
    for (Skill skill : skills) {
      skill.known = skill.known.agents(staff);
      skill.judgement =
          guard.judge(skill.bounds, skill.before.cap(), skill.before.historyTotals(), skill.known);
      if (skill.judgement.released()) {
        skill.known = skill.known.again(skill.time.now());
      }
      Sample sample = skill.known.sample();
      if (sample.usable() && !sample.counted()) {
        credit += skill.bounds.target() * sample.live() - sample.lost();
      }
    }
    return owed.kept(credit, target(skills), answer(skills), pool.agents(), staff);
  }

  /** Share of calls that is answered as a rule, of those of all campaigns. */
  private static double answer(List<Skill> skills) {
    double weighed = 0;
    double weights = 0;
    for (Skill skill : skills) {
      AnswerEstimate own = skill.known.answers();
      weighed += own.usualAnswer() * Math.max(1, own.attempts());
      weights += Math.max(1, own.attempts());
    }
    return Math.max(MIN_ANSWER, Math.min(MAX_ANSWER, weighed / weights));
  }

  private static double target(List<Skill> skills) {
    return skills.stream().mapToDouble(skill -> skill.bounds.target()).min().orElse(0);
  }

  private RatioLaw.PoolLines lines(
      List<Skill> skills, AgentEstimate staff, double credit, boolean staffedKnown) {
    double seen = 0;
    double calls = 0;
    for (Skill skill : skills) {
      seen += skill.known.answers().answersSinceStart();
      calls += skill.callsPerSecond == null ? 0 : skill.callsPerSecond;
    }
    for (Skill skill : skills) {
      double even = 1.0 / skills.size();
      skill.share =
          calls <= 0 || skill.callsPerSecond == null
              ? even
              : Math.max(even / 2, skill.callsPerSecond / calls);
    }
    LinesModel model = LinesModel.of(staff, answer(skills), platform);
    RatioCredit.Steered steered = owed.steered(model, credit, target(skills), staff);
    return new RatioLaw.PoolLines(model, steered.lines(), steered.safe(), seen, staffedKnown);
  }

  private void shape(Skill skill, RatioLaw.PoolLines lines) {
    skill.ratio = ratioLaw.limited(lines.model(), skill, skill.ratio);
    skill.wanted = ratioLaw.wanted(lines, skill, skill.ratio);
    skill.shaped = shaper.shape(skill.wanted, skill.known.dialing(), skill.ratio, skill.time.now());
    skill.ratio = skill.ratio.higher(skill.shaped.higher());
  }

  private static PacingState after(Skill skill) {
    long now = skill.time.now();
    Estimate known = skill.reading.closed() != null ? skill.known.again(now) : skill.known;
    HistoryTotals totals = skill.before.historyTotals();
    return new PacingState(
        known.dialing(),
        known.seen().readAt(now),
        known.sample().usable() ? totals.at(0) : totals,
        known.answers(),
        known.agents(),
        skill.judgement.cap(),
        skill.before.turn(),
        skill.ratio);
  }

  private PacingStep step(Skill skill, RatioLaw.PoolLines lines, double credit) {
    return new PacingStep(after(skill), decision(skill, lines, credit));
  }

  private String words(Skill skill) {
    double lines = skill.shaped.lines();
    return lines <= 0 ? "0 calls" : DialingRatio.of(lines, platform.ratio().fineLever()).words();
  }

  private String reason(List<Skill> skills) {
    Skill first = skills.get(0);
    String why = words(first) + ": " + first.wanted.why() + first.shaped.why();
    return skills.size() == 1 ? why : why + "; " + skills.size() + " campaigns share the agents";
  }

  private PacingDecision decision(Skill skill, RatioLaw.PoolLines lines, double credit) {
    Estimate known = skill.known;
    PacingFigures read = known.sample().figures();
    double inForce = skill.shaped.lines();
    RatioSettings settings = platform.ratio();
    List<PacingEvent> events = new ArrayList<>(skill.judgement.events());
    if (skill.found != null) {
      events.add(skill.found);
    }
    long human = skill.ratio.humanAt();
    return new PacingDecision(
        skill.time.now(),
        skill.wanted.mode(),
        inForce,
        skill.shaped.send(),
        skill.wanted.bound(),
        words(skill) + ": " + skill.wanted.why() + skill.shaped.why(),
        new Inputs(
            read.connected(),
            read.abandoned(),
            read.attempted(),
            read.avgHandleTime(),
            read.agents(),
            known.sample().missing()),
        new Estimates(
            lines.model().answer(),
            known.agents().handleTime(),
            credit,
            lines.lines(),
            known.agents().staffed(),
            known.agents().busy(),
            known.agents().idle(),
            inForce * known.agents().idle(),
            null),
        Period.of(skill.bounds.plan(), skill.judgement.cap(), skill.time.now()),
        List.copyOf(events),
        new Lines(
            inForce <= 0 ? null : DialingRatio.of(inForce, settings.fineLever()),
            lines.lines(),
            skill.callsPerSecond,
            skill.bounds.target(),
            settings.allowed(skill.ratio.known()),
            human == 0 ? null : (Long) (human + settings.human().toMillis())));
  }
}
