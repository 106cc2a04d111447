package io.campaignroutes.compliance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/**
 * The rate that a campaign is created with: it dials with that until the first decision of its
 * pacing is in force.
 *
 * <pre>{@code
 * rate = idle / time - given      on the platform's steps, rounded down; below the ceiling,
 *                                 and not below the lowest rate that can be sent
 * }</pre>
 *
 * <p>{@code idle} are the agents of the pool who are AVAILABLE, {@code time} is three periods of
 * pacing, within which the first decision is in force or the campaign is held, and {@code given} is
 * what other campaigns of the pool dial with that have no figures yet. So all of them together dial
 * one line for each idle agent in that time, whoever answers: the rule of progressive dialing, with
 * which predictive dialers begin while they have no history (VICIdial at dial level 1, Impact
 * Dialing's one dial for each idle caller). Who comes when all are given away begins with the
 * lowest rate, as long as all who do come to no more than a step of the platform's; who comes after
 * that waits: it is created with that rate too, but held when it is activated, until pacing gives
 * it a turn.
 *
 * <p>Where campaigns are given lines for each agent who waits, all begin with one, whatever others
 * do: the platform deals the agents out.
 */
public final class FirstRate {
  /** calls/s where the platform knows no steps. */
  private static final double LOWEST = 0.1;

  private static final int PERIODS = 3;

  /** calls/s: shares of a rate that come from the arithmetic of doubles. */
  private static final double TINY = 1e-9;

  private final RequestChecks checks;
  private final PlatformCampaign platform;
  private final RateSettings rates;
  private final boolean lines;
  private final double seconds;

  /**
   * @param lines whether campaigns are given lines for each agent who waits in place of a rate
   * @param period between two decisions of pacing
   */
  public FirstRate(
      RequestChecks checks,
      PlatformCampaign platform,
      RateSettings rates,
      boolean lines,
      Duration period) {
    this.lines = lines;
    this.checks = checks;
    this.platform = platform;
    this.rates = rates;
    this.seconds = PERIODS * period.toMillis() / 1000.0;
  }

  /**
   * The rate in calls per second.
   *
   * @param idle agents who are AVAILABLE
   * @param given calls per second that are no longer to be had
   * @param ceiling highest rate of the campaign, in calls per second
   */
  double of(int idle, double given, double ceiling) {
    double free = Math.min(rates.down(Math.max(0, idle / seconds - given)), rates.below(ceiling));
    return Math.min(ceiling, Math.max(lowest(rates), free));
  }

  /** The lowest rate that a campaign can be created with. */
  static double lowest(RateSettings rates) {
    return rates.least() > 0 ? rates.least() : LOWEST;
  }

  /**
   * How a campaign begins.
   *
   * @param payload body of the create call with the first rate in it
   * @param callsPerSecond what it dials with until there are figures; 0 where it waits for a turn
   * @param byLines whether it begins with one line for each agent who waits, in place of that
   */
  public record Begin(ObjectNode payload, double callsPerSecond, boolean byLines) {}

  /**
   * How a campaign begins beside others.
   *
   * @param request complete
   * @param agents {@code {agents: [{status}]}}
   * @param given what others have been given
   */
  public Begin begin(JsonNode request, ObjectNode payload, JsonNode agents, GivenRates given) {
    if (lines) {
      double ceiling = checks.ceiling(request);
      return new Begin(platform.withRate(payload, Numbers.plain(ceiling)), lowest(rates), true);
    }
    int idle = AgentCheck.idle(agents);
    double room = idle / seconds * given.free() - given.callsPerSecond();
    double rate = of(idle, idle / seconds - room, checks.ceiling(request));
    boolean waits = rate > Math.max(0, room) + TINY && rate - room > step() + TINY;
    return new Begin(platform.withRate(payload, Numbers.plain(rate)), waits ? 0 : rate, false);
  }

  /** What all who find no room may dial with together, in calls per second. */
  private double step() {
    double step = rates.platform().rateStep();
    return Math.max(step > 0 ? step : LOWEST, lowest(rates));
  }

  /** The body of the create call with the first rate in it. */
  public ObjectNode payload(
      JsonNode request, ObjectNode payload, JsonNode agents, GivenRates given) {
    return begin(request, payload, agents, given).payload();
  }
}
