package io.campaignroutes.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenFilesTest {
  @Test
  void callersLeaveDescriptorsToTheStoreAndTheFiles() {
    assertThat(OpenFiles.connections(2_048, 1_048_576)).isEqualTo(2_048);
    assertThat(OpenFiles.connections(2_048, 1_024)).isEqualTo(524);
    assertThat(OpenFiles.connections(2_048, Long.MAX_VALUE)).isEqualTo(2_048);
  }

  @Test
  void someCallersAreLetInHoweverFewThereAre() {
    assertThat(OpenFiles.connections(2_048, 300)).isEqualTo(50);
    assertThat(OpenFiles.connections(20, 300)).isEqualTo(20);
  }
}
