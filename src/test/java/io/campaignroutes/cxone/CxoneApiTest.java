package io.campaignroutes.cxone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CxoneApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final CxoneApi api = TestCxone.api();

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ObjectNode arguments() {
    return (ObjectNode)
        json(
            "{'id':'cmp_1','name':'Spring sale & more','poolId':'pool-1','remoteId':'R-1',"
                + "'from':'2026-03-01T00:00:00Z','to':'2026-03-02T00:00:00Z',"
                + "'payload':{'name':'Spring','status':'DRAFT'}}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "agentPool, GET, /api/v2/agents/pools/pool-1, , ",
        "createCampaign, POST, /api/v2/campaigns, , |{'name':'Spring','status':'DRAFT'}|",
        "findCampaigns, GET, /api/v2/campaigns, name=Spring%20sale%20%26%20more, ",
        "getCampaign, GET, /api/v2/campaigns/R-1, , ",
        "activateCampaign, PUT, /api/v2/campaigns/R-1, , {'status':'ACTIVE'}",
        "pauseCampaign, PUT, /api/v2/campaigns/R-1, , {'status':'PAUSED'}",
        "stopCampaign, PUT, /api/v2/campaigns/R-1, , {'status':'STOPPED'}",
        "registerWebhook, POST, /api/v2/webhooks, , |{'name':'CampaignSync_R-1','endpoint':"
            + "'https://routes.example/webhooks/cxone','type':'CAMPAIGN','events':"
            + "['CAMPAIGN_ACTIVATED','CAMPAIGN_PAUSED','CAMPAIGN_COMPLETED','CAMPAIGN_ERROR'],"
            + "'headers':{'X-Source':'campaign-routes','X-Webhook-Token':'hook-secret'},"
            + "'enabled':true}|",
        "campaignFigures, POST, /api/v2/analytics/campaigns/details/query, , |{'startDate':"
            + "'2026-03-01T00:00:00Z','endDate':'2026-03-02T00:00:00Z','filter':"
            + "{'campaignId':'R-1'},'metrics':['attemptedCalls','connectedCalls',"
            + "'abandonedCalls','avgAnswerTime']}|"
      })
  void everyOperationOfTheShippedProfileIsTheCallThatTheContractDescribes(
      String operation, String method, String path, String query, String body) throws Exception {
    Call call = api.call(operation, TestCxone.request(arguments()), 1);
    assertThat(call.method().name()).isEqualTo(method);
    assertThat(call.path()).isEqualTo(path);
    assertThat(call.query()).isEqualTo(query);
    if (body == null) {
      assertThat(call.body()).isNull();
    } else {
      assertThat(JSON.readTree(call.body())).isEqualTo(json(body));
    }
    assertThat(call.operation().name()).isEqualTo(operation);
  }

  @Test
  void aWriteOfARunThatHasLostItsCampaignIsNotSentAndAReadIs() {
    CxoneApi fenced =
        TestCxone.api()
            .fencedBy(
                arguments -> {
                  throw new IllegalStateException("lost");
                });
    Token token = new Token("t", 1, 1, null);
    Call write = fenced.call("activateCampaign", TestCxone.request(arguments()), 0);
    assertThatThrownBy(() -> fenced.carry(write, token)).hasMessage("lost");
    Call read = fenced.call("getCampaign", TestCxone.request(arguments()), 0);
    fenced.carry(read, token);
    assertThat(read.token()).isEqualTo(token);
  }

  @Test
  void idsWithOddCharactersAreEncoded() {
    ObjectNode odd = arguments().put("remoteId", "a/b?c=d&e #\u00e9+%").put("name", "a+b=c");
    assertThat(api.call("getCampaign", TestCxone.request(odd), 0).path())
        .isEqualTo("/api/v2/campaigns/a%2Fb%3Fc%3Dd%26e%20%23%C3%A9%2B%25");
    assertThat(api.call("findCampaigns", TestCxone.request(odd), 0).query())
        .isEqualTo("name=a%2Bb%3Dc");
  }

  @ParameterizedTest
  @CsvSource({
    "DRAFT,CREATED",
    "PENDING,STARTING",
    "ACTIVE,DIALING",
    "PAUSED,PAUSED",
    "STOPPED,STOPPED",
    "COMPLETED,COMPLETED",
    "ERROR,ERROR",
    "SLEEPING,UNKNOWN",
    "active,UNKNOWN",
    "'',UNKNOWN",
    ",UNKNOWN"
  })
  void whatAStatusMeansStandsInTheFile(String status, RemoteStatus meaning) {
    assertThat(api.status(status)).isEqualTo(meaning);
  }

  @Test
  void aCreatedCampaignDoesNotDialWhateverItsPayloadSays() throws Exception {
    ObjectNode silent = arguments();
    silent.withObjectProperty("payload").remove("status");
    Call call = api.call("createCampaign", TestCxone.request(silent), 0);
    assertThat(JSON.readTree(call.body()).path("status").asText()).isEqualTo("DRAFT");
  }

  @Test
  void aMissingArgumentOrOperationIsNamed() {
    assertThatThrownBy(
            () -> api.call("getCampaign", TestCxone.request(json("{'remoteId':null}")), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("remoteId");
    assertThatThrownBy(() -> api.call("nothing", TestCxone.request(arguments()), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing");
  }

  @Test
  void onlyTheCreateIsNeverRepeated() {
    for (String name :
        new String[] {
          "agentPool",
          "findCampaigns",
          "getCampaign",
          "activateCampaign",
          "pauseCampaign",
          "stopCampaign",
          "registerWebhook",
          "campaignFigures"
        }) {
      assertThat(api.call(name, TestCxone.request(arguments()), 1).operation().repeatable())
          .as(name)
          .isTrue();
    }
    assertThat(
            api.call("createCampaign", TestCxone.request(arguments()), 1).operation().repeatable())
        .isFalse();
  }

  @Test
  void answersComeInTheShapeThatTheRoutesWorkWith() {
    assertThat(
            answer(
                "agentPool",
                200,
                "{'agents':[{'id':'a','status':'AVAILABLE','schedule':{'timeZone':'UTC'},'x':1}]}"))
        .isEqualTo(json("{'agents':[{'id':'a','status':'AVAILABLE','timeZone':'UTC'}]}"));
    assertThat(answer("createCampaign", 201, "{'id':'R-1','status':'DRAFT','more':[1]}"))
        .isEqualTo(json("{'id':'R-1','status':'DRAFT'}"));
    assertThat(answer("getCampaign", 200, "{'id':'R-1','status':'ERROR','errorCode':'X'}"))
        .isEqualTo(json("{'id':'R-1','status':'ERROR','failureCode':'X'}"));
    assertThat(
            answer("findCampaigns", 200, "{'campaigns':[{'id':'1','name':'n','status':'DRAFT'}]}")
                .path("campaigns"))
        .hasSize(1);
    assertThat(answer("activateCampaign", 204, "").isObject()).isTrue();
  }

  @Test
  void aWebhookThatIsRegisteredAlreadyIsDone() {
    assertThat(answer("registerWebhook", 409, "{'errorCode':'EXISTS'}").has("id")).isFalse();
    assertThat(answer("registerWebhook", 201, "{'id':'W-1'}").path("id").asText()).isEqualTo("W-1");
  }

  @ParameterizedTest
  @CsvSource({
    "agentPool, agent:view",
    "createCampaign, campaign:manage",
    "findCampaigns, campaign:view",
    "getCampaign, campaign:view",
    "activateCampaign, campaign:manage",
    "registerWebhook, webhook:manage",
    "campaignFigures, analytics:historical:view"
  })
  void a403NamesTheScopeThatIsMissing(String operation, String scope) {
    CxoneRefusedException refused = refusal(operation, 403, "{'errorCode':'FORBIDDEN'}");
    assertThat(refused).hasMessageContaining(scope);
    assertThat(refused.status()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "CAMPAIGN_INVALID_CONFIG, configuration",
    "AGENT_POOL_UNAVAILABLE, agent pool",
    "CONTACT_LIST_EMPTY, contact list",
    "RATE_LIMIT_EXCEEDED, limit of calls"
  })
  void errorCodesAreTranslatedForTheOperator(String code, String words) {
    assertThat(api.message(code)).containsIgnoringCase(words);
    CxoneRefusedException refused = refusal("createCampaign", 400, "{'errorCode':'" + code + "'}");
    assertThat(refused.code()).isEqualTo(code);
    assertThat(refused.getMessage()).contains(code).containsIgnoringCase(words);
  }

  @Test
  void anUnknownCodeIsShownAsItCame() {
    assertThat(api.message("BRAND_NEW")).isEqualTo("BRAND_NEW");
    CxoneRefusedException refused = refusal("createCampaign", 422, "{'errorCode':'BRAND_NEW'}");
    assertThat(refused.code()).isEqualTo("BRAND_NEW");
    assertThat(refused).hasMessageContaining("BRAND_NEW", "422");
  }

  @ParameterizedTest
  @CsvSource({"400, uploadContacts, ***", "500, uploadContacts, ***", "400, getSkill, 2125552368"})
  void whatIsSaidOfContactsIsToldWithoutTheirNumbers(int status, String operation, String told) {
    CxoneApi skills =
        (CxoneApi)
            TestCxone.skillDoor("http://cxone.test", JSON.createObjectNode()).get("cxoneApi");
    ObjectNode of = JSON.createObjectNode().put("skillId", "1").put("listId", "2");
    Call call = skills.call(operation, TestCxone.request(of), 0);
    byte[] body = "{\"error_description\":\"Line 2: 2125552368 is none\"}".getBytes();
    CxoneException said =
        catchThrowableOfType(
            CxoneException.class,
            () -> {
              call.answered(status, null, body);
              skills.answer(call);
            });
    assertThat(said).hasMessageContaining("Line 2: " + told + " is none");
  }

  @Test
  void aRefusalWithoutACodeShowsItsTextShortenedToOneLine() {
    CxoneRefusedException refused =
        refusal("createCampaign", 400, "{'message':'first\\nsecond " + "x".repeat(900) + "'}");
    assertThat(refused.code()).isNull();
    assertThat(refused.getMessage()).contains("first second").hasSizeLessThan(400);
    assertThat(refusal("getCampaign", 404, "no such campaign").notFound()).isTrue();
    assertThat(refusal("getCampaign", 404, "[]").getMessage()).contains("404");
  }

  @Test
  void aTemplateThatIsNoJsltIsNamedWithItsFileAndPlace(@TempDir Path temp) throws Exception {
    Path file = temp.resolve("tenant.yaml");
    Files.writeString(
        file,
        """
        operations:
          getCampaign:
            method: GET
            path: /x
            kind: READ
            scope: s
            answer: '{"id": .id'
        """);
    assertThatThrownBy(() -> new CxoneApi(file, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tenant.yaml")
        .hasMessageContaining("getCampaign.answer");
  }

  @Test
  void aFileThatDoesNotSayWhatStatusesMeanIsAnError(@TempDir Path temp) throws Exception {
    Path file = temp.resolve("tenant.yaml");
    Files.writeString(file, "operations: {getCampaign: {method: GET, path: /x, kind: READ}}\n");
    assertThatThrownBy(() -> new CxoneApi(file, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tenant.yaml")
        .hasMessageContaining("Add statuses:");
    Files.writeString(
        file,
        "statuses: {ACTIVE: ON}\noperations: {getCampaign: {method: GET, path: /x, kind: READ}}\n");
    assertThatThrownBy(() -> new CxoneApi(file, Map.of()))
        .hasMessageContaining("the value of statuses.ACTIVE is not of the kind that it has to be");
  }

  @ParameterizedTest
  @CsvSource({
    "404, , true, true, false",
    "410, , true, false, false",
    "409, , false, false, true",
    "422, , false, false, false",
    "422, '422: NOT_FOUND', true, true, false",
    "422, '422: GONE', true, false, false",
    "409, '409: REFUSED', false, false, false",
    "422, '422: CONFLICT', false, false, true"
  })
  void whatARefusalMeansIsSaidByTheFile(
      int status, String own, boolean gone, boolean notFound, boolean conflict, @TempDir Path temp)
      throws Exception {
    String whole = Files.readString(Path.of("config/cxone/v2.yaml"));
    String block = whole.substring(whole.indexOf("refusals:"), whole.indexOf("operations:"));
    Path file = temp.resolve("tenant.yaml");
    Files.writeString(
        file, own == null ? whole : whole.replace(block, "refusals: {" + own + "}\n"));
    CxoneApi tenant = new CxoneApi(file, Map.of());
    Call call = tenant.call("getCampaign", TestCxone.request(json("{'remoteId':'R-1'}")), 0);
    call.answered(status, null, "{}".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> tenant.answer(call))
        .isInstanceOfSatisfying(
            CxoneRefusedException.class,
            refused -> {
              assertThat(refused.gone()).isEqualTo(gone);
              assertThat(refused.notFound()).isEqualTo(notFound);
              assertThat(refused.conflict()).isEqualTo(conflict);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "campaign: '{\"name\": .name}'\n",
        "campaign: '{\"pacing\": {\"rate\": .pacing.maxCallsPerSecond}}'\n",
        "campaign: 'number(\"x\")'\n"
      })
  void aFileThatDoesNotSayWhatACampaignIsCreatedFromIsAnError(String campaign, @TempDir Path temp)
      throws Exception {
    Path file = temp.resolve("tenant.yaml");
    Files.writeString(
        file,
        campaign
            + "statuses: {ACTIVE: DIALING}\nrate: /pacing/maxCallsPerSecond\n"
            + "operations: {getCampaign: {method: GET, path: /x, kind: READ}}\n");
    assertThatThrownBy(() -> new CxoneApi(file, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tenant.yaml")
        .hasMessageEndingWith("Add campaign: as config/cxone/v2.yaml has it.");
  }

  /** The callers of a validation are shown the payload. */
  @Test
  void whatACampaignIsCreatedFromHasNoSecrets(@TempDir Path temp) throws Exception {
    Path file = temp.resolve("tenant.yaml");
    Files.writeString(
        file,
        "campaign: '{\"pacing\": .pacing, \"token\": $webhookToken}'\n"
            + "statuses: {ACTIVE: DIALING}\nrate: /pacing/maxCallsPerSecond\n"
            + "operations: {getCampaign: {method: GET, path: /x, kind: READ}}\n");
    assertThatThrownBy(() -> new CxoneApi(file, Map.of("webhookToken", "s3cret")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageNotContaining("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if (.name) error(\"no name\") else .",
        "if (.name) [] else .",
        "if (.name) {\"name\": .name} else ."
      })
  void aTemplateThatMakesNoCampaignOfARequestSaysWhichFileIsWrong(String own, @TempDir Path temp)
      throws Exception {
    Path file = temp.resolve("tenant.yaml");
    Files.writeString(
        file,
        "campaign: '"
            + own
            + "'\nstatuses: {ACTIVE: DIALING}\nrate: /pacing/maxCallsPerSecond\n"
            + "operations: {getCampaign: {method: GET, path: /x, kind: READ}}\n");
    CxoneApi tenant = new CxoneApi(file, Map.of());
    ObjectNode request = (ObjectNode) json("{'name':'Spring','pacing':{'maxCallsPerSecond':2}}");
    assertThatThrownBy(() -> tenant.campaign().payload(request))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tenant.yaml, campaign: makes no campaign of a request");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "token-header: X-Webhook-Token|token-header: X Webhook|events does not name the header",
        ".eventType,|.eventType|events.event is not a valid JSLT template",
        "'      \"id\": .eventId,'|''|events makes no 'id' of an event"
      })
  void aSectionOfEventsThatIsWrongIsNamed(
      String text, String instead, String says, @TempDir Path temp) throws Exception {
    Path file = temp.resolve("tenant.yaml");
    String whole = Files.readString(Path.of("config/cxone/v2.yaml"));
    assertThat(whole).contains(text);
    Files.writeString(file, whole.replace(text, instead));
    ApiFile tenant = ApiFile.read(file);
    assertThatThrownBy(() -> tenant.eventsOf(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(file + ", " + says);
    Files.writeString(file, whole.replace("events:\n", "evens:\n"));
    assertThatThrownBy(() -> ApiFile.read(file)).hasMessageContaining("no property evens");
  }

  @Test
  void aMisspelledPropertyOfTheFileIsAnError(@TempDir Path temp) throws Exception {
    Path file = temp.resolve("tenant.yaml");
    Files.writeString(file, "operations:\n  getCampaign:\n    methode: GET\n");
    assertThatThrownBy(() -> new CxoneApi(file, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tenant.yaml")
        .hasMessageContaining("there is no property methode. Known are [")
        .hasMessageNotContaining("class ");
    Files.writeString(file, "operations:\n  getCampaign: [\n");
    assertThatThrownBy(() -> new CxoneApi(file, Map.of()))
        .hasMessageContaining("the bracket [ is not closed")
        .hasMessageNotContaining("com.fasterxml");
    Files.writeString(file, "operations: none\n");
    assertThatThrownBy(() -> new CxoneApi(file, Map.of()))
        .hasMessageContaining("the value of operations is not of the kind")
        .hasMessageNotContaining("java.");
    assertThatThrownBy(() -> new CxoneApi(temp.resolve("none.yaml"), Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("none.yaml");
  }

  private JsonNode answer(String operation, int status, String body) {
    Call call = api.call(operation, TestCxone.request(arguments()), 0);
    call.answered(status, null, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    return api.answer(call);
  }

  private CxoneRefusedException refusal(String operation, int status, String body) {
    return catchThrowableOfType(CxoneRefusedException.class, () -> answer(operation, status, body));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "agentPool, 204, ||",
        "agentPool, 200, ||",
        "agentPool, 200, |{'agents':'none'}|",
        "agentPool, 200, |{'agents':{}}|",
        "agentPool, 200, |<html>maintenance</html>|",
        "getCampaign, 204, ||",
        "getCampaign, 200, {}",
        "getCampaign, 200, []",
        "getCampaign, 200, {'status':null}",
        "getCampaign, 200, {'status':' '}",
        "createCampaign, 201, {'status':'DRAFT'}",
        "createCampaign, 201, {'id':false}",
        "createCampaign, 201, {'id':{}}",
        "getCampaign, 200, {'status':true}",
        "findCampaigns, 200, {}",
        "registerWebhook, 200, |<html>maintenance</html>|",
        "agentPool, 404, |<html>nginx</html>|",
        "getCampaign, 410, | <!DOCTYPE html>|",
        "stopCampaign, 404, |<html>nginx</html>|"
      })
  void anAnswerWithoutWhatItIsAskedForIsNone(String operation, int status, String body) {
    Call call = api.call(operation, TestCxone.request(arguments()), 0);
    call.answered(status, null, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    CxoneUnavailableException none =
        catchThrowableOfType(CxoneUnavailableException.class, () -> api.answer(call));
    assertThat(none.kind()).isEqualTo(CxoneUnavailableException.Kind.UNREACHABLE);
    assertThat(none.maybeDone()).isTrue(); // a create is looked up, not sent again
    assertThat(none).hasMessageContaining(operation).hasMessageContaining("cannot be");
  }

  @ParameterizedTest
  @CsvSource({"agentPool, agents", "findCampaigns, campaigns"})
  void anEmptyListIsAnAnswerAndAnotherOneThanNone(String operation, String list) {
    Call call = api.call(operation, TestCxone.request(arguments()), 0);
    call.answered(200, null, ("{\"" + list + "\": []}").getBytes(StandardCharsets.UTF_8));
    JsonNode answer = api.answer(call);
    assertThat(answer.path(list).isArray()).isTrue();
    assertThat(answer.path(list)).isEmpty();
  }
}
