package io.campaignroutes.shared;

import java.util.concurrent.ThreadFactory;

/** Threads that work beside the rest. */
public final class Threads {
  private Threads() {}

  /** Makes threads of a name that do not keep the process from ending. */
  public static ThreadFactory daemon(String name) {
    return work -> {
      var thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
