package io.campaignroutes.pacing;

import static io.campaignroutes.pacing.PacingLaw.seconds;

import io.campaignroutes.compliance.Abandonment.Denominator;
import io.campaignroutes.text.Times;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches over the cap on abandoned calls, whatever is predicted: counts its period and the credit
 * for the margin, has the campaign dial carefully close to the cap, and holds it where that cannot
 * bring the share back.
 */
final class AbandonmentGuard {
  private final LawSettings law;
  private final FigureSettings figures;
  private final PlatformSettings platform;

  AbandonmentGuard(LawSettings law, FigureSettings figures, PlatformSettings platform) {
    this.law = law;
    this.figures = figures;
    this.platform = platform;
  }

  /**
   * What the cap says.
   *
   * @param cap how the campaign stands towards it now
   * @param released whether a hold has just ended, so that dialing begins anew
   * @param why why it is protected or held, in words that end a sentence; null when it is neither
   * @param events what happened; mostly empty
   */
  record Judgement(CapState cap, boolean released, String why, List<PacingEvent> events) {}

  /**
   * Counts what is new and judges.
   *
   * @param totals those of the period as history told them, if it has
   */
  Judgement judge(Bounds bounds, CapState before, HistoryTotals totals, Estimate known) {
    long now = known.sample().at();
    CapState cap = inPeriod(bounds.periods(), before, totals, now);
    if (known.sample().usable()) {
      cap = counted(bounds, cap, known);
    }
    List<PacingEvent> events = new ArrayList<>(0);
    boolean was = cap.protect();
    cap = cap.protect(close(bounds, cap));
    if (cap.protect() != was) {
      events.add(protection(bounds, cap, now));
    }
    boolean released = false;
    if (bounds.plan().abandonment() != null) {
      boolean held = cap.held();
      cap = held ? goingOn(bounds, cap) : stopping(bounds, cap, known.agents(), now);
      released = held && !cap.held();
      if (cap.held() != held) {
        events.add(hold(bounds, cap, now));
      }
    }
    String why =
        cap.held()
            ? heldWhy(bounds, cap, now)
            : cap.protect() ? standing(bounds, cap) + machinesNote(bounds) : null;
    return new Judgement(cap, released, why, events);
  }

  /** Moves on to the period of today, with what history told of it. */
  private static CapState inPeriod(
      Periods periods, CapState before, HistoryTotals totals, long now) {
    CapState cap = before;
    long bucket = periods.bucket(now);
    if (cap.period().bucket() > bucket + 1) { // the clock was ahead: they belong to now
      cap = cap.period(cap.period().movedBack(periods.rolling() ? bucket + 1 : bucket));
    }
    if (bucket > cap.period().bucket()) {
      cap = periods.rolling() ? cap : cap.notAbove();
      cap = cap.period(cap.period().movedTo(bucket, periods.oldest(bucket)));
    }
    if (totals.known() && periods.bucket(totals.at()) == bucket) {
      PeriodCounts period = cap.period();
      cap =
          cap.period(
              period.plus(
                  Math.max(0, totals.answered() - period.answered()),
                  Math.max(0, totals.abandoned() - period.abandoned())));
    }
    return cap;
  }

  private CapState counted(Bounds bounds, CapState before, Estimate known) {
    Sample sample = known.sample();
    CapState cap =
        sample.counted()
            ? before
            : before.period(before.period().plus(sample.live(), sample.lost()));
    double inForce = known.dialing().inForce();
    boolean atTheLimit = inForce > 0 && inForce >= bounds.limit() - platform.rateStep();
    double growth = bounds.target() * sample.live() - sample.lost();
    if (growth >= 0 && atTheLimit) { // it would grow without an end, and then be spent at once
      return cap;
    }
    double credit = cap.abandonmentCredit() + growth;
    return cap.credit(Math.max(law.budgetLowest(), Math.min(law.budgetHighest(), credit)));
  }

  /** At the cap, and by more than a campaign that keeps its target would be by chance. */
  private boolean close(Bounds bounds, CapState cap) {
    double lost = cap.period().abandoned();
    double allowed = bounds.cap() * cap.period().answered();
    return cap.protect()
        ? lost > 0 && lost >= allowed * law.protectBelow()
        : lost >= allowed * law.protectFrom()
            && AbandonmentEvidence.beyond(evidence(bounds, cap), law.protectByChance());
  }

  private static double evidence(Bounds bounds, CapState cap) {
    PeriodCounts period = cap.period();
    return AbandonmentEvidence.log(
        period.answered(), period.abandoned(), bounds.target(), bounds.cap());
  }

  /** A hold ends when the share is below the cap, or too little is left to tell it from chance. */
  private CapState goingOn(Bounds bounds, CapState cap) {
    boolean over =
        cap.share() < bounds.cap()
            || !AbandonmentEvidence.beyond(evidence(bounds, cap), law.protectByChance());
    return over ? cap.held(false).notAbove() : cap;
  }

  /**
   * The rule is about the share that was seen, so what it can no longer keep is held; but a few
   * calls of bad luck are not taken for that.
   */
  private CapState stopping(Bounds bounds, CapState before, AgentEstimate agents, long now) {
    if (before.share() <= bounds.cap()) {
      return before.notAbove();
    }
    double answered = before.period().answered();
    CapState cap = before.aboveAt() == 0 ? before.aboveSince(now, answered) : before;
    if (!AbandonmentEvidence.beyond(evidence(bounds, cap), law.holdByChance())) {
      return cap;
    }
    double excess = cap.period().abandoned() - bounds.cap() * answered;
    double within = answersToComeBack(bounds, agents, now);
    boolean cannot = excess > bounds.cap() * within;
    boolean hasNot =
        (now - cap.aboveAt()) / 1000.0 > seconds(law.holdHorizon())
            && answered - cap.aboveAnswered() > within;
    return cap.held(cannot || hasNot);
  }

  /** Answered calls within which a share above the cap has to be back below it. */
  private double answersToComeBack(Bounds bounds, AgentEstimate agents, long now) {
    double horizon = seconds(law.holdHorizon());
    Long end = bounds.periods().end(now);
    if (end != null) {
      horizon = Math.min(horizon, (end - now) / 1000.0);
    }
    return Math.max(law.repairableCalls() / bounds.cap(), agents.capacity() * horizon);
  }

  private PacingEvent protection(Bounds bounds, CapState cap, long now) {
    String told =
        Words.percent(cap.share())
            + " of "
            + Words.number(cap.period().answered())
            + " answered calls";
    return cap.protect()
        ? event(
            PacingEvent.PROTECT,
            "Abandonment is " + told + "; dialing is to be careful.",
            bounds,
            cap,
            now)
        : event(
            PacingEvent.PROTECT_RELEASED, "Abandonment is down to " + told + ".", bounds, cap, now);
  }

  private PacingEvent hold(Bounds bounds, CapState cap, long now) {
    return cap.held()
        ? event(
            PacingEvent.HOLD, "Dialing is to stop: " + heldWhy(bounds, cap, now), bounds, cap, now)
        : event(
            PacingEvent.HOLD_RELEASED,
            "Dialing may go on: abandonment is %s of %s answered in this period."
                .formatted(Words.percent(cap.share()), Words.number(cap.period().answered())),
            bounds,
            cap,
            now);
  }

  private static PacingEvent event(
      String name, String reason, Bounds bounds, CapState cap, long now) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("answered", cap.period().answered());
    details.put("abandoned", cap.period().abandoned());
    details.put("rate", cap.share());
    details.put("cap", bounds.cap());
    details.put("periodStart", Times.iso(bounds.periods().start(now)));
    return new PacingEvent(name, reason, details);
  }

  private String heldWhy(Bounds bounds, CapState cap, long now) {
    Long end = bounds.periods().end(now);
    return standing(bounds, cap)
        + (end == null
            ? "; until older calls leave the window"
            : "; until the next period begins at " + Times.iso(end))
        + machinesNote(bounds);
  }

  private static String standing(Bounds bounds, CapState cap) {
    return "abandonment "
        + Words.percent(cap.share())
        + " of "
        + Words.number(cap.period().answered())
        + " answered in this period, the cap is "
        + Words.percent(bounds.cap());
  }

  private String machinesNote(Bounds bounds) {
    boolean counts =
        bounds.plan().abandonment() != null
            && bounds.plan().abandonment().denominator()
                == Denominator.ANSWERED_LIVE_MINUS_AGENT_MARKED_AM;
    return counts && figures.markedMachines() == 0
        ? " (machines that agents marked are not in the figures)"
        : "";
  }
}
