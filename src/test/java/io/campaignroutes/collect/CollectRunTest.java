package io.campaignroutes.collect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CollectRunTest {
  @Test
  void changesAreAskedForAgainFromSomewhatBeforeTheLastRead() {
    assertThat(since("2026-03-01T10:00:30.500Z")).isEqualTo("2026-03-01T10:00:00.500Z");
    assertThat(since("of another form")).isEqualTo("of another form");
    assertThat(since(null)).isEmpty();
  }

  private static String since(String pollTime) {
    CollectRun run = new CollectRun(Collector.COMPLETED, "t", pollTime, 0, 0, 0, null);
    return run.request().arguments().get("updatedSince").asText();
  }
}
