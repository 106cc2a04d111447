package io.campaignroutes.shared;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * A file that is read again when it has changed. What was read last that could be used stays in
 * force; why a newer one is not is told once by the log, and by {@link #fault} for as long as it
 * lasts.
 */
public final class FileWatch {
  /** A change is taken within 5 s, however long a look at all files takes. */
  private static final long LOOK_MILLIS = 2_000;

  private static final ScheduledExecutorService LOOKS =
      Executors.newSingleThreadScheduledExecutor(Threads.daemon("file-watch"));

  /** What is made of a file. */
  public interface Use {
    /**
     * Reads the file and puts what it says in force.
     *
     * @throws IOException when it cannot be read, or not be used; then nothing has changed
     */
    void take() throws IOException;

    /**
     * Why what it says is not in force, and what to do.
     *
     * @param before whether it could be used before
     * @return sentences; null where it is all right as it is
     */
    String told(Exception why, boolean before);
  }

  /** What a file looked like; null where there is none or it cannot be looked at. */
  private record Stamp(long size, Instant changed, Object file) {
    static Stamp of(Path path) {
      try {
        BasicFileAttributes seen = Files.readAttributes(path, BasicFileAttributes.class);
        return new Stamp(seen.size(), seen.lastModifiedTime().toInstant(), seen.fileKey());
      } catch (IOException e) {
        return null;
      }
    }
  }

  private final Path path;
  private final Logger log;
  private final Use use;
  private Stamp stamp; // of what is in force; guarded by this
  private volatile String fault;

  /**
   * @param log where a fault is told, and that it is over
   */
  public FileWatch(Path path, Logger log, Use use) {
    this.path = path;
    this.log = log;
    this.use = use;
  }

  /** Has something done every two seconds, until it is cancelled. It throws nothing. */
  public static Future<?> again(Runnable look) {
    return LOOKS.scheduleWithFixedDelay(look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Why what the file says is not in force, and what to do; null when it is. */
  public String fault() {
    return fault;
  }

  /** Reads the file when it is not what it was, or could not be used. */
  public synchronized void look() {
    Stamp seen = Stamp.of(path); // first: what is written meanwhile is read with the next look
    if (seen != null && seen.equals(stamp) && fault == null) {
      return;
    }
    try {
      use.take();
      stamp = seen;
      tell(null);
    } catch (IOException | RuntimeException e) {
      tell(use.told(e, stamp != null));
    }
  }

  private void tell(String now) {
    if (now != null && !now.equals(fault)) {
      log.error("{}", now);
    } else if (now == null && fault != null) {
      log.info("{} can be read again.", path);
    }
    fault = now;
  }
}
