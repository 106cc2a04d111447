package io.campaignroutes.cxone;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Gives every outgoing HTTP exchange one deadline from the first byte sent to the last byte
 * received. The client's own time-outs run between two reads only, so an answer that drips a byte a
 * second would hold a thread for ever.
 */
public final class CallDeadline implements HttpClientConfigurer, ExecChainHandler, AutoCloseable {
  /** An answer larger than this, in bytes, is an error: nothing that we ask for comes near it. */
  private static final int LARGEST_ANSWER = 8 << 20;

  private final Duration deadline;
  private final ScheduledThreadPoolExecutor timer;

  public CallDeadline(Duration deadline) {
    this.deadline = deadline;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            run -> {
              Thread thread = new Thread(run, "call-deadline");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void configureHttpClient(HttpClientBuilder builder) {
    builder.addExecInterceptorFirst("deadline", this);
  }

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
        byte[] all;
        try (entity;
            var in = entity.getContent()) {
          all = in.readNBytes(LARGEST_ANSWER + 1);
        }
        if (all.length > LARGEST_ANSWER) {
          throw new IOException("an answer of more than " + LARGEST_ANSWER + " bytes");
        }
        ContentType type = ContentType.parseLenient(entity.getContentType());
        response.setEntity(new ByteArrayEntity(all, type, entity.getContentEncoding()));
      }
      return response;
    } catch (IOException | RuntimeException e) {
      if (late.get()) {
        throw new IOException("no whole answer within " + deadline.toMillis() + " ms", e);
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
