package io.campaignroutes.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.compliance.PlatformChecks.Asked;
import io.campaignroutes.cxone.CxoneApi;
import io.campaignroutes.cxone.TestCxone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a dry run tells of a request that would become a skill. */
class SkillPlanTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static SkillProperties settings(String callerId, List<String> groups) {
    return new SkillProperties(
        5,
        "na1",
        "",
        "",
        SkillProperties.Pool.TEAM,
        "Ours",
        callerId,
        "",
        "",
        2,
        List.of(),
        groups,
        "ratio",
        Duration.ofSeconds(10),
        false,
        Duration.ofSeconds(10),
        3,
        false,
        2,
        Duration.ZERO);
  }

  private final SkillProperties settings = settings("+15550100", List.of("70", "71"));

  private JsonNode calls(String poolId, String listId) {
    CxoneApi api =
        (CxoneApi)
            TestCxone.skillDoor("http://cxone.test", JSON.valueToTree(settings)).get("cxoneApi");
    ObjectNode request = JSON.createObjectNode().put("name", "Spring").put("agentPoolId", poolId);
    request.put("dialerStrategy", "PREDICTIVE").put("contactListId", listId);
    request
        .putObject("pacing")
        .put("maxCallsPerSecond", 2)
        .put("maxAttemptsPerNumber", 3)
        .put("retryIntervalMinutes", 60);
    request.putObject("compliance").put("respectDnc", true).put("maxDailyCallsPerNumber", 1);
    request.put("timeZone", "America/New_York");
    ObjectNode contacts = JSON.createObjectNode();
    contacts.putArray("columns").add("Colour").add("phone").add("2125552368").add("firstName");
    return new SkillPlan(api, settings)
        .calls(request, api.campaign().payload(request), listId == null ? contacts : null);
  }

  private static List<String> told(JsonNode calls) {
    List<String> told = new ArrayList<>();
    calls.forEach(
        call ->
            told.add(
                call.path("method").asText()
                    + call.path("path")
                        .asText()
                        .replaceFirst("/incontactapi/services/v[0-9.]+", " ")));
    return told;
  }

  @Test
  void theCallsForASkillThatIsThereAreTold() {
    JsonNode calls = calls("skill:20001", "40001");
    assertThat(told(calls))
        .containsExactly(
            "GET /skills/20001",
            "GET /lists/call-lists?top=100&skip=0",
            "GET /skills/20001/parameters/general-settings",
            "GET /skills/20001/parameters/retry-settings",
            "GET /skills/20001/parameters/cpa-management",
            "PUT /skills/20001/parameters/general-settings",
            "PUT /skills/20001/parameters/retry-settings",
            "PUT /skills/20001/parameters/cpa-management",
            "GET /skills/20001/parameters/general-settings",
            "GET /skills/20001/parameters/retry-settings",
            "GET /skills/20001/parameters/cpa-management",
            "GET /skills/20001",
            "POST /skills/20001/start");
    assertThat(calls.get(5).path("body"))
        .hasToString(
            "{\"generalSettings\":{\"maximumRatio\":1,\"blockMultipleCalls\":true,"
                + "\"maximumAttempts\":3,\"minimumRetryMinutes\":60}}");
    assertThat(calls.get(0).has("body")).isFalse();
  }

  @Test
  void theCallsForATeamCreateASkillWithItsAgentsAndGroups() {
    JsonNode calls = calls("30", null);
    assertThat(told(calls))
        .startsWith("GET /dnc-groups", "GET /campaigns", "POST /campaigns")
        .contains(
            "POST /skills",
            "POST /skills/{skillId}/agents",
            "POST /dnc-groups/70/scrubbed-skills/{skillId}",
            "GET /dnc-groups/70/scrubbed-skills?top=1000&skip=0",
            "POST /dnc-groups/71/scrubbed-skills/{skillId}")
        .endsWith(
            "GET /lists/call-lists?top=100&skip=0",
            "POST /lists/call-lists?listName=CR-{id}-Spring&externalIdColumn=externalId"
                + "&firstNameColumn=firstName&lastNameColumn=lastName&stateColumn=region"
                + "&zipColumn=postalCode&timeZoneColumn=timeZone",
            "POST /lists/call-lists/{listId}/upload",
            "GET /lists/call-lists/jobs/{jobId}",
            "GET /lists/call-lists/{listId}?includeRecords=false",
            "GET /skills/{skillId}",
            "POST /skills/{skillId}/start");
    JsonNode list = calls.get(calls.size() - 6).path("body");
    assertThat(list.path("destinationMappings"))
        .hasToString("[{\"fieldName\":\"PhoneNumber\",\"fieldValue\":\"phone\"}]");
    assertThat(list.path("customFieldMappings"))
        .hasToString(
            "[{\"fieldName\":\"Colour\",\"fieldValue\":\"Colour\"},"
                + "{\"fieldName\":\"***\",\"fieldValue\":\"***\"}]");
    assertThat(calls.get(calls.size() - 5).path("body"))
        .hasToString(
            "{\"listFile\":\"{callable contacts as CSV, in Base64}\","
                + "\"fileName\":\"CR-{id}-Spring-1.csv\",\"skillId\":\"{skillId}\","
                + "\"defaultTimeZone\":\"Eastern Standard Time\",\"forceOverwrite\":false,"
                + "\"expirationDate\":\"{a year from now}\",\"startSkill\":false,"
                + "\"sendEmail\":false}");
    JsonNode skill = calls.get(4).at("/body/skills/0");
    assertThat(skill.path("skillName").asText()).isEqualTo("CR-{id}-Spring");
    assertThat(skill.path("campaignId").asText()).isEqualTo("{groupId}");
  }

  private static Asked asked(
      String pool, String list, String strategy, boolean contacts, boolean cap) {
    return new Asked(
        Optional.ofNullable(pool),
        Optional.ofNullable(list),
        Optional.of(strategy),
        contacts,
        true,
        true,
        cap);
  }

  @ParameterizedTest
  @CsvSource({
    "skill:20001, 40001, PREDICTIVE,  false, true,",
    "skill:20001, 40001, PREDICTIVE,  true,  true,  contacts",
    "team:30,     ,      PROGRESSIVE, true,  true,",
    "team:30,     ,      PROGRESSIVE, false, true,  contacts",
    "30,          ,      POWER,       true,  false,",
    "sales,       ,      PREDICTIVE,  false, true,  agentPoolId",
    "skill:0,     ,      PREDICTIVE,  false, true,  agentPoolId",
    "team:30,     40001, PREDICTIVE,  true,  true,  contactListId",
    "30,          ,      POWER,       true,  true,  dialerStrategy",
    "30,          ,      PREVIEW,     true,  false, dialerStrategy"
  })
  void whatSkillsCannotDoIsFound(
      String pool, String list, String strategy, boolean contacts, boolean cap, String field) {
    assertThat(
            new SkillChecks(settings, skill -> Optional.empty())
                .findings(asked(pool, list, strategy, contacts, cap)))
        .extracting(Finding::field)
        .isEqualTo(field == null ? List.of() : List.of(field));
  }

  @Test
  void aCreatedSkillNeedsANumberAndDoNotCallGroups() {
    assertThat(
            new SkillChecks(settings("", List.of()), skill -> Optional.empty())
                .findings(asked("team:30", null, "PREDICTIVE", true, true)))
        .extracting(Finding::field)
        .containsExactly("compliance.respectDnc", "agentPoolId");
  }

  @Test
  void aSkillThatWorksForAnotherCampaignIsAWarningThatNamesIt() {
    SkillChecks checks =
        new SkillChecks(
            settings, skill -> Optional.of("cmp_9").filter(any -> skill.equals("20001")));
    assertThat(
            checks
                .warnings(asked("skill:020001", null, "PREDICTIVE", false, true))
                .get(0)
                .message())
        .isEqualTo(
            "Skill 20001 works for campaign cmp_9, and for one campaign at a time. Stop that one"
                + " first.");
    assertThat(checks.warnings(asked("skill:20002", null, "PREDICTIVE", false, true)))
        .extracting(Finding::rule)
        .doesNotContain("agentPoolId.inUse");
  }

  @ParameterizedTest
  @CsvSource({
    "skill:020001, skill:20001",
    "'20001 ',     team:20001",
    "team:30,      team:30",
    "sales,        sales"
  })
  void aPoolHasOneNameHoweverItIsWritten(String written, String name) {
    assertThat(new SkillChecks(settings, skill -> Optional.empty()).poolId(written))
        .isEqualTo(name);
  }

  @Test
  void thatAllListsOfASkillAreDialedIsAWarning() {
    SkillChecks checks = new SkillChecks(settings, skill -> Optional.empty());
    assertThat(checks.warnings(asked("skill:20001", "40005", "PREDICTIVE", false, false)))
        .filteredOn(warning -> warning.field().equals("contactListId"))
        .singleElement()
        .extracting(Finding::message)
        .asString()
        .contains("dials every list");
    assertThat(checks.warnings(asked("skill:20001", null, "PREDICTIVE", false, false)))
        .extracting(Finding::field)
        .doesNotContain("contactListId");
  }

  @Test
  void whatIsNotEnforcedIsAWarning() {
    assertThat(
            new SkillChecks(settings, skill -> Optional.empty())
                .warnings(asked("team:30", null, "PREDICTIVE", true, true)))
        .extracting(Finding::field)
        .containsExactly(
            "pacing.maxCallsPerSecond",
            "compliance.maxDailyCallsPerNumber",
            "compliance.respectStateDnc",
            "compliance.respectDnc",
            "schedule");
  }

  @ParameterizedTest
  @CsvSource({
    "Eastern Standard Time,                             America/New_York",
    "(GMT-05:00) Eastern Time (US & Canada),            America/New_York",
    "(UTC-07:00) Arizona,                               America/Phoenix",
    "US Mountain Standard Time,                         America/Phoenix",
    "America/Chicago,                                   America/Chicago",
    "(GMT+99:00) Nowhere,                               (GMT+99:00) Nowhere"
  })
  void zonesThatCxoneNamesAreFound(String told, String iana) throws Exception {
    JsonNode zones =
        JSON.readTree(
            """
            [{"display": "(UTC-05:00) Eastern Time (US & Canada)", "windows": "Eastern Standard Time"},
             {"display": "(UTC-07:00) Arizona", "windows": "US Mountain Standard Time"}]\
            """);
    assertThat(new WindowsZones(zones).iana(told)).isEqualTo(iana);
  }

  @ParameterizedTest
  @CsvSource({
    "America/New_York,      Eastern Standard Time",
    "America/Detroit,       Eastern Standard Time",
    "Europe/Berlin,         W. Europe Standard Time",
    "Eastern Standard Time, Eastern Standard Time",
    "Somewhere,"
  })
  void zonesAreNamedAsCxoneNamesThem(String zone, String windows) {
    assertThat(WindowsZones.named(zone).orElse(null)).isEqualTo(windows);
  }

  @ParameterizedTest
  @CsvSource({
    "cmp_01m8hva2nxws, Spring offer,                      CR-hva2nxws-Spring offer",
    "cmp_01m8hva2nxws, Frühling & Sommer 2026 für alle!,  CR-hva2nxws-Fruhling Sommer 20",
    "cmp_01m8hva2nxws, 春,                                CR-hva2nxws-"
  })
  void aSkillIsCalledByOurIdAndWhatFitsOfTheName(String id, String name, String skill) {
    assertThat(SkillName.of(id, name)).isEqualTo(skill).hasSizeLessThanOrEqualTo(30);
  }
}
