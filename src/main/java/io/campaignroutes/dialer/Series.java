package io.campaignroutes.dialer;

import java.util.Arrays;

/** A value that changes at moments in time, remembered for looking back. */
final class Series {
  private double[] times = new double[256];
  private double[] values = new double[256];
  private int size;

  /** From this time on the value is this one; times never descend. */
  void put(double time, double value) {
    if (size > 0 && times[size - 1] == time) {
      values[size - 1] = value;
      return;
    }
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    times[size] = time;
    values[size++] = value;
  }

  /** The value just after a time; 0 before the first. */
  double at(double time) {
    int found = Arrays.binarySearch(times, 0, size, time);
    int index = found >= 0 ? found : -found - 2;
    return index < 0 ? 0 : values[index];
  }

  double last() {
    return size == 0 ? 0 : values[size - 1];
  }

  /** Lets go of what lies before a time; looking back further is no longer possible. */
  void forget(double before) {
    int found = Arrays.binarySearch(times, 0, size, before);
    int first = Math.max(0, found >= 0 ? found : -found - 2);
    if (first < size / 2) {
      return;
    }
    System.arraycopy(times, first, times, 0, size - first);
    System.arraycopy(values, first, values, 0, size - first);
    size -= first;
  }
}
