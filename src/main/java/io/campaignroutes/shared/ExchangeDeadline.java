package io.campaignroutes.shared;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;

/**
 * Gives every exchange of an HTTP client one deadline, from the wait for a connection to the last
 * byte received. The client's own time-outs run between two reads only, so an answer that drips a
 * byte a second would hold a thread for ever.
 */
public final class ExchangeDeadline implements ExecChainHandler, AutoCloseable {

  /** Reads an answer while its time runs. */
  public interface AnswerReader {
    /**
     * Returns what was read, which needs the connection no more.
     *
     * @throws IOException when it cannot be read, or is none that anybody wants
     */
    HttpEntity read(ClassicHttpResponse response, HttpEntity entity, Connection connection)
        throws IOException;
  }

  /** What an answer comes over. */
  public interface Connection {
    /** Whether the time is over, and the connection was cut for that reason. */
    boolean late();

    /** Closes it at once, whatever still comes. */
    void cut();
  }

  /** When the exchange that this thread carries out is late, by the system's nano time. */
  private static final ThreadLocal<Long> LATE_AT = new ThreadLocal<>();

  private final Duration deadline;
  private final AnswerReader reader;
  private final ScheduledThreadPoolExecutor timer;

  /**
   * A deadline for each exchange of a client.
   *
   * @param name of the thread that ends those which are late
   */
  public ExchangeDeadline(String name, Duration deadline, AnswerReader reader) {
    this.deadline = deadline;
    this.reader = reader;
    this.timer = new ScheduledThreadPoolExecutor(1, Threads.daemon(name));
    timer.setRemoveOnCancelPolicy(true);
  }

  /** What is left of the time of the exchange that this thread carries out, at least 0. */
  public static Duration left() {
    Long lateAt = LATE_AT.get();
    return lateAt == null
        ? Duration.ofDays(1)
        : Duration.ofNanos(Math.max(0, lateAt - System.nanoTime()));
  }

  /**
   * Carries an exchange out, its answer read.
   *
   * @throws SocketTimeoutException when the time was over before the answer was whole; its cause is
   *     what the exchange, cut short, ended with
   */
  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    AtomicBoolean late = new AtomicBoolean();
    ScheduledFuture<?> end =
        timer.schedule(
            () -> {
              late.set(true);
              if (scope.originalRequest instanceof Cancellable call) {
                call.cancel();
              }
            },
            deadline.toMillis(),
            TimeUnit.MILLISECONDS);
    LATE_AT.set(System.nanoTime() + deadline.toNanos());
    try {
      ClassicHttpResponse response = chain.proceed(request, scope);
      HttpEntity entity = response.getEntity();
      if (entity != null) {
        response.setEntity(reader.read(response, entity, connection(scope, late)));
      }
      return response;
    } catch (IOException | RuntimeException e) {
      if (late.get()) {
        var failure = new SocketTimeoutException("not whole within " + deadline.toMillis() + " ms");
        failure.initCause(e);
        throw failure;
      }
      throw e;
    } finally {
      LATE_AT.remove();
      end.cancel(false);
    }
  }

  private static Connection connection(ExecChain.Scope scope, AtomicBoolean late) {
    return new Connection() {
      @Override
      public boolean late() {
        return late.get();
      }

      @Override
      public void cut() {
        scope.execRuntime.discardEndpoint();
      }
    };
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
