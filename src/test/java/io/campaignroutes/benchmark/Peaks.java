package io.campaignroutes.benchmark;

import java.util.concurrent.TimeUnit;

/** Looks at a process several times a second and keeps the highest that it sees. */
final class Peaks implements AutoCloseable {
  private final Thread watcher;
  private volatile long residentMb;
  private volatile long threads;

  Peaks(ProcessFigures process) {
    watcher =
        new Thread(
            () -> {
              try {
                while (true) {
                  residentMb = Math.max(residentMb, process.residentMb());
                  threads = Math.max(threads, process.threads());
                  TimeUnit.MILLISECONDS.sleep(100);
                }
              } catch (InterruptedException e) {
                // enough seen
              }
            },
            "peaks");
    watcher.setDaemon(true);
    watcher.start();
  }

  long residentMb() {
    return residentMb;
  }

  long threads() {
    return threads;
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
