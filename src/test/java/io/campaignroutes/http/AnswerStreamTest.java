package io.campaignroutes.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import java.io.ByteArrayOutputStream;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswerStreamTest {
  private final AsyncContext context = mock();
  private final ServletOutputStream out = mock();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private int room;

  @BeforeEach
  void reader() throws Exception {
    when(out.isReady()).thenAnswer(call -> room > 0);
    doAnswer(
            call -> {
              sent.write(call.getArgument(0), call.getArgument(1), call.getArgument(2));
              room--;
              return null;
            })
        .when(out)
        .write(any(byte[].class), anyInt(), anyInt());
  }

  private AnswerStream stream(Iterator<String> parts) {
    return new AnswerStream(context, out, new byte[0], parts, ended::incrementAndGet);
  }

  private Iterator<String> parts(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              made.incrementAndGet();
              return "part " + i + "\n";
            })
        .iterator();
  }

  @Test
  void aPartIsMadeWhenTheReaderCanTakeItAndNoThreadWaits() throws Exception {
    AnswerStream stream = stream(parts(100));
    for (int turn = 1; turn <= 10; turn++) {
      room = 10;
      stream.onWritePossible();
      assertThat(made.get()).isLessThanOrEqualTo(10 * turn + 1);
      verify(context, never()).complete();
    }
    room = 1;
    stream.onWritePossible();
    verify(context).complete();
    assertThat(sent.toString()).startsWith("part 0\n").endsWith("part 99\n").hasLineCount(100);
    assertThat(ended).hasValue(1);
  }

  @Test
  void anAnswerThatBreaksOffIsNotCompleted() {
    Iterator<String> broken = mock();
    when(broken.hasNext()).thenReturn(true);
    when(broken.next()).thenReturn("part\n").thenThrow(new IllegalStateException("store gone"));
    AnswerStream stream = stream(broken);
    room = 10;
    assertThatThrownBy(stream::onWritePossible).hasMessage("store gone");
    stream.onError(new IllegalStateException("store gone"));
    verify(context, never()).complete();
    assertThat(ended).hasValue(1);
  }
}
