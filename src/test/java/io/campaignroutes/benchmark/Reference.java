package io.campaignroutes.benchmark;

import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.security.MessageDigest;

/** A piece of work like the service's own, by which the speed of machines is compared. */
final class Reference {
  private static final int ROUNDS = 30;
  private static final int TEXTS = 30_000;

  private Reference() {}

  /** The least processor time of several times, in seconds. */
  static double seconds() {
    double least = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      byte[] done = work();
      long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
      least = done.length == 0 ? least : Math.min(least, used / 1e9);
    }
    return least;
  }

  /** Reads, writes and hashes texts; the hash, so that nothing of it can be left out. */
  private static byte[] work() {
    MessageDigest hash = Hashes.sha256();
    try {
      byte[] text = Benchmark.JSON.writeValueAsBytes(Benchmark.request("reference"));
      for (int n = 0; n < TEXTS; n++) {
        hash.update(Benchmark.JSON.writeValueAsBytes(Benchmark.JSON.readTree(text)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return hash.digest();
  }
}
