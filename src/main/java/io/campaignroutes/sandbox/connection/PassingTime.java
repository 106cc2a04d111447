package io.campaignroutes.sandbox.connection;

import io.campaignroutes.shared.Threads;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the tenant's time pass while nobody calls it. */
final class PassingTime implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PassingTime.class);
  private static final int TICK_MS = 500;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Threads.daemon("sandbox-connection"));

  PassingTime(PersonalConnection tenant) {
    timer.scheduleWithFixedDelay(
        () -> {
          try {
            tenant.advance();
          } catch (RuntimeException e) {
            LOG.error("sandbox: a step broke", e);
          }
        },
        TICK_MS,
        TICK_MS,
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
