package io.campaignroutes.audit;

import io.campaignroutes.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * When the service stops and its routes have ended, writes the lines that they have left and covers
 * every file with a last checkpoint, so that a folder that is looked at afterwards is proved to its
 * last line. What this does not come to is done by the next start.
 */
@Component
public class AuditClosing implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(AuditClosing.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final AuditFiles files;
  private final AuditCheckpoints checkpoints;
  private final AuditProperties settings;
  private volatile boolean running;

  public AuditClosing(AuditFiles files, AuditCheckpoints checkpoints, AuditProperties settings) {
    this.files = files;
    this.checkpoints = checkpoints;
    this.settings = settings;
  }

  @Override
  public void start() {
    running = true;
  }

  /** Ends after the routes and the web server, which have higher phases. */
  @Override
  public int getPhase() {
    return 0;
  }

  @Override
  public void stop() {
    running = false;
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    try {
      writeAll(giveUp);
      checkpoints.forgetIntervals();
      while (System.nanoTime() < giveUp && checkpoints.more(checkpoints.writeCheckpoint())) {
        LOG.debug("More files are to be covered.");
      }
      writeAll(giveUp);
    } catch (StoreUnavailableException e) {
      LOG.warn("No last checkpoint: {} The next start makes one.", e.getMessage());
    }
  }

  private void writeAll(long giveUp) {
    AuditBatch batch = files.claim();
    while (!batch.isEmpty()) {
      batch.files().forEach(this::write);
      files.markWritten(batch);
      batch = System.nanoTime() < giveUp ? files.next(batch) : AuditBatch.NONE;
    }
  }

  private void write(AuditFile file) {
    try {
      files.checkTail(file);
      Path path = settings.dir().resolve(file.fileName());
      for (byte[] line : file.missing()) {
        Files.write(path, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
      files.written(file);
    } catch (IOException | RuntimeException e) {
      files.failed(file, e);
    } finally {
      release(file);
    }
  }

  private void release(AuditFile file) {
    try {
      files.release(file);
    } catch (IOException e) {
      LOG.warn("{} stays locked until the process ends: {}", file.fileName(), e.getMessage());
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
