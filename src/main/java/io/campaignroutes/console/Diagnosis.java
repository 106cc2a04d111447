package io.campaignroutes.console;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.campaign.Failure;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.compliance.CallingHours;
import io.campaignroutes.pacing.PacingPlans;
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

  private static final Set<String> PACED = Set.of("HELD", "NEAR_THE_CAP", "CANNOT_BE_PACED");

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
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
      pacing(row, against, remarks);
      if (row.cxoneStatus() != null && !row.held() && !row.cxoneStatus().equals("ACTIVE")) {
        against.add(
            new Reason("NOT_ACTIVE_AT_CXONE", "CXone says " + row.cxoneStatus(), null, null));
      }
    }
    List<Reason> pending = against.isEmpty() ? remarks : against;
    boolean late = false;
    if (row.command() != null && row.stage() != Stage.UNKNOWN) {
      late = row.failure() != null && row.failure().kind() == Failure.Kind.TIMED_OUT;
      pending.add(command(row, late, now));
    }
    if (row.failure() != null && !late && !row.stage().ended() && !saysWhy(row.stage())) {
      pending.add(trouble(row, now));
    }
    if (!row.stage().ended()) {
      cxone(trouble).forEach(pending::add);
    }
    boolean dialing =
        row.stage() == Stage.ACTIVE ? against.isEmpty() : "ACTIVE".equals(row.cxoneStatus());
    return new Diagnosis(dialing, sentence(row, dialing, pending), List.copyOf(pending));
  }

  private static String sentence(CampaignRow row, boolean dialing, List<Reason> reasons) {
    String more =
        reasons.isEmpty() ? "" : String.join("; ", reasons.stream().map(Reason::sentence).toList());
    if (!dialing) {
      return "Not dialing: " + more + ".";
    }
    if (row.stage() != Stage.ACTIVE) {
      return "Dialing at CXone, though it is " + row.stage() + " here: " + more + ".";
    }
    if (mustStop(reasons)) {
      return "CXone is still dialing at up to "
          + number(row.rate())
          + " calls/s and is being asked to stop: "
          + more
          + ".";
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

  /** Whether CXone dials for it although it is to stop: for an operator, its rules or its cap. */
  boolean unwanted() {
    return dialing
        && (mustStop(reasons)
            || reasons.stream().anyMatch(reason -> reason.code().equals("COMMAND_PENDING")));
  }

  private static boolean mustStop(List<Reason> reasons) {
    return reasons.stream().anyMatch(reason -> MUST_STOP.contains(reason.code()));
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
          case COMPLETED -> new Reason(code, "its contact list is worked through", since, null);
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
                  "it cannot be found out whether CXone created it; somebody has to look there",
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

  private static void pacing(CampaignRow row, List<Reason> against, List<Reason> remarks) {
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
      case "PROTECT" ->
          side.add(
              new Reason(
                  "NEAR_THE_CAP",
                  "careful: abandonment %s is %s its cap of %s"
                      .formatted(
                          percent(period.path("rate").asDouble()),
                          period.path("rate").asDouble() < period.path("cap").asDouble()
                              ? "near"
                              : "above",
                          percent(period.path("cap").asDouble())),
                  null,
                  null));
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
          against.add(still(row));
        }
      }
    }
  }

  /** A rate of zero that the prediction itself came to, or one that is not in force any more. */
  private static Reason still(CampaignRow row) {
    boolean over = row.held() && row.decision().path("maxCallsPerSecond").asDouble() > 0;
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
