package io.campaignroutes.sandbox;

import io.campaignroutes.shared.Threads;
import io.campaignroutes.text.FileFaults;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Lets the time of the sandbox pass while the server listens, and keeps its state: loaded at the
 * start, saved within a second of any change and at the end. A change that a {@code kill -9}
 * catches in between is forgotten, its campaign number is not used again.
 */
final class SandboxClockwork implements SmartLifecycle, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SandboxClockwork.class);
  private static final int TICK_MS = 50;
  private static final int SAVE_MS = 200;

  /** A large state is saved less often: this many times as much rest as work, up to a limit. */
  private static final int REST = 4;

  private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(600);

  private final Campaigns campaigns;
  private final Webhooks webhooks;
  private final IssuedTokens tokens;
  private final ChangeCount changes;
  private final StateFile file;
  private ScheduledExecutorService timer;
  private long saved = -1;
  private boolean unsaved;
  private long notBefore = Long.MIN_VALUE;

  SandboxClockwork(
      Campaigns campaigns,
      Webhooks webhooks,
      IssuedTokens tokens,
      ChangeCount changes,
      StateFile file) {
    this.campaigns = campaigns;
    this.webhooks = webhooks;
    this.tokens = tokens;
    this.changes = changes;
    this.file = file;
    file.read()
        .ifPresent(
            state -> {
              campaigns.restore(state.campaigns());
              webhooks.restore(state.webhooks());
              tokens.restore(state.tokens());
            });
    save(false);
  }

  @Override
  public synchronized void start() {
    timer = Executors.newScheduledThreadPool(2, Threads.daemon("sandbox-clockwork"));
    timer.scheduleWithFixedDelay(guarded(campaigns::advance), 0, TICK_MS, TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(
        guarded(() -> save(false)), SAVE_MS, SAVE_MS, TimeUnit.MILLISECONDS);
    LOG.info(
        "sandbox: a simulated CXone answers under {}, its faults are set under {}",
        TenantApi.BASE,
        SandboxFaultController.PATH);
  }

  @Override
  public synchronized void stop() {
    timer.shutdown();
    timer = null;
  }

  @Override
  public synchronized boolean isRunning() {
    return timer != null;
  }

  /** Saves for the last time, when no call comes in any more. */
  @Override
  public void close() {
    save(true);
  }

  private synchronized void save(boolean last) {
    long count = changes.count();
    long start = System.nanoTime();
    if (!last && (count == saved || start < notBefore)) {
      return;
    }
    try {
      file.write(new StateFile.State(campaigns.state(last), webhooks.state(), tokens.state()));
      saved = count;
      if (unsaved) {
        LOG.info("sandbox: its state can be saved again");
      }
      unsaved = false;
      long end = System.nanoTime();
      notBefore = end + Math.min(MAX_PAUSE_NANOS, REST * (end - start));
    } catch (IOException e) {
      if (!unsaved) {
        LOG.warn("sandbox: its state cannot be saved: {}", FileFaults.told(e));
      }
      unsaved = true;
    }
  }

  private static Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException e) {
        LOG.error("sandbox: a step broke", e);
      }
    };
  }
}
