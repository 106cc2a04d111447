package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InListTest {
  @Test
  void itsLengthIsAPowerOfTwoAndItHoldsNothingElse() {
    for (int size = 1; size <= 1_100; size++) {
      List<Integer> values = IntStream.range(0, size).boxed().toList();
      List<Integer> padded = InList.of(values);
      assertThat(Integer.bitCount(padded.size())).isOne();
      assertThat(padded.size()).isBetween(size, 2 * size - 1);
      assertThat(padded.stream().distinct().toList()).isEqualTo(values);
    }
    assertThat(InList.of(List.of())).isEmpty();
  }
}
