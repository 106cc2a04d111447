package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cxone-token-fetch")
class SkillTokenRoutesTest extends RouteTest {
  private static final String ENDING = "?throwExceptionOnFailure=false <- ";
  private static final String ASKED =
      "{%sCamelHttpMethod=POST, Content-Type=<tokens.contentType>} <tokens.form>";

  SkillTokenRoutesTest() {
    super("platform/personal-connection/cxone-token-fetch");
  }

  @Override
  Map<String, Object> settings() {
    return Map.of(
        "cxone.base-url", "http://cxone.test",
        "cxone.token-url", "http://token.test",
        "cxone.access-key-url", "http://key.test",
        "cxone.discovery-url", "http://where.test");
  }

  private void answered(String url, String answer) {
    does(
        url,
        arguments -> {
          ((Exchange) arguments[0]).getMessage().setHeader("CamelHttpResponseCode", 200);
          return answer;
        });
  }

  @Test
  void anAccessKeyAloneIsAskedForAndThenWhereTheApiIs() {
    answered("http://key.test", "the token");
    answered("http://where.test", "the place");
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setHeader("Authorization", "Bearer old");
    Exchange end = deliver("cxone-token-fetch", exchange);
    assertThat(calls())
        .containsExactly(
            "tokens.contentType()",
            "tokens.form()",
            "tokens.byClient()",
            "http://key.test" + ENDING + ASKED.formatted("Accept=application/json, "),
            "tokens.take(200, {Accept=application/json, CamelHttpMethod=POST,"
                + " CamelHttpResponseCode=200, Content-Type=<tokens.contentType>}, the token)",
            "http://where.test"
                + ENDING
                + "{Accept=application/json, CamelHttpMethod=GET, CamelHttpQuery=<tokens.take>}"
                + " null",
            "tokens.keepBase(200, the place)");
    assertThat(end.getMessage().getHeaders()).isEmpty();
  }

  @Test
  void aClientAsksWithBasicAuthenticationAndWhereTheApiIsMayBeKnown() {
    given("tokens.byClient", true);
    given("tokens.take", (Object) null);
    answered("http://token.test", "the token");
    send("cxone-token-fetch", null);
    assertThat(calls())
        .contains(
            "http://token.test"
                + ENDING
                + ASKED.formatted("Accept=application/json, Authorization=<tokens.basic>, "))
        .last()
        .asString()
        .startsWith("tokens.take(200");
  }

  @Test
  void anAnswerThatIsNoneIsToldToTheTokensAndNoFailureOfTheRoute() {
    given("http://key.test", new IOException("cut"));
    Exchange end = send("cxone-token-fetch", null);
    assertThat(calls()).last().isEqualTo("tokens.failed(java.io.IOException: cut)");
    assertThat(end.getException()).isNull();
    assertThat(end.getMessage().getHeaders()).isEmpty();
  }
}
