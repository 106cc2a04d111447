package io.campaignroutes.benchmark;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for processes that are about to start and open them by themselves. */
public final class FreePort {
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 31_999;
  private static final int TRIES = 100;

  private FreePort() {}

  /**
   * A port that nobody has open. It lies below those that systems hand out for connections and to
   * whoever asks for any port, so that none of them takes it before the process is there.
   *
   * @throws IOException when none is found
   */
  public static int any() throws IOException {
    IOException last = null;
    for (int tries = 0; tries < TRIES; tries++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
      try (ServerSocket socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        last = e;
      }
    }
    throw new IOException("No free port from " + LOWEST + " to " + HIGHEST, last);
  }
}
