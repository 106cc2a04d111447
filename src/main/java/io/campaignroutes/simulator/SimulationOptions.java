package io.campaignroutes.simulator;

import io.campaignroutes.compliance.Abandonment;
import io.campaignroutes.compliance.Policies;
import io.campaignroutes.compliance.Policy;
import io.campaignroutes.compliance.PolicyException;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Comparator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands of the simulator are told about those who are called and about their runs. */
final class SimulationOptions {
  private static final long FOREVER_DAYS = 36_500;

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Option(
      names = "--answer",
      defaultValue = "0.3",
      description = "share of dialed calls that a person answers")
  @DecimalMin("0.001")
  @DecimalMax("1")
  double answer;

  @Option(
      names = "--aht",
      defaultValue = "180",
      description = "mean seconds that a call keeps an agent, wrap-up included")
  @DecimalMin("1")
  @DecimalMax("14400")
  double handle;

  @Option(
      names = "--policy",
      defaultValue = "us-federal",
      description = "compliance profile in <config>/policies whose abandonment cap holds")
  String policy;

  @Option(names = "--hours", defaultValue = "8", description = "length of a run")
  @DecimalMin("0.5")
  @DecimalMax("1000")
  double hours;

  @Option(names = "--seeds", defaultValue = "12", description = "runs of each line of the table")
  @DecimalMin("1")
  @DecimalMax("1000")
  int seeds;

  @Option(names = "--first-seed", defaultValue = "1", description = "seed of the first run")
  @DecimalMin("0")
  @DecimalMax("1000000000000000")
  long firstSeed;

  @Option(names = "--tick", defaultValue = "5", description = "seconds between two decisions")
  @DecimalMin("1")
  @DecimalMax("60")
  double tick;

  @Option(names = "--config", defaultValue = "config", description = "folder of the configuration")
  Path config;

  /** The cap of the profile asked for; null when it has none. */
  Abandonment abandonment() {
    Policies policies;
    try {
      policies =
          Policies.load(config.resolve("policies"), LocalDate.now(), Duration.ofDays(FOREVER_DAYS));
    } catch (PolicyException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    Policy found =
        policies
            .policy(policy)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "there is no profile "
                            + policy
                            + "; there are "
                            + String.join(", ", policies.names())));
    return found.abandonment().stream()
        .map(rule -> rule.value())
        .min(Comparator.comparingDouble(Abandonment::cap))
        .orElse(null);
  }

  /** A number as people write it. */
  static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
