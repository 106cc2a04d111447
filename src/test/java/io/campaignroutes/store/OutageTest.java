package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(OutageTest.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final Outage outage =
      new Outage(logger, "The door is shut", "The door is open again", nanos::get);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  @Test
  void anOutageIsToldWhenItBeginsAndWhenItIsOver() {
    outage.failed("nobody answers");
    pass(3);
    outage.failed("nobody answers");
    pass(6);
    outage.worked();
    outage.worked();

    assertThat(told())
        .containsExactly(
            "The door is shut: nobody answers", "The door is open again, after 3 s (2 failures).");
    assertThat(lines.list).extracting(ILoggingEvent::getLevel).contains(Level.WARN, Level.INFO);
    assertThat(lines.list).allMatch(line -> line.getThrowableProxy() == null);
  }

  @Test
  void whileItLastsItIsToldWithGrowingGaps() {
    for (int second = 0; second < 3_600; second++) {
      for (int i = 0; i < 100; i++) {
        outage.failed("nobody answers");
      }
      pass(1);
    }
    // at 0, 30 s, 1.5, 3.5, 7.5, 15.5 and 31.5 min
    assertThat(told()).hasSize(7);
    assertThat(told().get(1))
        .isEqualTo("The door is shut, for 30 s now (3001 failures): nobody answers");
    assertThat(told().get(6)).startsWith("The door is shut, for 31 min now");
  }

  @Test
  void whatComesAndGoesIsOneOutage() {
    for (int i = 0; i < 200; i++) {
      outage.failed("nobody answers");
      assertThat(outage.cause()).isEqualTo("nobody answers");
      outage.worked();
      assertThat(outage.cause()).isNull();
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
    }
    assertThat(told()).hasSize(1);
  }

  @Test
  void aNewOutageIsToldAgain() {
    outage.failed("nobody answers");
    pass(6);
    outage.worked();
    outage.failed("it is locked");
    assertThat(told()).hasSize(3).last().isEqualTo("The door is shut: it is locked");
  }

  private void pass(int seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private List<String> told() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
