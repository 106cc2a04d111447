package io.campaignroutes.console;

import io.campaignroutes.campaign.Failure;
import io.campaignroutes.campaign.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Why a campaign dials, or why it does not.
 *
 * @param dialing whether CXone dials for it now, as far as the service knows
 * @param sentence all of it in one sentence
 * @param reasons what keeps it from dialing, the weightiest first; where it dials, what somebody
 *     should know all the same
 */
record Diagnosis(boolean dialing, String sentence, List<Reason> reasons) {
  /** Rules for which CXone is being asked to stop what it still dials for. */
  private static final Set<String> MUST_STOP =
      Set.of(
          "OUTSIDE_CALLING_HOURS",
          "POLICY_GONE",
          "TIME_ZONE_UNKNOWN",
          "REQUEST_UNREADABLE",
          "LIMIT_TOO_LOW",
          "CANNOT_BE_PACED",
          "HELD");

  static final String STILL = "STILL_DIALING";
  static final String FASTER = "RATE_TOO_HIGH";

  /** These commands have CXone asked to dial no more. */
  private static final Set<String> QUIETING = Set.of("PAUSE", "STOP", "HALT");

  private static final Set<String> PACED = Set.of("HELD", "NEAR_THE_CAP", "CANNOT_BE_PACED");

  /**
   * One reason.
   *
   * @param code a name that stays the same, such as {@code OUTSIDE_CALLING_HOURS}
   * @param sentence for people, without a full stop
   * @param since when it began; null when that is not known
   * @param until when it ends by itself; null when it does not, or nobody knows
   */
  record Reason(String code, String sentence, Instant since, Instant until) {}

  /**
   * Looks at one campaign.
   *
   * @param now the store's clock
   * @param trouble what keeps calls from CXone at the moment
   */
  static Diagnosis of(CampaignRow row, Instant now, CxoneState.Trouble trouble) {
    List<Reason> against = new ArrayList<>();
    List<Reason> remarks = new ArrayList<>();
    StageReasons.stage(row, now).ifPresent(against::add);
    if (row.stage() == Stage.ACTIVE) {
      // until CXone has paused it, it dials although it should not
      PacingReasons.hours(row, now)
          .ifPresent(row.rate() > 0 && row.decision().isObject() ? remarks::add : against::add);
      PacingReasons.pacing(row, against, remarks, trouble);
      if (row.cxoneStatus() != null && !row.held() && !row.cxoneStatus().equals("ACTIVE")) {
        against.add(
            new Reason("NOT_ACTIVE_AT_CXONE", "CXone says " + row.cxoneStatus(), null, null));
      }
    }
    List<Reason> pending = against.isEmpty() ? remarks : against;
    boolean dialing =
        row.stage() == Stage.ACTIVE ? against.isEmpty() : "ACTIVE".equals(row.cxoneStatus());
    boolean late = false;
    if (row.command() != null && row.stage() != Stage.UNKNOWN) {
      late = row.failure() != null && row.failure().kind() == Failure.Kind.TIMED_OUT;
      pending.add(StageReasons.command(row, late, now));
    }
    PacingReasons.rate(row, dialing, now)
        .ifPresent(one -> pending.add(one.code().equals(FASTER) ? 0 : pending.size(), one));
    if (dialing && mustStop(row, pending, now)) {
      pending.add(0, PacingReasons.stillDialing(row, now));
    }
    if (row.failure() != null && !late && !row.stage().ended() && !saysWhy(row.stage())) {
      pending.add(StageReasons.failure(row, now));
    }
    if (!row.stage().ended()) {
      StageReasons.cxone(trouble).forEach(pending::add);
    }
    if (!row.stage().ended() && trouble.unwritable() != null) {
      pending.add(StageReasons.unwritable(trouble));
    }
    return new Diagnosis(dialing, sentence(row, dialing, pending, now), List.copyOf(pending));
  }

  private static String sentence(
      CampaignRow row, boolean dialing, List<Reason> reasons, Instant now) {
    boolean still = reasons.stream().anyMatch(reason -> reason.code().equals(STILL));
    String more =
        String.join(
            "; ",
            reasons.stream()
                .filter(one -> !one.code().equals(STILL))
                .map(Reason::sentence)
                .toList());
    if (!dialing) {
      return "Not dialing: " + more + ".";
    }
    if (still) {
      return "CXone is still dialing"
          + (row.stage() == Stage.ACTIVE
              ? " at up to " + ReasonTexts.speed(row) + "."
              : ", though it is " + row.stage() + " here.")
          + PacingReasons.asked(row, now)
          + " Stop it in CXone if you cannot wait."
          + (more.isEmpty() ? "" : " " + ReasonTexts.upper(more) + ".");
    }
    if (reasons.stream().anyMatch(reason -> reason.code().equals(FASTER))) {
      return ReasonTexts.upper(more) + "." + PacingReasons.nextTry(row, now);
    }
    if (row.stage() != Stage.ACTIVE) {
      return "Dialing at CXone, though it is " + row.stage() + " here: " + more + ".";
    }
    return "Dialing at up to "
        + ReasonTexts.speed(row)
        + ", "
        + ReasonTexts.number(row.setup().limit())
        + (ReasonTexts.byRatio(row) ? " calls/s allowed" : " allowed")
        + (more.isEmpty() ? "." : "; " + more + ".");
  }

  /** Whether the stage's own reason tells of the failure. */
  private static boolean saysWhy(Stage stage) {
    return stage == Stage.UNSETTLED || stage == Stage.UNKNOWN;
  }

  /** Whether CXone dials for it although it is to stop, or to dial slower, and does not do so. */
  boolean unwanted() {
    return dialing
        && reasons.stream().anyMatch(one -> one.code().equals(STILL) || one.code().equals(FASTER));
  }

  /** For an operator, its rules or its cap; what pacing decided a moment ago is on its way. */
  private static boolean mustStop(CampaignRow row, List<Reason> reasons, Instant now) {
    boolean commanded = row.command() != null && QUIETING.contains(row.command());
    boolean noRate =
        row.stage() == Stage.ACTIVE
            && row.wish().stops()
            && row.wish().stopSince() != null
            && now.toEpochMilli() - row.wish().stopSince() >= row.wish().mayTake();
    return commanded
        || noRate
        || row.stage() == Stage.ACTIVE
            && reasons.stream().anyMatch(reason -> MUST_STOP.contains(reason.code()));
  }

  /**
   * With the time since when pacing decides as it does.
   *
   * @param since null when that is not known
   */
  Diagnosis pacedSince(Instant since) {
    return new Diagnosis(
        dialing,
        sentence,
        reasons.stream()
            .map(
                one ->
                    PACED.contains(one.code())
                        ? new Reason(one.code(), one.sentence(), since, one.until())
                        : one)
            .toList());
  }
}
