package io.campaignroutes.benchmark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The service as a process of its own, which can be killed and measured. It dies with the process
 * that started it.
 */
public final class ServiceProcess implements AutoCloseable {
  /** A system property that stands for the command line, for a service that is not packaged. */
  public static final String COMMAND = "service.command";

  /**
   * Who stands between a service and its clients, where one is {@link #witnessedBy given}: what
   * tests see of a service is then seen by it too.
   */
  public interface Witness {
    /**
     * A service is being started.
     *
     * @param port where it will listen
     * @param dataDir its {@code DATA_DIR}
     * @param log where its output goes
     */
    Door stand(int port, Path dataDir, Path log) throws IOException;
  }

  /** Where clients come in. */
  public interface Door extends AutoCloseable {
    int port();

    @Override
    void close();
  }

  private static volatile Witness witness = (port, dataDir, log) -> new OwnDoor(port);

  private final Process process;
  private final Door door;
  private final Path log;
  private final Thread hook;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private ServiceProcess(Process process, Door door, Path log) {
    this.process = process;
    this.door = door;
    this.log = log;
    this.hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * The command line that starts the packaged service, or what {@link #COMMAND} says instead, its
   * words separated by spaces.
   *
   * @param javaOptions options of the JVM, such as {@code -Xmx192m}
   */
  public static List<String> command(Path jar, String... javaOptions) {
    String given = System.getProperty(COMMAND);
    List<String> command = new ArrayList<>();
    if (given != null && !given.isBlank()) {
      command.addAll(List.of(given.strip().split("\\s+")));
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-jar");
      command.add(jar.toString());
    }
    command.addAll(1, List.of(javaOptions));
    return command;
  }

  /**
   * Starts the service on a free port, in this process's working directory.
   *
   * @param command see {@link #command}
   * @param dataDir its {@code DATA_DIR}
   * @param environment further variables
   * @param log where its output goes, added to what is there
   * @param properties further settings, each {@code --name=value}
   */
  public static ServiceProcess start(
      List<String> command,
      Path dataDir,
      Map<String, String> environment,
      Path log,
      String... properties)
      throws IOException {
    return startIn(Path.of(""), command, dataDir, environment, log, properties);
  }

  /**
   * Starts the service in a folder that holds {@code routes/} and {@code config/}; see {@link
   * #start}. All other paths are absolute.
   */
  public static ServiceProcess startIn(
      Path folder,
      List<String> command,
      Path dataDir,
      Map<String, String> environment,
      Path log,
      String... properties)
      throws IOException {
    int port = FreePort.any();
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of(properties));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("PORT", Integer.toString(port));
    all.put("DATA_DIR", dataDir.toString());
    // what happens to be set here must not change what is tested
    List.of(
            "API_KEY",
            "CXONE_BASE_URL",
            "CXONE_TOKEN_URL",
            "CXONE_CLIENT_ID",
            "CXONE_CLIENT_SECRET",
            "API_KEYS_FILE",
            "MANAGEMENT_PORT",
            "OIDC_ISSUER",
            "OIDC_CLIENT_ID",
            "WEBHOOK_TOKEN",
            "WEBHOOK_SIGNING_SECRET",
            "WEBHOOKS_DESTINATIONS",
            "ALLOW_INSECURE",
            "ALLOW_PRIVATE_DESTINATIONS",
            "TRUSTED_PROXIES",
            "DELIVERY_RETRY_SCHEDULE",
            "SPRING_DATASOURCE_URL",
            "SPRING_PROFILES_ACTIVE")
        .forEach(builder.environment()::remove);
    builder.environment().putAll(all);
    Door door = witness.stand(Integer.parseInt(all.get("PORT")), dataDir, log);
    return new ServiceProcess(builder.start(), door, log);
  }

  /** Who sees all services that this process starts from now on. */
  public static void witnessedBy(Witness one) {
    witness = one;
  }

  /** The service's own port. */
  private record OwnDoor(int port) implements Door {
    @Override
    public void close() {
      // it is closed with the service
    }
  }

  /**
   * Waits until it takes requests.
   *
   * @throws IOException when it ends, or takes too long, saying where its log is
   */
  public ServiceProcess awaitReady(Duration atMost) throws IOException, InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    HttpRequest probe =
        HttpRequest.newBuilder(uri("/actuator/health/readiness"))
            .timeout(Duration.ofSeconds(2))
            .build();
    while (process.isAlive() && System.nanoTime() - end < 0) {
      try {
        if (http.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return this;
        }
      } catch (IOException e) {
        // it does not listen yet
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IOException(
        (process.isAlive()
                ? "The service is not ready after " + atMost.toSeconds() + " s"
                : "The service ended with " + process.exitValue())
            + "; its log is "
            + log);
  }

  /** The address of a path at this service. */
  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + door.port() + path);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", door.port());
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its output so far, that of earlier processes with the same log included. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  /** SIGKILL: it gets no chance to tidy up. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    forget();
  }

  /**
   * Sends it a signal.
   *
   * @param name such as {@code STOP}, by which it stands still until {@code CONT}
   */
  public void signal(String name) throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
            .inheritIO()
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("Not sent: " + name);
    }
  }

  /**
   * Asks it to end.
   *
   * @return whether it did in time; if not it is killed
   */
  public boolean stop(Duration atMost) throws InterruptedException {
    process.destroy();
    boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      kill();
    }
    forget();
    return ended;
  }

  private void forget() {
    door.close();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // this process is ending
    }
  }

  /** Kills it if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    forget();
  }

  /** What it uses of the machine. */
  public ProcessFigures figures() {
    return new ProcessFigures(process.toHandle());
  }
}
