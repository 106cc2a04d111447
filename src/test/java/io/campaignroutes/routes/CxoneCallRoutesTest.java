package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.cxone.Call;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.TestRefusals;
import io.campaignroutes.cxone.Token;
import io.campaignroutes.cxone.Urgency;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.component.resilience4j.ResilienceProcessor;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("cxone-call")
class CxoneCallRoutesTest extends RouteTest {
  private static final String SENT =
      "http://cxone.test?throwExceptionOnFailure=false&headerFilterStrategy=#cxoneHeaders <- ";
  private static final CxoneRefusedException REFUSED = new CxoneRefusedException(400, "X", "no");

  CxoneCallRoutesTest() {
    super("platform/cxone-call");
  }

  /** A call that is sent so many times. */
  private static Call call(int times, Map<String, ?> says) {
    int[] sent = {0};
    Map<String, Object> all = new HashMap<>();
    all.put("urgency", Urgency.LAUNCH);
    all.put("dueSince", 7L);
    all.put("again", (Supplier<Boolean>) () -> sent[0]++ < times);
    all.put("waitMillis", 0L);
    all.putAll(says);
    return value(Call.class, "call", all);
  }

  @Test
  void aCallTakesItsTurnAndItsTokenAndIsSentUntilItIsDone() {
    given("direct:cxone-token", token("one"), token("two"));
    given("direct:cxone-send", "sent");
    Exchange end = send("cxone-call", call(2, Map.of()));
    assertThat(calls())
        .containsExactly(
            "callBudget.take(LAUNCH, 7)",
            "direct:cxone-token <- call",
            "cxoneApi.carry(call, one)",
            "direct:cxone-send <- call",
            "callBudget.take(LAUNCH, 7)",
            "direct:cxone-token <- sent",
            "cxoneApi.carry(call, two)",
            "direct:cxone-send <- call",
            "cxoneApi.answer(call)");
    assertThat(end.getMessage().getBody()).hasToString("\"<cxoneApi.answer>\"");
  }

  private static Token token(String name) {
    return value(Token.class, name, Map.of());
  }

  @Test
  void aTokenThatWasRefusedIsDroppedFirst() {
    given("direct:cxone-token", token("new"));
    given("direct:cxone-send", "sent");
    send("cxone-call", call(1, Map.of("tokenRefused", true, "token", token("old"))));
    assertThat(calls())
        .startsWith("tokens.drop(old)", "callBudget.take(LAUNCH, 7)", "direct:cxone-token <- call");
  }

  @Test
  void aRepeatWaitsOnItsOwnThread() {
    given("direct:cxone-token", token("one"));
    given("direct:cxone-send", "sent");
    Thread[] on = new Thread[1];
    does(
        "callBudget.take",
        arguments -> {
          on[0] = Thread.currentThread();
          return null;
        });
    long begun = System.nanoTime();
    send("cxone-call", call(1, Map.of("waitMillis", 60L)));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(59));
    assertThat(on[0]).isSameAs(Thread.currentThread());
  }

  @ParameterizedTest
  @CsvSource({"cxone-call, callBudget.take", "cxone-send, callBudget.answered"})
  void aFailureIsLeftToWhoeverCalls(String route, String call) {
    given(call, REFUSED);
    assertLeftToTheCaller(send(route, call(1, Map.of())), REFUSED);
  }

  /** An address that CXone has moved the tenant from answers 404 to everything. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void thatSomethingIsNotThereIsBelievedOnceTheApiIsSeenToBe(boolean there) {
    CxoneRefusedException gone = TestRefusals.unproved(404, "gone");
    CxoneUnavailableException nowhere =
        new CxoneUnavailableException(
            CxoneUnavailableException.Kind.UNREACHABLE, "nowhere", null, null);
    given("direct:cxone-token", token("one"));
    given("direct:cxone-send", "sent");
    given("cxoneApi.answer", gone);
    given("direct:cxone-call", there ? "there" : nowhere);
    given("cxoneApi.refuse", gone);
    Exchange end = send("cxone-call", call(1, Map.of()));
    assertThat(calls())
        .containsSubsequence(
            "cxoneApi.answer(call)",
            "cxoneApi.callApiThere(call, 1)",
            "direct:cxone-call <- <cxoneApi.callApiThere>");
    assertLeftToTheCaller(end, there ? gone : nowhere);
  }

  @Test
  void whatIsSentIsTheCallAndNothingOfTheAnswerStaysBehind() {
    does("cxoneRequest.process", CxoneCallRoutesTest::request);
    does(
        "http://cxone.test",
        arguments -> {
          Exchange exchange = (Exchange) arguments[0];
          exchange.getMessage().setHeader("Secret", "of CXone");
          return "answer";
        });
    Exchange end =
        send("cxone-send", call(1, Map.of("status", 429, "holdOthers", Duration.ofSeconds(3))));
    assertThat(calls())
        .containsExactly(
            "cxoneRequest.process(call)",
            SENT + "{CamelHttpPath=/calls} the body",
            "cxoneAnswer.process({CamelHttpPath=/calls, Secret=of CXone} answer)",
            "callBudget.answered(429, PT3S)");
    assertThat(end.getMessage().getHeaders()).isEmpty();
    assertThat(end.getVariable("call")).hasToString("call");
  }

  private static Object request(Object[] arguments) {
    Exchange exchange = (Exchange) arguments[0];
    exchange.getMessage().setHeader(Exchange.HTTP_PATH, "/calls");
    exchange.getMessage().setBody("the body");
    return null;
  }

  /** Its marks would make whoever called take the failure for its own, or not see its own. */
  @Test
  void aCallThatFailedIsNotedAndLeavesNoMark() {
    IOException cut = new IOException("cut");
    given("http://cxone.test", cut);
    Exchange exchange = new DefaultExchange(context);
    exchange.getMessage().setBody(call(1, Map.of()));
    Exchange end = deliver("cxone-send", exchange);
    assertThat(calls())
        .containsExactly(
            "cxoneRequest.process(call)",
            SENT + "call",
            "cxoneApi.failed(call, java.io.IOException: cut)",
            "callBudget.answered(0, null)");
    assertThat(end.getException()).isNull();
    assertThat(end.getProperty("CamelExceptionHandled")).isNull();
    assertThat(end.getProperty(Exchange.EXCEPTION_CAUGHT)).isNull();
  }

  @Test
  void aFaultOfCxoneIsAFailureForTheBreaker() {
    given("http://cxone.test", "answer");
    given("cxoneAnswer.process", new IllegalStateException("503"));
    send("cxone-send", call(1, Map.of()));
    assertThat(calls()).contains("cxoneApi.failed(call, java.lang.IllegalStateException: 503)");
  }

  @Test
  void theBreakerIsSetAsTheRouteSays() {
    var breaker = context.getProcessor("cxone-breaker", ResilienceProcessor.class);
    assertThat(breaker.getCircuitBreakerSlidingWindowSize()).isEqualTo(40);
    assertThat(breaker.getCircuitBreakerMinimumNumberOfCalls()).isEqualTo(20);
    assertThat(breaker.getCircuitBreakerFailureRateThreshold()).isEqualTo(60);
    assertThat(breaker.getCircuitBreakerWaitDurationInOpenState()).isEqualTo(2);
    assertThat(breaker.getCircuitBreakerPermittedNumberOfCallsInHalfOpenState()).isEqualTo(3);
    assertThat(breaker.isCircuitBreakerTransitionFromOpenToHalfOpenEnabled()).isTrue();
  }
}
