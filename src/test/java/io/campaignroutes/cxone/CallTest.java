package io.campaignroutes.cxone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallTest {
  private final CxoneApi api = TestCxone.api();

  private Call read() {
    return api.call("getCampaign", TestCxone.request(arguments()), 2);
  }

  private Call create() {
    return api.call("createCampaign", TestCxone.request(arguments()), 2);
  }

  private static ObjectNode arguments() {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode().put("remoteId", "R-1");
    arguments.putObject("payload").put("name", "Spring");
    return arguments;
  }

  private void answer(Call call, int status, String retryAfter) {
    call.answered(
        status,
        retryAfter,
        "{\"id\": \"R-1\", \"status\": \"ACTIVE\"}".getBytes(StandardCharsets.UTF_8));
  }

  /** A 5xx is thrown for the circuit breaker and comes back by its fallback. */
  private void serverError(Call call, int status, String retryAfter) {
    CxoneUnavailableException thrown =
        catchThrowableOfType(
            CxoneUnavailableException.class, () -> answer(call, status, retryAfter));
    api.failed(call, thrown);
  }

  @Test
  void aCallIsSentUntilItIsAnswered() {
    Call call = read();
    assertThat(call.again()).isTrue();
    assertThat(call.waitMillis()).isZero();
    answer(call, 200, null);
    assertThat(call.again()).isFalse();
    assertThat(api.answer(call).isObject()).isTrue();
  }

  @Test
  void aRefusedTokenIsRenewedOnceEvenForACreate() {
    for (Call call : new Call[] {read(), create()}) {
      api.carry(call, new Token("t1", 1, 2));
      assertThat(call.tokenRefused()).isFalse();
      answer(call, 401, null);
      assertThat(call.again()).isTrue();
      assertThat(call.tokenRefused()).isTrue();
      assertThat(call.token().value()).isEqualTo("t1");
      api.carry(call, new Token("t2", 1, 2));
      answer(call, 401, null);
      assertThat(call.again()).isFalse();
      assertThat(call.tokenRefused()).isFalse();
      assertThatThrownBy(() -> api.answer(call))
          .isInstanceOf(CxoneRefusedException.class)
          .hasMessageContaining("401");
    }
  }

  @Test
  void aShortRetryAfterIsWaitedForAndAReadIsSentAgain() {
    Call call = read();
    answer(call, 429, "1");
    assertThat(call.again()).isTrue();
    assertThat(call.tokenRefused()).isFalse();
    assertThat(call.waitMillis()).isBetween(1_000L, 1_101L);
    assertThat(call.holdOthers()).isEqualTo(Duration.ofSeconds(1));
    answer(call, 200, null);
    assertThat(call.again()).isFalse();
    assertThat(call.holdOthers()).isNull();
    api.answer(call);
  }

  @Test
  void aLongRetryAfterIsTheCallersToPlan() {
    String date =
        ZonedDateTime.now(ZoneOffset.UTC)
            .plusSeconds(60)
            .format(DateTimeFormatter.RFC_1123_DATE_TIME);
    for (String header : new String[] {"60", date}) {
      Call call = read();
      answer(call, 429, header);
      assertThat(call.again()).isFalse();
      assertThat(call.holdOthers()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
      CxoneUnavailableException throttled = failure(call);
      assertThat(throttled.kind()).isEqualTo(Kind.THROTTLED);
      assertThat(throttled.retryAfter()).isEqualTo(call.holdOthers());
      assertThat(throttled.maybeDone()).isFalse();
      assertThat(throttled.answered()).isFalse();
    }
  }

  @Test
  void a429WithoutRetryAfterBacksOff() {
    Call call = read();
    answer(call, 429, null);
    assertThat(call.again()).isTrue();
    assertThat(call.waitMillis()).isBetween(100L, 150L);
    answer(call, 429, null);
    assertThat(call.waitMillis()).isBetween(150L, 225L);
    answer(call, 429, null);
    assertThat(call.again()).as("two repeats are allowed").isFalse();
    assertThat(failure(call).retryAfter()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 500, 502, 503, 504})
  void aReadIsSentAgainAfterAServerErrorAsOftenAsAllowed(int status) {
    Call call = read();
    serverError(call, status, null);
    assertThat(call.again()).isTrue();
    assertThat(call.waitMillis()).isPositive();
    serverError(call, status, null);
    assertThat(call.again()).isTrue();
    serverError(call, status, null);
    assertThat(call.again()).isFalse();
    CxoneUnavailableException failure = failure(call);
    assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(failure.answered()).isTrue();
    assertThat(failure.maybeDone()).isTrue();
    assertThat(failure).hasMessageContaining(String.valueOf(status));
  }

  @Test
  void aCreateIsNeverSentAgainWhenItsAnswerIsNoneOrLost() {
    Call failed = create();
    serverError(failed, 503, "0");
    assertThat(failed.again()).isFalse();
    assertThat(failure(failed).maybeDone()).isTrue();

    Call cut = create();
    api.failed(cut, new IOException("connection reset"));
    assertThat(cut.again()).isFalse();
    assertThat(failure(cut).maybeDone()).isTrue();
    assertThat(failure(cut).answered()).isFalse();

    Call throttled = create();
    answer(throttled, 429, "0");
    assertThat(throttled.again()).isFalse();
    assertThat(failure(throttled).maybeDone()).isFalse();
  }

  @Test
  void aCutReadIsSentAgainAndItsFailureSaysWhatHappened() {
    Call call = read();
    api.failed(call, new IllegalStateException(new IOException("Connection reset by peer")));
    assertThat(call.again()).isTrue();
    answer(call, 200, null);
    assertThat(api.answer(call)).isNotNull();

    Call lost = api.call("getCampaign", TestCxone.request(arguments()), 0);
    api.failed(lost, new IllegalStateException(new IOException("Connection reset by peer")));
    assertThat(failure(lost)).hasMessageContaining("getCampaign", "Connection reset by peer");
    assertThat(failure(lost).kind()).isEqualTo(Kind.UNREACHABLE);
  }

  @Test
  void whatTheOpenCircuitBreakerHoldsBackWasNotSent() {
    Call call = create();
    api.failed(call, null);
    assertThat(call.again()).isFalse();
    assertThat(failure(call).kind()).isEqualTo(Kind.HELD_BACK);
    assertThat(failure(call).maybeDone()).isFalse();
    assertThat(failure(call).retryAfter()).isPositive();
  }

  @Test
  void aFailureOfOurOwnIsKeptAsItIs() {
    Call call = create();
    CxoneUnavailableException none =
        new CxoneUnavailableException(Kind.CREDENTIALS, "No token.", null, null);
    api.failed(call, none);
    assertThat(failure(call)).isSameAs(none);
    assertThat(call.again()).isFalse();
  }

  @Test
  void aRedirectIsNotFollowed() {
    Call call = read();
    answer(call, 302, null);
    assertThat(call.again()).isFalse();
    assertThat(failure(call)).hasMessageContaining("302", "CXONE_BASE_URL");
  }

  @Test
  void aPageInsteadOfJsonIsNoAnswer() {
    Call call = read();
    call.answered(200, null, "<html>".getBytes(StandardCharsets.UTF_8));
    assertThat(failure(call)).hasMessageContaining("is not JSON");
  }

  @Test
  void anAnswerThatNestsDeeperThanCouldBeToldOfIsNone() {
    Call call = read();
    String deep = "{\"a\":".repeat(101) + "1" + "}".repeat(101);
    call.answered(200, null, deep.getBytes(StandardCharsets.UTF_8));
    assertThat(failure(call)).hasMessageContaining("nested deeper");
  }

  private CxoneUnavailableException failure(Call call) {
    return catchThrowableOfType(CxoneUnavailableException.class, () -> api.answer(call));
  }

  @Test
  void aCallThatAStopKeptFromBeingSentIsNoAnswer() {
    for (Call call : new Call[] {read(), create()}) {
      CxoneUnavailableException stopped =
          catchThrowableOfType(CxoneUnavailableException.class, () -> api.answer(call));
      assertThat(stopped.kind()).isEqualTo(Kind.STOPPING);
      assertThat(stopped.maybeDone()).isFalse();
    }
    Call unauthorised = create();
    answer(unauthorised, 401, null);
    assertThatThrownBy(() -> api.answer(unauthorised))
        .asInstanceOf(type(CxoneUnavailableException.class))
        .extracting(CxoneUnavailableException::kind)
        .isEqualTo(Kind.STOPPING);
    Call read = read();
    read.failed(new IOException("reset"));
    assertThat(read.again()).isTrue();
    assertThatThrownBy(() -> api.answer(read)).hasMessageContaining("reset");
  }
}
