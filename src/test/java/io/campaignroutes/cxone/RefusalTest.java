package io.campaignroutes.cxone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
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
            TestCxone.request(
                JsonNodeFactory.instance
                    .objectNode()
                    .set("payload", JsonNodeFactory.instance.objectNode())),
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
        "{'message':'Invalid','errors':[{'field':'pacing','message':'too fast'}]}|: Invalid;"
            + " pacing: too fast",
        "{'errors':['one','two']}|: one; two",
        "{'errors':{'name':['is taken','is odd'],'pool':'none'}}|: name: is taken; name: is odd;"
            + " pool: none",
        "{'errors':{'name':[{'message':'is taken'}]}}|: name: is taken",
        "{'errorCode':'The pool is locked'}|: The pool is locked",
        "{'error':{'code':'The pool is locked'}}|: The pool is locked",
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
        "<html><body><h1>No</h1><script>alert(1)</script> &amp; <b>never</b></body></html>|: No &"
            + " never",
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
    assertThat(said(400, "Bearer error_description=\"list \\\"A\\\" is locked\"", ""))
        .endsWith(": list \"A\" is locked");
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
  void secretsOfOthersAndSecretsInEntitiesAreMasked() {
    for (String text :
        List.of(
            "Authorization: Token hunter2hunter2 refused",
            "Authorization: Digest username='x', response='hunter2hunter2'",
            "{'headers':{'Authorization':'ApiKey hunter2hunter2'}}",
            "Cookie: a=1; JSESSIONID=hunter2hunter2",
            "see https://user:hunter2hunter2@host/x",
            "client_secret%3Dhunter2hunter2",
            "pwd=hunter2hunter2",
            "<p>t0ken&#39;of</p> sessionId=hunter2hunter2")) {
      assertThat(said(400, null, text)).doesNotContain("hunter2").contains("***");
    }
    Refusal refusal =
        Refusal.of(
            "<p>not a&amp;b&#39;c!</p>".getBytes(StandardCharsets.UTF_8),
            body -> body,
            null,
            List.of("a&b'c!"));
    assertThat(refusal.text()).isEqualTo("not ***");
  }

  @Test
  void jsonWithinATextIsReadAndALongBodyToItsEnd() {
    assertThat(
            said(
                400,
                null,
                "{'message':'{\\u0022error\\u0022:{\\u0022message\\u0022:\\u0022full\\u0022}}'}"))
        .endsWith("(400): full");
    assertThat(said(400, null, "{'message':'{odd'}")).endsWith("(400): {odd");
    assertThat(said(400, null, "{'x':'" + "y".repeat(50_000) + "','message':'last'}"))
        .endsWith("(400): last");
  }

  @Test
  void whatIsNoTextIsNoReason() {
    byte[] packed = new byte[200];
    new Random(7).nextBytes(packed);
    assertThat(refused(400, null, packed)).hasMessageEndingWith("(400) without a reason.");
  }

  @Test
  void aPageInThePlaceOfARefusedScopeMayBeAnothers() {
    assertThat(said(403, null, "<html><body>Blocked</body></html>"))
        .contains("proxy or firewall", "campaign:manage")
        .endsWith("CXone says: Blocked");
  }

  @Test
  void otherEncodingsAreRead() {
    byte[] latin = "{\"message\":\"gel\u00f6scht\"}".getBytes(Charset.forName("ISO-8859-1"));
    assertThat(refused(400, null, latin)).hasMessageContaining("gel\u00f6scht");
  }

  @Test
  void aFailureIsToldWithItsReasonToo() {
    Call call =
        api.call(
            "getCampaign",
            TestCxone.request(JsonNodeFactory.instance.objectNode().put("remoteId", "1")),
            0);
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
