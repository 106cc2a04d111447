package io.campaignroutes.sandbox.connection;

import static io.campaignroutes.sandbox.connection.TestTenant.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.sandbox.InjectedFault;
import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the simulated tenant to what is known of CXone's API. */
class PersonalConnectionTest {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final int SKILL = 20001;

  private final TestTenant tenant = new TestTenant();

  @Test
  void theFormsSecretHasToBePercentEncoded() {
    String basic = basic("sandbox-client:sandbox-secret");
    Answer good =
        token(basic, "grant_type=password&username=sandbox-key&password=sandbox-secret%3D");
    assertThat(good.status()).isEqualTo(200);
    assertThat(json(good).get("expires_in").isNumber()).isTrue();
    assertThat(
            token(basic, "grant_type=password&username=sandbox-key&password=sandbox-secret=")
                .status())
        .isEqualTo(400);
    assertThat(
            json(token(basic("other:client"), "grant_type=password&username=a&password=b"))
                .get("error")
                .asText())
        .isEqualTo("invalid_client");
    assertThat(json(token(basic, "grant_type=client_credentials&a=b")).get("error").asText())
        .isEqualTo("unsupported_grant_type");
  }

  @Test
  void theAccessKeyCallTellsTheLifeAsAText() {
    Answer answer = accessKey("sandbox-secret=");
    assertThat(json(answer).get("expires_in").isTextual()).isTrue();
    assertThat(accessKey("wrong").status()).isEqualTo(401);
  }

  @Test
  void aTokenIsSignedAndNamesTheTenantByWhichTheApiIsFound() {
    String[] parts = tenant.token().split("\\.");
    JsonNode head = decoded(parts[0]);
    JsonNode claims = decoded(parts[1]);
    assertThat(head.get("alg").asText()).isEqualTo("RS256");
    assertThat(claims.get("icBUId").asInt()).isEqualTo(4500001);
    Answer found =
        tenant.send(
            "GET",
            "/.well-known/cxone-configuration?tenantId=" + claims.get("tenantId").asText(),
            Map.of(),
            null);
    assertThat(json(found).get("api_endpoint").asText())
        .isEqualTo("http://cxone.test:80/sandbox/personal-connection/tenant");
  }

  @Test
  void anExpiredTokenIsRefusedAndSoIsOneThatWasForgotten() {
    assertThat(get("/server-time").status()).isEqualTo(200);
    tenant.pass(Duration.ofMinutes(61));
    assertThat(get("/server-time").status()).isEqualTo(401);
    tenant.forgetToken();
    assertThat(get("/server-time").status()).isEqualTo(200);
    tenant.changes(SandboxJson.object().put("forgetTokens", true));
    assertThat(get("/server-time").status()).isEqualTo(401);
  }

  @Test
  void aRoleThatLacksTheRightIsForbidden() {
    ObjectNode change = SandboxJson.object();
    change.putArray("forbidden").add("startSkill");
    tenant.changes(change);
    assertThat(post("/skills/20001/start", null).status()).isEqualTo(403);
    assertThat(get("/skills/20001").status()).isEqualTo(200);
  }

  @Test
  void aTenantThatMovesAnswersElsewhere() {
    tenant.changes(SandboxJson.object().put("move", true));
    assertThat(get("/server-time").status()).isEqualTo(404);
    String path = "/tenant-2/incontactapi/services/v30.0/server-time";
    Map<String, String> headers =
        Map.of("authorization", "Bearer " + tenant.token(), "accept", "application/json");
    assertThat(tenant.send("GET", path, headers, null).status()).isEqualTo(200);
  }

  @Test
  void withoutTheAcceptHeaderThereIsNoBodyThatAClientCouldRead() {
    Answer answer =
        tenant.send(
            "GET",
            "/tenant/inContactAPI/services/v30.0/server-time",
            Map.of("authorization", "Bearer " + tenant.token()),
            null);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo("No known way to render data");
  }

  @Test
  void campaignsAreFlatFromOneVersionOnAndWrappedBefore() {
    ObjectNode flat = SandboxJson.object().put("name", "Flat");
    assertThat(json(post("/campaigns", flat)).get("id").asInt()).isEqualTo(502);
    assertThat(tenant.call("v30.0", "POST", "/campaigns", flat).status()).isEqualTo(500);
    ObjectNode wrapped = SandboxJson.object();
    wrapped.putArray("campaigns").addObject().put("campaignName", "Wrapped");
    wrapped.withArray("campaigns").addObject().put("campaignName", "Flat");
    Answer partly = tenant.call("v30.0", "POST", "/campaigns", wrapped);
    assertThat(partly.status()).isEqualTo(206);
    assertThat(json(partly).get("errorCount").asInt()).isEqualTo(1);
    assertThat(json(partly).at("/campaignResults/0/success").asText()).isEqualTo("true");
    assertThat(
            json(tenant.call("v30.0", "GET", "/campaigns", null))
                .at("/campaigns/0")
                .has("campaignName"))
        .isTrue();
    assertThat(json(get("/campaigns")).at("/campaigns/0").has("name")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/skills/99999,404,InvalidSkillId",
    "GET,/lists/call-lists/1,404,InvalidListId",
    "GET,/nothing,404,resource not found",
    "DELETE,/campaigns,405,Method Not Allowed",
    "GET,/contacts/completed?updatedSince=2025-11-03T15:00:00+00:00,400,InvalidParameter"
  })
  void manyErrorsAreToldByAHeaderOnly(String method, String path, int status, String code) {
    Answer answer = tenant.call("v33.0", method, path.replace("+", "%2B"), null);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers()).containsEntry("icStatusDescription", code);
  }

  @Test
  void aSkillIsMadeAndAppearsInListsSomeSecondsLater() {
    Answer made = post("/skills", skill("CR-1a2b3c4d-spring"));
    assertThat(json(made).get("errorCount").asInt()).isZero();
    int id = json(made).at("/skillsResults/0/skillId").asInt();
    assertThat(get("/skills/" + id).status()).isEqualTo(200);
    assertThat(json(get("/skills?searchString=CR-1a2b")).get("totalRecords").asInt()).isZero();
    tenant.pass(Duration.ofSeconds(4));
    assertThat(json(get("/skills?searchString=CR-1a2b")).get("totalRecords").asInt()).isEqualTo(1);
    assertThat(post("/skills", skill("CR-1a2b3c4d-spring")).status()).isEqualTo(409);
    assertThat(post("/skills", skill("a name of more than thirty characters")).status())
        .isEqualTo(400);
    ObjectNode noGroup = skill("No group");
    ((ObjectNode) noGroup.at("/skills/0")).put("campaignId", 1);
    Answer inside = post("/skills", noGroup);
    assertThat(inside.status()).isEqualTo(200);
    assertThat(json(inside).get("errorCount").asInt()).isEqualTo(1);
  }

  @Test
  void aCreateMayBeAnsweredWithoutItsId() {
    InjectedFault fault =
        new InjectedFault(null, null, null, null, null, InjectedFault.NO_ID, 1, null);
    Answer answer = tenant.tenant().reshaped(fault, post("/skills", skill("No id")));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("skillId");
  }

  @Test
  void startAndStopAreAcceptedFirstAndDoneLater() {
    assertThat(post("/skills/20001/stop", null).status()).isEqualTo(404);
    assertThat(post("/skills/20001/start", null).status()).isEqualTo(202);
    assertThat(running()).isFalse();
    assertThat(post("/skills/20001/start", null).status()).isEqualTo(409);
    tenant.pass(Duration.ofSeconds(2));
    assertThat(running()).isTrue();
    assertThat(post("/skills/20001/start", null).status()).isEqualTo(409);
    ObjectNode change = SandboxJson.object();
    change.putObject("skill").put("isActive", false);
    assertThat(tenant.call("PUT", "/skills/20001", change).status()).isEqualTo(409);
    tenant.pass(Duration.ofSeconds(60));
    assertThat(post("/skills/20001/stop?force=false", null).status()).isEqualTo(202);
    tenant.pass(Duration.ofSeconds(2));
    assertThat(running()).isFalse();
    assertThat(tenant.truth().at("/20001/underWay").asInt()).as("calls run on").isPositive();
    tenant.pass(Duration.ofMinutes(50));
    assertThat(tenant.truth().at("/20001/underWay").asInt()).isZero();
    tenant.forgetToken();
    assertThat(tenant.call("PUT", "/skills/20001", change).status()).isEqualTo(200);
    assertThat(post("/skills/20001/start", null).status()).isEqualTo(409);
    assertThat(post("/skills/20000/start", null).status()).as("no PC skill").isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "general-settings,generalSettings,maximumRatio,4,400",
    "general-settings,generalSettings,maximumRatio,0,400",
    "general-settings,generalSettings,maximumRatio,1.5,400",
    "general-settings,generalSettings,maximumRatio,3,204",
    "general-settings,generalSettings,percentageOfAgentsBeforeOverdial,101,400",
    "general-settings,generalSettings,percentageOfAgentsBeforeOverdial,100,204",
    "general-settings,generalSettings,maximumRingingDuration,61,400",
    "general-settings,generalSettings,abandonRateThreshold,2,400",
    "retry-settings,retrySettings,restrictedCallingMaxAttempts,11,400",
    "retry-settings,retrySettings,maximumAttempts,300,204",
    "cpa-management,cpaSettings,abandonTimeout,null,400",
    "cpa-management,cpaSettings,abandonTimeout,60,204",
    "schedule-settings,scheduleSettings,mondayStartTime,8,400",
  })
  void settingsAreCheckedAgainstTheirRanges(
      String block, String wrapper, String field, String value, int status) throws Exception {
    ObjectNode body = SandboxJson.object();
    body.putObject(wrapper).set(field, SandboxJson.MAPPER.readTree(value));
    Answer answer = tenant.call("PUT", "/skills/20001/parameters/" + block, body);
    assertThat(answer.status()).isEqualTo(status);
    JsonNode now = json(get("/skills/20001/parameters/" + block));
    assertThat(now.has(wrapper)).as("read flat").isFalse();
    if (status == 204) {
      assertThat(now.get(field).asText()).isEqualTo(value);
    }
  }

  @Test
  void whatIsLeftOutOfTheGeneralSettingsIsLost() {
    put("maximumRatio", 2);
    put("maximumAttempts", 5);
    JsonNode general = json(get("/skills/20001/parameters/general-settings"));
    assertThat(general.get("maximumRatio").asInt()).isEqualTo(1);
    assertThat(json(get("/skills/20001/parameters/retry-settings")).get("maximumAttempts").asInt())
        .isEqualTo(5);
    assertThat(get("/skills/99999/parameters/general-settings").status()).isEqualTo(500);
  }

  @Test
  void aRateOfItsOwnNeedsTheBusinessUnitsConsent() {
    ObjectNode body = SandboxJson.object();
    body.putObject("generalSettings")
        .put("overrideBusinessUnitAbandonRate", true)
        .put("abandonRateThreshold", 2);
    String path = "/skills/20001/parameters/general-settings";
    assertThat(tenant.call("PUT", path, body).status()).isEqualTo(204);
    tenant.changes(SandboxJson.object().put("enableSkillAbandonRate", false));
    assertThat(tenant.call("PUT", path, body).status()).isEqualTo(400);
  }

  @Test
  void theLinesForEachAgentFollowTheRatioTheSwitchAndTheBusinessUnit() {
    put("maximumRatio", 3);
    tenant.supervisor(SKILL, "start");
    tenant.pass(Duration.ofMinutes(4));
    assertThat(lines()).isEqualTo(3);
    tenant.changes(SandboxJson.object().put("allowPredictiveDialing", false));
    assertThat(lines()).isEqualTo(1);
    tenant.changes(SandboxJson.object().put("allowPredictiveDialing", true));
    tenant.supervisor(
        SKILL, "general-settings", SandboxJson.object().put("blockMultipleCalls", true));
    assertThat(lines()).isEqualTo(1);
  }

  @Test
  void zonesThatAreLeftOutAreSwitchedOff() {
    ObjectNode body = SandboxJson.object();
    body.putArray("timeZoneSettings")
        .addObject()
        .put("standardName", "Pacific Standard Time")
        .put("timeZoneActiveToCall", true);
    assertThat(tenant.call("PUT", "/skills/20001/parameters/time-zones", body).status())
        .isEqualTo(204);
    tenant.supervisor(SKILL, "start");
    tenant.pass(Duration.ofMinutes(5));
    assertThat(tenant.truth().at("/20001/dialed").asInt()).isZero();
  }

  @Test
  void activityIsSearchedForAllSkillsAtOnceAndMisspelt() {
    tenant.supervisor(SKILL, "start");
    tenant.pass(Duration.ofMinutes(2));
    ObjectNode query = SandboxJson.object().put("skip", 0).put("top", 1000);
    query.putObject("filter").putArray("skillIds").add(SKILL);
    JsonNode found = json(post("/skills/activity/search", query)).at("/skillActivity/0");
    assertThat(found.get("skillId").asInt()).isEqualTo(SKILL);
    assertThat(found.has("agentsAvaliable")).isTrue();
    assertThat(found.has("agentsAvailable")).isFalse();
    assertThat(json(tenant.call("v23.0", "GET", "/skills/activity", null)).has("resultSet"))
        .isTrue();
    assertThat(json(get("/skills/activity")).has("skillActivity")).isTrue();
  }

  @Test
  void statesAreToldWhereTheyChangedAndAreSomeSecondsOld() {
    tenant.supervisor(SKILL, "start");
    tenant.pass(Duration.ofMinutes(3));
    JsonNode first = json(get("/agents/states"));
    assertThat(first.get("totalRecords").asInt()).isEqualTo(32);
    Set<String> names = new HashSet<>();
    first.get("agentStates").forEach(state -> names.add(state.get("agentStateName").asText()));
    assertThat(names).contains("Dialer", "OutboundContact");
    String since = first.get("lastPollTime").asText();
    assertThat(get("/agents/states?updatedSince=" + since).status()).isEqualTo(204);
    tenant.pass(Duration.ofSeconds(60));
    JsonNode next = json(get("/agents/states?updatedSince=" + since));
    assertThat(next.get("totalRecords").asInt()).isBetween(1, 31);
    assertThat(Instant.parse(next.get("lastPollTime").asText())).isAfter(since);
  }

  @Test
  void everyCompletedContactIsToldOnceAndItsWrapUpLaterAsAnUpdate() {
    put("maximumRatio", 2);
    tenant.supervisor(SKILL, "start");
    String since = null;
    Map<Long, JsonNode> contacts = new HashMap<>();
    int updates = 0;
    for (int n = 0; n < 240; n++) {
      tenant.pass(Duration.ofSeconds(15));
      if (n == 200) {
        tenant.supervisor(SKILL, "stop");
      }
      if (n % 100 == 0) {
        tenant.forgetToken();
      }
      Answer answer = get("/contacts/completed" + (since == null ? "" : "?updatedSince=" + since));
      if (answer.status() == 204) {
        continue;
      }
      since = json(answer).get("lastPollTime").asText();
      for (JsonNode contact : json(answer).get("completedContacts")) {
        JsonNode before = contacts.put(contact.get("contactId").asLong(), contact);
        updates += before == null ? 0 : 1;
      }
    }
    JsonNode truth = tenant.truth().get("20001");
    assertThat(truth.get("underWay").asInt()).isZero();
    assertThat(contacts).hasSize(truth.get("dialed").asInt());
    assertThat(contacts.values().stream().filter(c -> c.get("abandoned").asBoolean()).count())
        .isEqualTo(truth.get("abandoned").asLong());
    assertThat(contacts.values().stream().filter(c -> c.get("acwSeconds").asInt() > 0).count())
        .isPositive();
    assertThat(contacts.values().stream().filter(c -> !c.get("agentId").isNull()).count())
        .isEqualTo(truth.get("connected").asLong());
    assertThat(updates).isPositive();
  }

  @Test
  void aSummaryCoversTheRangeThatWasAskedFor() {
    tenant.supervisor(SKILL, "start");
    tenant.pass(Duration.ofMinutes(30));
    String range = "?startDate=2025-11-03T15:00:00Z&endDate=2025-11-03T16:00:00Z";
    JsonNode now = json(get("/skills/20001/summary" + range)).at("/skillSummaries/0");
    assertThat(now.get("dials").asText()).isEqualTo(tenant.truth().at("/20001/dialed").asText());
    assertThat(now.get("averageHandleTime").asText()).startsWith("PT");
    JsonNode old =
        json(tenant.call("v23.0", "GET", "/skills/20001/summary" + range, null))
            .at("/skillSummaries/0");
    assertThat(old.get("averageHandleTime").isNumber()).isTrue();
    assertThat(
            tenant
                .call(
                    "GET",
                    "/wfm-data/skills/dialer-contacts?startDate=2025-11-03T15:00:00Z"
                        + "&endDate=2025-11-03T15:45:00Z",
                    null)
                .status())
        .isEqualTo(409);
  }

  @Test
  void anUploadIsAJobThatBindsTheListToTheSkill() {
    int list =
        json(post("/lists/call-lists?listName=New&externalIdColumn=id", SandboxJson.object()))
            .get("listId")
            .asInt();
    String csv = "id,phone\n1,12125550100\n2,12125550101\n";
    ObjectNode body =
        SandboxJson.object()
            .put("listFile", Base64.getEncoder().encodeToString(csv.getBytes()))
            .put("fileName", "a.csv")
            .put("skillId", SKILL);
    Answer accepted = post("/lists/call-lists/" + list + "/upload", body);
    assertThat(accepted.status()).isEqualTo(202);
    String job = "/lists/call-lists/jobs/" + json(accepted).get("jobId").asText();
    assertThat(json(get(job)).at("/uploadJobs/0/isComplete").asBoolean()).isFalse();
    tenant.pass(Duration.ofSeconds(3));
    assertThat(json(get(job)).at("/uploadJobs/0/isComplete").asBoolean()).isTrue();
    JsonNode filled = json(get("/lists/call-lists/" + list)).at("/resultSet/skills/0");
    assertThat(filled.get("skillId").asInt()).isEqualTo(SKILL);
    assertThat(filled.get("totalRecords").asInt()).isEqualTo(2);
  }

  private Answer upload(int list, String csv) {
    ObjectNode body =
        SandboxJson.object()
            .put("listFile", Base64.getEncoder().encodeToString(csv.getBytes()))
            .put("skillId", SKILL);
    return post("/lists/call-lists/" + list + "/upload", body);
  }

  @Test
  void aListIsMadeOnceByItsNameAppearsLateAndTellsOfItsLastFileAsAWhole() {
    ObjectNode columns = SandboxJson.object();
    columns
        .putArray("destinationMappings")
        .addObject()
        .put("fieldName", "PhoneNumber")
        .put("fieldValue", "tel");
    String create = "/lists/call-lists?listName=Mine&externalIdColumn=key";
    int list = json(post(create, columns)).get("listId").asInt();
    assertThat(json(post(create, columns)).get("listId").asInt()).isEqualTo(list);
    assertThat(json(get("/lists/call-lists")).get("totalRecords").asInt()).isEqualTo(2);
    assertThat(upload(list, "key,phone\n1,12125550100\n").status()).as("no tel").isEqualTo(400);
    upload(list, "key,tel\n1,+12125550100\n2,none\n1,+12125550101\n");
    tenant.pass(Duration.ofSeconds(4));
    assertThat(json(get("/lists/call-lists")).get("totalRecords").asInt()).isEqualTo(3);
    upload(list, "key,tel\n3,+12125550102\n1,+12125550100\n");
    tenant.pass(Duration.ofSeconds(4));
    JsonNode told = json(get("/lists/call-lists/" + list)).get("resultSet");
    assertThat(told.get("validRecords").asInt()).isOne();
    assertThat(told.get("invalidRecords").asText()).isEqualTo("1");
    assertThat(told.at("/skills/0/totalRecords").asInt()).isEqualTo(2);
  }

  @Test
  void uploadsAreToldByTheirTimeAndOneThatIsCancelledBringsNothing() {
    String cancelled =
        json(upload(40001, "externalId,phone\n1,12125550100\n")).get("jobId").asText();
    String jobs = "/lists/call-lists/jobs";
    assertThat(tenant.call("DELETE", jobs + "/" + cancelled, null).status()).isEqualTo(204);
    tenant.pass(Duration.ofSeconds(4));
    JsonNode job = json(get(jobs + "/" + cancelled)).at("/uploadJobs/0");
    assertThat(job.get("isCancelled").asBoolean()).isTrue();
    assertThat(job.get("isComplete").asBoolean()).isFalse();
    assertThat(tenant.truth().at("/20001/contacts").asInt()).isEqualTo(5000);
    String around = "?startDate=2025-11-03T14:00:00Z&endDate=2025-11-03T16:00:00Z";
    assertThat(json(get(jobs + around)).get("totalRecords").asInt()).isOne();
    String later = "?startDate=2025-11-03T16:00:00Z&endDate=2025-11-03T17:00:00Z";
    assertThat(json(get(jobs + later)).get("totalRecords").asInt()).isZero();
  }

  @Test
  void aSkillDialsTheContactsThatWereUploadedForIt() {
    TestTenant empty = new TestTenant(0);
    ObjectNode body =
        SandboxJson.object()
            .put(
                "listFile",
                Base64.getEncoder()
                    .encodeToString("externalId,phone\na,12125550100\nb,12125550101\n".getBytes()))
            .put("skillId", SKILL);
    empty.call("POST", "/lists/call-lists/40001/upload", body);
    empty.supervisor(SKILL, "general-settings", SandboxJson.object().put("maximumAttempts", 1));
    empty.pass(Duration.ofSeconds(4));
    empty.supervisor(SKILL, "start");
    empty.pass(Duration.ofMinutes(50));
    JsonNode attempts =
        json(empty.call("GET", "/lists/call-lists/40001/attempts", null))
            .at("/resultSet/contactAttempts");
    assertThat(attempts).hasSize(2);
    assertThat(attempts.findValuesAsText("externalId")).containsExactlyInAnyOrder("a", "b");
    assertThat(attempts.findValuesAsText("formattedPhone"))
        .containsExactlyInAnyOrder("12125550100", "12125550101");
    assertThat(empty.truth().at("/20001/finalized").asInt()).isEqualTo(2);
  }

  @Test
  void aListIsExhaustedWhenAllOfItIsFinalized() {
    TestTenant small = new TestTenant(40);
    ObjectNode body = SandboxJson.object();
    body.putObject("generalSettings").put("minimumRetryMinutes", 1).put("maximumAttempts", 2);
    small.call("PUT", "/skills/20001/parameters/general-settings", body);
    small.supervisor(SKILL, "start");
    for (int n = 0; n < 10; n++) {
      small.pass(Duration.ofMinutes(30));
    }
    small.forgetToken();
    JsonNode skill =
        json(small.call("GET", "/lists/call-lists/40001", null)).at("/resultSet/skills/0");
    assertThat(skill.get("freshRecords").asInt()).isZero();
    assertThat(skill.get("finalizedRecords").asInt()).isEqualTo(40);
  }

  @Test
  void agentsAreAssignedInBulkAndWrongOnesAreToldInside() {
    ObjectNode body = SandboxJson.object();
    body.putArray("agents").addObject().put("agentId", "1013").put("proficiency", 3);
    body.withArray("agents").addObject().put("agentId", "77").put("proficiency", 3);
    Answer answer = post("/skills/20001/agents", body);
    assertThat(answer.status()).isEqualTo(206);
    assertThat(json(answer).at("/resultSet/errorCount").asInt()).isEqualTo(1);
    assertThat(json(get("/skills/20001/agents")).get("totalRecords").asInt()).isEqualTo(12);
  }

  @Test
  void pagesAreFollowedByTheirLinks() {
    JsonNode first = json(get("/agents?isActive=true&top=20&fields=agentId,teamId"));
    assertThat(first.get("agents")).hasSize(20);
    assertThat(first.get("agents").get(0).size()).isEqualTo(2);
    assertThat(first.at("/_links/next").asText()).contains("skip=20");
    assertThat(json(get("/agents?isActive=true&top=20&skip=20")).get("agents")).hasSize(11);
  }

  private boolean running() {
    return json(get("/skills/20001")).get("isRunning").asBoolean();
  }

  private int lines() {
    return tenant.truth().at("/20001/lines").asInt();
  }

  private void put(String field, int value) {
    ObjectNode body = SandboxJson.object();
    body.putObject("generalSettings").put(field, value);
    assertThat(tenant.call("PUT", "/skills/20001/parameters/general-settings", body).status())
        .isEqualTo(204);
  }

  private static ObjectNode skill(String name) {
    ObjectNode body = SandboxJson.object();
    body.putArray("skills")
        .addObject()
        .put("mediaTypeId", 4)
        .put("skillName", name)
        .put("campaignId", 501)
        .put("isOutbound", true)
        .put("outboundStrategy", "Personal Connection")
        .put("callerIdOverride", "+12125550123");
    return body;
  }

  private Answer token(String basic, String form) {
    return tenant.send(
        "POST", "/auth/token", Map.of("authorization", basic, "content-type", FORM), form);
  }

  private Answer accessKey(String secret) {
    return tenant.send(
        "POST",
        "/authentication/v1/token/access-key",
        Map.of("content-type", "application/json"),
        SandboxJson.object().put("accessKeyId", "sandbox-key").put("accessKeySecret", secret));
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode decoded(String part) {
    return SandboxJson.readObject(Base64.getUrlDecoder().decode(part));
  }

  private Answer get(String path) {
    return tenant.call("GET", path, null);
  }

  private Answer post(String path, Object body) {
    return tenant.call("POST", path, body);
  }
}
