package io.campaignroutes.console;

import static io.campaignroutes.console.ReasonTexts.clock;
import static io.campaignroutes.console.ReasonTexts.fragment;
import static io.campaignroutes.console.ReasonTexts.number;
import static io.campaignroutes.console.ReasonTexts.percent;
import static io.campaignroutes.console.ReasonTexts.seconds;
import static io.campaignroutes.console.ReasonTexts.zone;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.compliance.CallingHours;
import io.campaignroutes.console.Diagnosis.Reason;
import io.campaignroutes.pacing.PacingPlans;
import io.campaignroutes.pacing.PacingViews;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What pacing keeps an active campaign from, and what CXone has not taken of it. */
final class PacingReasons {
  /** What a decision's reason begins with: 2.5 calls/s, 0 calls, 1:1, 2:1 while ... */
  private static final Pattern DECIDED =
      Pattern.compile("^([0-9.]+ calls(/s)?|[1-3]:1( while [^:]*)?): ");

  private static final String SLOWER = "RATE_NOT_TAKEN";

  private PacingReasons() {}

  static Optional<Reason> hours(CampaignRow row, Instant now) {
    PacingPlans.Trouble trouble = row.setup().trouble();
    if (trouble != null) {
      return Optional.of(new Reason(trouble.code(), trouble.sentence(), null, null));
    }
    CallingHours hours = row.setup().hours();
    Instant stop = row.stopAt() == null ? null : Instant.ofEpochMilli(row.stopAt());
    return hours
        .closed(now, stop)
        .map(
            why ->
                new Reason(
                    "OUTSIDE_CALLING_HOURS",
                    why,
                    null,
                    hours
                        .opens(now)
                        .filter(opening -> stop == null || opening.isBefore(stop))
                        .orElse(null)));
  }

  static void pacing(
      CampaignRow row, List<Reason> against, List<Reason> remarks, CxoneState.Trouble trouble) {
    JsonNode decision = row.decision();
    JsonNode period = decision.path("period");
    List<Reason> side = row.rate() > 0 ? remarks : against;
    boolean unexplained = side == against && against.isEmpty();
    String clamp = decision.path("clamp").asText();
    if (AbandonmentSigns.overCap(period) && !clamp.equals("HOLD") && !clamp.equals("PROTECT")) {
      side.add(
          new Reason(
              "OVER_THE_CAP",
              "abandonment %s of %,d answered is above its cap of %s"
                  .formatted(
                      percent(period.path("rate").asDouble()),
                      Math.round(period.path("answered").asDouble()),
                      percent(period.path("cap").asDouble())),
              null,
              null));
    }
    switch (clamp) {
      case "HOLD" ->
          side.add(
              new Reason(
                  "HELD",
                  "held: abandonment %s of %,d answered in this period"
                      .formatted(
                          percent(period.path("rate").asDouble()),
                          Math.round(period.path("answered").asDouble())),
                  null,
                  instant(period.path("end"))));
      case "PROTECT" -> side.add(new Reason("NEAR_THE_CAP", careful(period), null, null));
      case "UNUSABLE" -> {
        if (row.setup().trouble() == null) {
          side.add(new Reason("CANNOT_BE_PACED", why(decision), null, null));
        }
      }
      case "NO_FIGURES", "PROBE" -> side.add(new Reason("NO_FIGURES", why(decision), null, null));
      case "NO_AGENTS" ->
          side.add(
              new Reason(
                  "NO_AGENTS",
                  "no agent of pool " + row.setup().pool() + " is there to take a call",
                  null,
                  null));
      default -> {
        if (unexplained) {
          against.add(still(row, trouble));
        }
      }
    }
  }

  /** A campaign whose rules know no cap is steered by the service's own, which is not shown. */
  private static String careful(JsonNode period) {
    double rate = period.path("rate").asDouble();
    double cap = period.path("cap").asDouble();
    return cap > 0
        ? "careful: abandonment %s is %s its cap of %s"
            .formatted(percent(rate), rate < cap ? "near" : "above", percent(cap))
        : "careful: abandonment is %s; its rules set no cap, so the service keeps one of its own"
            .formatted(percent(rate));
  }

  /** A rate of zero that the prediction itself came to, or one that is not in force any more. */
  private static Reason still(CampaignRow row, CxoneState.Trouble trouble) {
    boolean over = row.held() && decided(row, 0) > 0;
    if (over && !row.wish().releases() && trouble.unwritable() != null) {
      return new Reason("HELD_UNPACED", "held until somebody can pace it again", null, null);
    }
    boolean closed = row.decision().path("clamp").asText().equals("CLOSED");
    return over || closed
        ? new Reason("RELEASING", "CXone is being asked to dial again", null, null)
        : new Reason(
            "RATE_ZERO",
            (ReasonTexts.byRatio(row) ? "no calls for now (" : "rate zero for now (")
                + why(row.decision())
                + ")",
            null,
            null);
  }

  /** What decided, without the rate that a decision's reason begins with. */
  private static String why(JsonNode decision) {
    String reason = decision.path("reason").asText("its rate is zero");
    return fragment(DECIDED.matcher(reason).replaceFirst(""));
  }

  private static double decided(CampaignRow row, double otherwise) {
    Double decided = PacingViews.decided(row.decision());
    return decided == null ? otherwise : decided;
  }

  /** Another rate than decided, and CXone has refused that one or not answered. */
  static Optional<Reason> rate(CampaignRow row, boolean dialing, Instant now) {
    CampaignRow.Wish wish = row.wish();
    double decided = decided(row, row.rate());
    boolean faster = dialing && row.rate() > decided;
    Long since = faster && wish.stopSince() != null ? wish.stopSince() : wish.refusedAt();
    if (row.stage() != Stage.ACTIVE || since == null || decided == 0) {
      return Optional.empty();
    }
    String why =
        " since "
            + clock(since, now, zone(row))
            + (wish.refusal() == null ? "" : ": " + fragment(wish.refusal()));
    Instant at = Instant.ofEpochMilli(since);
    if (!dialing) {
      String sentence = "CXone has not taken the rate to dial again with" + why;
      return Optional.of(new Reason(SLOWER, sentence, at, next(row, now)));
    }
    String rates =
        "%s, %s decided"
            .formatted(
                ReasonTexts.speed(row),
                ReasonTexts.byRatio(row) ? ReasonTexts.lines(row, decided) : number(decided));
    String sentence =
        (faster ? "CXone dials faster than it should (" : "CXone has not taken its new rate (")
            + rates
            + ")"
            + why
            + (faster ? "; stop it in CXone if you cannot wait" : "");
    return Optional.of(
        new Reason(faster ? Diagnosis.FASTER : SLOWER, sentence, at, next(row, now)));
  }

  /** What a list has to say first of a campaign that nobody wants to dial. */
  static Reason stillDialing(CampaignRow row, Instant now) {
    Long since = row.wish().stopSince();
    return new Reason(
        Diagnosis.STILL,
        "CXone is still dialing"
            + (since == null ? "" : ", asked to stop since " + clock(since, now, zone(row)))
            + "; stop it in CXone if you cannot wait",
        since == null ? null : Instant.ofEpochMilli(since),
        next(row, now));
  }

  /** Since when CXone has been asked, and when it is next. */
  static String asked(CampaignRow row, Instant now) {
    Long since = row.wish().stopSince();
    Instant next = next(row, now);
    return (since == null
            ? " We are asking it to stop"
            : " We have been asking it to stop since " + clock(since, now, zone(row)))
        + (next == null ? "" : ", next try " + away(next, now))
        + ".";
  }

  /** When CXone is asked next, as a sentence; empty where there is nothing to ask. */
  static String nextTry(CampaignRow row, Instant now) {
    Instant next = next(row, now);
    return next == null ? "" : " Next try " + away(next, now) + ".";
  }

  private static String away(Instant next, Instant now) {
    return next.isAfter(now) ? "in " + seconds(now, next) + " s" : "now";
  }

  /** Now while it is under way. */
  private static Instant next(CampaignRow row, Instant now) {
    Long next = row.wish().nextTry();
    return next == null ? null : Instant.ofEpochMilli(Math.max(next, now.toEpochMilli()));
  }

  private static Instant instant(JsonNode time) {
    try {
      return time.isNumber()
          ? Instant.ofEpochMilli(time.asLong())
          : time.isTextual() ? Instant.parse(time.asText()) : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
