package io.campaignroutes.campaign;

import io.campaignroutes.cxone.Backoff;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How campaigns are launched and watched.
 *
 * @param workers campaigns worked on at the same time
 * @param activationWorkers the same for those that CXone was asked to activate
 * @param commandWorkers the same for operators' commands
 * @param lookWorkers the same for looks at running campaigns
 * @param lease how long a run has a campaign for itself; longer than the longest step, which is a
 *     call with its waits for a token and for the rate limit, sent twice
 * @param activationPollInitial first wait between two polls of an activation
 * @param activationPollMax longest wait between two polls
 * @param activationTimeout after this an activation is given up
 * @param retryInitial first wait after a call that CXone did not answer
 * @param retryMax longest such wait
 * @param giveUpAfter a launch that cannot reach CXone for this long has failed
 * @param settleGrace how long CXone may still work on a create after its connection was lost; it is
 *     not sent again before
 * @param settleTime how long after that a create that is not found by its name is still looked for
 *     before it is sent again: CXone's list may show a new campaign late
 * @param lookPeriod how often a running campaign's status is looked at
 */
@Validated
@ConfigurationProperties("launch")
public record LaunchProperties(
    @DefaultValue("32") @Min(1) int workers,
    @DefaultValue("16") @Min(1) int activationWorkers,
    @DefaultValue("16") @Min(1) int commandWorkers,
    @DefaultValue("8") @Min(1) int lookWorkers,
    @DefaultValue("90s") Duration lease,
    @DefaultValue("250ms") Duration activationPollInitial,
    @DefaultValue("5s") Duration activationPollMax,
    @DefaultValue("2m") Duration activationTimeout,
    @DefaultValue("1s") Duration retryInitial,
    @DefaultValue("1m") Duration retryMax,
    @DefaultValue("24h") Duration giveUpAfter,
    @DefaultValue("5s") @DurationMin Duration settleGrace,
    @DefaultValue("20s") @DurationMin Duration settleTime,
    @DefaultValue("60s") Duration lookPeriod) {

  /** Whether an activation takes too long, at this time in milliseconds since the epoch. */
  boolean timedOut(Campaign campaign, long now) {
    return campaign.activatingAt() != null
        && now - campaign.activatingAt() >= activationTimeout.toMillis();
  }

  Backoff polls() {
    return new Backoff(activationPollInitial, activationPollMax);
  }

  /** Between two look-ups of a lost create: some in its time, and not one right after the other. */
  Backoff lookUps() {
    long longest = Math.max(1_000, settleTime.toMillis() / 3);
    return new Backoff(Duration.ofMillis(Math.min(1_000, longest)), Duration.ofMillis(longest));
  }

  Backoff retries() {
    return new Backoff(retryInitial, retryMax);
  }
}
