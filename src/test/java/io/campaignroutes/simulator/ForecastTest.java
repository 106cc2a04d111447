package io.campaignroutes.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.campaignroutes.pacing.FigureSettings;
import io.campaignroutes.pacing.LawSettings;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PacingPlan;
import io.campaignroutes.pacing.PlatformSettings;
import io.campaignroutes.pacing.Strategy;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private final PacingLaw law =
      new PacingLaw(
          LawSettings.defaults(),
          LawSettings.of(FigureSettings.class, Map.of()),
          LawSettings.of(PlatformSettings.class, Map.of()));

  @Test
  void itTellsWhatTheTeamWillDo() {
    Forecast forecast = Forecast.of(plan(20), law, 50, 0.3, 180);
    assertThat(forecast.utilisation()).isBetween(0.87, 0.93);
    assertThat(forecast.abandonment()).isBetween(0.005, 0.03);
    assertThat(forecast.callsPerSecond()).isBetween(0.7, 1.0);
    assertThat(forecast.utilisationHalfWidth()).isBetween(0.0, 0.03);
    assertThat(forecast).isEqualTo(Forecast.of(plan(20), law, 50, 0.3, 180));
  }

  @Test
  void aLimitBelowTheTeamIsSaid() {
    Forecast forecast = Forecast.of(plan(0.3), law, 50, 0.3, 180);
    assertThat(forecast.callsPerSecond()).isLessThanOrEqualTo(0.31);
    assertThat(forecast.utilisation()).isLessThan(0.4);
    assertThat(forecast.assumptions()).anyMatch(text -> text.contains("limit of the campaign"));
  }

  @Test
  void whereLinesAreDecidedTheyAreForecastWithTheCallsThatTheyComeTo() {
    PacingLaw lines =
        new PacingLaw(
            LawSettings.defaults(),
            LawSettings.of(FigureSettings.class, Map.of("lag", "PT10S")),
            LawSettings.of(PlatformSettings.class, Map.of("actuator", "RATIO")));
    Forecast forecast = Forecast.of(plan(20), lines, 50, 0.3, 180);
    assertThat(forecast.lines()).isBetween(2.0, 3.0);
    assertThat(forecast.utilisation()).isBetween(0.88, 0.94);
    assertThat(forecast.callsPerSecond()).isBetween(0.8, 1.0);
    assertThat(forecast.abandonment()).isBetween(0.0, 0.03);
    Forecast limited = Forecast.of(plan(0.3), lines, 50, 0.3, 180);
    assertThat(limited.callsPerSecond()).isLessThan(0.5);
    assertThat(limited.assumptions()).anyMatch(text -> text.contains("held again and again"));
    assertThat(Forecast.of(plan(20), law, 50, 0.3, 180).lines()).isNull();
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (double[] odd :
        new double[][] {{0, 0.3, 180}, {5, 0, 180}, {5, Double.NaN, 180}, {5, 0.3, 0}}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Forecast.of(plan(5), law, (int) odd[0], odd[1], odd[2]));
    }
  }

  private static PacingPlan plan(double limit) {
    return new PacingPlan(
        Strategy.PREDICTIVE,
        10,
        limit,
        "the campaign",
        AcceptanceTest.usFederal(),
        LawPacer.START,
        ZoneOffset.UTC);
  }
}
