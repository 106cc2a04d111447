package io.campaignroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.PlatformPayloads;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContactListsTest {
  private static final Finding OTHER = new Finding("name", "required", "name is missing.");

  private final ContactLists lists = new ContactLists(platform(true));
  private final ObjectNode given =
      JsonNodeFactory.instance
          .objectNode()
          .put("agentPoolId", "skill:20001")
          .put("contactListId", "71001");

  private static PlatformCampaign platform(boolean takesContacts) {
    return new PlatformPayloads(null, takesContacts);
  }

  @Test
  void whereThePlatformKnowsNoListsNothingIsAsked() {
    assertThat(new ContactLists(platform(false)).asked(checked())).isNull();
  }

  private CheckedRequest checked(Finding... findings) {
    return new CheckedRequest(
        given, null, null, null, List.of(findings), 2, List.of(OTHER), List.of("a rule"));
  }

  @Test
  void aListAndItsPoolAreAskedForAlsoWhereSomethingElseIsWrong() {
    assertThat(lists.asked(checked(OTHER)))
        .hasToString("{\"poolId\":\"skill:20001\",\"contactListId\":\"71001\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"agentPoolId", "contactListId"})
  void aPoolOrListThatIsRefusedAsItIsOrNotGivenIsNotAskedFor(String field) {
    assertThat(lists.asked(checked(new Finding(field, "x", "no")))).isNull();
    given.put(field, 5);
    assertThat(lists.asked(checked())).isNull();
    given.remove(field);
    assertThat(lists.asked(checked())).isNull();
  }

  @Test
  void aListThatIsNotThereIsAFindingBesideTheOthers() {
    CheckedRequest told = lists.withAnswer(checked(OTHER), false);
    assertThat(told.findings()).hasSize(2).startsWith(OTHER);
    assertThat(told.findings().get(1).field()).isEqualTo("contactListId");
    assertThat(told.findings().get(1).message())
        .startsWith("CXone has no contact list 71001 for skill:20001.");
    assertThat(lists.withAnswer(checked(OTHER), true)).isEqualTo(checked(OTHER));
  }

  @Test
  void aListThatCannotBeLookedForIsAWarning() {
    CheckedRequest told = lists.withoutAnswer(checked(), "CXone is away.");
    assertThat(told.valid()).isTrue();
    assertThat(told.warnings()).hasSize(2).startsWith(OTHER);
    assertThat(told.warnings().get(1).message())
        .isEqualTo(
            "Whether CXone has the contact list could not be checked: CXone is away. It is checked"
                + " when the campaign is launched.");
  }
}
