package io.campaignroutes.simulator;

import io.campaignroutes.compliance.AgentCheck;
import io.campaignroutes.compliance.CheckedRequest;
import io.campaignroutes.cxone.AgentPools;
import io.campaignroutes.pacing.LawSettings;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PacingPlan;
import io.campaignroutes.pacing.PacingPlans;
import io.campaignroutes.pacing.PacingProperties;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * What a campaign that is tried out could expect with the agents that its pool has at this moment,
 * if it had them for itself. How many people will answer and for how long they will talk nobody
 * knows before the first call: the law's own beginning assumptions stand in for them.
 */
@Component
public class CampaignForecast {
  /** Forecasts that are kept; a form that is filled in asks for the same one again and again. */
  private static final int MOST = 100;

  private final PacingPlans plans;
  private final PacingLaw law;
  private final LawSettings settings;
  private final Map<Asked, Forecast> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Forecast> eldest) {
          return size() > MOST;
        }
      };

  private record Asked(PacingPlan plan, int agents) {}

  /**
   * A forecast with what it was made for.
   *
   * @param agents agents of the pool who are there now and work in the campaign's time zone
   * @param note what a forecast is and is not
   * @param forecast utilisation, abandonment and rate, each with half its 95 % interval
   */
  public record Expected(int agents, String note, Forecast forecast) {}

  public CampaignForecast(PacingPlans plans, PacingLaw law, PacingProperties properties) {
    this.plans = plans;
    this.law = law;
    this.settings = properties.law();
  }

  /**
   * The forecast for a request without findings; about a tenth of a second of processor time.
   *
   * @param pool the agents at hand; null when they are not known
   * @return null when the agents are not known
   */
  public Expected of(CheckedRequest checked, AgentPools.Pool pool) {
    if (pool == null) {
      return null;
    }
    int agents = AgentCheck.present(checked.request().path("timeZone").asText(), pool.agents());
    double first = checked.payload().at("/pacing/maxCallsPerSecond").asDouble();
    PacingPlan plan = plans.plan(checked.request(), 0).launchedWith(first);
    Asked asked = new Asked(plan, agents);
    return new Expected(
        agents,
        "A forecast by simulation, for the agents at hand and assumed answers, if no other campaign"
            + " dialed for them; not a promise.",
        forecast(asked));
  }

  private synchronized Forecast forecast(Asked asked) {
    return known.computeIfAbsent(
        asked,
        ask ->
            Forecast.of(
                ask.plan(), law, ask.agents(), settings.answerPrior(), settings.handlePrior()));
  }
}
