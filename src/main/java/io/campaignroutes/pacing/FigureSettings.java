package io.campaignroutes.pacing;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the tenant's real-time figures mean. The defaults are the API profile v2.
 *
 * @param window how the counts cover time
 * @param length length of a rolling or tumbling window
 * @param connectedIncludesAbandoned whether {@code connectedCalls} counts abandoned calls too
 * @param agents whether {@code availableAgents} are idle or all staffed agents
 * @param lag how old the figures are when they are answered; what was dialed meanwhile is predicted
 * @param markedMachines share of the connected calls that are answering machines, as agents mark
 *     them; the figures do not tell them apart, and they are no persons that answered
 * @param mistakenPersons share of the answered calls that the platform's machine detection hangs up
 *     on although a person answered; no figure tells them, and by the rules they are abandoned
 */
public record FigureSettings(
    @DefaultValue("ROLLING") Window window,
    @DefaultValue("PT5M") Duration length,
    @DefaultValue("false") boolean connectedIncludesAbandoned,
    @DefaultValue("IDLE") Agents agents,
    @DefaultValue("0s") @DurationMin Duration lag,
    @DefaultValue("0") double markedMachines,
    @DefaultValue("0") double mistakenPersons) {

  /** How counts cover time. */
  public enum Window {
    /** The last stretch of {@link FigureSettings#length}, at any moment. */
    ROLLING,
    /** From the last multiple of the length; falls back to zero there. */
    TUMBLING,
    /** From the start of the campaign. */
    CUMULATIVE
  }

  /** Which agents are counted. */
  public enum Agents {
    /** Those who wait for a call. */
    IDLE,
    /**
     * All who are at work, busy or idle. Nothing then tells how many are idle, so the law dials the
     * constant rate of the Erlang formula, trimmed by what is abandoned. Utilisation is clearly
     * lower.
     */
    STAFFED
  }
}
