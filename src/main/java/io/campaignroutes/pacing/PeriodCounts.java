package io.campaignroutes.pacing;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Arrays;

/**
 * Answered and abandoned calls of the current period; of a rolling window in buckets, so that old
 * ones can leave. Written as text: {@code "<bucket>;<answered>,<abandoned>;..."}, the oldest first.
 *
 * <p>A bucket is part of the window as long as any of its time is, so the window is never counted
 * too short.
 */
final class PeriodCounts extends TextValue {
  private static final double PRECISION = 1000;

  private final long first;
  private final double[] answered;
  private final double[] abandoned;

  private PeriodCounts(long first, double[] answered, double[] abandoned) {
    this.first = first;
    this.answered = answered;
    this.abandoned = abandoned;
  }

  /** Nothing counted, from this bucket on. */
  static PeriodCounts empty(long bucket) {
    return new PeriodCounts(bucket, new double[1], new double[1]);
  }

  double answered() {
    return sum(answered);
  }

  double abandoned() {
    return sum(abandoned);
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return Math.max(0, sum);
  }

  /** The last bucket. */
  long bucket() {
    return first + answered.length - 1;
  }

  /** Moved on to a bucket; those before {@code oldest} are let go. */
  PeriodCounts movedTo(long bucket, long oldest) {
    if (bucket <= bucket()) {
      return this;
    }
    if (oldest > bucket()) {
      return empty(bucket);
    }
    long newFirst = Math.max(first, oldest);
    int from = (int) (newFirst - first);
    int size = (int) (bucket - newFirst + 1);
    return new PeriodCounts(
        newFirst,
        Arrays.copyOf(Arrays.copyOfRange(answered, from, answered.length), size),
        Arrays.copyOf(Arrays.copyOfRange(abandoned, from, abandoned.length), size));
  }

  /** The same counts, the last of them in this bucket: the clock was ahead when they were made. */
  PeriodCounts movedBack(long bucket) {
    return new PeriodCounts(bucket - answered.length + 1, answered, abandoned);
  }

  /** With these counts added to the last bucket. */
  PeriodCounts plus(double moreAnswered, double moreAbandoned) {
    if (moreAnswered == 0 && moreAbandoned == 0) {
      return this;
    }
    double[] newAnswered = answered.clone();
    double[] newAbandoned = abandoned.clone();
    int last = newAnswered.length - 1;
    newAnswered[last] = Math.rint((newAnswered[last] + moreAnswered) * PRECISION) / PRECISION;
    newAbandoned[last] = Math.rint((newAbandoned[last] + moreAbandoned) * PRECISION) / PRECISION;
    return new PeriodCounts(first, newAnswered, newAbandoned);
  }

  @JsonCreator
  static PeriodCounts of(String text) {
    String[] parts = text.split(";");
    if (parts.length < 2) {
      throw new IllegalArgumentException("counts without a bucket");
    }
    double[] answered = new double[parts.length - 1];
    double[] abandoned = new double[parts.length - 1];
    for (int i = 0; i < answered.length; i++) {
      int comma = parts[i + 1].indexOf(',');
      answered[i] = finite(parts[i + 1].substring(0, comma));
      abandoned[i] = finite(parts[i + 1].substring(comma + 1));
    }
    return new PeriodCounts(Long.parseLong(parts[0]), answered, abandoned);
  }

  @Override
  String text() {
    StringBuilder text = new StringBuilder(16 + answered.length * 12).append(first);
    for (int i = 0; i < answered.length; i++) {
      text.append(';').append(answered[i]).append(',').append(abandoned[i]);
    }
    return text.toString();
  }
}
