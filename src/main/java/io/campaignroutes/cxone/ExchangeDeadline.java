package io.campaignroutes.cxone;

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
    HttpEntity read(ClassicHttpResponse response, HttpEntity entity) throws IOException;
  }

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
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            run -> {
              Thread thread = new Thread(run, name);
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
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
    try {
      ClassicHttpResponse response = chain.proceed(request, scope);
      HttpEntity entity = response.getEntity();
      if (entity != null) {
        response.setEntity(reader.read(response, entity));
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
      end.cancel(false);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
