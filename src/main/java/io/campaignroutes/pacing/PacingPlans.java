package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.compliance.CallingHours;
import io.campaignroutes.compliance.Policy;
import io.campaignroutes.compliance.PolicyRule;
import io.campaignroutes.compliance.RateSettings;
import io.campaignroutes.compliance.RequestChecks;
import io.campaignroutes.compliance.TimeZones;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What the pacing of a campaign is bound to, from its request and its compliance profile. */
@Component
public class PacingPlans {
  /** Hours worked out already; most campaigns share a handful of schedules. */
  private static final int MAX_HOURS = 1_000;

  private static final Set<String> DAYS =
      Arrays.stream(DayOfWeek.values()).map(DayOfWeek::name).collect(Collectors.toSet());

  private final RequestChecks policies;
  private final RateSettings rates;
  private final Duration stopLead;
  private final Cache<String, CallingHours> hours =
      Caffeine.newBuilder().maximumSize(MAX_HOURS).build();

  public PacingPlans(RequestChecks policies, PacingProperties properties) {
    this.policies = policies;
    PlatformSettings platform = properties.platform();
    this.stopLead = platform.leadOfStops();
    this.rates =
        new RateSettings(
            properties.accountLimit(),
            new RateSettings.Platform(platform.rateStep(), platform.lowestRate()));
  }

  /**
   * Why nothing can be paced by a request.
   *
   * @param code a name that stays the same
   * @param sentence for people, in words that end a sentence
   */
  public record Trouble(String code, String sentence) {}

  /**
   * Why a campaign must not dial whatever the hour: what it is bound to is no longer there, or its
   * request cannot be understood, as after a change to the store by hand or by another version.
   *
   * @param request as it is stored
   */
  public Optional<Trouble> trouble(JsonNode request) {
    if (request.path("pacingLimit").asDouble() <= 0
        || !request.at("/pacing/maxCallsPerSecond").isNumber()
        || strategy(request).isEmpty()
        || !readable(request.path("schedule"))) {
      return Optional.of(
          new Trouble("REQUEST_UNREADABLE", "what its request says of it cannot be read"));
    }
    if (policy(request).isEmpty()) {
      return Optional.of(
          new Trouble(
              "POLICY_GONE",
              "bound to the policy "
                  + request.path("policy").asText()
                  + ", which config/policies no longer has"));
    }
    if (zone(request).isEmpty()) {
      return Optional.of(
          new Trouble(
              "TIME_ZONE_UNKNOWN",
              "its time zone "
                  + request.path("timeZone").asText()
                  + " is none that this version of the service knows"));
    }
    PacingPlan plan = plan(request, 0);
    return plan.mostCallsPerSecond() >= rates.smallest()
        ? Optional.empty()
        : Optional.of(
            new Trouble(
                "LIMIT_TOO_LOW",
                "the limit of %s is below %s calls/s, the lowest rate that can be set"
                    .formatted(plan.mostFrom(), rates.smallest())));
  }

  private static boolean readable(JsonNode schedule) {
    int start = schedule.path("startHour").asInt(-1);
    int end = schedule.path("endHour").asInt(-1);
    JsonNode days = schedule.path("daysOfWeek");
    for (JsonNode day : days) {
      if (!DAYS.contains(day.asText())) {
        return false;
      }
    }
    return start >= 0 && start < end && end <= 24 && days.isArray();
  }

  /**
   * The plan of a campaign that dials with its ceiling, as is assumed where its first rate is not
   * known; one that allows nothing where there is {@link #trouble}.
   *
   * @param request complete, with its defaults
   * @param startedAt when it first was ACTIVE, in milliseconds since the epoch
   */
  public PacingPlan plan(JsonNode request, long startedAt) {
    Optional<Policy> policy = policy(request);
    double most = request.path("pacingLimit").asDouble();
    String from = "the campaign's pacingLimit";
    double ceiling = request.at("/pacing/maxCallsPerSecond").asDouble();
    if (ceiling < most) {
      most = ceiling;
      from = "the campaign's pacing.maxCallsPerSecond";
    }
    if (policy.isPresent() && policy.get().maxCallsPerSecond().isPresent()) {
      double limit = policy.get().maxCallsPerSecond().getAsDouble();
      if (limit < most) {
        most = limit;
        from = "its policy " + policy.get().ref().name();
      }
    }
    if (rates.accountLimit() > 0 && rates.accountLimit() < most) {
      most = rates.accountLimit();
      from = "the account (pacing.account-limit)";
    }
    return new PacingPlan(
        strategy(request).orElse(Strategy.PROGRESSIVE),
        ceiling,
        most,
        from,
        policy.flatMap(PacingPlans::strictest).orElse(null),
        startedAt,
        zone(request).orElse(ZoneOffset.UTC));
  }

  private static Optional<Strategy> strategy(JsonNode request) {
    String name = request.path("dialerStrategy").asText();
    return Arrays.stream(Strategy.values()).filter(s -> s.name().equals(name)).findFirst();
  }

  private static Optional<ZoneId> zone(JsonNode request) {
    return TimeZones.parse(request.path("timeZone").asText());
  }

  /**
   * Caps are compared first; of two that are equal the longer-lasting window is harder to leave.
   */
  private static Optional<Abandonment> strictest(Policy policy) {
    return policy.abandonment().stream()
        .map(PolicyRule::value)
        .min(
            Comparator.comparingDouble(Abandonment::cap)
                .thenComparing(a -> a.window().kind() == Abandonment.Kind.ROLLING ? 1 : 0));
  }

  /**
   * Why a campaign may not call at this moment, for people; empty when it may. Where a stop takes a
   * while its hours end so much earlier.
   *
   * @param stopAt when it is stopped, in milliseconds since the epoch; null when it is not
   */
  public Optional<String> closed(JsonNode request, long now, Long stopAt) {
    Optional<CallingHours> hours = hours(request);
    if (hours.isEmpty()) {
      return trouble(request).map(Trouble::sentence);
    }
    Instant stop = stopAt == null ? null : Instant.ofEpochMilli(stopAt);
    Instant at = Instant.ofEpochMilli(now);
    return hours.get().closed(at, stop).or(() -> hours.get().closed(at.plus(stopLead), stop));
  }

  /**
   * Whether a platform that keeps to the schedule alone would call at a moment: on a public
   * holiday, say, or where nobody can tell what the schedule is.
   */
  boolean scheduled(JsonNode request, long now) {
    return hours(request).map(hours -> hours.scheduled(Instant.ofEpochMilli(now))).orElse(true);
  }

  /** When a campaign may call again, or may not any more, next; empty when it does not. */
  public Optional<Long> edge(JsonNode request, long now) {
    return hours(request)
        .flatMap(hours -> edge(hours, Instant.ofEpochMilli(now)))
        .map(Instant::toEpochMilli);
  }

  private Optional<Instant> edge(CallingHours hours, Instant at) {
    if (!hours.open(at)) {
      return hours.opens(at);
    }
    Optional<Instant> ends = hours.closes(at);
    return ends.filter(end -> !at.isBefore(end.minus(stopLead))).isPresent()
        ? ends.flatMap(hours::opens) // it has been stopped by now
        : ends.map(end -> end.minus(stopLead));
  }

  /**
   * The calling hours of a campaign; empty where there is {@link #trouble}, and then nobody may be
   * called.
   */
  public Optional<CallingHours> hours(JsonNode request) {
    String key =
        request.path("timeZone").asText()
            + request.path("schedule")
            + request.path("policy").asText();
    return Optional.ofNullable(
        hours.get(
            key,
            made ->
                trouble(request).isPresent()
                    ? null
                    : CallingHours.of(request, policy(request).orElseThrow())));
  }

  private Optional<Policy> policy(JsonNode request) {
    return policies.policy(request.path("policy").asText());
  }
}
