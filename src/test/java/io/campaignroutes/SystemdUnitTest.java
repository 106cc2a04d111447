package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the unit to what systemd itself says of it, where there is one. */
class SystemdUnitTest {
  private static final String UNIT = "src/main/systemd/campaign-routes.service";
  private static final Path PROGRAM = Path.of("/usr/bin/systemd-analyze");

  @BeforeEach
  void systemdIsThere() {
    assumeTrue(Files.isExecutable(PROGRAM), "there is no systemd here");
  }

  @Test
  void itHasNoMistakes() throws Exception {
    // whether there is a java in its place is no matter of the unit
    assertThat(said("verify", UNIT).filter(line -> !line.contains("is not executable"))).isEmpty();
  }

  @Test
  void littleIsOpenToWhoeverGetsHoldOfTheService() throws Exception {
    assertThat(said("security", "--offline=true", UNIT))
        .last()
        .asString()
        .contains("Overall exposure level")
        .contains("OK");
  }

  private static Stream<String> said(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(Stream.of(PROGRAM.toString()), Stream.of(arguments)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text.lines();
  }
}
