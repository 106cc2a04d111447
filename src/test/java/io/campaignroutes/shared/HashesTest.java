package io.campaignroutes.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

class HashesTest {
  /** As {@code printf ü | sha256sum} has it. */
  private static final String OF_U_UMLAUT =
      "607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f";

  @Test
  void aHashIsThatOfTheBytesInUtf8() {
    assertThat(Hashes.sha256("ü")).isEqualTo(OF_U_UMLAUT);
    assertThat(Hashes.sha256("ü".getBytes(StandardCharsets.UTF_8))).isEqualTo(OF_U_UMLAUT);
  }

  @Test
  void whatComesPieceByPieceHasTheHashOfTheWhole() {
    MessageDigest digest = Hashes.sha256();
    for (byte one : "ü".getBytes(StandardCharsets.UTF_8)) {
      digest.update(one);
    }
    assertThat(Hashes.hex(digest)).isEqualTo(OF_U_UMLAUT);
  }
}
