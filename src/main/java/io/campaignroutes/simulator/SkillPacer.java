package io.campaignroutes.simulator;

import io.campaignroutes.dialer.DialRatio;
import io.campaignroutes.dialer.Telemetry;

/** Something that sets a skill's ratio, tick by tick. One object for one run. */
interface SkillPacer {

  /** Makes one for a run of a scenario. */
  interface Maker {
    SkillPacer make(SkillScenario scenario);
  }

  /** What is in force when the skill is started. */
  default DialRatio first() {
    return DialRatio.ONE_TO_ONE;
  }

  /**
   * Decides at one tick.
   *
   * @param now seconds since the start
   * @param answer what the tenant's figures are
   * @return what to write; null for no write
   */
  DialRatio decide(double now, Telemetry.Answer answer);

  /** The latest decision was written and is in force. */
  default void accepted(double now) {}

  /** How often dialing stopped because the cap could not be kept. */
  default int holds() {
    return 0;
  }

  /** Always the same. */
  static Maker constant(int lines) {
    return scenario ->
        new SkillPacer() {
          @Override
          public DialRatio first() {
            return DialRatio.of(lines);
          }

          @Override
          public DialRatio decide(double now, Telemetry.Answer answer) {
            return null;
          }
        };
  }
}
