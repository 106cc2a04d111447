package io.campaignroutes.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownNamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"\u202e", "a\u2066b", "\u0000", "\ufeff", "\ud800", "x\n10:00 forged"})
  void aNameIsToldWithNothingThatCannotBeSeen(String name) {
    for (Exception unknown :
        List.of(DeliveryReads.unknown(name), DestinationSwitch.unknown(name))) {
      String told = unknown.getMessage();
      assertThat(told).startsWith("There is no de");
      assertThat(told.codePoints().allMatch(c -> c >= ' ' && c < 0x7f)).as(told).isTrue();
    }
  }
}
