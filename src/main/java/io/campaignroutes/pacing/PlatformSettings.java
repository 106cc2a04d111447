package io.campaignroutes.pacing;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the platform makes of what it is told to dial with.
 *
 * @param rateStep calls/s; rates are rounded down to multiples of it
 * @param lowestRate calls/s; the lowest rate above zero that is accepted, 0 for the step. A lower
 *     one becomes 0
 * @param zeroAccepted whether a rate of 0 can be written. If not, a decision for 0 asks for a pause
 *     and the next one above 0 for a resume; while enough lines ring for a moment the lowest rate
 *     stands in, where it is small beside what the team can take
 * @param minWriteInterval no two changes of one campaign come closer than this, except one to 0
 * @param ringTimeout after this an unanswered line is given up; at least 15 s by 16 CFR 310.4(b)(4)
 * @param answerMean mean seconds from dialing to a person's answer
 * @param answerDeviation standard deviation of that, in seconds; log-normal
 * @param keepsHours whether it places no calls outside of a campaign's schedule by itself. If not,
 *     nobody but this service keeps it. Left out: it does where it is told a rate
 * @param stopLead how long before calling hours end a stop is sent, which takes a while; left out:
 *     10 s where it does not keep hours
 * @param actuator what it is told: a rate, or lines for each agent
 * @param ratio how it is paced where it is lines
 */
public record PlatformSettings(
    @DefaultValue("0.1") @DecimalMin("0") double rateStep,
    @DefaultValue("0") @DecimalMin("0") double lowestRate,
    @DefaultValue("true") boolean zeroAccepted,
    @DefaultValue("0s") @DurationMin Duration minWriteInterval,
    @DefaultValue("22s") Duration ringTimeout,
    @DefaultValue("9") double answerMean,
    @DefaultValue("4") double answerDeviation,
    Boolean keepsHours,
    @DurationMin Duration stopLead,
    @DefaultValue("RATE") Actuator actuator,
    @Valid @NestedConfigurationProperty @DefaultValue RatioSettings ratio) {

  private static final Duration STOP_LEAD = Duration.ofSeconds(10);

  /** What a platform is told. */
  public enum Actuator {
    /** Calls a second. */
    RATE,
    /** Lines for each agent who waits. */
    RATIO
  }

  /** The lowest rate above zero that can be told, in calls/s. */
  double least() {
    return lowestRate > 0 ? lowestRate : rateStep;
  }

  boolean keepsItsHours() {
    return keepsHours == null ? !byRatio() : keepsHours;
  }

  /** How long before calling hours end a stop is sent. */
  Duration leadOfStops() {
    return stopLead != null ? stopLead : keepsItsHours() ? Duration.ZERO : STOP_LEAD;
  }

  boolean byRatio() {
    return actuator == Actuator.RATIO;
  }
}
