package io.campaignroutes.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What people write first in place of this service, in a process of its own: one Node process that
 * stores nothing. Its code is in a folder of {@code src/benchmark}.
 */
final class NodePeer implements AutoCloseable {
  private static final Path SOURCES = Path.of("src", "benchmark");
  private static final String LOCK = "package-lock.json";

  private final Process process;
  private final InetSocketAddress address;

  private NodePeer(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Why it cannot be run here.
   *
   * @param name its folder
   * @return null when it can
   */
  static String missing(String name) throws InterruptedException {
    Path source = SOURCES.resolve(name);
    if (!Files.isRegularFile(source.resolve("index.js"))) {
      return source + " is not in the working directory";
    }
    List<String> tools = installs(source) ? List.of("node", "npm") : List.of("node");
    for (String tool : tools) {
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

  private static boolean installs(Path folder) {
    return Files.isRegularFile(folder.resolve(LOCK));
  }

  /**
   * Installs and starts it.
   *
   * @param name its folder
   * @param dir a folder to install it in
   * @param environment what it reads besides {@code PORT}
   */
  static NodePeer start(String name, Path dir, Map<String, String> environment)
      throws IOException, InterruptedException {
    Files.createDirectories(dir);
    try (Stream<Path> files = Files.list(SOURCES.resolve(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, dir.resolve(file.getFileName()));
      }
    }
    Path log = dir.resolve("log");
    if (installs(dir)) {
      install(dir, log);
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
    node.environment().putAll(environment);
    node.environment().putAll(Map.of("NODE_ENV", "production", "PORT", Integer.toString(port)));
    var peer = new NodePeer(node.start(), new InetSocketAddress("127.0.0.1", port));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!peer.listens()) {
      if (!peer.process.isAlive() || System.nanoTime() - end > 0) {
        peer.close();
        throw new IOException("it does not start: " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return peer;
  }

  private static void install(Path dir, Path log) throws IOException, InterruptedException {
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

  /** The address of a path at it. */
  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + address.getPort() + path);
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
