package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.cxone.CxoneUnavailableException;
import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cxone-token")
@Tag("cxone-token-fetch")
class CxoneTokenRoutesTest extends RouteTest {
  static final String URL = "http://cxone.test/oauth/token";
  static final String ASKED = URL + "?throwExceptionOnFailure=false <- ";
  static final String HEADERS =
      "CamelHttpMethod=POST, Content-Type=application/x-www-form-urlencoded";

  CxoneTokenRoutesTest() {
    super("platform/cxone-token", "platform/v2/cxone-token-fetch");
  }

  @Test
  void aTokenThatCanBeUsedIsTheAnswer() {
    Exchange end = send("cxone-token", "before");
    assertThat(calls()).containsExactly("tokens.currentOrTurn()");
    assertThat(end.getMessage().getBody()).hasToString("<tokens.currentOrTurn>");
  }

  @Test
  void whoeverHasTheTurnFetchesOne() {
    given("tokens.currentOrTurn", (Object) null);
    given("direct:cxone-token-fetch", "fetched");
    Exchange end = send("cxone-token", "before");
    assertThat(calls())
        .containsExactly(
            "tokens.currentOrTurn()", "direct:cxone-token-fetch <- null", "tokens.fetched()");
    assertThat(end.getMessage().getBody()).hasToString("<tokens.fetched>");
  }

  @Test
  void noTokenIsAFailureOfWhoeverAsked() {
    var none =
        new CxoneUnavailableException(
            CxoneUnavailableException.Kind.NO_TOKEN, "no token", null, null);
    given("tokens.currentOrTurn", none);
    assertLeftToTheCaller(send("cxone-token", null), none);
  }

  @Test
  void aTokenIsAskedForWithNothingOfTheCallAndKept() {
    does(
        URL,
        arguments -> {
          ((Exchange) arguments[0]).getMessage().setHeader("CamelHttpResponseCode", 200);
          return "the token";
        });
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setHeader("Authorization", "Bearer old");
    Exchange end = deliver("cxone-token-fetch", exchange);
    assertThat(calls())
        .containsExactly(
            "tokens.form()",
            ASKED + "{Accept=application/json, " + HEADERS + "} <tokens.form>",
            "tokens.keep(200, {Accept=application/json, CamelHttpMethod=POST,"
                + " CamelHttpResponseCode=200, Content-Type=application/x-www-form-urlencoded},"
                + " the token)");
    assertThat(end.getMessage().getHeaders()).isEmpty();
  }

  @Test
  void anAnswerThatIsNoneIsToldToTheTokensAndNoFailureOfTheRoute() {
    given(URL, new IOException("cut"));
    Exchange end = send("cxone-token-fetch", null);
    assertThat(calls()).last().isEqualTo("tokens.failed(java.io.IOException: cut)");
    assertThat(end.getException()).isNull();
    assertThat(end.getMessage().getHeaders()).isEmpty();
  }

  @Test
  void aTurnThatCannotEvenEndIsAFailureOfWhoeverAsked() {
    IllegalStateException odd = new IllegalStateException("odd");
    given(URL, new IOException("cut"));
    given("tokens.failed", odd);
    assertLeftToTheCaller(send("cxone-token-fetch", null), odd);
  }

  @Test
  void aTokenIsRenewedOnceItIsDue() {
    given("tokens.due", false, true);
    given("direct:cxone-token", "token");
    send("cxone-token-refresh", null);
    send("cxone-token-refresh", null);
    assertThat(calls())
        .containsExactly("tokens.due()", "tokens.due()", "direct:cxone-token <- null");
    assertThat(from("cxone-token-refresh"))
        .isEqualTo("scheduler:cxone-token-refresh?delay=1000&initialDelay=1000&synchronous=true");
  }

  @Test
  void aRenewalThatFailsIsTriedAgain() {
    given("tokens.due", true);
    given(
        "direct:cxone-token",
        new CxoneUnavailableException(
            CxoneUnavailableException.Kind.NO_TOKEN, "no token", null, null),
        new IllegalStateException("odd"));
    assertThat(send("cxone-token-refresh", null).getException()).isNull();
    assertThat(calls()).last().isEqualTo("DEBUG The token could not be renewed early: no token");
    given("tokens.due", new IllegalStateException("odd"));
    assertThat(send("cxone-token-refresh", null).getException()).isNull();
    assertThat(calls())
        .last()
        .isEqualTo("WARN cxone-token-refresh failed and is tried again with the next tick: odd");
  }
}
