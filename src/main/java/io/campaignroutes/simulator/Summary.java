package io.campaignroutes.simulator;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Runs of the same scenario and pacer with different seeds, taken together. */
record Summary(String pacer, List<RunOutcome> runs) {

  /** Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom. */
  private static final double[] STUDENT = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042
  };

  double mean(ToDoubleFunction<RunOutcome> of) {
    return runs.stream().mapToDouble(of).average().orElse(Double.NaN);
  }

  double worst(ToDoubleFunction<RunOutcome> of) {
    return runs.stream().mapToDouble(of).max().orElse(Double.NaN);
  }

  /** Half the width of the 95 % interval of the mean. */
  double halfWidth(ToDoubleFunction<RunOutcome> of) {
    return halfWidth(runs.stream().mapToDouble(of).toArray());
  }

  /** Half the width of the 95 % interval of the mean of values. */
  static double halfWidth(double... values) {
    int n = values.length;
    if (n < 2) {
      return Double.NaN;
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    double student = n - 1 <= STUDENT.length ? STUDENT[n - 2] : 1.96;
    return student * Math.sqrt(squares / (n - 1) / n);
  }
}
