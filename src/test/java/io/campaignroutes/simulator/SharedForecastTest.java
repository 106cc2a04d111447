package io.campaignroutes.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.campaignroutes.pacing.LawSettings;
import io.campaignroutes.pacing.PacingLaw;
import io.campaignroutes.pacing.PacingProperties;
import io.campaignroutes.simulator.SharedForecast.Sharing;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedForecastTest {
  private static final PacingProperties PROPERTIES =
      LawSettings.of(PacingProperties.class, Map.of());

  private final SharedForecast forecasts = made();

  private static SharedForecast made() {
    return new SharedForecast(
        new PacingLaw(PROPERTIES.law(), PROPERTIES.figures(), PROPERTIES.platform()), PROPERTIES);
  }

  @Test
  void campaignsThatShareAgentsKeepThemAsBusyAsOneCould() {
    for (int campaigns : new int[] {2, 40}) {
      Forecast forecast = forecasts.of(50, List.of(new Sharing(campaigns, 1, 10, null)));
      assertThat(forecast.utilisation()).isBetween(0.85, 0.94);
      assertThat(forecast.abandonment()).isBetween(0.005, 0.03);
      assertThat(forecasts.servedAnHour(forecast, 50)).isBetween(850.0, 940.0);
      assertThat(forecast.callsPerSecond()).isBetween(0.9, 1.2);
    }
  }

  @Test
  void theSameCampaignsHaveTheSameForecast() {
    List<Sharing> all = List.of(new Sharing(3, 1, 0.5, null), new Sharing(20, 2, 5, null));
    assertThat(made().of(12, all)).isEqualTo(forecasts.of(12, all));
  }

  @Test
  void limitsThatAreTooLowForTheAgentsAreSaid() {
    Forecast forecast = forecasts.of(50, List.of(new Sharing(8, 1, 0.1, null)));
    assertThat(forecast.callsPerSecond()).isCloseTo(0.8, within(0.05));
    assertThat(forecast.assumptions())
        .anyMatch(said -> said.startsWith("Their limits together (0.80 calls/s)"))
        .anyMatch(said -> said.equals("6 campaigns stand for the 8."));
  }

  @Test
  void aPersonWaitsForItNoLongerThanAMoment() {
    forecasts.of(11, List.of(new Sharing(300, 1, 5, null)));
    for (int agents : new int[] {2, 12, 50, 2_000}) {
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      forecasts.of(agents, List.of(new Sharing(300, 1, 5, null)));
      long millis =
          (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1_000_000;
      assertThat(millis).isLessThan(1_500);
    }
  }
}
