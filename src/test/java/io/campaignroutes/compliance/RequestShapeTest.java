package io.campaignroutes.compliance;

import static io.campaignroutes.compliance.Fixture.check;
import static io.campaignroutes.compliance.Fixture.checkWith;
import static io.campaignroutes.compliance.Fixture.json;
import static io.campaignroutes.compliance.Fixture.minimal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Plain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestShapeTest {
  @Test
  void theSmallestRequestIsValid() {
    assertThat(check(minimal()).findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'text'", "[]", "null", "17", "true", "[{'name':'x'}]"})
  void whatIsNoObjectGivesOneFindingForTheWhole(String request) {
    CheckedRequest checked = check(json(request));
    assertThat(checked.findings())
        .extracting(Finding::field, Finding::rule)
        .containsExactly(tuple("", "type"));
    assertThat(checked.valid()).isFalse();
    assertThat(checked.payload()).isNull();
  }

  @Test
  void noRequestAtAllIsAFindingToo() {
    assertThat(check(null).findings()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "agentPoolId", "timeZone", "pacingLimit"})
  void eachRequiredFieldThatIsMissingIsNamed(String field) {
    ObjectNode request = minimal();
    request.remove(field);
    Finding finding = onlyFinding(check(request));
    assertThat(finding.field()).isEqualTo(field);
    assertThat(finding.rule()).isEqualTo("required");
    assertThat(finding.message()).startsWith(field + " is missing.");
  }

  @Test
  void anEmptyObjectMissesAllRequiredFields() {
    assertThat(check(json("{}")).findings())
        .extracting(Finding::field, Finding::rule)
        .containsExactlyInAnyOrder(
            tuple("name", "required"),
            tuple("agentPoolId", "required"),
            tuple("timeZone", "required"),
            tuple("pacingLimit", "required"));
  }

  @ParameterizedTest
  @CsvSource({
    "pacinglimit, pacinglimit, Did you mean pacingLimit?",
    "pacing_limits, pacing_limits, Did you mean pacingLimit?",
    "startHour, startHour, Did you mean schedule.startHour?",
    "colour, colour, Known keys: name",
  })
  void anUnknownPropertyIsNamedAndANearOneSuggested(String name, String field, String hint) {
    Finding finding = onlyFinding(checkWith("'" + name + "':1"));
    assertThat(finding.field()).isEqualTo(field);
    assertThat(finding.rule()).isEqualTo("unknownProperty");
    assertThat(finding.message()).contains(name).contains(hint);
  }

  @Test
  void unknownPropertiesAreFoundAtEveryLevel() {
    CheckedRequest checked =
        checkWith("'schedule':{'endHours':17},'pacing':{'x':1},'compliance':{'y':1}");
    assertThat(checked.findings())
        .extracting(Finding::field)
        .containsExactlyInAnyOrder("schedule.endHours", "pacing.x", "compliance.y");
    assertThat(checked.findings().get(0).message()).contains("schedule.endHour?");
  }

  @ParameterizedTest
  @CsvSource({
    "0, exclusiveMinimum",
    "-1, exclusiveMinimum",
    "'\"10\"', type",
    "1e308, maximum",
    "1e999, maximum",
    "1001, maximum",
    "null, type",
    "true, type",
    "[10], type",
  })
  void aPacingLimitThatIsNoneIsRefused(String value, String rule) {
    Finding finding = onlyFinding(checkWith("\"pacingLimit\":" + value));
    assertThat(finding.field()).isEqualTo("pacingLimit");
    assertThat(finding.rule()).isEqualTo(rule);
    assertThat(finding.message()).contains("pacingLimit");
  }

  @Test
  void aNumberInQuotesIsToldToGoWithoutThem() {
    assertThat(onlyFinding(checkWith("'pacingLimit':'10'")).message())
        .isEqualTo(
            "pacingLimit has to be a number, but is a text (\"10\"). Write the number without"
                + " quotes.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e999999999",
        "-1e999999999",
        "1e-999999999",
        "1e-350",
        "999999999999999999999999"
      })
  void numbersOfAbsurdSizeAreRefusedAtOnce(String number) throws JsonProcessingException {
    JsonMapper exact =
        JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    JsonNode value = exact.readTree(number);
    ObjectNode request = minimal().set("pacingLimit", value);
    request.putObject("schedule").set("startHour", value);
    CheckedRequest checked = check(request);
    assertThat(checked.valid()).isFalse();
    assertThat(checked.findings())
        .extracting(Finding::field)
        .contains("pacingLimit", "schedule.startHour");
    assertThat(checked.findings())
        .allSatisfy(finding -> assertThat(finding.message()).hasSizeLessThan(400));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "../../x",
        "a/../b",
        "a..\\b",
        "line\nbreak",
        "end\n",
        "nul\u0000",
        "bell\u0007x",
        "del\u007f",
        "c1\u0085x",
        "rtl\u202ex",
        "trailing ",
        "separator\u2028",
        "lone\ud800surrogate"
      })
  void aNameThatCouldMisleadIsRefusedWithWhatIsAllowed(String name) {
    CheckedRequest checked = check(minimal().put("name", name));
    Finding finding = onlyFinding(checked);
    assertThat(finding.field()).isEqualTo("name");
    assertThat(finding.message()).contains("beginning and ending with one that can be seen");
    assertThat(finding.message()).doesNotContainPattern("\\p{Cc}|[\u202e\u2028\ud800]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "7",
        ".hidden",
        "-rf",
        "(East) callback",
        "#1",
        "\ud83d\udd25 sale",
        "Call \u260e\ufe0f",
        "\"Spring\"",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "Spring sale",
        "Été 2026 – Zürich (A/B) 100 %",
        "日本",
        "Ω 🔥",
        "a..b"
      })
  void namesOfAllLanguagesAreAllowed(String name) {
    assertThat(check(minimal().put("name", name)).findings()).isEmpty();
  }

  @Test
  void findingsThatNobodyReadsAreCounted() {
    ObjectNode request = minimal();
    for (int i = 0; i < 150; i++) {
      request.put("unknown" + i, i);
    }
    CheckedRequest checked = check(request);
    assertThat(checked.findings()).hasSize(100);
    assertThat(checked.findings()).extracting(Finding::rule).containsOnly("unknownProperty");
    assertThat(checked.more()).isEqualTo(50);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Spring |ends with a space. Remove it.",
        " Spring|begins with a space. Remove it.",
        "Spring\u00a0|ends with a no-break space (U+00A0). Remove it.",
        "Spring\u3000|ends with a full-width space (U+3000).",
        "Spring\u200b|ends with an invisible zero-width space (U+200B).",
        "Spring\u200f|ends with an invisible mark for the direction of text (U+200F).",
        "\ufeffSpring|begins with an invisible byte order mark (U+FEFF).",
        "Spring\u2800|ends with an unusual space (U+2800)",
        "\u00ad|begins with an invisible soft hyphen (U+00AD)",
        "\u200b|begins with an invisible zero-width space",
        "a⏎b|has a line end as its character 2. Remove it.",
        "a␀b|has a NUL character (U+0000) as its character 2.",
        "ab\u2028c|has a line separator (U+2028) as its character 3.",
        "a\u202eb|has an invisible mark for the direction of text (U+202E) as its character 2.",
      })
  void aNameThatCannotBeReadNamesTheCharacter(String text, String said) {
    String name = text.replace('⏎', '\n').replace('␀', '\0');
    Finding finding = onlyFinding(check(minimal().put("name", name)));
    assertThat(finding.field()).isEqualTo("name");
    assertThat(finding.message()).contains(said).doesNotContainPattern("\\p{Cc}|[\u202e\u2028]");
  }

  @Test
  void aNameOfTenThousandCharactersIsRefusedWithoutRepeatingIt() {
    Finding finding = onlyFinding(check(minimal().put("name", "x".repeat(10_000))));
    assertThat(finding.rule()).isEqualTo("maxLength");
    assertThat(finding.message()).contains("10000").contains("200").hasSizeLessThan(400);
    assertThat(check(minimal().put("name", "x".repeat(200))).valid()).isTrue();
    assertThat(check(minimal().put("name", "x".repeat(201))).valid()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "../x", "pool\n", "päöl", "?x=1", "-x"})
  void anIdThatIsNoneIsRefused(String id) {
    assertThat(onlyFinding(check(minimal().put("agentPoolId", id))).field())
        .isEqualTo("agentPoolId");
    assertThat(onlyFinding(check(minimal().put("contactListId", id))).field())
        .isEqualTo("contactListId");
  }

  @Test
  void anExternalIdMayBeAnythingPrintable() {
    assertThat(check(minimal().put("externalId", "../ order #17 / ü")).valid()).isTrue();
    assertThat(check(minimal().put("externalId", "tab\t")).valid()).isFalse();
    assertThat(check(minimal().put("externalId", "x".repeat(201))).valid()).isFalse();
    assertThat(check(minimal().put("externalId", "")).valid()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'schedule':{'startHour':24}|schedule.startHour|maximum",
        "'schedule':{'startHour':-1}|schedule.startHour|minimum",
        "'schedule':{'startHour':9.5}|schedule.startHour|type",
        "'schedule':{'endHour':0}|schedule.endHour|minimum",
        "'schedule':{'endHour':25}|schedule.endHour|maximum",
        "'schedule':{'daysOfWeek':[]}|schedule.daysOfWeek|minItems",
        "'schedule':{'daysOfWeek':['Montag']}|schedule.daysOfWeek[0]|enum",
        "'schedule':{'daysOfWeek':['MON','MON']}|schedule.daysOfWeek|uniqueItems",
        "'schedule':{'daysOfWeek':['MON','MONDAY']}|schedule.daysOfWeek|uniqueItems",
        "'schedule':{'daysOfWeek':['Monday','MON']}|schedule.daysOfWeek|uniqueItems",
        "'schedule':{'daysOfWeek':'MON'}|schedule.daysOfWeek|type",
        "'schedule':[]|schedule|type",
        "'pacing':{'maxCallsPerSecond':0}|pacing.maxCallsPerSecond|exclusiveMinimum",
        "'pacing':{'maxAttemptsPerNumber':0}|pacing.maxAttemptsPerNumber|minimum",
        "'pacing':{'maxAttemptsPerNumber':51}|pacing.maxAttemptsPerNumber|maximum",
        "'pacing':{'retryIntervalMinutes':10081}|pacing.retryIntervalMinutes|maximum",
        "'compliance':{'respectDnc':'yes'}|compliance.respectDnc|type",
        "'compliance':{'maxDailyCallsPerNumber':101}|compliance.maxDailyCallsPerNumber|maximum",
        "'dialerStrategy':'ROBO'|dialerStrategy|enum",
        "'dialerStrategy':'predictive'|dialerStrategy|enum",
        "'policy':'../x'|policy|pattern",
        "'contactListId':null|contactListId|type",
        "'externalWebhookUrl':''|externalWebhookUrl|minLength",
        "'activateAt':5|activateAt|type",
      })
  void aValueOutsideTheSchemaIsNamedWithItsRule(String properties, String field, String rule) {
    Finding finding = onlyFinding(checkWith(properties));
    assertThat(finding.field()).isEqualTo(field);
    assertThat(finding.rule()).isEqualTo(rule);
    assertThat(finding.message()).startsWith(field);
  }

  @Test
  void allFindingsComeTogetherThoseOfTheShapeAndThoseOfTheRules() {
    CheckedRequest checked =
        check(
            json(
                "{'name':'../x','timeZone':'Mars/Base','pacingLimit':'10','schdule':{},"
                    + "'schedule':{'startHour':17,'endHour':9},'policy':'mars',"
                    + "'externalWebhookUrl':'file:///etc/passwd','activateAt':'yesterday'}"));
    assertThat(checked.findings())
        .extracting(Finding::field, Finding::rule)
        .containsExactlyInAnyOrder(
            tuple("name", "pattern"),
            tuple("agentPoolId", "required"),
            tuple("pacingLimit", "type"),
            tuple("schdule", "unknownProperty"),
            tuple("timeZone", "timeZone.iana"),
            tuple("schedule.endHour", "schedule.hours"),
            tuple("policy", "policy.unknown"),
            tuple("externalWebhookUrl", "externalWebhookUrl.address"),
            tuple("activateAt", "activateAt.format"));
    assertThat(checked.request()).isNull();
    assertThat(checked.payload()).isNull();
    assertThat(checked.policy()).isNull();
  }

  @Test
  void aThousandWrongKeysGiveAHundredFindings() {
    ObjectNode request = minimal();
    for (int i = 0; i < 1000; i++) {
      request.put("wrong" + i, i);
    }
    CheckedRequest checked = check(request);
    assertThat(checked.findings()).hasSize(100);
    assertThat(checked.more()).isEqualTo(900);
  }

  @Test
  void aBadValueIsShownShortAndEscaped() {
    String zone = "\u001b[31m" + "x".repeat(50);
    assertThat(onlyFinding(check(minimal().put("timeZone", zone))).message())
        .contains("\\u001b[31mxxx");
    assertThat(Plain.escaped("y".repeat(81))).hasSize(80).endsWith("y...");
    assertThat(Plain.escaped("y".repeat(80))).isEqualTo("y".repeat(80));
  }

  private static Finding onlyFinding(CheckedRequest checked) {
    assertThat(checked.findings()).hasSize(1);
    return checked.findings().get(0);
  }
}
