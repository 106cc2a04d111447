package io.campaignroutes.cxone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ReachabilityTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Reachability.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Reachability cxone = new Reachability();
  private final CxoneApi api =
      new CxoneApi(
          ApiFile.read(Path.of("config/cxone/v2.yaml")),
          Path.of("config/cxone/v2.yaml"),
          Map.of("publicUrl", "https://routes.example", "webhookToken", "hook-secret"),
          CallMeters.NONE,
          cxone);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(lines);
  }

  private Call call() {
    Call call =
        api.call(
            "getCampaign",
            TestCxone.request(JsonNodeFactory.instance.objectNode().put("remoteId", "R-1")),
            0);
    call.carry(new Token("t", 1, 2));
    call.sending();
    return call;
  }

  private void cut() {
    call().failed(new IOException("cut"));
  }

  private void answered(int status) {
    try {
      call().answered(status, null, new byte[0]);
    } catch (CxoneUnavailableException e) {
      assertThat(status).isGreaterThanOrEqualTo(500);
    }
  }

  private void answeredWith(String body) {
    Call call = call();
    call.answered(200, null, body.getBytes(StandardCharsets.UTF_8));
    api.answer(call);
  }

  @Test
  void aProxyThatAnswersInItsPlaceIsNoCxone() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> answeredWith("<html>maintenance</html>"))
          .isInstanceOf(CxoneUnavailableException.class);
    }
    assertThat(cxone.trouble()).contains("A proxy may be answering");
    answeredWith("{\"status\":\"ACTIVE\"}");
    assertThat(cxone.trouble()).isNull();
  }

  @Test
  void cxoneIsToldToBeAwayAfterAFewFailuresInARowAndOnlyOnce() {
    cut();
    answered(502);
    assertThat(lines.list).isEmpty();
    assertThat(cxone.trouble()).isNull();
    for (int i = 0; i < 200; i++) {
      cut();
    }
    assertThat(lines.list)
        .singleElement()
        .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.WARN))
        .satisfies(
            line ->
                assertThat(line.getFormattedMessage())
                    .startsWith("CXone is away: CXone cannot be reached for getCampaign"));
    assertThat(cxone.trouble()).contains("cut");
    answered(404);
    assertThat(cxone.trouble()).isNull();
  }

  @Test
  void whatFailsNowAndThenIsNoOutage() {
    for (int i = 0; i < 50; i++) {
      cut();
      answered(500);
      answeredWith("{\"status\":\"ACTIVE\"}");
    }
    assertThat(lines.list).isEmpty();
  }
}
