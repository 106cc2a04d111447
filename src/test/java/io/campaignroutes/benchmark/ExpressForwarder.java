package io.campaignroutes.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The webhook forwarder that people write first, in a process of its own: Express and axios, one
 * process, nothing stored. Its code is in {@code src/benchmark/express-forwarder}.
 */
final class ExpressForwarder implements AutoCloseable {
  private static final Path SOURCE = Path.of("src", "benchmark", "express-forwarder");
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "index.js");

  private final Process process;
  private final InetSocketAddress address;

  private ExpressForwarder(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Why it cannot be run here.
   *
   * @return null when it can
   */
  static String missing() throws InterruptedException {
    for (String file : FILES) {
      if (!Files.isRegularFile(SOURCE.resolve(file))) {
        return SOURCE.resolve(file) + " is not in the working directory";
      }
    }
    for (String tool : List.of("node", "npm")) {
      try {
        Process asked =
            new ProcessBuilder(tool, "--version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (asked.waitFor() != 0) {
          return tool + " --version fails";
        }
      } catch (IOException e) {
        return tool + " was not found";
      }
    }
    return null;
  }

  /**
   * Installs and starts it.
   *
   * @param dir a folder to install it in
   * @param destination where it posts to
   * @param token what it wants in {@code X-Webhook-Token}
   */
  static ExpressForwarder start(Path dir, String destination, String token)
      throws IOException, InterruptedException {
    Files.createDirectories(dir);
    for (String file : FILES) {
      Files.copy(SOURCE.resolve(file), dir.resolve(file));
    }
    Path log = dir.resolve("log");
    Process install =
        new ProcessBuilder("npm", "ci", "--omit=dev", "--no-audit", "--no-fund")
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!install.waitFor(3, TimeUnit.MINUTES) || install.exitValue() != 0) {
      install.destroyForcibly();
      throw new IOException("npm ci failed: " + Files.readString(log));
    }
    int port = FreePort.any();
    ProcessBuilder node =
        new ProcessBuilder("node", "index.js")
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // axios would ask a proxy for loopback too
    List.of("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
        .forEach(node.environment()::remove);
    node.environment()
        .putAll(
            Map.of(
                "NODE_ENV",
                "production",
                "PORT",
                Integer.toString(port),
                "DESTINATION",
                destination,
                "WEBHOOK_TOKEN",
                token));
    var forwarder = new ExpressForwarder(node.start(), new InetSocketAddress("127.0.0.1", port));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!forwarder.listens()) {
      if (!forwarder.process.isAlive() || System.nanoTime() - end > 0) {
        forwarder.close();
        throw new IOException("it does not start: " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return forwarder;
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  InetSocketAddress address() {
    return address;
  }

  ProcessFigures figures() {
    return new ProcessFigures(process.toHandle());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
