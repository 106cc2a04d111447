package io.campaignroutes.pacing;

import io.campaignroutes.pacing.PacingDecision.Estimates;
import io.campaignroutes.pacing.PacingDecision.Inputs;
import io.campaignroutes.pacing.PacingDecision.Period;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One tick of a pool, in the order of {@code src/docs/pacing.md}: new calls, what is learnt from
 * them and what is predicted ({@link Estimator}: 1 to 3), what the caps say ({@link
 * AbandonmentGuard}: 4), what is wanted ({@link RateLaw}: 5 to 8), whose turn it is ({@link Turns})
 * and what of it is written ({@link Shaper}: 9).
 */
final class PoolCycle {
  private final LawSettings law;
  private final FigureSettings figures;
  private final Estimator estimator;
  private final AbandonmentGuard guard;
  private final RateLaw rateLaw;
  private final Shaper shaper;
  private final Margins margins;

  PoolCycle(LawSettings law, FigureSettings figures, PlatformSettings platform) {
    this.law = law;
    this.figures = figures;
    this.estimator = new Estimator(law, figures, platform, RingTimes.of(platform));
    this.guard = new AbandonmentGuard(law, figures, platform);
    this.rateLaw = new RateLaw(law, figures, platform);
    this.shaper = new Shaper(law, platform);
    this.margins = new Margins(law);
  }

  /** A campaign as far as it has come in this tick. */
  static final class Place {
    final PoolMember member;
    final PacingState before;
    final CycleTime time;
    PacingReading reading;
    boolean resting;
    Bounds bounds;
    Estimate known;
    AbandonmentGuard.Judgement judgement;
    Ringing ringing;
    double margin;
    Situation situation;
    WantedRate wanted;
    TurnState turn;
    Shaper.Shaped shaped;

    Place(PoolMember member, double period, LawSettings law) {
      this.member = member;
      this.reading = member.reading();
      this.before = member.state().notAheadOf(reading.at(), law.tick().toMillis());
      this.time = CycleTime.of(before.figuresSeen().readAt(), reading.at(), period);
    }

    double answer() {
      return known.answerProbability();
    }

    /** calls/s until the next tick. */
    double rate() {
      return shaped.send() ? shaped.rate() : known.dialing().inForce();
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
    List<Place> places = new ArrayList<>(members.size());
    long now = 0;
    for (PoolMember member : members) {
      Place place = new Place(member, period, law);
      places.add(place);
      now = Math.max(now, place.time.now());
    }
    PoolState pool = kept == null ? begun(places) : kept.notAheadOf(now);
    learn(places, pool, agents);
    Sample all = PoolSample.of(samples(places), places.size() == 1, pool, agents, now, figures);
    AgentEstimate staff = staff(pool, agents, all, places);
    long sampledAt = all.usable() ? now : pool.sampledAt();
    double credit = judge(places, pool, staff);
    double shared = credited(credit + overlap.credit());
    wanted(places, staff, shared, estimator.data(sampledAt, now), overlap);
    Turns turns = Turns.of(places, pool, now);
    turns.share();
    shape(places, turns);
    PoolState after =
        new PoolState(
            sampledAt,
            staff,
            sum(places, place -> place.answer() * place.ringing.awaited()),
            sum(places, place -> place.answer() * place.rate()),
            overlap.part(),
            credit,
            turns.level(),
            turns.holder(),
            turns.since());
    List<PacingStep> steps = new ArrayList<>(places.size());
    places.forEach(place -> steps.add(step(place)));
    return new PoolStep(after, reason(places, turns), steps);
  }

  /** What the campaigns of a pool know of its agents, each for itself. */
  private static PoolState begun(List<Place> places) {
    PacingState latest =
        places.stream()
            .map(place -> place.before)
            .max(Comparator.comparingLong(state -> state.figuresSeen().sampledAt()))
            .orElseThrow();
    double credit = sum(places, place -> place.before.cap().abandonmentCredit());
    return PoolState.of(latest).credit(credit);
  }

  private void learn(List<Place> places, PoolState pool, AgentsSeen agents) {
    boolean told =
        agents != null || places.stream().anyMatch(place -> place.reading.figures() != null);
    double answers = 0;
    double attempts = 0;
    for (Place place : places) {
      place.bounds = Bounds.of(place.member.plan(), pool.agents().staffed(), law);
      place.resting = told && places.size() > 1 && rests(place);
      if (place.resting) {
        place.reading =
            place.reading.resting(agents == null ? pool.agents().idle() : agents.idle());
      } else if (agents != null) {
        place.reading = place.reading.ready(agents.idle());
      }
      place.known =
          estimator.learn(place.before, place.reading, places.size() > 1, place.time.now());
      if (place.known.answers().answersSinceStart() > 0) {
        answers += place.known.answers().answers();
        attempts += place.known.answers().attempts();
      }
    }
    if (places.size() > 1 && answers >= law.coldAnswers()) {
      AnswerEstimate usual = AnswerEstimate.prior(Math.min(0.95, answers / attempts), law);
      for (Place place : places) {
        place.known = place.known.usually(usual, law);
      }
    }
  }

  /** CXone has no figures, or was not asked for any, since nothing was dialed for long. */
  private boolean rests(Place place) {
    PacingReading reading = place.reading;
    return reading.figures() == null
        && reading.notYet()
        && place.before.rests(place.time.now(), figures);
  }

  private static List<Sample> samples(List<Place> places) {
    return places.stream().filter(place -> !place.resting).map(p -> p.known.sample()).toList();
  }

  private AgentEstimate staff(PoolState pool, AgentsSeen agents, Sample all, List<Place> places) {
    if (agents != null && agents.staffed() == 0) {
      return pool.agents().nobody();
    }
    long fresh =
        places.stream().mapToLong(p -> p.before.figuresSeen().freshSince()).min().orElse(0);
    return estimator.agents(pool.agents(), all, fresh);
  }

  /** Judges each campaign by itself; the credit of all of them together. */
  private double judge(List<Place> places, PoolState pool, AgentEstimate staff) {
    double credit = pool.credit();
    for (Place place : places) {
      place.known = place.known.agents(staff);
      CapState before = place.before.cap();
      place.judgement =
          guard.judge(place.bounds, before, place.before.historyTotals(), place.known);
      credit += place.judgement.cap().abandonmentCredit() - before.abandonmentCredit();
      if (place.judgement.released()) {
        place.known = place.known.again(place.time.now());
      }
    }
    return credited(credit);
  }

  private double credited(double calls) {
    return Math.max(law.budgetLowest(), Math.min(law.budgetHighest(), calls));
  }

  private void wanted(
      List<Place> places, AgentEstimate staff, double credit, long data, Overlap overlap) {
    double since = 0;
    double awaited = overlap.answersDue();
    double lines = overlap.answersDue();
    double seen = 0;
    double inForce = 0;
    for (Place place : places) {
      place.ringing = estimator.ringing(place.known, data, place.time.now());
      since += place.ringing.answeredSince();
      awaited += place.answer() * place.ringing.awaited();
      lines += place.ringing.lines();
      seen += place.known.answers().answersSinceStart();
      inForce += place.answer() * place.known.dialing().inForce();
    }
    boolean alone = places.size() == 1;
    // the agents alone tell nothing of abandoned calls: somebody has to have figures
    boolean told =
        places.stream().anyMatch(place -> !place.resting && place.known.sample().usable());
    double mean = credit / places.size();
    for (Place place : places) {
      place.margin =
          alone
              ? margins.ofOnly(credit, staff.staffed())
              : margins.ofMember(
                  credit, mean, staff.staffed(), place.judgement.cap(), place.bounds);
    }
    for (Place place : places) {
      double p = place.answer();
      double own = p * place.ringing.awaited();
      Ringing ringing = new Ringing(since, place.ringing.awaited() + (awaited - own) / p, lines);
      double others = inForce - p * place.known.dialing().inForce();
      double known = alone || seen < law.coldAnswers() ? 0 : Share.ANSWERS_OF_OTHERS;
      Share share =
          new Share(
              told,
              seen,
              alone ? place.margin : margins.withOthersRinging(places, place.margin, awaited, seen),
              place.known.answers().uncertainty(known),
              place.known.dialing().inForce() + others / p,
              overlap.part(),
              alone ? 1 : Share.STEPS,
              0);
      place.situation =
          new Situation(
              place.time,
              place.bounds,
              place.reading,
              place.known,
              estimator.forecast(staff, ringing, data, place.time),
              place.judgement,
              share);
      place.wanted = rateLaw.wanted(place.situation);
      Sample sample = place.known.sample();
      TurnState turn = place.before.turn();
      place.turn =
          turn.after(
              sample.answered(),
              sample.newConnected(),
              place.known.expected(),
              place.member.weight());
    }
  }

  /** Those who wait first: what they dial all the same is no longer there for the others. */
  private void shape(List<Place> places, Turns turns) {
    double given = 0;
    for (Place place : places) {
      if (!turns.dials(place)) {
        given += shape(place, given, turns);
      }
    }
    double standIns = turns.waiting() == 0 ? 0 : given;
    for (Place place : turns.order()) {
      if (standIns > 0) {
        double less = Math.max(0, place.wanted.rate() - standIns / place.answer());
        standIns -= (place.wanted.rate() - less) * place.answer();
        place.wanted = place.wanted.rate(less);
      }
      given += shape(place, given, turns);
    }
  }

  private double shape(Place place, double given, Turns turns) {
    Share share = place.situation.share().after(given / place.answer(), turns.waiting());
    place.situation = place.situation.share(share);
    place.shaped = shaper.shape(place.wanted, place.situation);
    return place.answer() * place.shaped.rate();
  }

  private static double sum(List<Place> places, ToDoubleFunction<Place> of) {
    return places.stream().mapToDouble(of).sum();
  }

  private PacingStep step(Place place) {
    Situation s = place.situation;
    return new PacingStep(after(place), decision(s, place.wanted, place.shaped, events(place)));
  }

  /** What is remembered for the next tick. */
  private static PacingState after(Place place) {
    Situation s = place.situation;
    long now = s.time().now();
    Estimate known = s.reading().closed() != null ? s.known().again(now) : s.known();
    FiguresSeen seen = known.seen().readAt(now);
    HistoryTotals totals = place.before.historyTotals();
    return new PacingState(
        known.dialing(),
        place.wanted.probes() ? seen.probeAt(now) : seen,
        known.sample().usable() ? totals.at(0) : totals,
        known.answers(),
        known.agents(),
        s.judgement().cap(),
        place.turn,
        null);
  }

  private List<PacingEvent> events(Place place) {
    AgentEstimate before = place.before.agentEstimate();
    Estimate known = place.known;
    if (before.staffedOnly(figures)
        || !known.agents().staffedOnly(figures)
        || known.sample().figures().agents() == null) {
      return place.judgement.events();
    }
    double agents = known.sample().figures().agents();
    List<PacingEvent> events = new ArrayList<>();
    events.add(
        new PacingEvent(
            PacingEvent.AGENTS_LOOK_STAFFED,
            "availableAgents stays at "
                + Words.number(agents)
                + " while calls are connected, so it seems to count all staffed agents.",
            Map.of("availableAgents", agents)));
    events.addAll(place.judgement.events());
    return events;
  }

  private static String reason(List<Place> places, Turns turns) {
    double rate = sum(places, Place::rate);
    Place first = turns.order().isEmpty() ? places.get(0) : turns.order().get(0);
    String why = first.shaped.why();
    return turns.sharing() < 2
        ? Words.rate(rate) + " calls/s: " + why
        : Words.rate(rate) + " calls/s, " + turns.sharing() + " campaigns take turns: " + why;
  }

  private static PacingDecision decision(
      Situation s, WantedRate wanted, Shaper.Shaped shaped, List<PacingEvent> events) {
    Estimate known = s.known();
    PacingFigures read = known.sample().figures();
    CapState cap = s.judgement().cap();
    return new PacingDecision(
        s.time().now(),
        wanted.mode(),
        shaped.rate(),
        shaped.send(),
        shaped.bound(),
        Words.rate(shaped.rate()) + " calls/s: " + shaped.why(),
        new Inputs(
            read.connected(),
            read.abandoned(),
            read.attempted(),
            read.avgHandleTime(),
            read.agents(),
            wanted.missing()),
        new Estimates(
            known.answerProbability(),
            known.agents().handleTime(),
            cap.abandonmentCredit(),
            wanted.overdial(),
            known.agents().staffed(),
            known.agents().busy(),
            s.forecast().idleThen(),
            s.forecast().ringing().lines(),
            wanted.mode() == Mode.PREVIEW ? null : wanted.predicted()),
        Period.of(s.bounds().plan(), cap, s.time().now()),
        List.copyOf(events),
        null);
  }
}
