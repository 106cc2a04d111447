package io.campaignroutes.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * HTTP as Tomcat speaks it, but no caller holds a thread by being slow. Tomcat's own time-outs run
 * between two reads or writes only, and after an answer it waits for what is left of a body that
 * nobody wants.
 */
public final class BoundedHttp extends Http11NioProtocol {
  /** From the first byte of a request to its last. */
  static final Duration WHOLE = Duration.ofSeconds(20);

  /** Attribute of a request: when its first byte came, by {@link System#nanoTime()}. */
  static final String STARTED = BoundedHttp.class.getName() + ".started";

  /** How long an answer may make no progress: while a thread writes it, and while none does. */
  private static final long WRITE_MS = 5_000;

  private static final long WRITE_WITHOUT_THREAD_MS = 30_000;

  /** What is left of a body and has arrived is read, so that the caller gets to see its answer. */
  private static final int MAX_LEFT_BYTES = 1 << 16;

  /** Bytes that Tomcat collects of an answer, for each connection; we write whole answers. */
  private static final int COLLECTED = 1 << 11;

  private static final byte[] NO_HTTP_2 = noHttp2();

  private static byte[] noHttp2() {
    String document = CorrelationId.document(ContainerErrors.problem(505), null);
    return ("HTTP/1.1 505\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s")
        .formatted(ApiAnswer.PROBLEM, document.length(), document)
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void setMaxConnections(int wished) {
    super.setMaxConnections(OpenFiles.connections(wished));
  }

  @Override
  public int getDesiredBufferSize() {
    return COLLECTED;
  }

  @Override
  public void setAdapter(Adapter adapter) {
    super.setAdapter(new LeavingTheRest(adapter));
  }

  @Override
  protected Processor createProcessor() {
    return new Impatient(this);
  }

  /** Comes here again for each piece of the headers, until they are whole. */
  private static final class Impatient extends Http11Processor {
    Impatient(BoundedHttp protocol) {
      super(protocol, protocol.getAdapter());
    }

    @Override
    public SocketState service(SocketWrapperBase<?> socket) throws IOException {
      if (left() <= 0) {
        return SocketState.CLOSED;
      }
      socket.setWriteTimeout(WRITE_MS);
      SocketState state = super.service(socket);
      if (state == SocketState.UPGRADING && getUpgradeToken() == null) {
        // HTTP/2 without having asked for it; Tomcat would close without a word
        socket.write(true, NO_HTTP_2, 0, NO_HTTP_2.length);
        socket.flush(true);
        return SocketState.CLOSED;
      }
      if (isAsync()) {
        socket.setWriteTimeout(WRITE_WITHOUT_THREAD_MS);
      } else if (state == SocketState.LONG) {
        socket.setReadTimeout(Math.max(1, left()));
      }
      return state;
    }

    /** Milliseconds until the request has to be whole. */
    private long left() {
      long started = request.getStartTimeNanos();
      return started == -1 ? WHOLE.toMillis() : millisLeft(started);
    }
  }

  /** Milliseconds until a request that began then has to be whole. */
  static long millisLeft(long startedNanos) {
    return WHOLE.toMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
  }

  record LeavingTheRest(Adapter adapter) implements Adapter {
    @Override
    public void service(Request request, Response response) throws Exception {
      request.setAttribute(STARTED, request.getStartTimeNanos());
      adapter.service(request, response);
      leaveTheRest(request);
    }

    @Override
    public boolean asyncDispatch(Request request, Response response, SocketEvent status)
        throws Exception {
      boolean goesOn = adapter.asyncDispatch(request, response, status);
      leaveTheRest(request);
      return goesOn;
    }

    private static void leaveTheRest(Request request) throws IOException {
      AtomicBoolean goesOn = new AtomicBoolean();
      request.action(ActionCode.IS_ERROR, goesOn);
      if (!goesOn.get()) {
        request.action(ActionCode.ASYNC_IS_ASYNC, goesOn);
      }
      if (goesOn.get() || request.isFinished()) {
        return;
      }
      Dropped dropped = new Dropped();
      for (long read = 0; request.getContentLengthLong() >= 0 && read < MAX_LEFT_BYTES; ) {
        request.action(ActionCode.AVAILABLE, true);
        if (request.getAvailable() == 0) {
          break;
        }
        try {
          int bytes = request.doRead(dropped);
          if (bytes <= 0 || request.isFinished()) {
            return;
          }
          read += bytes;
        } catch (EOFException e) {
          break; // the caller has gone amid a body that nobody wants
        }
      }
      request.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }

    @Override
    public boolean prepare(Request request, Response response) throws Exception {
      return adapter.prepare(request, response);
    }

    @Override
    public void log(Request request, Response response, long time) {
      adapter.log(request, response, time);
    }

    @Override
    public void checkRecycled(Request request, Response response) {
      adapter.checkRecycled(request, response);
    }

    @Override
    public String getDomain() {
      return adapter.getDomain();
    }
  }

  private static final class Dropped implements ApplicationBufferHandler {
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    @Override
    public void setByteBuffer(ByteBuffer buffer) {
      bytes = buffer;
    }

    @Override
    public ByteBuffer getByteBuffer() {
      return bytes;
    }

    @Override
    public void expand(int size) {
      // nothing is kept
    }
  }
}
