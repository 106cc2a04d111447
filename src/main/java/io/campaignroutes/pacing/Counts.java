package io.campaignroutes.pacing;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Arrays;

/**
 * What was counted between samples, as far back as the window of the figures reaches. Written as
 * text, because it is the largest part of a state: {@code "5000,2,0;..."}, the oldest first, each
 * with its length in ms, connected and abandoned calls.
 */
final class Counts extends TextValue {
  static final Counts NONE = new Counts(0, new int[0], new double[0], new double[0]);

  private static final double PRECISION = 1000;

  private final long end;
  private final int[] lengths;
  private final double[] connected;
  private final double[] abandoned;

  private Counts(long end, int[] lengths, double[] connected, double[] abandoned) {
    this.end = end;
    this.lengths = lengths;
    this.connected = connected;
    this.abandoned = abandoned;
  }

  /** Of what was counted, the connected calls that a window from {@code start} on still holds. */
  double connectedSince(long start) {
    return since(start, connected);
  }

  /** Of what was counted, the abandoned calls that a window from {@code start} on still holds. */
  double abandonedSince(long start) {
    return since(start, abandoned);
  }

  private double since(long start, double[] values) {
    double sum = 0;
    long until = end;
    for (int i = lengths.length - 1; i >= 0 && until > start; i--) {
      long from = until - lengths[i];
      // A count whose stretch the window cuts is in it with the share that lies inside.
      sum += from >= start ? values[i] : values[i] * (until - start) / lengths[i];
      until = from;
    }
    return sum;
  }

  /** With one more count that ends at {@code at}; what lies before {@code start} is let go. */
  Counts with(long at, long length, double newConnected, double newAbandoned, long start) {
    int first = 0;
    long until = end;
    int kept = lengths.length;
    for (int i = lengths.length - 1; i >= 0; i--) {
      if (until <= start) {
        first = i + 1;
        break;
      }
      until -= lengths[i];
    }
    kept -= first;
    int[] newLengths = Arrays.copyOfRange(lengths, first, lengths.length + 1);
    double[] newConnecteds = Arrays.copyOfRange(connected, first, lengths.length + 1);
    double[] newAbandoneds = Arrays.copyOfRange(abandoned, first, lengths.length + 1);
    newLengths[kept] = (int) Math.min(Integer.MAX_VALUE, Math.max(1, length));
    newConnecteds[kept] = rounded(newConnected);
    newAbandoneds[kept] = rounded(newAbandoned);
    return new Counts(at, newLengths, newConnecteds, newAbandoneds);
  }

  long end() {
    return end;
  }

  /** The same with its end at another time. */
  Counts endingAt(long at) {
    return at != end ? new Counts(at, lengths, connected, abandoned) : this;
  }

  private static double rounded(double value) {
    return Math.rint(value * PRECISION) / PRECISION;
  }

  @JsonCreator
  static Counts of(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    String[] parts = text.split(";");
    int size = parts.length - 1;
    int[] lengths = new int[size];
    double[] connected = new double[size];
    double[] abandoned = new double[size];
    for (int i = 0; i < size; i++) {
      String[] values = parts[i + 1].split(",", -1);
      lengths[i] = length(values[0]);
      connected[i] = number(values[1]);
      abandoned[i] = number(values[2]);
    }
    return new Counts(Long.parseLong(parts[0]), lengths, connected, abandoned);
  }

  @Override
  String text() {
    if (lengths.length == 0) {
      return "";
    }
    StringBuilder text = new StringBuilder(16 + lengths.length * 9).append(end);
    for (int i = 0; i < lengths.length; i++) {
      text.append(';').append(lengths[i]).append(',');
      append(text, connected[i]).append(',');
      append(text, abandoned[i]);
    }
    return text.toString();
  }

  private static double number(String text) {
    return text.isEmpty() ? 0 : finite(text);
  }

  private static StringBuilder append(StringBuilder text, double value) {
    if (value == 0) {
      return text;
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? text.append((long) value)
        : text.append(value);
  }
}
