package io.campaignroutes.simulator;

import io.campaignroutes.dialer.DialRatio;
import io.campaignroutes.dialer.Telemetry;

/** Something that sets a skill's ratio, tick by tick. One object for one run. */
interface SkillPacer {
  /** Seconds after a shock that are looked at by themselves. */
  double HALF_HOUR = 1800;

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

  /**
   * 1:1 for half an hour from every shock on, as if somebody knew of it in the moment in which it
   * comes, else always the same: less cannot be abandoned after a shock by any ratio.
   */
  static Maker warned(int lines) {
    return scenario ->
        new SkillPacer() {
          private boolean rests;

          @Override
          public DialRatio first() {
            return DialRatio.of(lines);
          }

          @Override
          public DialRatio decide(double now, Telemetry.Answer answer) {
            boolean shaken =
                scenario.shocks().stream().anyMatch(at -> now >= at && now < at + HALF_HOUR);
            if (shaken == rests) {
              return null;
            }
            rests = shaken;
            return shaken ? DialRatio.ONE_TO_ONE : DialRatio.of(lines);
          }
        };
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
