package io.campaignroutes.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.campaignroutes.simulator.SharedForecast.Sharing;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolShareTest {
  private static Sharing some(int campaigns, double weight, double limit) {
    return new Sharing(campaigns, weight, limit, null);
  }

  @Test
  void callsAndTurnsGoByWeight() {
    Sharing heavy = some(1, 3, 10);
    PoolShare share = PoolShare.of(heavy, List.of(heavy, some(1, 1, 10)), 2, 400, 60.0);
    assertThat(share.callsPerSecond()).isCloseTo(1.5, within(1e-6));
    assertThat(share.servedAnHour()).isCloseTo(300, within(1e-3));
    assertThat(share.limited()).isFalse();
    assertThat(share.turnSeconds()).isEqualTo(60);
    assertThat(share.everySeconds()).isCloseTo(80, within(1e-6));
  }

  @Test
  void whatOneCannotUseForItsLimitIsTheOthers() {
    Sharing low = some(1, 1, 0.2);
    List<Sharing> all = List.of(low, some(2, 1, 10));
    assertThat(PoolShare.of(low, all, 2, 400, 60.0).limited()).isTrue();
    assertThat(PoolShare.of(all.get(1), all, 2, 400, 60.0).callsPerSecond())
        .isCloseTo(0.9, within(1e-6));
  }

  @Test
  void whereLimitsAreLowSeveralDialAtOneTime() {
    Sharing low = some(10, 1, 0.1);
    assertThat(PoolShare.of(low, List.of(low), 0.5, 90, 60.0).everySeconds()).isEqualTo(120);
    assertThat(PoolShare.of(low, List.of(low), 1, 90, 60.0).everySeconds()).isNull();
  }

  @Test
  void aCampaignAloneHasNoTurns() {
    Sharing only = some(1, 1, 10);
    assertThat(PoolShare.of(only, List.of(only), 2, 400, 60.0).everySeconds()).isNull();
  }

  @Test
  void whereAllDialAtTheSameTimeNobodyHasATurn() {
    Sharing one = some(1, 1, 10);
    PoolShare share = PoolShare.of(one, List.of(one, some(3, 1, 10)), 2, 400, null);
    assertThat(share.turnSeconds()).isNull();
    assertThat(share.everySeconds()).isNull();
    assertThat(share.servedAnHour()).isCloseTo(100, within(1e-3));
  }
}
