package io.campaignroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.access.By;
import io.campaignroutes.campaign.InvalidRequestException;
import io.campaignroutes.campaign.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiRequestTest {

  private static ApiRequest preferring(String prefer) {
    return new ApiRequest(null, By.ANONYMOUS, Map.of(), prefer, null, null, new byte[0]);
  }

  private static ApiRequest asking(String name, String value) {
    String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
    return asking(name, List.of(encoded));
  }

  private static ApiRequest asking(String name, List<String> values) {
    return new ApiRequest(null, By.ANONYMOUS, Map.of(name, values), null, null, null, new byte[0]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=5|5000",
        "wait=0|0",
        "wait = 7|7000",
        "wait=\"9\"|9000",
        "respond-async, wait=10|10000",
        "respond-async;wait=10|10000",
        "handling=lenient wait=3|3000",
        "wait=300|300000",
        "wait=301|300000",
        "wait=99999999999|300000"
      })
  void thePreferredWaitIsReadAndCutToFiveMinutes(String prefer, long millis) {
    assertThat(preferring(prefer).waitMillis(60_000)).isEqualTo(millis);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "respond-async", "wait", "wait=", "wait=soon", "wait=-1", "await=5"})
  void whatIsNoWaitIsTheDefault(String prefer) {
    assertThat(preferring(prefer).waitMillis(60_000)).isEqualTo(60_000);
  }

  @Test
  void controlCharactersAreRefusedBeforeTheStoreSeesThem() {
    for (ThrowingCallable asked :
        List.<ThrowingCallable>of(
            () -> asking("after", "dlv_\u0000").after(),
            () -> asking("destination", "a\u0000").destination(),
            () -> asking("campaign", "\u0007").campaign())) {
      assertThatThrownBy(asked)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("control characters");
    }
  }

  @Test
  void aParameterThatStandsThereTwiceIsRefusedWhenItIsAskedFor() {
    ApiRequest twice = asking("status", List.of("ACTIVE", "PAUSED"));
    assertThat(twice.limit()).isEqualTo(100);
    assertThatThrownBy(twice::stage)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.findings()).extracting(f -> f.field()).containsExactly("status"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100%", "%zz", "%ff", "%c3"})
  void aParameterThatIsEncodedWronglyIsRefused(String encoded) {
    assertThatThrownBy(() -> asking("destination", List.of(encoded)).destination())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("destination");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nope",
        "cmp_",
        "dlv_01m8frtdeq10m935dqyhj9gr75",
        "cmp_01m8frtdeq10m935dqyhj9gr7",
        "cmp_01m8frtdeq10m935dqyhj9gr7u",
        "CMP_01M8FRTDEQ10M935DQYHJ9GR75"
      })
  void aPageBeginsAfterAnIdAndNothingElse(String after) {
    assertThat(asking("after", "cmp_01m8frtdeq10m935dqyhj9gr75").afterCampaign())
        .isEqualTo("cmp_01m8frtdeq10m935dqyhj9gr75");
    assertThat(asking("after", "").afterCampaign()).isNull();
    assertThatThrownBy(() -> asking("after", after).afterCampaign())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("next");
  }

  @Test
  void aListHasAHundredItemsUnlessTheCallerSaysOtherwise() {
    assertThat(preferring(null).limit()).isEqualTo(100);
    assertThat(asking("limit", "1").limit()).isEqualTo(1);
    assertThat(asking("limit", "1000").limitAndOne()).isEqualTo(1_001);
    assertThat(asking("after", "cmp_1").after()).isEqualTo("cmp_1");
    assertThat(preferring(null).after()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1001", "ten", "1e2", "99999999999", " 5"})
  void aLimitThatIsNoneIsNamed(String limit) {
    assertThatThrownBy(() -> asking("limit", limit).limit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.findings()).extracting(f -> f.field()).containsExactly("limit"));
  }

  @Test
  void aStageIsReadInEitherCaseAndAnUnknownOneIsNamed() {
    assertThat(asking("status", "active").stage()).isEqualTo(Stage.ACTIVE);
    assertThat(asking("status", "FAILED").stage()).isEqualTo(Stage.FAILED);
    assertThat(asking("status", " ").stage()).isNull();
    assertThat(preferring(null).stage()).isNull();
    assertThatThrownBy(() -> asking("status", "dialing").stage())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("ACTIVE");
  }

  @Test
  void deliveriesComeInTheirOrderUnlessTheNewestAreAskedFor() {
    assertThat(preferring(null).newestFirst()).isFalse();
    assertThat(asking("sort", "created").newestFirst()).isFalse();
    assertThat(asking("sort", "-created").newestFirst()).isTrue();
    assertThatThrownBy(() -> asking("sort", "newest").newestFirst())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("-created");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-03-02T15:00:00Z, 2026-03-02T15:00:00Z",
    "2026-03-02T15:00:00.25Z, 2026-03-02T15:00:00.250Z",
    "2026-03-02T10:00:00-05:00, 2026-03-02T15:00:00Z",
    "2026-03-02T17:00:00+02:00, 2026-03-02T15:00:00Z",
    "2026-03-02T17:00:00 02:00, 2026-03-02T15:00:00Z"
  })
  void timesHaveAnOffsetEvenWhenItsPlusBecameASpace(String given, Instant time) {
    assertThat(asking("from", given).time("from", Instant.EPOCH)).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "2026-03-02", "2026-03-02T15:00:00", "1767225600"})
  void aTimeWithoutOffsetIsRefusedByName(String given) {
    assertThat(preferring(null).time("from", Instant.EPOCH)).isEqualTo(Instant.EPOCH);
    assertThatThrownBy(() -> asking("from", given).time("from", Instant.EPOCH))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("from");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-999999999-01-01T00:00:00Z",
        "+999999999-12-31T23:59:59Z",
        "1969-12-31T23:59:59Z",
        "+10000-01-01T00:00:00Z"
      })
  void aTimeThatNobodyElseCanReadIsRefused(String time) {
    assertThatThrownBy(() -> asking("to", time).time("to", null))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("to must be a time of the years 1970 to 9999.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "cmp_1", "nullable"})
  void anIdThatIsTheWordNullReachesTheBeanOfARoute(String id) {
    var request = new ApiRequest(id, By.ANONYMOUS, Map.of(), null, null, null, new byte[0]);
    try (var context = new DefaultCamelContext()) {
      context.getRegistry().bind("echo", new Echo());
      var exchange = new DefaultExchange(context);
      exchange.setVariable("http", request);
      assertThat(
              context
                  .resolveLanguage("bean")
                  .createExpression("echo?method=of(${variable.http.id})")
                  .evaluate(exchange, String.class))
          .isEqualTo(id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says what it is given. */
  public static final class Echo {
    public String of(String id) {
      return id;
    }
  }
}
