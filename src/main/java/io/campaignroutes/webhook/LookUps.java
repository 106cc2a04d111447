package io.campaignroutes.webhook;

import io.campaignroutes.shared.Threads;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks host names up for as long as the caller has time. A look-up cannot be broken off, so each
 * has a thread of its own, and all who want the same name wait for the same one: a name server that
 * is silent keeps as many threads as there are names, and no caller.
 */
final class LookUps {
  /** Tells where a name leads, however long that takes. */
  interface Names {
    InetAddress[] of(String host) throws UnknownHostException;
  }

  private final Names names;
  private final ThreadPoolExecutor threads;
  private final Map<String, CompletableFuture<InetAddress[]>> underWay = new ConcurrentHashMap<>();

  /**
   * @param most names that are looked up at the same time
   */
  LookUps(Names names, int most) {
    this.names = names;
    this.threads =
        new ThreadPoolExecutor(
            most,
            most,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Threads.daemon("look-up"));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Where a name leads.
   *
   * @throws SilentNamesException when nobody told in time
   * @throws UnknownHostException when there is no such name
   */
  InetAddress[] of(String host, Duration time) throws UnknownHostException {
    CompletableFuture<InetAddress[]> lookUp = underWay.computeIfAbsent(host, this::begin);
    try {
      return lookUp.get(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new SilentNamesException(host);
    } catch (ExecutionException e) {
      var unknown = new UnknownHostException(host);
      unknown.initCause(e.getCause());
      throw unknown;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SilentNamesException(host);
    }
  }

  private CompletableFuture<InetAddress[]> begin(String host) {
    var lookUp = new CompletableFuture<InetAddress[]>();
    threads.execute(
        () -> {
          try {
            lookUp.complete(names.of(host));
          } catch (Throwable e) {
            lookUp.completeExceptionally(e);
          } finally {
            underWay.remove(host, lookUp);
          }
        });
    return lookUp;
  }
}
