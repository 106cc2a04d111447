package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.DialingRatio;

/**
 * Figures as the real-time API gave them. Any of them may be null, NaN, negative or nonsense; the
 * law sorts that out, and what it cannot use is no sample.
 *
 * @param connected calls answered live and connected to an agent in the window of the figures
 *     ({@link FigureSettings#connectedIncludesAbandoned} says whether abandoned ones count too)
 * @param abandoned calls answered live and not connected to an agent in time, in that window
 * @param attempted dialed calls in that window; null when not reported, the law then counts what it
 *     commanded
 * @param avgHandleTime seconds that a call keeps an agent, wrap-up included
 * @param agents {@code availableAgents}: idle agents, or staffed ones ({@link
 *     FigureSettings#agents})
 * @param staffed agents signed in for this campaign, busy or idle; null when not reported
 * @param ratio lines for each agent that are in force, as the platform tells; null when it does not
 * @param rules what the platform keeps to by itself; null when it does not tell
 */
public record PacingFigures(
    Double connected,
    Double abandoned,
    Double attempted,
    Double avgHandleTime,
    Double agents,
    Double staffed,
    DialingRatio ratio,
    PlatformRules rules) {

  /** Figures of a platform that dials at a rate. */
  public PacingFigures(
      Double connected,
      Double abandoned,
      Double attempted,
      Double avgHandleTime,
      Double agents,
      Double staffed) {
    this(connected, abandoned, attempted, avgHandleTime, agents, staffed, null, null);
  }

  /** The figures as the operation {@code realtimeFigures} answers them. */
  static PacingFigures of(JsonNode figures) {
    return new PacingFigures(
        number(figures, "connected"),
        number(figures, "abandoned"),
        number(figures, "attempted"),
        number(figures, "avgHandleTime"),
        number(figures, "agents"),
        number(figures, "staffed"),
        DialingRatio.of(figures),
        PlatformRules.of(figures));
  }

  /** A figure as it came; null where there is none or it is no number. */
  private static Double number(JsonNode figures, String name) {
    JsonNode value = figures.path(name);
    return value.isNumber() ? (Double) value.doubleValue() : null;
  }
}
