package io.campaignroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class StartGateTest {
  private final StartGate gate = new StartGate(new ShutdownProperties(Duration.ZERO));

  /** The answer of the gate; null when it lets the request through. */
  private MockHttpServletResponse answer(String path) throws Exception {
    var response = new MockHttpServletResponse();
    var chain = new MockFilterChain();
    gate.doFilter(new MockHttpServletRequest("GET", path), response, chain);
    return chain.getRequest() == null ? response : null;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/campaigns",
        "/campaigns/cmp_1/pause",
        "/overview",
        "/events",
        "/openapi.json",
        "/webhooks/cxone",
        "/nothing"
      })
  void whatNeedsARouteIsAskedToComeAgainBeforeTheyAreThereAndAfterTheyHaveGone(String path)
      throws Exception {
    assertAskedToComeAgain(answer(path), "Starting");
    gate.started();
    assertThat(answer(path)).isNull();
    gate.stopping();
    assertAskedToComeAgain(answer(path), "Stopping");
  }

  private static void assertAskedToComeAgain(MockHttpServletResponse answer, String title)
      throws Exception {
    assertThat(answer.getStatus()).isEqualTo(503);
    assertThat(answer.getHeader("Retry-After")).matches("[1-9]");
    assertThat(answer.getHeader("Connection")).isEqualTo("close");
    assertThat(answer.getContentType()).isEqualTo("application/problem+json");
    assertThat(answer.getContentAsString()).contains("\"title\":\"" + title + "\"");
  }

  @Test
  void whileItDrainsRequestsAreServedAndTheirConnectionsEnd() throws Exception {
    var draining = new StartGate(new ShutdownProperties(Duration.ofMinutes(1)));
    draining.started();
    var ending =
        new Thread(
            () -> {
              try {
                draining.stopping();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    ending.start();
    await()
        .untilAsserted(
            () -> {
              var response = new MockHttpServletResponse();
              var chain = new MockFilterChain();
              draining.doFilter(new MockHttpServletRequest("GET", "/campaigns"), response, chain);
              assertThat(chain.getRequest()).as("it is served").isNotNull();
              assertThat(response.getHeader("Connection")).isEqualTo("close");
            });
    assertThat(ending.isAlive()).isTrue();
    ending.interrupt();
    ending.join();
  }

  @Test
  void aStartThatEndsEarlyIsNotDrained() throws Exception {
    new StartGate(new ShutdownProperties(Duration.ofMinutes(10))).stopping();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/console/js/main.js",
        "/actuator/health/liveness",
        "/actuator/health/readiness",
        "/sandbox/cxone/oauth/token"
      })
  void whatNeedsNoneIsAnsweredAllTheTime(String path) throws Exception {
    assertThat(answer(path)).isNull();
    gate.started();
    assertThat(answer(path)).isNull();
    gate.stopping();
    assertThat(answer(path)).isNull();
  }
}
