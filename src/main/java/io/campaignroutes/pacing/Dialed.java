package io.campaignroutes.pacing;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Arrays;

/**
 * The rates that were in force lately, as far back as calls may still ring. Written as text: {@code
 * "<end>;<ms>,<calls/s>;..."}, the oldest first.
 */
final class Dialed extends TextValue {
  private static final int MAX_STRETCHES = 64;

  private final long end;
  private final int[] lengths;
  private final double[] rates;

  private Dialed(long end, int[] lengths, double[] rates) {
    this.end = end;
    this.lengths = lengths;
    this.rates = rates;
  }

  /** Nothing dialed yet at that time. */
  static Dialed from(long at) {
    return new Dialed(at, new int[0], new double[0]);
  }

  long end() {
    return end;
  }

  /** With this rate in force from the end up to {@code at}; what ended before {@code keep} goes. */
  Dialed until(long at, double rate, long keep) {
    if (at <= end) {
      return this;
    }
    int length = (int) Math.min(Integer.MAX_VALUE, at - end);
    int size = lengths.length;
    if (size > 0 && rates[size - 1] == rate && lengths[size - 1] < Integer.MAX_VALUE - length) {
      int[] longer = lengths.clone();
      longer[size - 1] += length;
      return new Dialed(at, longer, rates).trimmed(keep);
    }
    int[] newLengths = Arrays.copyOf(lengths, size + 1);
    double[] newRates = Arrays.copyOf(rates, size + 1);
    newLengths[size] = length;
    newRates[size] = rate;
    return new Dialed(at, newLengths, newRates).trimmed(keep);
  }

  /** With the rate between two times put right by how many calls were really dialed then. */
  Dialed corrected(long from, long to, double calls) {
    double expected = calls(from, to);
    if (to <= from || expected <= 0) {
      return this;
    }
    double factor = Math.min(2, Math.max(0, calls / expected));
    double[] newRates = rates.clone();
    long until = end;
    for (int i = lengths.length - 1; i >= 0; i--) {
      long start = until - lengths[i];
      long overlap = Math.min(until, to) - Math.max(start, from);
      if (overlap > 0) {
        double share = (double) overlap / lengths[i];
        newRates[i] = Math.rint(rates[i] * (1 + share * (factor - 1)) * 1000) / 1000;
      }
      until = start;
    }
    return new Dialed(end, lengths, newRates);
  }

  private Dialed trimmed(long keep) {
    long until = end;
    int first = 0;
    for (int i = lengths.length - 1; i >= 0; i--) {
      if (until <= keep || lengths.length - i > MAX_STRETCHES) {
        first = i + 1;
        break;
      }
      until -= lengths[i];
    }
    return first == 0
        ? this
        : new Dialed(
            end,
            Arrays.copyOfRange(lengths, first, lengths.length),
            Arrays.copyOfRange(rates, first, rates.length));
  }

  /** Calls dialed between two times. */
  double calls(long from, long to) {
    double sum = 0;
    long until = end;
    for (int i = lengths.length - 1; i >= 0 && until > from; i--) {
      long start = until - lengths[i];
      long overlap = Math.min(until, to) - Math.max(start, from);
      if (overlap > 0) {
        sum += rates[i] * overlap / 1000;
      }
      until = start;
    }
    return sum;
  }

  /**
   * Of all calls in memory, the expected number that would have been answered by a time if each
   * were: each weighs how likely an answer has come by then.
   */
  double expectedAnswered(long at, RingTimes ring) {
    double sum = 0;
    long until = end;
    for (int i = lengths.length - 1; i >= 0; i--) {
      long start = until - lengths[i];
      sum += rates[i] * (ring.area((at - start) / 1000.0) - ring.area((at - until) / 1000.0));
      until = start;
    }
    return sum;
  }

  /** The same with its end at another time. */
  Dialed endingAt(long at) {
    return at != end ? new Dialed(at, lengths, rates) : this;
  }

  @JsonCreator
  static Dialed of(String text) {
    String[] parts = text.split(";");
    int size = parts.length - 1;
    int[] lengths = new int[size];
    double[] rates = new double[size];
    for (int i = 0; i < size; i++) {
      int comma = parts[i + 1].indexOf(',');
      lengths[i] = length(parts[i + 1].substring(0, comma));
      rates[i] = finite(parts[i + 1].substring(comma + 1));
    }
    return new Dialed(Long.parseLong(parts[0]), lengths, rates);
  }

  @Override
  String text() {
    StringBuilder text = new StringBuilder(16 + lengths.length * 9).append(end);
    for (int i = 0; i < lengths.length; i++) {
      text.append(';').append(lengths[i]).append(',').append(rates[i]);
    }
    return text.toString();
  }
}
