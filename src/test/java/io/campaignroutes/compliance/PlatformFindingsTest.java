package io.campaignroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.PlatformPayloads;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformFindingsTest {
  private static final Finding OTHER = new Finding("name", "required", "name is missing.");

  private final PlatformFindings platform = findings(true);
  private final ObjectNode given =
      (ObjectNode)
          Fixture.json(
              "{'agentPoolId':'skill:20001','contactListId':'71001',"
                  + "'activateAt':'2026-03-02T15:00:00Z','compliance':{'respectDnc':false}}");

  private static PlatformFindings findings(boolean takesContacts) {
    return new PlatformFindings(new PlatformPayloads(null, takesContacts), Fixture.DEFAULTS);
  }

  private CheckedRequest checked(Finding... findings) {
    return new CheckedRequest(
        given, null, null, null, List.of(findings), 2, List.of(OTHER), List.of("a rule"));
  }

  @Test
  void aPlatformThatKnowsNoListsIsNotAsked() {
    assertThat(findings(false).ofDryRun(checked())).isNull();
    assertThat(findings(false).ofCampaign("cmp_1", given)).isNull();
  }

  @Test
  void aCampaignIsAskedForByWhatItsRequestSays() {
    assertThat(platform.ofCampaign("cmp_1", given))
        .hasToString(
            "{\"poolId\":\"skill:20001\",\"contactListId\":\"71001\","
                + "\"activateAt\":\"2026-03-02T15:00:00Z\",\"respectDnc\":false,\"id\":\"cmp_1\"}");
  }

  @Test
  void aDryRunIsAskedForAlsoWhereSomethingElseIsWrongAndWithItsDefaults() {
    given.remove(List.of("compliance", "contactListId", "activateAt"));
    assertThat(platform.ofDryRun(checked(OTHER)))
        .hasToString("{\"poolId\":\"skill:20001\",\"respectDnc\":true}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"contactListId", "activateAt"})
  void whatIsRefusedAsItIsIsNotAskedFor(String field) {
    assertThat(platform.ofDryRun(checked(new Finding(field, "x", "no"))).has(field)).isFalse();
    given.put(field, 5);
    assertThat(platform.ofDryRun(checked()).has(field)).isFalse();
  }

  @Test
  void groupsThatAreRefusedAsTheyAreAreNotAskedFor() {
    given.remove("compliance");
    Finding refused = new Finding("compliance.respectDnc", "x", "no");
    assertThat(platform.ofDryRun(checked(refused)).path("respectDnc").asBoolean()).isFalse();
  }

  @Test
  void withoutAPoolThereIsNothingToAskFor() {
    assertThat(platform.ofDryRun(checked(new Finding("agentPoolId", "x", "no")))).isNull();
    given.put("agentPoolId", 5);
    assertThat(platform.ofDryRun(checked())).isNull();
    given.remove("agentPoolId");
    assertThat(platform.ofDryRun(checked())).isNull();
  }

  @Test
  void whatThePlatformTellsStandsBesideWhatWasKnown() {
    Finding running = new Finding("agentPoolId", "agentPoolId.inUse", "It runs.");
    CheckedRequest told =
        platform.withAnswer(
            checked(OTHER),
            Fixture.json(
                "{'findings':[{'field':'agentPoolId','rule':'agentPoolId.inUse','message':'It runs.'}],"
                    + "'warnings':[]}"));
    assertThat(told.findings()).containsExactly(OTHER, running);
    assertThat(told.warnings()).containsExactly(OTHER);
    assertThat(told.more()).isEqualTo(2);
  }

  @Test
  void aWarningThatWasGivenIsNotGivenAgain() {
    CheckedRequest told =
        platform.withAnswer(
            checked(),
            Fixture.json(
                "{'findings':[],'warnings':["
                    + "{'field':'name','rule':'required','message':'name is missing.'},"
                    + "{'field':'agentPoolId','rule':'x','message':'It runs.'}]}"));
    assertThat(told.valid()).isTrue();
    assertThat(told.warnings()).containsExactly(OTHER, new Finding("agentPoolId", "x", "It runs."));
  }

  @Test
  void whoWasNotAskedHasNothingAgainstIt() {
    assertThat(PlatformFindings.in(null)).isEmpty();
  }

  @Test
  void aPlatformThatCannotBeAskedIsAWarning() {
    CheckedRequest told = platform.withoutAnswer(checked(), "CXone is away.");
    assertThat(told.valid()).isTrue();
    assertThat(told.warnings()).hasSize(2).startsWith(OTHER);
    assertThat(told.warnings().get(1).message())
        .isEqualTo(
            "Whether CXone has what the campaign needs could not be checked: CXone is away. It is"
                + " checked when the campaign is launched.");
  }
}
