package io.campaignroutes.simulator;

import java.util.function.DoubleUnaryOperator;

/**
 * The best that any dialer could do for a team, as a Markov decision process: utilisation with the
 * share of abandoned calls at the cap, over an endless time.
 *
 * <p>Abandoned calls beyond the cap get a price. With each price, the most that can be had on
 * average is found by relative value iteration, which brackets it from both sides (Puterman, Markov
 * Decision Processes, 1994, 8.5); whatever the price, no dialer that keeps the cap has more, and
 * the price at which this is least is the bound (Lagrangian duality; Altman, Constrained Markov
 * Decision Processes, 1999).
 */
abstract class BestDialing {
  /** Share of agents: how close the bracket has to be. */
  private static final double CLOSE = 4e-4;

  private static final int MAX_ROUNDS = 10_000;

  /** What one abandoned call is worth, in calls served. */
  private static final double LOWEST_PRICE = 0.6;

  private static final double HIGHEST_PRICE = 8;

  /** How closely the logarithm of the price is looked for; the bound hardly moves around it. */
  private static final double PRICE_STEP = 0.3;

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final Team team;
  private double[] value;

  BestDialing(Team team, int states) {
    this.team = team;
    this.value = new double[states];
  }

  final Team team() {
    return team;
  }

  /**
   * What each state is worth a tick before, with the best decision there.
   *
   * @param later what each state is worth
   * @param price of one abandoned call
   */
  abstract double[] before(double[] later, double price);

  /** Utilisation that no dialer exceeds that keeps the cap. */
  final double utilisation() {
    DoubleUnaryOperator most = log -> most(Math.exp(log) * team.handle() / team.agents());
    double low = Math.log(LOWEST_PRICE);
    double high = Math.log(HIGHEST_PRICE);
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = most.applyAsDouble(left);
    double atRight = most.applyAsDouble(right);
    while (high - low > PRICE_STEP) {
      if (atLeft < atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = most.applyAsDouble(left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = most.applyAsDouble(right);
      }
    }
    return Math.min(atLeft, atRight);
  }

  /** The most that can be had on average with a price, from above. */
  private double most(double price) {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      double[] next = before(value, price);
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      double first = next[0];
      for (int state = 0; state < next.length; state++) {
        double gained = next[state] - value[state];
        least = Math.min(least, gained);
        most = Math.max(most, gained);
        next[state] -= first;
      }
      value = next;
      if (most - least < CLOSE * team.tick()) {
        return most / team.tick();
      }
    }
    throw new IllegalStateException("the bound was not found in " + MAX_ROUNDS + " rounds");
  }

  /** How fast what a state is worth grows, backwards in time, {@code ahead} seconds into a tick. */
  interface Slope {
    void at(double[] worth, double ahead, double[] slope);
  }

  /**
   * Takes what states are worth at the end of a tick back to its beginning (Runge-Kutta, fourth
   * order).
   *
   * @param worth changed in place
   * @param fastest events a second in the busiest state
   */
  static void back(double[] worth, double seconds, double fastest, Slope slope) {
    int steps = (int) Math.ceil(seconds * fastest / 1.2);
    double step = seconds / steps;
    double[] one = new double[worth.length];
    double[] two = new double[worth.length];
    double[] three = new double[worth.length];
    double[] four = new double[worth.length];
    double[] on = new double[worth.length];
    for (int i = 0; i < steps; i++) {
      double ahead = seconds - i * step;
      slope.at(worth, ahead, one);
      slope.at(moved(worth, one, step / 2, on), ahead - step / 2, two);
      slope.at(moved(worth, two, step / 2, on), ahead - step / 2, three);
      slope.at(moved(worth, three, step, on), ahead - step, four);
      for (int s = 0; s < worth.length; s++) {
        worth[s] += step / 6 * (one[s] + 2 * two[s] + 2 * three[s] + four[s]);
      }
    }
  }

  private static double[] moved(double[] worth, double[] slope, double by, double[] on) {
    for (int s = 0; s < worth.length; s++) {
      on[s] = worth[s] + by * slope[s];
    }
    return on;
  }

  /** Rates or numbers to choose from, closer together where they are small. */
  static double[] choices(int count, double highest) {
    double[] choices = new double[count];
    for (int i = 0; i < count; i++) {
      double part = (double) i / (count - 1);
      choices[i] = highest * part * part;
    }
    return choices;
  }

  static void raise(double[] best, double[] other) {
    for (int s = 0; s < best.length; s++) {
      best[s] = Math.max(best[s], other[s]);
    }
  }
}
