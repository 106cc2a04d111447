package io.campaignroutes.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.CliRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacingCommandTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void theLawAndItsRivalsStandSideBySide() throws Exception {
    Path csv = folder.resolve("run.csv");
    Path svg = folder.resolve("run.svg");
    assertThat(
            run(
                "simulate",
                "--agents",
                "12",
                "--hours",
                "1",
                "--seeds",
                "2",
                "--csv",
                csv.toString(),
                "--svg",
                svg.toString()))
        .isZero();
    assertThat(text(out))
        .contains("| rule | utilisation |", "pacing law", "naive rule", "progressive", "Erlang")
        .doesNotContain("NaN");
    assertThat(Files.readAllLines(csv))
        .hasSizeGreaterThan(700)
        .first()
        .asString()
        .startsWith("seconds,callsPerSecond,busy");
    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(svg.toFile())
                .getElementsByTagName("polyline")
                .getLength())
        .isEqualTo(4);
  }

  @Test
  void campaignsThatShareAgentsHaveATable() {
    assertThat(run("simulate", "--pools", "--hours", "0.5", "--seeds", "1")).isZero();
    assertThat(text(out))
        .contains(
            "| agents shared by campaigns |",
            "| 50 agents, 40 campaigns |",
            "| weights 3 : 1 |",
            "| 12 agents, 300 campaigns |")
        .doesNotContain("NaN");
  }

  @Test
  void aPersonalConnectionTenantHasATable() {
    String[] words = {"simulate", "--platform", "personal-connection", "--hours", "1"};
    assertThat(
            run(Stream.concat(Stream.of(words), Stream.of("--seeds", "1")).toArray(String[]::new)))
        .isZero();
    assertThat(text(out))
        .contains(
            "| 10 agents | **law** |",
            "| 50 agents | **law with the fine lever** |",
            "| 20 agents | ratio 2 under CXone's control alone |",
            "| 50 agents | CXone's control alone at its default, ratio 3 |",
            "best ratio that keeps the cap without control, ")
        .doesNotContain("| NaN");
  }

  @Test
  void theSameSeedsPrintTheSameTable() {
    String[] words = {"simulate", "--agents", "8", "--hours", "0.5", "--seeds", "1"};
    run(words);
    String first = text(out);
    out.reset();
    run(words);
    assertThat(text(out)).isEqualTo(first);
  }

  @Test
  void valuesOfTheConfigurationAreUsed() throws Exception {
    Files.writeString(
        folder.resolve("application.yaml"),
        "pacing:\n  law:\n    target-share: 0.1\n    tick: ${SOME_TICK:7s}\n");
    Laws laws = LawConfig.read(folder);
    assertThat(laws.law()).containsEntry("target-share", "0.1").containsEntry("tick", "7s");
    assertThat(LawConfig.read(folder.resolve("none")).law()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "simulate --agents none | --agents wants a number, not 'none'",
        "simulate --agents 2.5 | --agents wants a whole number",
        "simulate --answer 0 | --answer wants a number from 0.001 to 1",
        "simulate --answer NaN | --answer wants a number",
        "simulate --tick | --tick wants a value",
        "simulate --turbo 3 | the option --turbo is unknown",
        "simulate fast | 'fast' is not understood",
        "simulate --policy mars | there is no profile mars",
        "simulate --config nowhere | nowhere",
        "fly | pacing simulate",
      })
  void whatIsWrongIsSaidInOneLine(String words, String problem) {
    assertThat(run(words.split(" "))).isEqualTo(2);
    assertThat(text(err)).contains(problem).hasLineCount(1);
    assertThat(text(out)).isEmpty();
  }

  @Test
  void helpTellsTheOptions() {
    assertThat(run("simulate", "--help")).isZero();
    assertThat(text(out)).contains("--scenarios", "application.yaml");
  }

  private int run(String... words) {
    return CliRun.of(
        new PrintStream(out, true),
        new PrintStream(err, true),
        Stream.concat(Stream.of("pacing"), Stream.of(words)).toArray());
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
