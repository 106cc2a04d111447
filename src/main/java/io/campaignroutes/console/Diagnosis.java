package io.campaignroutes.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Failure;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.compliance.CallingHours;
import io.campaignroutes.pacing.PacingPlans;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

  private static final String STILL = "STILL_DIALING";
  private static final String FASTER = "RATE_TOO_HIGH";
  private static final String SLOWER = "RATE_NOT_TAKEN";

  /** These commands have CXone asked to dial no more. */
  private static final Set<String> QUIETING = Set.of("PAUSE", "STOP", "HALT");

  /** So long a decision may take to CXone before it counts as not taken. */
  private static final long ON_ITS_WAY_MS = 5_000;

  private static final Set<String> PACED = Set.of("HELD", "NEAR_THE_CAP", "CANNOT_BE_PACED");

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter WEEKDAY =
      DateTimeFormatter.ofPattern("EEE HH:mm", Locale.ENGLISH);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm", Locale.ENGLISH);

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
    stage(row, now).ifPresent(against::add);
    if (row.stage() == Stage.ACTIVE) {
      // until CXone has paused it, it dials although it should not
      hours(row, now)
          .ifPresent(row.rate() > 0 && row.decision().isObject() ? remarks::add : against::add);
      pacing(row, against, remarks, trouble);
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
      pending.add(command(row, late, now));
    }
    rate(row, dialing, now).ifPresent(pending::add);
    if (dialing && mustStop(row, pending, now)) {
      pending.add(0, stillDialing(row, now));
    }
    if (row.failure() != null && !late && !row.stage().ended() && !saysWhy(row.stage())) {
      pending.add(trouble(row, now));
    }
    if (!row.stage().ended()) {
      cxone(trouble).forEach(pending::add);
    }
    if (!row.stage().ended() && trouble.unwritable() != null) {
      pending.add(unwritable(trouble));
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
              ? " at up to " + number(row.rate()) + " calls/s."
              : ", though it is " + row.stage() + " here.")
          + asked(row, now)
          + " Stop it in CXone if you cannot wait."
          + (more.isEmpty() ? "" : " " + upper(more) + ".");
    }
    if (row.stage() != Stage.ACTIVE) {
      return "Dialing at CXone, though it is " + row.stage() + " here: " + more + ".";
    }
    return "Dialing at up to "
        + number(row.rate())
        + " calls/s, "
        + number(row.setup().limit())
        + " allowed"
        + (more.isEmpty() ? "." : "; " + more + ".");
  }

  /** Whether the stage's own reason tells of the failure. */
  private static boolean saysWhy(Stage stage) {
    return stage == Stage.UNSETTLED || stage == Stage.UNKNOWN;
  }

  /** A command that CXone has not carried out yet, and what it says instead. */
  private static Reason command(CampaignRow row, boolean late, Instant now) {
    Instant since = row.commandAt() == null ? null : Instant.ofEpochMilli(row.commandAt());
    String doing =
        switch (row.command()) {
          case "STOP" -> "stopping";
          case "PAUSE" -> "pausing";
          case "RESUME" -> "resuming";
          case "HALT" -> "being kept from dialing at CXone";
          default -> row.command().toLowerCase(Locale.ROOT) + " is being carried out";
        };
    String sentence = doing + (since == null ? "" : " since " + time(since, now, zone(row)));
    if (row.cxoneStatus() != null && !row.command().equals("RESUME")) {
      boolean dials = row.cxoneStatus().equals("ACTIVE");
      sentence += ", CXone still says " + row.cxoneStatus() + (dials ? " and may be dialing" : "");
    }
    Instant next = Instant.ofEpochMilli(row.dueAt());
    return new Reason(
        "COMMAND_PENDING",
        sentence + (late ? "; it is asked again, but doing it in CXone by hand may be sooner" : ""),
        since,
        late && next.isAfter(now) ? next : null);
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
            && row.decision().path("maxCallsPerSecond").asDouble(1) == 0
            && row.wish().stopSince() != null
            && now.toEpochMilli() - row.wish().stopSince() >= ON_ITS_WAY_MS;
    return commanded
        || noRate
        || row.stage() == Stage.ACTIVE
            && reasons.stream().anyMatch(reason -> MUST_STOP.contains(reason.code()));
  }

  /** What a list has to say first of a campaign that nobody wants to dial. */
  private static Reason stillDialing(CampaignRow row, Instant now) {
    Long since = row.wish().stopSince();
    return new Reason(
        STILL,
        "CXone is still dialing"
            + (since == null ? "" : ", asked to stop since " + clock(since, now, zone(row)))
            + "; stop it in CXone if you cannot wait",
        since == null ? null : Instant.ofEpochMilli(since),
        next(row, now));
  }

  /** Since when CXone has been asked, and when it is next. */
  private static String asked(CampaignRow row, Instant now) {
    Long since = row.wish().stopSince();
    Instant next = next(row, now);
    return (since == null
            ? " We are asking it to stop"
            : " We have been asking it to stop since " + clock(since, now, zone(row)))
        + (next == null ? "" : ", next try in " + seconds(now, next) + " s")
        + ".";
  }

  private static Instant next(CampaignRow row, Instant now) {
    Long next = row.wish().nextTry();
    return next == null || next <= now.toEpochMilli() ? null : Instant.ofEpochMilli(next);
  }

  private static long seconds(Instant from, Instant to) {
    return (Duration.between(from, to).toMillis() + 999) / 1000;
  }

  /** Another rate than decided, and CXone has refused that one or not answered. */
  private static Optional<Reason> rate(CampaignRow row, boolean dialing, Instant now) {
    CampaignRow.Wish wish = row.wish();
    double decided = row.decision().path("maxCallsPerSecond").asDouble(row.rate());
    if (row.stage() != Stage.ACTIVE || wish.refusal() == null || decided == 0) {
      return Optional.empty();
    }
    Instant since = Instant.ofEpochMilli(wish.refusedAt());
    String why =
        " since " + clock(wish.refusedAt(), now, zone(row)) + ": " + fragment(wish.refusal());
    if (!dialing) {
      String sentence = "CXone has not taken the rate to dial again with" + why;
      return Optional.of(new Reason(SLOWER, sentence, since, next(row, now)));
    }
    boolean faster = row.rate() > decided;
    String rates = "%s calls/s, %s decided".formatted(number(row.rate()), number(decided));
    String sentence =
        (faster ? "CXone dials faster than it should (" : "CXone has not taken its new rate (")
            + rates
            + ")"
            + why
            + (faster ? "; stop it in CXone if you cannot wait" : "");
    return Optional.of(new Reason(faster ? FASTER : SLOWER, sentence, since, next(row, now)));
  }

  private static Reason unwritable(CxoneState.Trouble trouble) {
    return new Reason(
        "STORE_UNAVAILABLE",
        "nothing can be written down, so nobody paces it: " + fragment(trouble.unwritable()),
        null,
        null);
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

  private static Optional<Reason> stage(CampaignRow row, Instant now) {
    Instant since = Instant.ofEpochMilli(row.stageAt());
    ZoneId zone = zone(row);
    String code = row.stage().name();
    return Optional.ofNullable(
        switch (row.stage()) {
          case ACTIVE -> null;
          case RECEIVED -> new Reason(code, "received; its agents are to be checked", since, null);
          case SCHEDULED -> {
            Instant start =
                row.activateAt() == null ? null : Instant.ofEpochMilli(row.activateAt());
            yield new Reason(
                code,
                start == null ? "waits for its start" : "starts at " + time(start, now, zone),
                since,
                start);
          }
          case CHECKED -> new Reason(code, "checked; it is to be created at CXone", since, null);
          case CREATED ->
              new Reason(code, "created at CXone; its webhook is to be registered", since, null);
          case REGISTERED ->
              new Reason(code, "registered; activation is to be asked for", since, null);
          case ACTIVATING -> new Reason(code, "CXone has not reported it ACTIVE yet", since, null);
          case PAUSED -> new Reason(code, "paused since " + time(since, now, zone), since, null);
          case STOPPED -> new Reason(code, "stopped " + time(since, now, zone), since, null);
          case COMPLETED ->
              new Reason(code, "all contacts of its list have been called", since, null);
          case REJECTED, FAILED ->
              new Reason(
                  code,
                  (row.stage() == Stage.FAILED ? "failed: " : "refused: ")
                      + (row.failure() == null
                          ? "its history says why"
                          : fragment(row.failure().message())),
                  since,
                  null);
          case UNSETTLED ->
              new Reason(
                  code,
                  "it is not known whether CXone created it; check in CXone, then retry",
                  since,
                  null);
          case UNKNOWN -> new Reason(code, fragment(row.failure().message()), since, null);
        });
  }

  private static Optional<Reason> hours(CampaignRow row, Instant now) {
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

  private static void pacing(
      CampaignRow row, List<Reason> against, List<Reason> remarks, CxoneState.Trouble trouble) {
    JsonNode decision = row.decision();
    JsonNode period = decision.path("period");
    List<Reason> side = row.rate() > 0 ? remarks : against;
    boolean unexplained = side == against && against.isEmpty();
    String clamp = decision.path("clamp").asText();
    if (Abandonment.overCap(period) && !clamp.equals("HOLD") && !clamp.equals("PROTECT")) {
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
    boolean over = row.held() && row.decision().path("maxCallsPerSecond").asDouble() > 0;
    if (over && !row.wish().releases() && trouble.unwritable() != null) {
      return new Reason("HELD_UNPACED", "held until somebody can pace it again", null, null);
    }
    boolean closed = row.decision().path("clamp").asText().equals("CLOSED");
    return over || closed
        ? new Reason("RELEASING", "CXone is being asked to dial again", null, null)
        : new Reason("RATE_ZERO", "rate zero for now (" + why(row.decision()) + ")", null, null);
  }

  /** What decided, without the rate that a decision's reason begins with. */
  private static String why(JsonNode decision) {
    String reason = decision.path("reason").asText("its rate is zero");
    int colon = reason.indexOf(" calls/s: ");
    return fragment(colon < 0 ? reason : reason.substring(colon + " calls/s: ".length()));
  }

  private static Reason trouble(CampaignRow row, Instant now) {
    boolean away =
        row.failure().kind() == Failure.Kind.UNREACHABLE
            || row.failure().kind() == Failure.Kind.TIMED_OUT;
    Instant next = Instant.ofEpochMilli(row.dueAt());
    return new Reason(
        away ? "CXONE_UNREACHABLE" : "CXONE_REFUSED",
        fragment(row.failure().message()),
        null,
        next.isAfter(now) ? next : null);
  }

  private static List<Reason> cxone(CxoneState.Trouble trouble) {
    List<Reason> reasons = new ArrayList<>();
    if (trouble.tokenTrouble() != null) {
      reasons.add(
          new Reason("NO_TOKEN", "no token: " + fragment(trouble.tokenTrouble()), null, null));
    }
    if (trouble.breakerOpen()) {
      reasons.add(
          new Reason(
              "CIRCUIT_OPEN", "most calls to CXone fail, so none go out for a moment", null, null));
    }
    return reasons;
  }

  private static ZoneId zone(CampaignRow row) {
    return row.setup().hours() == null ? ZoneId.of("UTC") : row.setup().hours().zone();
  }

  /** A moment by the campaign's clock: as short as it can be without being mistaken. */
  private static String time(Instant at, Instant now, ZoneId zone) {
    ZonedDateTime local = at.atZone(zone);
    LocalDate today = LocalDate.ofInstant(now, zone);
    LocalDate day = local.toLocalDate();
    DateTimeFormatter how =
        day.equals(today)
            ? CLOCK
            : day.isAfter(today) && day.isBefore(today.plusDays(7)) ? WEEKDAY : DATE;
    return how.format(local) + " " + zone.getId();
  }

  /** With the seconds, where it is of today. */
  private static String clock(long at, Instant now, ZoneId zone) {
    ZonedDateTime local = Instant.ofEpochMilli(at).atZone(zone);
    return local.toLocalDate().equals(LocalDate.ofInstant(now, zone))
        ? SECONDS.format(local) + " " + zone.getId()
        : time(local.toInstant(), now, zone);
  }

  private static String upper(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  private static String number(double rate) {
    String text = String.format(Locale.ROOT, "%.2f", rate);
    return text.replaceAll("\\.?0+$", "");
  }

  /** A sentence as part of another one. */
  private static String fragment(String sentence) {
    String text = sentence.strip();
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }

  private static Instant instant(JsonNode time) {
    try {
      return time.isNumber()
          ? Instant.ofEpochMilli(time.asLong())
          : time.isTextual() ? Instant.parse(time.asText()) : null;
    } catch (java.time.format.DateTimeParseException e) {
      return null;
    }
  }
}
