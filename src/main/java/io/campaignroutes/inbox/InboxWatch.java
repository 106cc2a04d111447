package io.campaignroutes.inbox;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Is told by the operating system when something comes into a folder, so that nobody has to look
 * often. Of what another machine puts into a shared folder nobody is told.
 */
final class InboxWatch {
  private static final Logger LOG = LoggerFactory.getLogger(InboxWatch.class);

  private final Path dir;
  private final Runnable news;
  private WatchService service; // null where there is none
  private volatile boolean watching;
  private boolean closed;

  /**
   * @param news what is done when something has come or changed
   */
  InboxWatch(Path dir, Runnable news) {
    this.dir = dir;
    this.news = news;
  }

  /** Begins to watch, unless it does; returns whether it does now. */
  synchronized boolean watches() {
    if (watching || closed) {
      return watching;
    }
    try {
      if (service == null) {
        service = FileSystems.getDefault().newWatchService();
        Thread thread = new Thread(() -> listen(service), "inbox-watch");
        thread.setDaemon(true);
        thread.start();
      }
      dir.register(
          service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      // where the system tells nothing Java looks by itself, and seldom
      watching = !service.getClass().getSimpleName().startsWith("Polling");
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("{} cannot be watched: {}", dir, e.toString());
    }
    return watching;
  }

  private void listen(WatchService service) {
    try {
      while (true) {
        WatchKey key = service.take();
        key.pollEvents();
        if (!key.reset()) {
          watching = false; // the folder is gone
        }
        news.run();
      }
    } catch (ClosedWatchServiceException e) {
      LOG.debug("{} is watched no more.", dir);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void close() {
    closed = true;
    watching = false;
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        LOG.debug("{}: {}", dir, e.toString());
      }
    }
  }
}
