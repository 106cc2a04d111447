package io.campaignroutes.pacing;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a platform is paced that dials for agents who wait, with so many lines for each of them,
 * instead of at a rate.
 *
 * @param maxRatio most lines for an agent; CXone's API takes 1 to 3
 * @param fineLever whether two lines for an agent may be made to wait for a share of the agents to
 *     wait ({@code percentageOfAgentsBeforeOverdial}), in steps of 10
 * @param writeInterval no two changes of one campaign come closer than this, except one to 1:1
 * @param raiseInterval nor does one up after any other
 * @param raiseMargin how far above what the next ratio abandons the share aimed at has to be, as a
 *     share of it, at two decisions in a row
 * @param fewestAgents with fewer at work, or where that is not known, it is 1:1
 * @param allowed share of answered calls that the platform's own abandon control allows, where it
 *     does not tell that itself
 * @param allowedShare the share of that which is ours: two controllers never work on one edge
 * @param steering how far the credit of abandoned calls widens what is aimed at: natural logarithm
 *     of the factor when all of it is there
 * @param braking the same for what is narrowed when as much is owed
 * @param credit how much of it there can be, as the time in which the team may lose so many calls
 * @param maxCredit abandoned calls that it is at most, however large the team
 * @param human how long a ratio is left that somebody has set by hand
 * @param limitHold how long a campaign is held at least that dials faster than its limit with 1:1
 */
public record RatioSettings(
    @DefaultValue("3") @Min(1) @Max(3) int maxRatio,
    @DefaultValue("false") boolean fineLever,
    @DefaultValue("30s") @DurationMin(seconds = 30) Duration writeInterval,
    @DefaultValue("60s") @DurationMin(seconds = 60) Duration raiseInterval,
    @DefaultValue("0.2") @DecimalMin("0") @DecimalMax("1") double raiseMargin,
    @DefaultValue("3") @Min(1) int fewestAgents,
    @DefaultValue("0.03") @DecimalMin("0.001") @DecimalMax("1") double allowed,
    @DefaultValue("0.7") @DecimalMin("0.1") @DecimalMax("0.7") double allowedShare,
    @DefaultValue("1.6") @DecimalMin("0.5") @DecimalMax("4") double steering,
    @DefaultValue("0.25") @DecimalMin("0") @DecimalMax("4") double braking,
    @DefaultValue("60m") @DurationMin(minutes = 1) Duration credit,
    @DefaultValue("6") @DecimalMin("2") double maxCredit,
    @DefaultValue("10m") @DurationMin Duration human,
    @DefaultValue("10m") @DurationMin(minutes = 1) Duration limitHold) {

  /** Share of answered calls that the platform's own control allows. */
  double allowed(PlatformRules rules) {
    return rules.abandoned() == null ? allowed : rules.abandoned();
  }

  /** Share of answered calls that is aimed at beside the platform's own control. */
  double aim(double target, PlatformRules rules) {
    return Math.min(target, allowedShare * allowed(rules));
  }
}
