package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void helpTellsAllCommands() {
    assertThat(run("--help")).isZero();
    assertThat(text(out)).contains("check", "audit", "keys", "pacing", "generate-completion");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check",
        "audit verify",
        "keys add",
        "keys list",
        "keys revoke",
        "pacing simulate"
      })
  void theHelpOfACommandTellsItsExitCodes(String command) {
    assertThat(run((command + " --help").split(" "))).isZero();
    assertThat(text(out)).contains("Usage: " + command, "Exit codes:", "  0 ", "  1 ", "  2 ");
    assertThat(text(err)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "check --version", "audit verify -V"})
  void everyCommandTellsTheVersion(String words) {
    assertThat(run(words.split(" "))).isZero();
    assertThat(text(out)).startsWith("Campaign Routes ").hasLineCount(1);
  }

  @Test
  void theShellCompletesCommandsAndOptions() {
    assertThat(run("generate-completion")).isZero();
    assertThat(text(out))
        .startsWith("#!/usr/bin/env bash")
        .contains("complete -F", "cxone-campaign-routes", "--at-least", "--first-seed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fly | 'fly' is not understood; usage: cxone-campaign-routes check",
        "audit | usage: audit verify",
        "audit verify | <dir> is missing; usage: audit verify <dir>",
        "audit verify x --at-least -1 | --at-least wants a whole number from 0 to",
        "audit verify x y | 'y' is not understood",
        "keys add --name x | the option --role wants a value; usage: keys add --name N --role",
        "keys add --name x --role chief | wants one of viewer, operator, admin, not 'chief'",
        "keys add --name default --role admin | is the one of API_KEY",
        "keys add --name x --role admin --expires soon | days or hours such as 90d or 12h",
        "keys revoke | N is missing; usage: keys revoke N",
        "check --verbose | the option --verbose is unknown; usage: check [folder]",
      })
  void whatCannotBeUnderstoodIsToldInOneLineAndEndsWithTwo(String words, String told) {
    assertThat(run(words.split(" "))).isEqualTo(2);
    assertThat(text(err)).contains(told.strip()).hasLineCount(1);
    assertThat(text(out)).isEmpty();
  }

  private int run(String... words) {
    return CliRun.of(new PrintStream(out, true), new PrintStream(err, true), (Object[]) words);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
