package io.campaignroutes.dialer;

/** A value over time, in seconds from the start of the world. */
@FunctionalInterface
public interface Schedule {

  /** The value at a time. */
  double at(double seconds);

  /** Always the same. */
  static Schedule constant(double value) {
    return seconds -> value;
  }

  /**
   * Steps.
   *
   * @param first the value before the first step
   * @param steps time, value from then on, time, value and so on; times ascending
   */
  static Schedule steps(double first, double... steps) {
    return seconds -> {
      double value = first;
      for (int i = 0; i + 1 < steps.length && seconds >= steps[i]; i += 2) {
        value = steps[i + 1];
      }
      return value;
    };
  }

  /** Swings around a mean. */
  static Schedule sine(double mean, double amplitude, double period) {
    return seconds -> mean + amplitude * Math.sin(2 * Math.PI * seconds / period);
  }
}
