package io.campaignroutes.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.campaignroutes.text.Json;
import io.campaignroutes.text.UnreadableJsonException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestJsonTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aByteOrderMarkInFrontIsPassedOver() {
    assertThat(RequestJson.read(bytes("\ufeff{\"a\":1}")).path("a").asInt()).isEqualTo(1);
    assertThat(Json.eventFields(bytes("\ufeff{\"a\":1}"), Set.of("a")).path("a").asInt())
        .isEqualTo(1);
  }

  @Test
  void requestsAndEventsAreReadInUtf8Only() {
    for (String name : List.of("UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE")) {
      byte[] wide = "{\"a\":1}".getBytes(Charset.forName(name));
      assertThatThrownBy(() -> RequestJson.read(wide))
          .hasMessageContaining("is in " + name.substring(0, 6));
      assertThatThrownBy(() -> Json.eventFields(wide, Set.of("a")))
          .isInstanceOf(UnreadableJsonException.class)
          .hasMessageContaining("is in " + name.substring(0, 6));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a\":NaN}",
        "{\"a\":+3}",
        "{}{}",
        "[1,]",
        "{'a':1}",
        "//\n{}",
        "\u201c"
      })
  void whatIsNotJsonIsSaidWithoutAWordOfAParser(String text) {
    for (Throwable thrown :
        List.of(
            catchThrowableOfType(
                UnreadableJsonException.class, () -> RequestJson.read(bytes(text))),
            catchThrowableOfType(
                UnreadableJsonException.class, () -> Json.eventFields(bytes(text), Set.of())))) {
      assertThat(thrown.getMessage())
          .doesNotContainPattern(
              "(?i)jackson|feature|token|enable|\\bSource\\b|CTRL|marker|\\bChar\\b");
    }
  }

  @Test
  void tooMuchIsSaidAsSuch() {
    assertThatThrownBy(() -> RequestJson.read(bytes("[" + "1,".repeat(10_000) + "1]")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("more than 10,000 names and values");
    assertThatThrownBy(() -> RequestJson.read(bytes("[".repeat(2_000))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("More than 1,000 objects and lists lie within each other");
    assertThatThrownBy(() -> RequestJson.read(bytes("[" + "1".repeat(2_000) + "]")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("A number has more than 1,000 digits");
  }
}
