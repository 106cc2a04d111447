package io.campaignroutes.console;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * The stream to one page. No thread ever waits for a reader: what it does not take at once is kept,
 * and from one that falls too far behind everything is taken back and it is told to load anew.
 */
final class EventPage implements WriteListener, AsyncListener {
  private static final int MAX_BYTES = 512 * 1024;
  private static final byte[] RESYNC =
      "event: resync\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8);

  private final AsyncContext context;
  private final ServletOutputStream out;
  private final BooleanSupplier admitted;
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private int bytes;
  private boolean writable;
  private boolean unflushed;
  private boolean closed;
  private Runnable onClose = () -> {};

  /**
   * @param admitted whether whoever reads it may still
   */
  EventPage(AsyncContext context, ServletOutputStream out, BooleanSupplier admitted) {
    this.context = context;
    this.out = out;
    this.admitted = admitted;
  }

  /** Whether whoever reads it may still. */
  boolean isAdmitted() {
    return admitted.getAsBoolean();
  }

  synchronized void onClose(Runnable action) {
    if (closed) {
      action.run();
    } else {
      onClose = action;
    }
  }

  /** Sends a message now, or as soon as the reader can take it. */
  synchronized void offer(byte[] message) {
    if (closed) {
      return;
    }
    if (bytes + message.length > MAX_BYTES) {
      waiting.clear();
      waiting.add(RESYNC);
      bytes = RESYNC.length;
    } else {
      waiting.add(message);
      bytes += message.length;
    }
    if (writable) {
      drain();
    }
  }

  @Override
  public synchronized void onWritePossible() {
    writable = true;
    drain();
  }

  private void drain() {
    try {
      while (!closed && out.isReady()) {
        byte[] next = waiting.poll();
        if (next != null) {
          bytes -= next.length;
          out.write(next);
          unflushed = true;
        } else if (unflushed) {
          out.flush();
          unflushed = false;
        } else {
          return;
        }
      }
    } catch (IOException | IllegalStateException e) {
      close(); // the reader has gone
    }
  }

  /** Ends the stream; the page comes back by itself when there is somebody to come back to. */
  void close() {
    Runnable action;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      waiting.clear();
      action = onClose;
    }
    action.run();
    try {
      context.complete();
    } catch (IllegalStateException e) {
      return; // the container was first
    }
  }

  @Override
  public void onError(Throwable e) {
    close();
  }

  @Override
  public void onComplete(AsyncEvent event) {
    close();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    close();
  }

  @Override
  public void onError(AsyncEvent event) {
    close();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // it is never started twice
  }
}
