package io.campaignroutes.compliance;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * Which rates can be set at all, in calls per second: of the settings {@code pacing.*} those that
 * the checks have to know too.
 *
 * @param accountLimit what the tenant allows one campaign; 0 for no such limit
 * @param platform what the platform makes of a rate
 */
public record RateSettings(
    @DefaultValue("0") double accountLimit, @DefaultValue Platform platform) {
  /** Shares of a step that come from the arithmetic of doubles. */
  private static final double ROUNDING = 1e-6;

  /** The next lower rate, as a share, where every rate can be set. */
  private static final double BELOW = 0.9;

  /**
   * @param rateStep rates are rounded down to multiples of it; 0 for no steps
   * @param lowestRate the lowest rate above zero; 0 for the step
   */
  public record Platform(
      @DefaultValue("0.1") double rateStep, @DefaultValue("0") double lowestRate) {}

  /** As they are set. */
  public static RateSettings of(Environment environment) {
    return Binder.get(environment).bindOrCreate("pacing", RateSettings.class);
  }

  /** The settings of a service that configures none of them. */
  public static RateSettings defaults() {
    return new RateSettings(0, new Platform(0.1, 0));
  }

  /** The lowest rate above zero that can be set; 0 when every rate can. */
  public double smallest() {
    double lowest = Math.max(0, platform.lowestRate());
    return platform.rateStep() > 0 ? up(Math.max(lowest, platform.rateStep())) : lowest;
  }

  /** The lowest rate above zero that is sent, also between the steps; 0 when every rate can be. */
  double least() {
    double lowest = platform.lowestRate();
    return lowest > 0 && lowest < platform.rateStep() ? lowest : smallest();
  }

  /** The highest rate that can be set and is lower than this one. */
  double below(double rate) {
    if (platform.rateStep() <= 0) {
      return rate * BELOW;
    }
    return Math.max(0, multiple(Math.ceil(rate / platform.rateStep() - ROUNDING) - 1));
  }

  /** Whether a rate of at least {@link #smallest} is none of those that can be set. */
  boolean between(double rate) {
    return platform.rateStep() > 0 && rate - down(rate) > ROUNDING * platform.rateStep();
  }

  /** The highest rate that can be set and is not above this one. */
  double down(double rate) {
    if (platform.rateStep() <= 0) {
      return rate;
    }
    return multiple(Math.floor(rate / platform.rateStep() + ROUNDING));
  }

  private double up(double rate) {
    return multiple(Math.ceil(rate / platform.rateStep() - ROUNDING));
  }

  /** 0.30000000000000004 is not a rate that anybody wants to read. */
  private double multiple(double steps) {
    return Math.rint(steps * platform.rateStep() * 1e6) / 1e6;
  }
}
