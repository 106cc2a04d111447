package io.campaignroutes.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process may have open at the same time, files and connections together. Callers get so
 * much of it that the store, audit files, the inbox and calls to CXone never lack it because of
 * them.
 */
final class OpenFiles {
  private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

  /** For everything but callers: libraries, files, the store, CXone, destinations. */
  private static final int KEPT = 500;

  /** So many callers are always let in. */
  private static final int LEAST = 50;

  private OpenFiles() {}

  /**
   * How many callers may be connected at the same time; the log tells where it is fewer than are
   * wished.
   */
  static int connections(int wished) {
    long limit =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : Long.MAX_VALUE;
    int allowed = connections(wished, limit);
    if (allowed < wished) {
      LOG.warn(
          "This process may have {} files and connections open: at most {} callers can be connected"
              + " at the same time in place of {}. Raise that limit (LimitNOFILE of systemd, ulimit"
              + " -n).",
          limit,
          allowed,
          wished);
    }
    return allowed;
  }

  /**
   * The same.
   *
   * @param limit on all that is open
   */
  static int connections(int wished, long limit) {
    return (int) Math.min(wished, Math.max(LEAST, limit - KEPT));
  }
}
