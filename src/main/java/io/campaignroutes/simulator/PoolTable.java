package io.campaignroutes.simulator;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The table of campaigns that share agents, in Markdown. */
final class PoolTable {
  private PoolTable() {}

  static void head(PrintWriter out) {
    out.println(
        "| agents shared by campaigns | utilisation | abandoned | worst seed | worst campaign, of"
            + " its cap | served for its weight | holds | first 5 min | writes a minute |");
    out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
  }

  static void row(PrintWriter out, String name, List<SharedOutcome> runs) {
    long answered = runs.stream().mapToLong(SharedOutcome::answered).sum();
    long lost = runs.stream().mapToLong(SharedOutcome::lost).sum();
    double worst = most(runs, SharedOutcome::worst);
    out.printf(
        Locale.ROOT,
        "| %s | %.3f | %.2f %% | %.2f %% | %s | %.2f to %.2f | %d | %d of %d | %.1f |%n",
        name,
        mean(runs, SharedOutcome::utilisation),
        100 * mean(runs, SharedOutcome::abandonment),
        100 * most(runs, SharedOutcome::abandonment),
        Double.isNaN(worst) ? "" : String.format(Locale.ROOT, "%.2f", worst),
        mean(runs, SharedOutcome::fewest),
        mean(runs, SharedOutcome::most),
        runs.stream().mapToInt(SharedOutcome::holds).sum(),
        lost,
        answered,
        mean(runs, SharedOutcome::writesPerMinute));
    out.flush();
  }

  static void foot(PrintWriter out) {
    out.println();
    out.println(
        "The worst campaign is one with 300 answers or more: 1.00 is its cap. Served for its weight:"
            + " calls of the campaign with the fewest and the most, beside the mean. The first 5"
            + " minutes: abandoned of answered, all seeds together.");
  }

  private static double mean(List<SharedOutcome> runs, ToDoubleFunction<SharedOutcome> of) {
    return runs.stream().mapToDouble(of).average().orElse(Double.NaN);
  }

  private static double most(List<SharedOutcome> runs, ToDoubleFunction<SharedOutcome> of) {
    return runs.stream()
        .mapToDouble(of)
        .filter(value -> !Double.isNaN(value))
        .max()
        .orElse(Double.NaN);
  }
}
