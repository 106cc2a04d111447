package io.campaignroutes.dialer;

/**
 * The platform's own guard over abandoned calls, as CXone's help describes its Abandon Rate
 * Compliance: it engages at half of the allowed rate of the calendar day and is at its strictest
 * within 0.2 points of it. How it dampens in between is not published; here the lines for each idle
 * agent go down in a straight line to one.
 *
 * @param allowed share of abandoned calls, for example 0.03
 * @param engages share of {@code allowed} at which it begins
 * @param strictWithin distance from {@code allowed} at which one line an idle agent is left
 * @param mostLines lines for each idle agent when it begins
 * @param refresh seconds between two looks at the rate; CXone's report is renewed every 5 min
 */
public record AbandonControl(
    double allowed, double engages, double strictWithin, double mostLines, double refresh) {

  /** CXone's defaults. */
  public static AbandonControl cxone() {
    return new AbandonControl(0.03, 0.5, 0.002, 3, 300);
  }

  /** Lines that may ring for each idle agent at this share of abandoned calls. */
  double linesPerIdleAgent(double share) {
    double begin = allowed * engages;
    if (share < begin) {
      return Double.POSITIVE_INFINITY;
    }
    double strict = allowed - strictWithin;
    double left = Math.max(0, (strict - share) / (strict - begin));
    return 1 + (mostLines - 1) * left;
  }
}
