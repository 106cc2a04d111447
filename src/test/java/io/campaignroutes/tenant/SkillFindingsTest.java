package io.campaignroutes.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignFixture;
import io.campaignroutes.campaign.PriorityClass;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.compliance.PlatformFindings;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.tenant.FakeTenant.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What CXone has against campaigns is found before anything is made there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SkillFindingsTest {
  private static final SkillProperties SETTINGS =
      new SkillProperties(
          5,
          "na1",
          "",
          "",
          SkillProperties.Pool.SKILL,
          "Campaign Routes",
          "+15550100",
          "",
          "",
          2,
          List.of("7"),
          List.of("70"),
          "ratio",
          Duration.ofSeconds(10),
          false,
          Duration.ofSeconds(10),
          3,
          true,
          2,
          Duration.ZERO);

  @TempDir static Path folder;

  private static final String LOOKS = "\"agents of the pool\",\"what the platform has for it\"";

  private final PlatformFindings findings =
      new PlatformFindings(CampaignFixture.PLATFORM, CampaignFixture.DEFAULTS);

  private TestStores.Opened opened;
  private CampaignFixture bench;
  private FakeTenant tenant;
  private SkillRoutes routes;
  private int names;

  @BeforeAll
  void open() {
    opened = TestStores.sqlite(folder.resolve("findings.db"));
    bench = new CampaignFixture(opened);
  }

  @AfterAll
  void closeStore() {
    opened.close();
  }

  @BeforeEach
  void begin() throws Exception {
    opened.store().write(tx -> tx.sql().sql("delete from skill").update());
    tenant = new FakeTenant();
    tenant.adoptable("20001", new Random(1));
    routes = new SkillRoutes(opened.store(), tenant.address(), SETTINGS);
  }

  @AfterEach
  void end() {
    bench.setClock(0);
    routes.close();
    tenant.close();
  }

  private Campaign taken(String pool, String properties) {
    ObjectNode request = CampaignFixture.request("Spring " + ++names, properties);
    return bench.hand(request.put("agentPoolId", pool), null).campaign();
  }

  private JsonNode told(Campaign campaign) {
    return routes.told(
        "findings", (ObjectNode) findings.ofCampaign(campaign.id(), campaign.request()));
  }

  private Campaign checked(String pool, String properties) {
    Campaign campaign = bench.claim(PriorityClass.LAUNCH, taken(pool, properties).id());
    return bench.launchSteps.checked(campaign, CampaignFixture.agents(2), told(campaign));
  }

  private static List<String> rules(JsonNode told, String kind) {
    return told.path(kind).findValuesAsText("rule");
  }

  private void arrange(String trouble) {
    switch (trouble) {
      case "inbound" -> tenant.skills.get("20001").put("isOutbound", false);
      case "inactive" -> tenant.skills.get("20001").put("isActive", false);
      case "running" -> tenant.skills.get("20001").put("isRunning", true);
      case "in use" -> adopt("cmp_other000");
      case "through" -> tenant.lists.done("20001");
      case "empty" -> tenant.lists.lines.put("200011", List.of());
      case "no list" -> tenant.lists.clear();
      case "other list" -> tenant.lists.brought("20002");
      case "no group" -> tenant.dncActive = false;
      default -> throw new IllegalArgumentException(trouble);
    }
  }

  private void adopt(String id) {
    ObjectNode campaign = FakeTenant.JSON.createObjectNode();
    campaign.put("id", id).put("name", "Autumn").put("poolId", "skill:20001");
    campaign.putNull("remoteId").put("ended", false);
    campaign.putObject("payload").putObject("settings");
    routes.told("create", campaign);
    tenant.calls.clear();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inbound    | skill:20001 | agentPoolId           | agentPoolId.unsuitable   | Skill 20001 is no outbound skill of Personal Connection.",
        "inactive   | skill:20001 | agentPoolId           | agentPoolId.unsuitable   | Skill 20001 is not active.",
        "running    | skill:20001 | agentPoolId           | agentPoolId.inUse        | Skill 20001 runs already.",
        "in use     | skill:20001 | agentPoolId           | agentPoolId.inUse        | Skill 20001 works for campaign cmp_other000",
        "through    | skill:20001 | agentPoolId           | agentPoolId.listsThrough | Nobody is left to call in the lists of skill 20001",
        "empty      | skill:20001 | agentPoolId           | agentPoolId.listsThrough | Nobody is left to call in the lists of skill 20001",
        "no list    | skill:20001 | agentPoolId           | agentPoolId.noLists      | Skill 20001 has no calling list",
        "other list | skill:20001 | contactListId         | contactListId.unknown    | Contact list 200021 is none of the lists of skill 20001.",
        "no group   | team:30     | compliance.respectDnc | respectDnc.groupMissing  | Do-not-call group 70 of personal-connection.dnc-groups"
      })
  void whatKeepsACampaignFromBeingRunRejectsItBeforeAnythingIsMade(
      String trouble, String pool, String field, String rule, String message) {
    arrange(trouble);
    Campaign rejected =
        checked(pool, trouble.equals("other list") ? "'contactListId':'200021'" : "");
    assertThat(rejected.stage()).isEqualTo(Stage.REJECTED);
    assertThat(rejected.failure().message()).startsWith(message);
    assertThat(bench.auditLines(rejected.id()))
        .filteredOn(line -> line.path("event").asText().equals("COMPLIANCE_FINDING"))
        .singleElement()
        .asString()
        .contains("\"" + field + "\"", "\"" + rule + "\"", message);
    assertThat(tenant.calls).isNotEmpty().allMatch(call -> call.startsWith("GET"));
  }

  @ParameterizedTest
  @CsvSource({
    "skill:20001,",
    "skill:20001, `contactListId`:`200011`",
    "team:30,",
    "skill:99,",
    "team:30,     `compliance`:{`respectDnc`:false}"
  })
  void whereNothingIsAgainstItTheCampaignIsChecked(String pool, String properties) {
    String also = properties == null ? "" : properties.replace('`', '\'');
    tenant.dncActive = !also.contains("respectDnc");
    Campaign campaign = checked(pool, also);
    assertThat(campaign.stage()).isEqualTo(Stage.CHECKED);
    List<JsonNode> lines = bench.auditLines(campaign.id());
    JsonNode told = lines.get(0).path("complianceStatus");
    assertThat(told.path("notChecked")).hasToString("[%s]".formatted(LOOKS));
    told = lines.get(lines.size() - 1).path("complianceStatus");
    assertThat(told.path("checked").toString()).endsWith(LOOKS + "]");
    assertThat(told.has("notChecked")).isFalse();
  }

  @Test
  void allThatIsAgainstItIsToldTogether() {
    arrange("inactive");
    arrange("running");
    arrange("through");
    Campaign rejected = checked("skill:20001", "'contactListId':'4711'");
    assertThat(rejected.failure().message())
        .contains("not active", "runs already", "Contact list 4711", "Nobody is left");
  }

  @ParameterizedTest
  @CsvSource({"running", "in use"})
  void aSkillThatIsBusyMayBeFreeWhenTheCampaignBegins(String trouble) {
    arrange(trouble);
    Instant at = Instant.now().plusSeconds(7_200);
    Campaign campaign = bench.claim(PriorityClass.LAUNCH, taken("skill:20001", at(at)).id());
    JsonNode told = told(campaign);
    assertThat(rules(told, "findings")).isEmpty();
    assertThat(rules(told, "warnings")).containsExactly("agentPoolId.inUse");
    Campaign waits = bench.launchSteps.checked(campaign, CampaignFixture.agents(2), told);
    assertThat(waits.stage()).isEqualTo(Stage.SCHEDULED);
    bench.setClock(7_200_000 + 1_000);
    Campaign due = bench.claim(PriorityClass.LAUNCH, campaign.id());
    Campaign rejected = bench.launchSteps.checked(due, CampaignFixture.agents(2), told(due));
    assertThat(rejected.stage()).isEqualTo(Stage.REJECTED);
  }

  private static String at(Instant instant) {
    return "'activateAt':'" + instant + "'";
  }

  @Test
  void withinAMinuteASkillThatIsBusyIsNot() {
    arrange("running");
    JsonNode told = told(taken("skill:20001", at(Instant.now().plusSeconds(50))));
    assertThat(rules(told, "findings")).containsExactly("agentPoolId.inUse");
    assertThat(rules(told, "warnings")).isEmpty();
  }

  @Test
  void whatCannotChangeByItselfIsFoundHoweverLateTheCampaignBegins() {
    arrange("no list");
    JsonNode told = told(taken("skill:20001", at(Instant.now().plusSeconds(7_200))));
    assertThat(rules(told, "findings")).containsExactly("agentPoolId.noLists");
  }

  @Test
  void aSkillThatRunsForTheCampaignItselfIsFreeForIt() {
    Campaign own = taken("skill:20001", "");
    adopt(own.id());
    arrange("running");
    opened.store().write(tx -> tx.sql().sql("update skill set asked = 'START'").update());
    assertThat(rules(told(own), "findings")).isEmpty();
    assertThat(rules(told(taken("skill:20001", "")), "findings"))
        .as("and for no other")
        .containsExactly("agentPoolId.inUse");
  }

  @Test
  void aCampaignThatHasEndedLeavesItsSkillToTheNext() {
    Campaign before = bench.active("Ended");
    adopt(before.id());
    Campaign next = taken("skill:20001", "");
    assertThat(rules(told(next), "findings")).containsExactly("agentPoolId.inUse");
    bench.set(before.id(), "ended = 1, stage = 'FAILED'");
    assertThat(rules(told(next), "findings")).isEmpty();
  }

  @Test
  void eachGroupThatIsNotThereIsOne() {
    JsonNode groups =
        CampaignFixture.json("{'groups':[{'id':'70','active':true},{'id':'71','active':false}]}");
    assertThat(SkillFault.groups(List.of("70", "71", "72"), groups))
        .extracting(SkillFault::message)
        .hasSize(2)
        .allMatch(message -> message.contains("is not in CXone or not active"));
  }

  @Test
  void aTenantThatCannotBeAskedIsAskedAgain() {
    tenant.trouble = () -> Trouble.FAILED;
    Campaign campaign = taken("skill:20001", "");
    assertThatThrownBy(() -> told(campaign)).isInstanceOf(CxoneUnavailableException.class);
  }
}
