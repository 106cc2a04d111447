package io.campaignroutes.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchmarkCommandTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void helpTellsWhatCanBeMeasured() {
    assertThat(run("--help")).isZero();
    assertThat(text(out))
        .contains(
            "-Pbenchmark",
            "launch",
            "start",
            "pacing",
            "pools",
            "idle",
            "console",
            "records",
            "webhooks",
            "all");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"launch", "start", "pacing", "pools", "idle", "console", "records", "webhooks"})
  void helpOfABenchmarkTellsItsOptionsAndExitCodes(String name) {
    assertThat(run(name, "--help")).isZero();
    assertThat(text(out))
        .contains("--jar", "target/cxone-campaign-routes.jar", "--java-options", "Exit codes:")
        .contains(
            Map.of("webhooks", "--backlog", "start", "--rounds").getOrDefault(name, "--campaigns"));
    assertThat(text(err)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "launch --version"})
  void everyCommandTellsTheVersion(String words) {
    assertThat(run(words.split(" "))).isZero();
    assertThat(text(out)).startsWith("Campaign Routes ").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | Missing required subcommand",
        "fly | fly",
        "launch --turbo 3 | --turbo",
        "launch --campaigns | --campaigns",
        "launch --campaigns many | 'many'",
        "launch --campaigns -1 | --campaigns is a count, not -1",
        "webhooks --only tea | --only is some of express,service,backlog,destinations",
        "launch --only tea | --only is some of orchestrator,service",
        "all --turbo | --turbo"
      })
  void whatCannotBeUnderstoodIsToldInOneLineAndEndsWithTwo(String words, String told) {
    assertThat(words.isEmpty() ? run() : run(words.split(" "))).isEqualTo(2);
    assertThat(text(err)).contains(told.strip()).hasLineCount(1);
    assertThat(text(out)).isEmpty();
  }

  @Test
  void aServiceThatIsNotThereEndsWithOne() {
    assertThat(run("pacing", "--campaigns", "1", "--jar", "no-such.jar")).isOne();
    assertThat(text(err)).contains("benchmark pacing: ");
  }

  private int run(String... words) {
    return BenchmarkCommand.run(words, new PrintStream(out, true), new PrintStream(err, true));
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
