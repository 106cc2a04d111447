package io.campaignroutes.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class CausesTest {

  @Test
  void aCauseThatSaysNothingIsNoEmptyReason() {
    Throwable failure =
        new IOException(
            "It failed to write: java.nio.channels.ClosedChannelException",
            new ClosedChannelException());
    assertThat(Causes.told(failure)).isEqualTo("The exchange failed: It failed to write");
    assertThat(Causes.told(new IOException("java.io.IOException: Broken pipe.")))
        .isEqualTo("The exchange failed: Broken pipe");
    assertThat(Causes.told(new IOException())).isEqualTo("The exchange failed");
  }
}
