package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.audit.AuditBatch;
import io.campaignroutes.audit.AuditFile;
import io.campaignroutes.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("audit")
class ProjectedAuditRoutesTest extends RouteTest {
  private static final String APPEND =
      "file:data/audit?bufferSize=65536&fileExist=Append&forceWrites=false";

  private final AuditFile first = file("first");
  private final AuditFile second = file("second");
  private final AuditBatch none = batch("none", List.of());

  ProjectedAuditRoutesTest() {
    super("audit");
  }

  private static AuditFile file(String name, String... missing) {
    List<byte[]> lines =
        List.of(missing).stream().map(line -> line.getBytes(StandardCharsets.UTF_8)).toList();
    return value(AuditFile.class, name, Map.of("missing", lines, "fileName", name + ".jsonl"));
  }

  private static AuditBatch batch(String name, List<AuditFile> files) {
    return value(AuditBatch.class, name, Map.of("files", files, "isEmpty", files.isEmpty()));
  }

  @Test
  void filesThatLackLinesAreWrittenBatchAfterBatch() {
    given("auditFiles.claim", batch("one", List.of(first, second)));
    given("auditFiles.next", batch("two", List.of(first)), none);
    given("direct:audit-write", "written");
    assertThat(send("audit-project", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "auditFiles.claim()",
            "direct:audit-write <- first",
            "direct:audit-write <- second",
            "auditFiles.markWritten(one)",
            "auditFiles.next(one)",
            "direct:audit-write <- first",
            "auditFiles.markWritten(two)",
            "auditFiles.next(two)");
    assertThat(from("audit-project"))
        .isEqualTo(
            "scheduler:audit-project?delay=200ms&initialDelay=0&scheduler=#whenDue&synchronous=true");
  }

  @Test
  void nothingIsWrittenWhenNoFileLacksALine() {
    given("auditFiles.claim", none);
    send("audit-project", null);
    assertThat(calls()).containsExactly("auditFiles.claim()");
  }

  @Test
  void aStoreThatCannotBeUsedKeepsTheLinesForNow() {
    given("auditFiles.claim", failure(StoreUnavailableException.class, "no store"));
    given("auditCheckpoints.writeCheckpoint", failure(StoreUnavailableException.class, "none"));
    assertThat(send("audit-project", null).getException()).isNull();
    assertThat(send("audit-checkpoint", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "auditFiles.claim()",
            "DEBUG Audit lines stay in the store for now: no store",
            "auditCheckpoints.writeCheckpoint()",
            "DEBUG Audit lines stay in the store for now: none");
  }

  @Test
  void anythingElseThatFailsIsTold() {
    given("auditFiles.claim", new IllegalStateException("odd"));
    given("auditCheckpoints.writeCheckpoint", new IllegalStateException("odd too"));
    assertThat(send("audit-project", null).getException()).isNull();
    assertThat(send("audit-checkpoint", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "auditFiles.claim()",
            "auditFiles.onStoreFailure(java.lang.IllegalStateException: odd)",
            "auditCheckpoints.writeCheckpoint()",
            "auditFiles.onStoreFailure(java.lang.IllegalStateException: odd too)");
  }

  @Test
  void theLinesThatAFileLacksAreAppendedBetweenItsCheckAndItsRelease() {
    assertThat(send("audit-write", file("cmp_1", "a", "b")).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "auditFiles.checkTail(cmp_1)",
            APPEND + " <- {CamelFileName=cmp_1.jsonl} a",
            APPEND + " <- {CamelFileName=cmp_1.jsonl} b",
            "auditFiles.written(cmp_1)",
            "auditFiles.release(cmp_1)");
  }

  @Test
  void theFirstLineThatCannotBeAppendedEndsTheFile() {
    given("file:data/audit", new java.io.IOException("disk full"));
    assertThat(send("audit-write", file("cmp_1", "a", "b")).getException()).isNull();
    assertThat(calls()).hasSize(4);
    assertThat(calls().subList(0, 2))
        .containsExactly(
            "auditFiles.checkTail(cmp_1)", APPEND + " <- {CamelFileName=cmp_1.jsonl} a");
    assertThat(calls().get(2)).startsWith("auditFiles.failed(cmp_1, ").contains("disk full");
    assertThat(calls()).last().isEqualTo("auditFiles.release(cmp_1)");
  }

  @Test
  void aFileWhoseEndIsNotTheStoresIsNotWritten() {
    given("auditFiles.checkTail", new IllegalStateException("another end"));
    assertThat(send("audit-write", file("cmp_1", "a")).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "auditFiles.checkTail(cmp_1)",
            "auditFiles.failed(cmp_1, java.lang.IllegalStateException: another end)",
            "auditFiles.release(cmp_1)");
  }

  @Test
  void nothingOfTheAppendIsLeftOnTheMessage() {
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody("a");
    exchange.getMessage().setHeader("CamelFileNameProduced", "data/audit/cmp_1.jsonl");
    exchange.setVariable("auditFile", file("cmp_1"));
    deliver("audit-append", exchange);
    assertThat(exchange.getMessage().getHeaders()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"audit-write", "audit-append"})
  void aFailureIsLeftToWhoeverHasTheFileWritten(String route) {
    var odd = new IllegalStateException("odd");
    given("file:data/audit", odd);
    given("auditFiles.release", odd);
    assertLeftToTheCaller(send(route, file("cmp_1"), "auditFile", file("cmp_1")), odd);
    assertThat(calls()).noneMatch(call -> call.startsWith("auditFiles.onStoreFailure"));
  }

  @Test
  void checkpointsAreSignedUntilAllIsCovered() {
    given("auditCheckpoints.more", true, false);
    send("audit-checkpoint", null);
    assertThat(calls())
        .containsExactly(
            "auditCheckpoints.writeCheckpoint()",
            "auditCheckpoints.more(0)",
            "auditCheckpoints.writeCheckpoint()",
            "auditCheckpoints.more(0)");
    assertThat(from("audit-checkpoint"))
        .isEqualTo(
            "scheduler:audit-checkpoint?delay=2s&initialDelay=0&scheduler=#whenDue&synchronous=true");
  }
}
