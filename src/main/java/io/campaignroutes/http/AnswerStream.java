package io.campaignroutes.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends an answer as fast as its reader takes it, without a thread that waits for one. Where an
 * answer breaks off the connection is closed, so that nobody takes it for the whole.
 */
final class AnswerStream implements WriteListener, AsyncListener {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerStream.class);
  private static final int AT_ONCE = 1 << 14;

  private final AsyncContext context;
  private final ServletOutputStream out;
  private final Iterator<String> parts;
  private final Runnable ended;
  private byte[] part;
  private int at;

  /**
   * @param part what is sent first
   * @param parts what is sent then, each part made when the reader can take it
   * @param ended called when all was sent or nothing more can be, perhaps more than once
   */
  AnswerStream(
      AsyncContext context,
      ServletOutputStream out,
      byte[] part,
      Iterator<String> parts,
      Runnable ended) {
    this.context = context;
    this.out = out;
    this.part = part;
    this.parts = parts;
    this.ended = ended;
  }

  @Override
  public void onWritePossible() throws IOException {
    while (out.isReady()) {
      if (at < part.length) {
        int length = Math.min(AT_ONCE, part.length - at);
        out.write(part, at, length);
        at += length;
      } else if (parts.hasNext()) {
        part = parts.next().getBytes(StandardCharsets.UTF_8);
        at = 0;
      } else {
        ended.run();
        context.complete();
        return;
      }
    }
  }

  @Override
  public void onError(Throwable e) {
    LOG.debug("An answer was not taken to its end: {}", e.toString());
    ended.run();
  }

  @Override
  public void onError(AsyncEvent event) {
    event.getAsyncContext().complete(); // there is nobody left for an error page
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    // it has no time limit
  }

  @Override
  public void onComplete(AsyncEvent event) {
    ended.run();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // it is never started twice
  }
}
