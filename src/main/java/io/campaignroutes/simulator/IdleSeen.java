package io.campaignroutes.simulator;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The bound for a dialer that has the figures of the v2 API: it sees at each tick how many agents
 * are idle or, with none idle, calls wait, but of lines that ring only what it dialed itself.
 *
 * <p>It dials as a Poisson process, so answers to come are one as well, whatever was answered so
 * far (Eick, Massey and Whitt, The physics of the Mt/G/∞ queue, 1993): the dialer knows all that
 * can be known of them by their expected number. That is kept as two numbers, the answers due in
 * this tick and later ones, of which a fixed share is due in the next: with ring times as the
 * simulator's, next to nothing is due after three ticks of 5 s.
 */
final class IdleSeen extends BestDialing {
  private static final int CHOICES = 26;
  private static final int DRAWS = 400_000;
  private static final int TICKS = 60;

  private final double[] due = new double[TICKS];
  private final double dueLater;
  private final double share;
  private final double[] choices;
  private final int cells;
  private final double cell;

  /**
   * @param ring mean seconds to a person's answer
   * @param deviation standard deviation of that in seconds; log-normal
   */
  IdleSeen(Team team, double ring, double deviation) {
    super(team, (team.mostCalls() + 1) * (cells(team) + 1) * (cells(team) + 1));
    cells = cells(team);
    cell = cell(team);
    choices = choices(CHOICES, Math.min(18, 0.6 * team.agents() + 0.5));
    draw(ring, deviation);
    dueLater = Arrays.stream(due, 2, TICKS).sum();
    double waiting = 0;
    for (int i = 2; i < TICKS; i++) {
      waiting += (i - 1) * due[i];
    }
    share = waiting == 0 ? 1 : dueLater / waiting;
  }

  private static double cell(Team team) {
    return Math.max(0.12, team.capacity() * team.tick() / 7);
  }

  private static int cells(Team team) {
    return (int) Math.ceil((1.6 * team.capacity() * team.tick() + 3.5) / cell(team));
  }

  /** Share of the answers to calls of a tick that come in that tick, the next one and so on. */
  private void draw(double ring, double deviation) {
    double sigma = Math.sqrt(Math.log1p(deviation * deviation / (ring * ring)));
    double mu = Math.log(ring) - sigma * sigma / 2;
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < DRAWS; i++) {
      double after =
          random.nextDouble() * team().tick() + Math.exp(mu + sigma * random.nextGaussian());
      due[Math.min(TICKS - 1, (int) (after / team().tick()))] += 1.0 / DRAWS;
    }
  }

  @Override
  double[] before(double[] later, double price) {
    double[] best = new double[later.length];
    int row = team().mostCalls() + 1;
    IntStream.range(0, (cells + 1) * (cells + 1))
        .parallel()
        .forEach(
            place -> {
              double now = place / (cells + 1) * cell;
              double then = place % (cells + 1) * cell;
              System.arraycopy(before(later, now, then, price), 0, best, place * row, row);
            });
    return best;
  }

  private double[] before(double[] later, double dueNow, double dueThen, double price) {
    double[] best = new double[team().mostCalls() + 1];
    Arrays.fill(best, Double.NEGATIVE_INFINITY);
    for (double answers : choices) {
      double next = due[1] * answers + share * dueThen;
      double rest = dueLater * answers + (1 - share) * dueThen;
      if (answers > 0 && Math.max(next, rest) > cells * cell) {
        break;
      }
      double[] worth = at(later, next, rest);
      double rate = (dueNow + due[0] * answers) / team().tick();
      double fastest = team().leaving(team().mostCalls()) + rate;
      back(worth, team().tick(), fastest, (now, ahead, slope) -> slope(now, rate, price, slope));
      raise(best, worth);
    }
    return best;
  }

  /** What states with these numbers are worth, by linear interpolation. */
  private double[] at(double[] worth, double next, double rest) {
    int row = team().mostCalls() + 1;
    int i = (int) Math.min(cells - 1, next / cell);
    int j = (int) Math.min(cells - 1, rest / cell);
    double right = Math.min(1, next / cell - i);
    double up = Math.min(1, rest / cell - j);
    int corner = (i * (cells + 1) + j) * row;
    int across = (cells + 1) * row;
    double[] at = new double[row];
    for (int n = 0; n < row; n++) {
      int s = corner + n;
      at[n] =
          (1 - right) * ((1 - up) * worth[s] + up * worth[s + row])
              + right * ((1 - up) * worth[s + across] + up * worth[s + across + row]);
    }
    return at;
  }

  private void slope(double[] worth, double answers, double price, double[] slope) {
    int most = team().mostCalls();
    for (int calls = 0; calls <= most; calls++) {
      double here = worth[calls];
      double sum = team().reward(calls, answers, price);
      if (calls > 0) {
        sum += team().leaving(calls) * (worth[calls - 1] - here);
      }
      sum += answers * (calls < most ? worth[calls + 1] - here : -price);
      slope[calls] = sum;
    }
  }
}
