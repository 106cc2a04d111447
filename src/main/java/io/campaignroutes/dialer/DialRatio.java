package io.campaignroutes.dialer;

/**
 * How many lines a Personal Connection skill places for each agent who waits: the levers of its
 * general settings.
 *
 * @param lines at most for each agent ({@code maximumRatio}); 0 for none, as of a skill that is
 *     stopped
 * @param overdialPercentage share of the agents, 0 to 100, that must be waiting before more than
 *     one line is placed for one of them ({@code percentageOfAgentsBeforeOverdial})
 * @param blocked never more than one line for an agent ({@code blockMultipleCalls})
 */
public record DialRatio(int lines, double overdialPercentage, boolean blocked) {
  /** One line for an agent, whatever else is set. */
  public static final DialRatio ONE_TO_ONE = new DialRatio(1, 0, true);

  /** Nothing is dialed. */
  public static final DialRatio STOPPED = new DialRatio(0, 0, true);

  /** So many lines for each agent, however many of them wait. */
  public static DialRatio of(int lines) {
    return new DialRatio(lines, 0, false);
  }
}
