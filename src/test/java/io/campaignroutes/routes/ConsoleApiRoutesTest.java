package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.store.StoreUnavailableException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("console-api")
class ConsoleApiRoutesTest extends RouteTest {
  ConsoleApiRoutesTest() {
    super("console-api");
  }

  @BeforeEach
  void aRequestForOneCampaign() {
    request(Map.of("id", "cmp_1"));
  }

  @ParameterizedTest
  @CsvSource({
    "console-overview,  overview(http)",
    "console-diagnosis, diagnosis(http)",
    "console-system,    system()"
  })
  void aPageIsAnswered(String route, String call) {
    assertThat(send(route, "asked").getException()).isNull();
    String method = call.replaceFirst("\\(.*", "");
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "consoleAnswers." + call,
            "httpAnswer.process(<consoleAnswers." + method + ">)");
  }

  @Test
  void theAuditOfACampaignThatThereIsIsChecked() {
    given("campaignStore.get", value(Campaign.class, "campaign", Map.of()));
    assertThat(send("console-audit-check", "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "campaignStore.get(cmp_1)",
            "consoleAnswers.auditCheck(campaign)",
            "httpAnswer.process(<consoleAnswers.auditCheck>)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"console-overview", "console-diagnosis", "console-audit-check", "console-system"})
  void whatFailsIsAnsweredByAProblem(String route) {
    given("httpRequest.process", new IllegalStateException("odd"));
    assertThat(send(route, "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "answers.problem(java.lang.IllegalStateException: odd)",
            "httpAnswer.process(<answers.problem>)");
  }

  @Test
  void openPagesAreToldWhatHasChanged() {
    given("eventPages.watched", true);
    send("console-watch", null);
    assertThat(calls())
        .containsExactly(
            "eventPages.watched()",
            "eventPages.closeUnadmitted()",
            "changes.next()",
            "eventPages.tell(<changes.next>)");
    assertThat(from("console-watch"))
        .isEqualTo("scheduler:console-watch?delay=1000&synchronous=true");
  }

  @Test
  void withoutAnOpenPageTheStoreIsNotLookedInto() {
    send("console-watch", null);
    assertThat(calls()).containsExactly("eventPages.watched()");
  }

  @Test
  void aWatchThatFailsGoesOnWithTheNextTick() {
    given(
        "eventPages.watched",
        failure(StoreUnavailableException.class, "no store"),
        new IllegalStateException("odd"));
    assertThat(send("console-watch", null).getException()).isNull();
    assertThat(send("console-watch", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "eventPages.watched()",
            "DEBUG console-watch is tried again with the next tick: no store",
            "eventPages.watched()",
            "WARN console-watch failed and is tried again with the next tick: odd");
  }
}
