package io.campaignroutes.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.compliance.Finding;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvalidRequestExceptionTest {
  private static final Finding FINDING = new Finding("name", "required", "name is missing.");

  private static String said(int findings, int more) {
    return new InvalidRequestException(Collections.nCopies(findings, FINDING), more).getMessage();
  }

  @Test
  void theNumberOfThingsThatAreWrongIsTrue() {
    assertThat(new InvalidRequestException(List.of(FINDING))).hasMessage("name is missing.");
    assertThat(said(2, 0)).isEqualTo("2 things are wrong with the request; errors lists them.");
    assertThat(said(100, 50))
        .isEqualTo(
            "150 things are wrong with the request; errors lists the first 100. Correct these"
                + " first.");
  }
}
