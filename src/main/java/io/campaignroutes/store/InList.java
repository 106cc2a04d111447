package io.campaignroutes.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * The values of an {@code in (:ids)}. Each number of them is a statement of its own to the
 * database, which it compiles and connections keep; so their number is always a power of two.
 */
public final class InList {
  private InList() {}

  /** The values, the last one repeated up to the next power of two; none for none. */
  public static <T> List<T> of(Collection<T> values) {
    if (values.isEmpty()) {
      return List.of();
    }
    List<T> padded = new ArrayList<>(values);
    int size = padded.size();
    int next = size == 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
    padded.addAll(Collections.nCopies(next - size, padded.get(size - 1)));
    return padded;
  }
}
