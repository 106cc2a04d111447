package io.campaignroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SandboxInboxTest {

  @TempDir Path dir;
  private SandboxInbox inbox;

  @BeforeEach
  void example() throws IOException {
    Path examples = Files.createDirectories(dir.resolve("config/examples"));
    Files.writeString(examples.resolve("round-the-clock.json"), "{}");
    inbox =
        new SandboxInbox(dir.resolve("config").toString(), dir.resolve("data").toString(), "v2");
  }

  @Test
  void theExampleIsPutIntoTheInboxAndNothingElseIsLeftThere() throws IOException {
    inbox.fill();
    try (var files = Files.list(dir.resolve("data/inbox"))) {
      assertThat(files).containsExactly(dir.resolve("data/inbox/round-the-clock.json"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"done", "failed"})
  void anExampleThatHasBeenThroughTheInboxIsNotPutThereAgain(String folder) throws IOException {
    Path past = Files.createDirectories(dir.resolve("data/inbox").resolve(folder));
    Files.writeString(past.resolve("round-the-clock.json"), "{}");
    inbox.fill();
    assertThat(dir.resolve("data/inbox/round-the-clock.json")).doesNotExist();
  }

  @Test
  void anExampleThatLiesInTheInboxIsLeftAsItIs() throws IOException {
    Path target =
        Files.createDirectories(dir.resolve("data/inbox")).resolve("round-the-clock.json");
    Files.writeString(target, "changed by hand");
    inbox.fill();
    assertThat(target).hasContent("changed by hand");
  }

  @Test
  void aMissingExampleIsNoReasonToFail() throws IOException {
    Files.delete(dir.resolve("config/examples/round-the-clock.json"));
    inbox.fill();
    assertThat(dir.resolve("data/inbox/round-the-clock.json")).doesNotExist();
  }

  @Test
  void theExamplesAreThoseOfThePlatformThatIsLoaded() throws IOException {
    Path examples = dir.resolve("config/examples/personal-connection");
    Files.createDirectories(examples);
    for (String name : new String[] {"adopt-skill.json", "create-skill.json", "renewals.csv"}) {
      Files.writeString(examples.resolve(name), "{}");
    }
    new SandboxInbox(
            dir.resolve("config").toString(), dir.resolve("data").toString(), "personal-connection")
        .fill();
    try (var files = Files.list(dir.resolve("data/inbox"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("adopt-skill.json", "create-skill.json", "renewals.csv");
    }
  }
}
