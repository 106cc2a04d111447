package io.campaignroutes.pacing;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * The constants of the pacing law. The defaults were found in the simulator ({@code pacing
 * simulate}) over teams of 10 to 200 agents; the figures hardly move when they do.
 *
 * @param tick nominal time between two readings
 * @param targetShare the abandonment aimed at, as a share of the cap
 * @param targetShareSmall the same for teams below {@link #largeTeam}, whose abandonment scatters
 *     more
 * @param largeTeam agents from which {@link #targetShare} holds
 * @param houseCap abandonment cap that steers a campaign whose profile has none
 * @param gain how much one abandoned call above or below the target changes the safety margin, in
 *     standard deviations a call
 * @param margin safety margin at the start, in standard deviations of idle agents less answers
 * @param marginLowest bound of the margin from below
 * @param marginHighest bound of the margin from above
 * @param budgetLowest most abandoned calls above the target that are remembered (negative)
 * @param budgetHighest most abandoned calls below the target that may be spent later
 * @param lead time ahead for which idle agents are predicted: half a tick, the ringing, and what a
 *     called person waits
 * @param answerPrior answer probability assumed before anything was dialed
 * @param answerPriorCalls how many dialed calls that assumption weighs
 * @param answerHalfLife half-life of what was seen of answers
 * @param steadiness share of the usual answer probability below which an estimate is not believed
 *     at once: calls that the platform holds back by itself look like calls that nobody answers
 * @param handlePrior handle time in seconds assumed before there is a figure
 * @param handlePriorCalls how many calls that assumption weighs
 * @param coldAnswers answered calls that must have been seen, since the campaign began to dial or
 *     began again, before it is predicted for
 * @param progressiveFactor lines for each idle agent while cold or refused
 * @param smallTeam agents below which prediction is damped by {@link #smallTeamFactor}
 * @param smallestTeam agents below which prediction is refused
 * @param smallTeamFactor share of the predicted dialing for a small team
 * @param protectFrom share of the cap from which the campaign is protected
 * @param protectBelow share of the cap below which it is no longer
 * @param protectMargin safety margin meanwhile, in standard deviations
 * @param protectByChance how often a campaign that keeps its target may come under protection by
 *     mere chance in a period, 0 to 1
 * @param holdByChance how often one may be held by mere chance, 0 to 1
 * @param repairableCalls abandoned calls above the cap that careful dialing is trusted to make
 *     good, however small the team
 * @param holdHorizon how long protected dialing may take to bring a share that is above the cap
 *     back below it; if it cannot, or has not, nothing is dialed until the period ends
 * @param raiseLimit calls/s by which the rate may go up at one tick
 * @param raiseShare the same as a share of the rate that would keep all agents busy; the larger one
 *     holds
 * @param deadBand change of the rate that is not worth a write, as a share of the rate in force
 * @param refresh after this any difference is written
 * @param staleAfter figures older than this are no figures
 */
public record LawSettings(
    @DefaultValue("5s") Duration tick,
    @DefaultValue("0.8") double targetShare,
    @DefaultValue("0.6") double targetShareSmall,
    @DefaultValue("20") double largeTeam,
    @DefaultValue("0.03") double houseCap,
    @DefaultValue("0.06") double gain,
    @DefaultValue("1.7") double margin,
    @DefaultValue("-1") double marginLowest,
    @DefaultValue("3") double marginHighest,
    @DefaultValue("-40") double budgetLowest,
    @DefaultValue("30") double budgetHighest,
    @DefaultValue("10s") Duration lead,
    @DefaultValue("0.25") double answerPrior,
    @DefaultValue("40") double answerPriorCalls,
    @DefaultValue("240s") Duration answerHalfLife,
    @DefaultValue("0.5") double steadiness,
    @DefaultValue("180") double handlePrior,
    @DefaultValue("15") double handlePriorCalls,
    @DefaultValue("30") double coldAnswers,
    @DefaultValue("0.5") double progressiveFactor,
    @DefaultValue("9") double smallTeam,
    @DefaultValue("6") double smallestTeam,
    @DefaultValue("0.35") double smallTeamFactor,
    @DefaultValue("1.0") double protectFrom,
    @DefaultValue("0.9") double protectBelow,
    @DefaultValue("3.5") double protectMargin,
    @DefaultValue("0.7") @DecimalMin("0.01") @DecimalMax("0.9") double protectByChance,
    @DefaultValue("0.001") @DecimalMin("0.00001") @DecimalMax("0.1") double holdByChance,
    @DefaultValue("10") @DecimalMin("0") double repairableCalls,
    @DefaultValue("10m") Duration holdHorizon,
    @DefaultValue("0.25") double raiseLimit,
    @DefaultValue("0.6") double raiseShare,
    @DefaultValue("0.4") double deadBand,
    @DefaultValue("30s") Duration refresh,
    @DefaultValue("60s") Duration staleAfter) {

  /** The defaults. */
  public static LawSettings defaults() {
    return of(LawSettings.class, Map.of());
  }

  /**
   * Settings of one of the records of this package, defaults with some values changed.
   *
   * @param type {@link LawSettings}, {@link FigureSettings} or {@link PlatformSettings}
   * @param changed values by their names in the configuration, such as {@code target-share}
   */
  public static <T> T of(Class<T> type, Map<String, ?> changed) {
    return new Binder(new MapConfigurationPropertySource(changed)).bindOrCreate("", type);
  }
}
