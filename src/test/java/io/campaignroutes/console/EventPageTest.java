package io.campaignroutes.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class EventPageTest {
  private final Reader reader = new Reader();
  private boolean admitted = true;
  private final EventPage page =
      new EventPage(
          new MockAsyncContext(new MockHttpServletRequest(), new MockHttpServletResponse()),
          reader,
          () -> admitted);

  /** A reader that takes what comes, or does not, or has gone. */
  private static final class Reader extends ServletOutputStream {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private boolean ready = true;
    private boolean gone;

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new UnsupportedOperationException("the servlet does this");
    }

    @Override
    public void write(int b) throws IOException {
      if (gone) {
        throw new IOException("Broken pipe");
      }
      taken.write(b);
    }

    String text() {
      return taken.toString(StandardCharsets.UTF_8);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whoIsNotLetInAnyMoreIsToldNothingMore() {
    var ended = new AtomicInteger();
    page.onWritePossible();
    var pages = new EventPages(new SimpleMeterRegistry());
    pages.start();
    assertThat(pages.add(page)).isTrue();
    page.onClose(ended::incrementAndGet);
    pages.closeUnadmitted();
    pages.tell("a");
    admitted = false;
    pages.closeUnadmitted();
    pages.tell("b");
    assertThat(reader.text()).isEqualTo("a");
    assertThat(ended).hasValue(1);
  }

  @Test
  void whatWasOfferedBeforeTheConnectionIsOpenIsSentThen() {
    page.offer(bytes("a"));
    assertThat(reader.text()).isEmpty();

    page.onWritePossible();
    page.offer(bytes("b"));

    assertThat(reader.text()).isEqualTo("ab");
  }

  @Test
  void aReaderThatPausesGetsEverythingInOrderLater() {
    page.onWritePossible();
    reader.ready = false;
    page.offer(bytes("a"));
    page.offer(bytes("b"));
    assertThat(reader.text()).isEmpty();

    reader.ready = true;
    page.onWritePossible();

    assertThat(reader.text()).isEqualTo("ab");
  }

  @Test
  void aReaderTooFarBehindIsToldToLoadAnew() {
    page.onWritePossible();
    reader.ready = false;
    for (int n = 0; n < 100; n++) {
      page.offer(new byte[20_000]);
    }
    reader.ready = true;
    page.onWritePossible();

    assertThat(reader.text()).startsWith("event: resync\n");
    assertThat(reader.text().length()).isLessThan(600_000);
  }

  @Test
  void aReaderThatHasGoneIsForgotten() {
    AtomicInteger closed = new AtomicInteger();
    page.onClose(closed::incrementAndGet);
    page.onWritePossible();
    reader.gone = true;

    page.offer(bytes("a"));
    page.offer(bytes("b"));
    page.close();

    assertThat(closed).hasValue(1);
  }
}
