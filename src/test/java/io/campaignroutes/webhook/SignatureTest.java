package io.campaignroutes.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {

  /**
   * The vector that the specification's reference libraries are tested by; the key of its own
   * example has fewer bytes than it asks for.
   */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw | msg_p5jXN8AQM9LWM0D4loKWxJek | 1614265330 |"
            + " `{\"test\": 2432232314}` | v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
      })
  void theVectorOfTheReferenceLibrariesComesOut(
      String secret, String id, long timestamp, String body, String expected) {
    assertThat(new Signature(secret).of(id, timestamp, body.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(expected);
  }

  @Test
  void everySecretSignsWhileOneIsRotated() {
    String one = Signature.secret();
    String other = Signature.secret();
    byte[] body = {1, 2, 3};
    assertThat(new Signature(one + "  " + other).of("dlv_1", 7, body))
        .isEqualTo(
            new Signature(one).of("dlv_1", 7, body)
                + " "
                + new Signature(other).of("dlv_1", 7, body));
  }

  @Test
  void aFreshSecretHas32Bytes() {
    assertThat(Base64.getDecoder().decode(Signature.secret().substring("whsec_".length())))
        .hasSize(32);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 23, 65, 100})
  void aSecretOfTooFewOrTooManyBytesIsRefused(int bytes) {
    String secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
    assertThatThrownBy(() -> new Signature(secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("it has " + bytes + " bytes", "24 to 64 bytes")
        .hasMessageNotContaining(secret);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "whsec_", "whsec_***", "whsec_MfKQ9r8GKYqrTwjU nonsense"})
  void whatIsNoSecretIsRefusedWithoutRepeatingIt(String secret) {
    assertThatThrownBy(() -> new Signature(secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("openssl rand")
        .hasMessageNotContaining("***");
  }
}
