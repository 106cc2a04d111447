package io.campaignroutes.console;

import static io.campaignroutes.console.ReasonTexts.fragment;
import static io.campaignroutes.console.ReasonTexts.time;
import static io.campaignroutes.console.ReasonTexts.zone;

import io.campaignroutes.campaign.Failure;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.console.Diagnosis.Reason;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What keeps a campaign from dialing outside of pacing: its stage, a command, CXone, the store. */
final class StageReasons {
  private StageReasons() {}

  static Optional<Reason> stage(CampaignRow row, Instant now) {
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

  /** A command that CXone has not carried out yet, and what it says instead. */
  static Reason command(CampaignRow row, boolean late, Instant now) {
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

  static Reason failure(CampaignRow row, Instant now) {
    if (row.failure().kind() == Failure.Kind.CLOSED) {
      return new Reason("OUTSIDE_CALLING_HOURS", fragment(row.failure().message()), null, null);
    }
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

  static List<Reason> cxone(CxoneState.Trouble trouble) {
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

  static Reason unwritable(CxoneState.Trouble trouble) {
    return new Reason(
        "STORE_UNAVAILABLE",
        "nothing can be written down, so nobody paces it: " + fragment(trouble.unwritable()),
        null,
        null);
  }
}
