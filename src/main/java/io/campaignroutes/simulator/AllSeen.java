package io.campaignroutes.simulator;

import java.util.stream.IntStream;

/**
 * The bound for a dialer that sees at each tick how many agents are busy, how many answered calls
 * wait and how many lines ring. It chooses a rate for the tick. Ring times are memoryless, answered
 * or not, since no ages of lines are among the states.
 */
final class AllSeen extends BestDialing {
  private static final int RATES = 28;

  private final double ring;
  private final int mostLines;
  private final double[] rates;

  /**
   * @param ring mean seconds that a line rings
   */
  AllSeen(Team team, double ring) {
    super(team, (team.mostCalls() + 1) * (mostLines(team, ring) + 1));
    this.ring = ring;
    this.mostLines = mostLines(team, ring);
    this.rates = choices(RATES, 0.6 * team.agents() / (team.answer() * team.tick()) + 0.5);
  }

  private static int mostLines(Team team, double ring) {
    double usual = team.capacity() / team.answer() * ring;
    return (int) Math.ceil(2.2 * usual + 4 * Math.sqrt(usual) + 6);
  }

  @Override
  double[] before(double[] later, double price) {
    return IntStream.range(0, rates.length)
        .parallel()
        .mapToObj(i -> before(later, rates[i], price))
        .reduce(
            (best, other) -> {
              raise(best, other);
              return best;
            })
        .orElseThrow();
  }

  private double[] before(double[] later, double rate, double price) {
    int most = team().mostCalls();
    double fastest = rate + mostLines / ring + team().leaving(most);
    double[] worth = later.clone();
    back(worth, team().tick(), fastest, (now, ahead, slope) -> slope(now, rate, price, slope));
    return worth;
  }

  private void slope(double[] worth, double rate, double price, double[] slope) {
    int row = mostLines + 1;
    int most = team().mostCalls();
    double answer = team().answer();
    for (int calls = 0; calls <= most; calls++) {
      double leaving = team().leaving(calls);
      for (int lines = 0; lines <= mostLines; lines++) {
        int state = calls * row + lines;
        double here = worth[state];
        double ends = lines / ring;
        double sum = team().reward(calls, ends * answer, price);
        if (calls > 0) {
          sum += leaving * (worth[state - row] - here);
        }
        if (lines > 0) {
          double silent = worth[state - 1];
          double answered = calls < most ? worth[state + row - 1] : silent - price;
          sum += ends * ((1 - answer) * (silent - here) + answer * (answered - here));
        }
        if (lines < mostLines) {
          sum += rate * (worth[state + 1] - here);
        }
        slope[state] = sum;
      }
    }
  }
}
