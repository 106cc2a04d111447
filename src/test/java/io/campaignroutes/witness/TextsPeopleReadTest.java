package io.campaignroutes.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsPeopleReadTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "It failed: io.campaignroutes.campaign.Launch$Step@1f2e3d",
        "java.net.ConnectException: Connection refused",
        "NullPointerException",
        "the step broke (ZipException: Not in GZIP format)",
        "\tat io.campaignroutes.http.Answers.view(Answers.java:17)",
        "Caused by: broken pipe",
        "bound as `com.fasterxml.jackson.databind.JsonNode`",
        "update campaign set remote_id = ? where id = ?",
        "insert into campaign_stage (campaign_id) values (?)",
        "[SQLITE_FULL] The database or disk is full",
        "UNIQUE constraint failed: campaign.remote_id",
        "ERROR: duplicate key value violates unique constraint",
        "Failed to obtain JDBC Connection",
        "(start marker at [Source: REDACTED",
        "enable `JsonReadFeature.ALLOW_NAN` to allow",
        "Feature 'ALLOW_COMMENTS' not enabled",
        "Illegal character ((CTRL-CHAR, code 31))",
        "Unexpected character ('x' (code 120)): was expecting double-quote",
        "Invalid UTF-8 start byte 0x80",
        "Content-Type 'null' is not supported.",
        "The event of null is parked.",
        "waited for null",
        "CXone refused createCampaign (400):",
        "CXone refused createCampaign (400): . Try again.",
        "It has ended ().",
        "The reason is ''.",
        "The field ${name} is missing.",
        "{{cxone.base-url}} is no address",
        "%s is unknown",
        "Rate: NaN calls/s",
        "a colour \u001b[31m",
        "a bell \u0007",
        "a right-to-left \u202e override",
        "a next line \u0085",
        "\ufeffa mark"
      })
  void aTextWithInsidesIsFound(String text) {
    assertThat(TextsPeopleRead.faults(text)).as(text).isNotEmpty();
  }

  /** One of the same form that is found has nothing to do with one that was not. */
  @ParameterizedTest
  @CsvSource({
    "Stage Step$1@1234 was seen., Stage Step$1@12345 was seen.",
    "Campaign cmp_01m872 has ended with 5., Campaign cmp_01m872 has ended with null.",
    "Invalid UTF-9 start byte 1, Invalid UTF-8 start byte 1",
    "A size (1x20), A size (0x20)",
    "The key is abcdefabcdefabcdefabcdefabcdefab., The key Step$1@abcdefabcdefabcdefabcdefabcdefab."
  })
  void whatWasFoundBlamelessHidesNothing(String plain, String faulty) {
    assertThat(TextsPeopleRead.faults(plain)).isEmpty();
    assertThat(TextsPeopleRead.faults(plain)).isEmpty();
    assertThat(TextsPeopleRead.faults(faulty)).isNotEmpty();
    assertThat(TextsPeopleRead.faults(faulty)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Campaign cmp_01m872ngs5yb6xhhc399w57w68 was launched.",
        "Not dialing: outside calling hours until 09:00 Europe/Berlin.",
        "schedule.endHour is 5 and must be above startHour (9).",
        "CXONE_BASE_URL is not set. To try the service: mvn spring-boot:run",
        "Set spring.datasource.url, or pacing.platform.rate-step.",
        "CAMPAIGN_ERROR: CONTACT_LIST_EMPTY. Add contacts.",
        "Select another pool from the list, or update the campaign.",
        "Each column is a string, not null.",
        "Held: 3.2 % of the calls (32 of 1,000) met no agent."
      })
  void aPlainTextIsLeftAlone(String text) {
    assertThat(TextsPeopleRead.faults(text)).isEmpty();
  }

  @Test
  void whatOthersHaveWrittenIsTheirs() {
    assertThat(
            TextsPeopleRead.faultsOfDocument(
                "{\"name\": \"null\", \"request\": {\"name\": \"${x}\"}, \"detail\": \"All is"
                    + " well.\"}"))
        .isEmpty();
    assertThat(
            TextsPeopleRead.faultsOfDocument(
                "{\"errors\": [{\"message\": \"'null' is no name\"}]}"))
        .singleElement()
        .asString()
        .startsWith(".errors[].message");
  }

  @Test
  void ofALogLineTheTextCounts() {
    LogLines lines = new LogLines();
    assertThat(lines.faults("10:00:00.123 INFO  LeaseLostException         Ready. [cmp_1]"))
        .isEmpty();
    assertThat(lines.faults("10:00:00.123 WARN  Launch                     It failed:"))
        .isNotEmpty();
    assertThat(lines.faults("java.lang.IllegalStateException: no")).isNotEmpty();
    assertThat(lines.faults("10:00:00.123 DEBUG Launch                     It broke:")).isEmpty();
    assertThat(lines.faults("java.lang.IllegalStateException: no"))
        .as("below a line for programmers")
        .isEmpty();
  }

  @Test
  void aTraceIsForAFaultOfTheProgramAlone() {
    LogLines lines = new LogLines();
    String trace = "\tat io.campaignroutes.http.Answers.view(Answers.java:17)";
    lines.faults("10:00:00.123 ERROR Launch                     Step settle broke.");
    assertThat(lines.faults(trace)).isEmpty();
    lines.faults("10:00:00.123 WARN  Launch                     CXone is away.");
    assertThat(lines.faults(trace)).isNotEmpty();
  }

  @Test
  void aLogOfJsonIsReadToo() {
    LogLines lines = new LogLines();
    String line = "{\"log\": {\"level\": \"%s\"}, \"message\": \"It broke:\"}";
    assertThat(lines.faults(line.formatted("INFO"))).isNotEmpty();
    assertThat(lines.faults(line.formatted("DEBUG"))).isEqualTo(List.of());
  }
}
