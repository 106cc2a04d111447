package io.campaignroutes.collect;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How often a tenant is read.
 *
 * @param activity between two reads of how many agents are signed in for each skill
 * @param states between two reads of what agents do
 * @param completed between two reads of the calls that ended
 * @param skills between two reads of which skills run
 * @param lists between two reads of how far lists are worked through
 * @param settings between two reads of what a campaign's skill is set to; longer with many of them
 * @param quiet so many times as long while no skill runs; which skills run is read as ever
 * @param callsADay no more calls than this are made in a day; periods become longer where they
 *     would be
 * @param dailyThreshold calls of a day, writes included, from which on CXone is told of this
 *     tenant; 80 % of it is a warning. 0: what CXone says of the tenant
 * @param oldest figures that are older are none
 * @param lease how long one replica has a read for itself
 */
@Validated
@ConfigurationProperties("personal-connection.collect")
public record CollectProperties(
    @DefaultValue("40s") @DurationMin(seconds = 1) Duration activity,
    @DefaultValue("10s") @DurationMin(seconds = 1) Duration states,
    @DefaultValue("15s") @DurationMin(seconds = 1) Duration completed,
    @DefaultValue("30s") @DurationMin(seconds = 1) Duration skills,
    @DefaultValue("60s") @DurationMin(seconds = 1) Duration lists,
    @DefaultValue("30s") @DurationMin(seconds = 1) Duration settings,
    @DefaultValue("6") @Min(1) int quiet,
    @DefaultValue("30000") @Min(1000) int callsADay,
    @DefaultValue("0") @Min(0) int dailyThreshold,
    @DefaultValue("60s") @DurationMin(seconds = 1) Duration oldest,
    @DefaultValue("60s") @DurationMin(seconds = 1) Duration lease) {

  /** The period of a collector. */
  Duration period(Collector collector) {
    return switch (collector) {
      case ACTIVITY -> activity;
      case STATES -> states;
      case COMPLETED -> completed;
      case SKILLS -> skills;
      case LISTS -> lists;
      case SETTINGS -> settings;
    };
  }
}
