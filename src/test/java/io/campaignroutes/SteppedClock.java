package io.campaignroutes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The wall clock of a service in a process of its own, which can be set back and forward. */
final class SteppedClock {
  private final Path library;
  private final Path file;
  private volatile Duration ahead;

  /**
   * Makes one that is right. A test is skipped where there is no gcc.
   *
   * @param folder where its library and its setting are kept
   */
  SteppedClock(Path folder) throws IOException, InterruptedException {
    library = folder.resolve("clock_shim.so");
    file = folder.resolve("clock-shift");
    assumeTrue(
        compiled("src/test/c/clock_shim.c", library),
        "there is no gcc that makes a preloaded library of clock_shim.c");
    set(Duration.ZERO);
  }

  /** Makes a library that can be preloaded; false where there is no gcc. */
  static boolean compiled(String source, Path library) throws InterruptedException {
    try {
      return new ProcessBuilder(
                  "gcc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source, "-ldl")
              .inheritIO()
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such command
    }
  }

  /** The variables of a service whose clock this is. */
  Map<String, String> environment() {
    return Map.of("LD_PRELOAD", library.toString(), "CLOCK_SHIM", file.toString());
  }

  /** Sets it so much before the machine's; replaced in one go, so that no reader finds it empty. */
  void set(Duration ahead) throws IOException {
    Path draft = Files.writeString(Path.of(file + ".new"), Long.toString(ahead.toMillis()));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    this.ahead = ahead;
  }

  /** What it shows. */
  Instant now() {
    return Instant.now().plus(ahead);
  }

  /** The machine's monotonic time at which it shows a time, by {@link System#nanoTime()}. */
  long nanos(Instant at) {
    return System.nanoTime()
        + TimeUnit.MILLISECONDS.toNanos(at.toEpochMilli() - now().toEpochMilli());
  }
}
