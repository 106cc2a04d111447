package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.contacts.ContactFile;
import io.campaignroutes.contacts.ContactOutcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("contacts-api")
class ContactsApiRoutesTest extends RouteTest {
  private final Campaign campaign = value(Campaign.class, "campaign", Map.of("id", "cmp_1"));

  ContactsApiRoutesTest() {
    super("contacts-api");
  }

  @Test
  void aFileThatWasSentIsNamed() {
    request(Map.of("fileId", "cfl_1", "fileName", "spring.csv"));
    given("contactFiles.named", value(ContactFile.class, "file", Map.of()));
    assertThat(send("contacts-api-take", "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "contactFiles.named(cfl_1, spring.csv, desk (key))",
            "contactAnswers.stored(file)",
            "httpAnswer.process(<contactAnswers.stored>)");
  }

  @Test
  void filesAreListedByNameAPageAtATime() {
    request(Map.of("after", "a.csv", "limit", 2, "limitAndOne", 3));
    given("contactFiles.list", List.of("b.csv"));
    send("contacts-api-files", "asked");
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "contactFiles.list(a.csv, 3)",
            "contactAnswers.files([b.csv], 2)",
            "httpAnswer.process(<contactAnswers.files>)");
  }

  @Test
  void aFileIsDeletedByItsName() {
    request(Map.of("id", "spring.csv"));
    send("contacts-api-delete", "asked");
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "contactFiles.delete(spring.csv, desk (key))",
            "contactAnswers.deleted(<contactFiles.delete>)",
            "httpAnswer.process(<contactAnswers.deleted>)");
  }

  @Test
  void theSummaryOfACampaignIsFoundByEitherId() {
    request(Map.of("id", "R-1"));
    given("campaignStore.get", campaign);
    given("contactReports.summary", JsonNodeFactory.instance.objectNode().put("lines", 6));
    send("contacts-api-summary", "asked");
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "campaignStore.get(R-1)",
            "contactReports.summary(cmp_1)",
            "answers.ok({\"lines\":6})",
            "httpAnswer.process(<answers.ok>)");
  }

  @Test
  void linesAreSentAsTheyAreRead() {
    request(Map.of("id", "cmp_1", "contactOutcome", ContactOutcome.DUPLICATE));
    given("campaignStore.get", campaign);
    given("contactReports.csv", List.of("a page").iterator());
    send("contacts-api-lines", "asked");
    assertThat(calls()).hasSize(5);
    assertThat(calls().subList(0, 3))
        .containsExactly(
            "httpRequest.process(asked)",
            "campaignStore.get(cmp_1)",
            "contactReports.csv(cmp_1, DUPLICATE)");
    assertThat(calls().get(3)).startsWith("contactAnswers.csv(");
    assertThat(calls().get(4)).isEqualTo("httpAnswer.process(<contactAnswers.csv>)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "contacts-api-take",
        "contacts-api-files",
        "contacts-api-delete",
        "contacts-api-summary",
        "contacts-api-lines"
      })
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
  void contactsAreRemovedBatchByBatchUntilNoneIsLeft() {
    given("contactRemoval.sweep", 500, 3, 0);
    send("contacts-removal", null);
    assertThat(calls())
        .containsExactly(
            "contactRemoval.sweep()", "contactRemoval.sweep()", "contactRemoval.sweep()");
    assertThat(from("contacts-removal"))
        .isEqualTo("scheduler:contacts-removal?delay=60000&initialDelay=15000&synchronous=true");
  }

  @Test
  void aRemovalThatFailsIsTriedAgainWithTheNextTick() {
    given("contactRemoval.sweep", new IllegalStateException("odd"));
    assertThat(send("contacts-removal", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "contactRemoval.sweep()",
            "WARN contacts-removal failed and is tried again with the next tick: odd");
  }
}
