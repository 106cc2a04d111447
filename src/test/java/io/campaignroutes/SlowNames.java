package io.campaignroutes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/** How long a service in a process of its own waits for the address of each name. */
final class SlowNames {
  private final Path library;
  private final Path file;

  private SlowNames(Path library, Path file) {
    this.library = library;
    this.file = file;
  }

  /**
   * Makes it, with no delay.
   *
   * @param folder where its library and its setting are kept
   * @return null where there is no gcc
   */
  static SlowNames make(Path folder) throws IOException, InterruptedException {
    SlowNames names =
        new SlowNames(folder.resolve("resolver_shim.so"), folder.resolve("resolver-delay"));
    if (!SteppedClock.compiled("src/test/c/resolver_shim.c", names.library)) {
      return null;
    }
    names.delay(Duration.ZERO);
    return names;
  }

  /** The variables of the service; to it names that end in {@code .test} are this machine. */
  Map<String, String> environment() {
    return Map.of("LD_PRELOAD", library.toString(), "RESOLVER_SHIM", file.toString());
  }

  /** How long each look-up takes that begins from now on. */
  void delay(Duration delay) throws IOException {
    Path draft = Files.writeString(Path.of(file + ".new"), Long.toString(delay.toMillis()));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
