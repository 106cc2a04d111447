package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.forecast.DryRun;
import io.campaignroutes.inbox.InboxFile;
import io.campaignroutes.inbox.InboxFolder;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.text.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("campaign-inbox")
class DroppedFilesRoutesTest extends RouteTest {
  private final InboxFolder.Waiting first = waiting("first");
  private final InboxFolder.Waiting second = waiting("second");
  private final InboxFile file = value(InboxFile.class, "file", Map.of());

  DroppedFilesRoutesTest() {
    super("campaign-inbox");
  }

  private static InboxFolder.Waiting waiting(String name) {
    return value(InboxFolder.Waiting.class, name, Map.of());
  }

  /** Notes when each is asked for. */
  private static <T> Iterator<T> noted(List<String> order, List<T> all) {
    Iterator<T> each = all.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return each.hasNext();
      }

      @Override
      public T next() {
        T next = each.next();
        order.add("asked for " + next);
        return next;
      }
    };
  }

  private void note(List<String> order, String route) {
    does(
        route,
        arguments -> {
          order.add("took " + ((Exchange) arguments[0]).getMessage().getBody());
          return null;
        });
  }

  @Test
  void whichFileIsNextIsAskedWhenTheOneBeforeIsTaken() {
    List<String> order = new ArrayList<>();
    given("inboxFolder.whole", noted(order, List.of(first, second)));
    note(order, "direct:campaign-inbox-file");
    assertThat(send("campaign-inbox", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "inboxFolder.whole()",
            "direct:campaign-inbox-file <- first",
            "direct:campaign-inbox-file <- second");
    assertThat(order)
        .containsExactly("asked for first", "took first", "asked for second", "took second");
  }

  @Test
  void largeFilesAreTakenBesideTheOthers() {
    given("inboxFolder.wholeLarge", List.of(first, second));
    given("direct:campaign-inbox-file", "taken");
    send("campaign-inbox-large", null);
    assertThat(calls())
        .containsExactly(
            "inboxFolder.wholeLarge()",
            "direct:campaign-inbox-file <- first",
            "direct:campaign-inbox-file <- second");
  }

  @ParameterizedTest
  @CsvSource({
    "campaign-inbox, inboxFolder.whole, 100ms",
    "campaign-inbox-large, inboxFolder.wholeLarge, 100ms",
    "campaign-inbox-check, checkFolder.whole, 500"
  })
  void theFolderIsLookedIntoAgainWithTheNextTickWhateverHappens(
      String route, String look, String delay) {
    given(
        look,
        failure(StoreUnavailableException.class, "no store"),
        new IllegalStateException("odd"));
    assertThat(send(route, null).getException()).isNull();
    assertThat(send(route, null).getException()).isNull();
    assertThat(calls()).hasSize(4).first().isEqualTo(look + "()");
    assertThat(calls().get(1))
        .startsWith("DEBUG " + route + " is tried again with the next tick: ")
        .contains("no store");
    assertThat(calls().get(3))
        .startsWith("WARN " + route + " failed and is tried again with the next tick: ")
        .contains("odd");
    assertThat(from(route))
        .isEqualTo(
            "scheduler:%s?delay=%s&initialDelay=500&scheduler=#whenDue&synchronous=true",
            route, delay);
  }

  @Test
  void aFileIsOpenedTakenChunkByChunkFiledAndForgotten() {
    List<String> order = new ArrayList<>();
    given("inbox.open", file);
    given("inbox.chunks", noted(order, List.of(List.of("a", "b"), List.of("c"))));
    note(order, "direct:campaign-inbox-chunk");
    assertThat(send("campaign-inbox-file", first).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "inbox.open(first)",
            "inbox.chunks(file)",
            "direct:campaign-inbox-chunk <- [a, b]",
            "direct:campaign-inbox-chunk <- [c]",
            "inbox.file(file)",
            "inboxFolder.forget(first)");
    assertThat(order)
        .containsExactly("asked for [a, b]", "took [a, b]", "asked for [c]", "took [c]");
  }

  @Test
  void aFileIsPutBackAtTheFirstChunkThatCannotBeTaken() {
    given("inbox.open", file);
    given("inbox.chunks", List.of(List.of("a"), List.of("b")).iterator());
    given("direct:campaign-inbox-chunk", new IllegalStateException("odd"));
    assertThat(send("campaign-inbox-file", first).getException()).isNull();
    assertThat(calls()).hasSize(4);
    assertThat(calls().subList(0, 3))
        .containsExactly(
            "inbox.open(first)", "inbox.chunks(file)", "direct:campaign-inbox-chunk <- [a]");
    assertThat(calls().get(3)).startsWith("inboxFolder.putBack(first, file, ").contains("odd");
  }

  @Test
  void aFileThatCannotBeOpenedIsPutBack() {
    given("inbox.open", new IllegalStateException("odd"));
    assertThat(send("campaign-inbox-file", first).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "inbox.open(first)",
            "inboxFolder.putBack(first, null, java.lang.IllegalStateException: odd)");
  }

  @Test
  void aChunkIsTakenOnceItsPoolsAreAskedForAsFarAsTheyCanBe() {
    given("inbox.read", List.of("read a"));
    given("inbox.contactsOf", new LinkedHashSet<>(List.of("a.csv", "b.csv")));
    given("inbox.poolsOf", new LinkedHashSet<>(List.of("pool-1", "pool-2")));
    given("direct:platform-agents", failure(CxoneUnavailableException.class, "no CXone"), "agents");
    Exchange end = send("campaign-inbox-chunk", List.of("a"), "file", file);
    assertThat(end.getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "inbox.read(file, [a])",
            "inbox.contactsOf([read a])",
            "inboxContacts.take(file, a.csv)",
            "inboxContacts.take(file, b.csv)",
            "inbox.poolsOf([read a])",
            "platform.agents(pool-1, LAUNCH, 0)",
            "direct:platform-agents <- <platform.agents>",
            "DEBUG Agent pool pool-1 cannot be read now; its campaigns are checked when they are"
                + " launched. no CXone",
            "platform.agents(pool-2, LAUNCH, 0)",
            "direct:platform-agents <- <platform.agents>",
            "inbox.take(file, [read a])");
  }

  @Test
  void aChunkThatCannotBeTakenIsLeftToTheFile() {
    var odd = new IllegalStateException("odd");
    given("inbox.read", odd);
    assertLeftToTheCaller(send("campaign-inbox-chunk", List.of("a"), "file", file), odd);
  }

  @Test
  void whatIsOnlyCheckedIsTakenByNobody() {
    given("checkFolder.whole", List.of(first));
    given("direct:campaign-inbox-check-file", "checked");
    send("campaign-inbox-check", null);
    assertThat(calls())
        .containsExactly("checkFolder.whole()", "direct:campaign-inbox-check-file <- first");
  }

  @Test
  void aFileIsCheckedChunkByChunkAndFiledWithWhatWasFound() {
    given("checkFolder.open", file);
    given("dryRuns.begin", value(DryRun.class, "run", Map.of()));
    given("dryRunFiles.chunksOf", List.of(List.of("a", "b"), List.of("c")).iterator());
    given("direct:campaign-dry-run-chunk", "added");
    given("dryRuns.told", Json.object().put("entries", 3));
    assertThat(send("campaign-inbox-check-file", first).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "checkFolder.open(first)",
            "dryRuns.begin()",
            "dryRunFiles.chunksOf(file)",
            "direct:campaign-dry-run-chunk <- [a, b]",
            "direct:campaign-dry-run-chunk <- [c]",
            "dryRuns.told(run)",
            "checkFolder.file(file, {\"entries\":3})");
  }

  @Test
  void aFileWhoseCheckBreaksIsPutBack() {
    given("checkFolder.open", file);
    given("dryRuns.begin", value(DryRun.class, "run", Map.of()));
    given("dryRunFiles.chunksOf", List.of(List.of("a"), List.of("b")).iterator());
    given("direct:campaign-dry-run-chunk", new IllegalStateException("odd"));
    assertThat(send("campaign-inbox-check-file", first).getException()).isNull();
    assertThat(calls()).hasSize(5);
    assertThat(calls().get(4)).startsWith("checkFolder.putBack(first, file, ").contains("odd");
  }
}
