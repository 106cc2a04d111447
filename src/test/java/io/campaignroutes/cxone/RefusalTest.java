package io.campaignroutes.cxone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
  private static final String TOKEN = "t0ken-of-the-call";

  private final CxoneApi api = TestCxone.api();

  private CxoneRefusedException refused(int status, String header, byte[] body) {
    Call call =
        api.call(
            "createCampaign",
            JsonNodeFactory.instance
                .objectNode()
                .set("payload", JsonNodeFactory.instance.objectNode()),
            0);
    api.carry(call, new Token(TOKEN, 1, 2));
    call.headers(header, null);
    call.answered(status, null, body);
    return Assertions.catchThrowableOfType(CxoneRefusedException.class, () -> api.answer(call));
  }

  private String said(int status, String header, String body) {
    return refused(status, header, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "{'message':'flat'}|: flat",
        "{'error':{'message':'deep'}}|: deep",
        "{'error':{'code':'E1','message':'deep'}}|: deep [E1]",
        "{'fault':{'detail':{'errorcode':'a.b'},'faultstring':'no'}}|: no [a.b]",
        "{'errors':[{'message':'one'},{'message':'two'}]}|: one; two",
        "{'errors':[{'field':'pacing','message':'too fast'}]}|: pacing: too fast",
        "{'message':'Invalid','errors':[{'field':'pacing','message':'too fast'}]}|: Invalid; pacing: too fast",
        "{'errors':['one','two']}|: one; two",
        "{'errors':{'name':['is taken']}}|: is taken",
        "['one','two']|: one; two",
        "[{'code':7,'description':'odd'}]|: odd [7]",
        "'just a text'|: just a text",
        "{'error':'a sentence as error'}|: a sentence as error",
        "{'error':'word','error_description':'why'}|: why [word]",
        "{'errorCode':'E5'}|: E5",
        "{'error_message':'snake'}|: snake",
        "{'Message':'capital'}|: capital",
        "{'title':'Bad','status':400,'detail':'RFC 9457'}|: RFC 9457",
        "{'grund':'anders'}|: grund: anders",
        "plain text|: plain text",
        "<html><head><title>Not\\nallowed</title></head><body>x</body></html>|: Not allowed",
        "<html><body><h1>No</h1><script>alert(1)</script> &amp; <b>never</b></body></html>|: No & never",
        "<?xml version='1.0'?><fault><reason>xml</reason></fault>|: xml",
        "{'message':'a\\u0000b\\u001b[31m\\u202ec\\r\\nd\\u2028e'}|: a b [31mc d e",
        "{'message':'<img src=x onerror=alert(1)>hello'}|: hello",
        "{'message':{'text':'object'}}|: object",
        "{'message':''}| without a reason.",
        "{}| without a reason.",
        "[]| without a reason.",
        "null| without a reason.",
        "''| without a reason.",
      })
  void aRefusalIsToldWhateverItsShape(String body, String said) {
    String text = body.equals("''") ? "" : body.replace("\\n", "\n");
    boolean json = !text.startsWith("<");
    assertThat(said(400, null, json ? body.equals("''") ? "" : body : text))
        .isEqualTo("CXone refused createCampaign (400)" + said);
  }

  @Test
  void aHeaderTellsItWhereTheBodyDoesNot() {
    assertThat(said(400, "Bearer error=\"x\", error_description=\"list is locked\"", ""))
        .isEqualTo("CXone refused createCampaign (400): list is locked");
    assertThat(said(400, "List is locked", "{}"))
        .isEqualTo("CXone refused createCampaign (400): List is locked");
    assertThat(said(400, "header", "{'message':'body'}")).endsWith(": body");
  }

  @Test
  void whatItSaysStandsBesideWhatWeSay() {
    assertThat(said(403, null, "{'message':'role missing'}"))
        .contains("campaign:manage")
        .endsWith("CXone says: role missing");
    assertThat(said(400, null, "{'errorCode':'CONTACT_LIST_EMPTY','message':'list 7'}"))
        .contains("[CONTACT_LIST_EMPTY]")
        .endsWith("CXone says: list 7");
  }

  @Test
  void itIsShortAndOnOneLine() {
    String long1 = said(400, null, "{'message':'" + "long text ".repeat(500) + "'}");
    assertThat(long1).hasSizeLessThan(350).endsWith("...");
    String code = "E\\u0000\\n\\u001b" + "x".repeat(500);
    assertThat(refused(400, null, ("{\"errorCode\":\"" + code + "\"}").getBytes()).code())
        .hasSizeLessThanOrEqualTo(60)
        .doesNotContainPattern("\\p{Cntrl}");
  }

  @Test
  void secretsAreMasked() {
    for (String secret :
        List.of(
            TOKEN,
            "hook-secret",
            "Bearer abcdefgh12345",
            "Basic QWxhZGRpbjpvcGVu",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
            "client_secret=hunter2hunter2",
            "access_token: hunter2hunter2")) {
      String value = secret.replaceFirst("^(Bearer |Basic |client_secret=|access_token: )", "");
      for (String body :
          List.of(
              "{'message':'refused " + secret + " here'}",
              "{'error':{'message':'" + secret + "'}}",
              "plain " + secret,
              "<title>" + secret + "</title>")) {
        assertThat(said(400, null, body)).doesNotContain(value).contains("***");
      }
      assertThat(said(400, "no: " + secret, "")).doesNotContain(value).contains("***");
    }
    assertThat(said(400, null, "{'clientSecret':'hunter2hunter2'}")).doesNotContain("hunter2");
  }

  @Test
  void otherEncodingsAreRead() {
    byte[] latin = "{\"message\":\"gel\u00f6scht\"}".getBytes(Charset.forName("ISO-8859-1"));
    assertThat(refused(400, null, latin)).hasMessageContaining("gel\u00f6scht");
  }

  @Test
  void aFailureIsToldWithItsReasonToo() {
    Call call =
        api.call("getCampaign", JsonNodeFactory.instance.objectNode().put("remoteId", "1"), 0);
    assertThat(
            Assertions.catchThrowableOfType(
                CxoneUnavailableException.class,
                () ->
                    call.answered(
                        503,
                        null,
                        "<title>Closed for repairs</title>".getBytes(StandardCharsets.UTF_8))))
        .hasMessage("CXone failed to answer getCampaign (503): Closed for repairs");
  }
}
