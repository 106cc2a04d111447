package io.campaignroutes.pacing;

import io.campaignroutes.compliance.Abandonment;
import java.time.ZoneId;

/**
 * What of a campaign does not change from tick to tick.
 *
 * @param strategy how it dials
 * @param launchRate calls/s that the campaign was created with; in force at CXone until the first
 *     change
 * @param mostCallsPerSecond calls/s that are never exceeded: the lowest of the campaign's ceiling
 *     and limit, its compliance profile's and the operator's
 * @param mostFrom who sets that limit, in words that fit "the limit of ...", for example "the
 *     campaign" or "profile us-federal"
 * @param abandonment the cap of the compliance profile; null when it has none, in which case {@link
 *     LawSettings#houseCap} steers and nothing is ever held
 * @param periodAnchor epoch ms from which fixed periods count: the start of the campaign
 * @param zone the campaign's time zone, in which calendar months begin
 */
public record PacingPlan(
    Strategy strategy,
    double launchRate,
    double mostCallsPerSecond,
    String mostFrom,
    Abandonment abandonment,
    long periodAnchor,
    ZoneId zone) {

  /** The plan of a campaign that was created with another rate than its ceiling. */
  public PacingPlan launchedWith(double rate) {
    return new PacingPlan(
        strategy, rate, mostCallsPerSecond, mostFrom, abandonment, periodAnchor, zone);
  }
}
