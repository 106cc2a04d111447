package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Reads bodies of requests. A body that has arrived together with its headers is there at once; for
 * any other no thread waits. Refused are those over 1 MiB, by the bytes that really come, those
 * that take too long, and those that would make too much of bodies that are under way at one time.
 */
@Component
final class Bodies {
  static final int MAX_BYTES = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Bodies.class);

  /** What of a body does not count into {@link #MAX_AT_ONCE}: most have no more. */
  private static final int SMALL = 1 << 12;

  /** Bytes of all bodies together, from their arrival to the answer. */
  private static final long MAX_AT_ONCE = 8L << 20;

  /** What is taken of a body that has been refused. */
  private static final long MAX_DROPPED = 4L * MAX_BYTES;

  private static final Problem TOO_LARGE = Problem.of(413, "Too large", "A body may have 1 MiB.");
  private static final Problem TOO_MANY_CAMPAIGNS =
      Problem.of(
          413,
          "Too large",
          "A request may have at most 1 MiB. Put many campaigns into an .ndjson file in the inbox.");
  private static final Problem BROKEN_OFF =
      Problem.of(
          400,
          "Bad request",
          "The body ends before it is whole, or its chunks are not framed as HTTP has it.");
  private static final Problem TOO_SLOW =
      Problem.of(
          408,
          "Too slow",
          "The request did not arrive completely within "
              + BoundedHttp.WHOLE.toSeconds()
              + " s. Send it again.");
  private static final Problem TOO_MANY =
      Problem.of(
              503,
              "Too many at once",
              "Too many large requests are being handled. Try again in a moment.")
          .again(1L);

  private final AtomicLong counted = new AtomicLong();

  /** What is done with a body. */
  interface Whole {
    void accept(byte[] body) throws IOException, ServletException;
  }

  /** Whether the request says that it has a body. */
  static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
  }

  /** The request with its body, which has been read. */
  static HttpServletRequest withBody(HttpServletRequest request, byte[] body) {
    return new ReadRequest(request, body);
  }

  /**
   * Hands over the body: before this returns when it has arrived, else later, with the request's
   * asynchronous processing started. A request whose body is refused is answered here.
   */
  void read(HttpServletRequest request, HttpServletResponse response, Whole whole)
      throws IOException, ServletException {
    if (request.getContentLengthLong() > MAX_BYTES) {
      ApiSecurity.write(request, response, tooLarge(request));
      return;
    }
    Reading reading = new Reading(request, response, whole);
    if (reading.atHand()) {
      whole.accept(reading.body());
    } else {
      reading.later();
    }
  }

  private static Problem tooLarge(HttpServletRequest request) {
    return request.getRequestURI().contains("/campaigns") ? TOO_MANY_CAMPAIGNS : TOO_LARGE;
  }

  /**
   * Takes what is left of a body whose request has been refused. A caller that still sends may
   * never see its answer when the connection is closed at once.
   */
  void drop(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Reading reading = new Reading(request, response, body -> {});
    reading.refused = true;
    reading.later();
  }

  /** One body that is being read. All but the release of what it counts is done by one thread. */
  private final class Reading implements ReadListener, AsyncListener {
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Whole whole;
    private final ServletInputStream in;
    private final int length;
    private final AtomicLong counts = new AtomicLong();
    private byte[] bytes = new byte[0];
    private int size;
    private boolean read;
    private boolean refused;
    private long dropped;

    Reading(HttpServletRequest request, HttpServletResponse response, Whole whole)
        throws IOException {
      this.request = request;
      this.response = response;
      this.whole = whole;
      this.in = request.getInputStream();
      this.length = request.getContentLength();
    }

    byte[] body() {
      return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    /** Takes what has arrived; whether that is all. */
    boolean atHand() throws IOException {
      while (size < length && length <= SMALL && in.available() > 0) {
        bytes = size == 0 ? new byte[length] : bytes;
        size += Math.max(0, in.read(bytes, size, length - size));
      }
      return size == length;
    }

    void later() {
      AsyncContext context = request.startAsync();
      long started = (Long) request.getAttribute(BoundedHttp.STARTED);
      context.setTimeout(Math.max(1, BoundedHttp.millisLeft(started)));
      context.addListener(this);
      in.setReadListener(this);
    }

    @Override
    public void onDataAvailable() throws IOException {
      byte[] drops = null;
      while (in.isReady() && !in.isFinished()) {
        if (!refused && size == bytes.length) {
          grow();
        }
        int some;
        if (refused) {
          drops = drops == null ? new byte[8_192] : drops;
          some = in.read(drops);
          dropped += Math.max(0, some);
        } else {
          some = in.read(bytes, size, bytes.length - size);
          size += Math.max(0, some);
        }
        if (some < 0) {
          return;
        }
        if (dropped > MAX_DROPPED) {
          request.getAsyncContext().complete();
          return;
        }
      }
    }

    private void grow() throws IOException {
      if (size > MAX_BYTES) {
        refuse(tooLarge(request));
        return;
      }
      int larger = Math.min(length < 0 ? MAX_BYTES + 1 : length, Math.max(256, 2 * bytes.length));
      long more = Math.max(SMALL, larger) - Math.max(SMALL, bytes.length);
      counts.addAndGet(more);
      if (counted.addAndGet(more) > MAX_AT_ONCE) {
        refuse(TOO_MANY);
        return;
      }
      bytes = Arrays.copyOf(bytes, larger);
    }

    private void refuse(Problem problem) throws IOException {
      refused = true;
      bytes = null;
      release();
      try {
        CorrelationId.with(request, () -> ApiSecurity.write(request, response, problem));
      } catch (ServletException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void onAllDataRead() throws IOException {
      if (refused) {
        request.getAsyncContext().complete();
        return;
      }
      read = true;
      try {
        CorrelationId.with(request, () -> whole.accept(body()));
      } catch (ServletException e) {
        throw new IOException(e);
      } finally {
        bytes = null;
      }
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
      if (read) {
        return; // not in time is the answer
      }
      if (!refused) {
        refuse(TOO_SLOW);
      }
      event.getAsyncContext().complete();
    }

    /** The connection is closed after this; a caller who has only ended its body may still read. */
    @Override
    public void onError(Throwable e) {
      bytes = null;
      if (!read && !refused && !response.isCommitted()) {
        try {
          refuse(BROKEN_OFF);
        } catch (IOException gone) {
          LOG.debug("Whoever was to be told has gone: {}", gone.toString());
        }
      }
    }

    private void release() {
      counted.addAndGet(-counts.getAndSet(0));
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this); // a listener is told of the next turn only
    }

    @Override
    public void onComplete(AsyncEvent event) {
      release();
    }

    @Override
    public void onError(AsyncEvent event) {
      event.getAsyncContext().complete(); // there is nobody left for an error page
    }
  }

  private static final class ReadRequest extends HttpServletRequestWrapper {
    private final byte[] body;

    ReadRequest(HttpServletRequest request, byte[] body) {
      super(request);
      this.body = body;
    }

    @Override
    public ServletInputStream getInputStream() {
      ByteArrayInputStream bytes = new ByteArrayInputStream(body);
      return new ServletInputStream() {
        @Override
        public int read() {
          return bytes.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
          return bytes.read(into, offset, length);
        }

        @Override
        public boolean isFinished() {
          return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
          throw new IllegalStateException("The body has been read already");
        }
      };
    }

    @Override
    public BufferedReader getReader() {
      return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }
  }
}
