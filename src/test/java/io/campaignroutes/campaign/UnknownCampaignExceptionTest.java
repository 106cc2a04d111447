package io.campaignroutes.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownCampaignExceptionTest {

  @ParameterizedTest
  @ValueSource(strings = {"\u202e", "a\u2066b", "\u0000", "\ufeff", "\ud800", "x\n10:00 forged"})
  void anIdIsToldWithNothingThatCannotBeSeen(String id) {
    String told = new UnknownCampaignException(id).getMessage();
    assertThat(told).startsWith("There is no campaign '").endsWith("by CXone's.");
    assertThat(told.codePoints().allMatch(c -> c >= ' ' && c < 0x7f)).as(told).isTrue();
  }
}
