package io.campaignroutes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFileTest {

  @TempDir Path dir;

  @Test
  void whatWasWrittenIsReadAgain() throws IOException {
    StateFile.State state =
        new StateFile.State(
            new Campaigns.State(7, List.of(), new CallWorld.State(0, List.of(), List.of())),
            List.of(),
            List.of(new IssuedTokens.Token("abc", 12, Set.of("agent:view"))));
    new StateFile(dir).write(state);
    assertThat(new StateFile(dir).read()).contains(state);
    assertThat(dir.resolve("state.json.next")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"version\": 2, \"camp", "{\"version\": 99}", "[]"})
  void aFileThatCannotBeReadIsMovedAside(String content) throws IOException {
    Files.writeString(dir.resolve("state.json"), content);
    assertThat(new StateFile(dir).read()).isEmpty();
    assertThat(dir.resolve("state.json")).doesNotExist();
    try (var files = Files.list(dir)) {
      assertThat(files)
          .singleElement()
          .satisfies(
              file -> {
                assertThat(file.getFileName().toString()).startsWith("state.json.unreadable-");
                assertThat(file).hasContent(content);
              });
    }
  }
}
