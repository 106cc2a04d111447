package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.records.RecordsRun;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("records")
class RecordsRoutesTest extends RouteTest {
  private final RecordsRun none = run("none", true, List.of());

  RecordsRoutesTest() {
    super("records");
  }

  private static RecordsRun run(String name, boolean isNone, List<String> campaigns) {
    return value(RecordsRun.class, name, Map.of("isNone", isNone, "campaigns", campaigns));
  }

  @Test
  void aBatchIsArchivedThenVerifiedThenRemovedAndTheNextOneAfterIt() {
    given("recordsQueue.claim", run("run", false, List.of("cmp_1")));
    given("recordsQueue.next", run("other", false, List.of()), none);
    assertThat(send("records", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "recordsQueue.claim()",
            "recordsQueue.cleanUp(run)",
            "recordsTidy.lines()",
            "recordsTidy.files()",
            "recordsDue.choose(run)",
            "recordsSteps.archive(run)",
            "recordsSteps.verify(run)",
            "recordsSteps.remove(run)",
            "recordsChains.archive(run)",
            "recordsChains.verify(run)",
            "recordsChains.remove(run)",
            "recordsQueue.next(run)",
            "recordsQueue.cleanUp(other)",
            "recordsTidy.lines()",
            "recordsTidy.files()",
            "recordsDue.choose(other)",
            "recordsChains.archive(other)",
            "recordsChains.verify(other)",
            "recordsChains.remove(other)",
            "recordsQueue.next(other)");
    assertThat(from("records"))
        .isEqualTo("scheduler:records?delay=60s&initialDelay=60s&synchronous=true");
  }

  @Test
  void nothingIsDoneWhereAnotherReplicaDoesIt() {
    given("recordsQueue.claim", none);
    send("records", null);
    assertThat(calls()).containsExactly("recordsQueue.claim()");
  }

  @Test
  void whatIsNotVerifiedIsNotRemoved() {
    given("recordsQueue.claim", run("run", false, List.of("cmp_1")));
    given("recordsSteps.verify", new IOException("another byte"));
    given("recordsQueue.failed", none);
    assertThat(send("records", null).getException()).isNull();
    assertThat(calls())
        .containsSubsequence(
            "recordsSteps.verify(run)",
            "recordsQueue.failed(run, java.io.IOException: another byte)")
        .noneMatch(call -> call.startsWith("recordsSteps.remove"))
        .noneMatch(call -> call.startsWith("recordsQueue.next"));
  }

  @Test
  void linesOfAChainThatAreNotVerifiedAreNotRemoved() {
    given("recordsQueue.claim", run("run", false, List.of()));
    given("recordsChains.verify", new IOException("another byte"));
    given("recordsQueue.failed", none);
    assertThat(send("records", null).getException()).isNull();
    assertThat(calls())
        .contains("recordsQueue.failed(run, java.io.IOException: another byte)")
        .noneMatch(call -> call.startsWith("recordsChains.remove"));
  }

  @Test
  void aClaimThatFailsIsTriedAgainWithTheNextTick() {
    given("recordsQueue.claim", new IllegalStateException("odd"));
    assertThat(send("records", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "recordsQueue.claim()",
            "WARN records failed and is tried again with the next tick: odd");
  }
}
