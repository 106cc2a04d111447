package io.campaignroutes;

import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCxone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** Makes archives of loaded classes, with which a JVM has the service ready in half the time. */
final class ClassArchive {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private ClassArchive() {}

  /**
   * Writes the archive of the image, {@code app/classes.jsa}.
   *
   * @param args the folder that is {@code /opt/campaign-routes} there, and the service's jar in it
   */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    Path work = Path.of("target", "image", "archive").toAbsolutePath();
    FileSystemUtils.deleteRecursively(work);
    Files.createDirectories(work);
    // as it is named when the image starts: the JVM compares the words
    List<String> command =
        List.of(
            home.resolve("jre/bin/java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            args[1],
            CampaignRoutes.class.getName());
    write(command, home, work, home.resolve("app").resolve("classes.jsa"));
  }

  /**
   * Starts the service, launches a campaign and ends it; the JVM then writes what it has loaded.
   *
   * @param command starts the service
   * @param folder with {@code routes/} and {@code config/}
   * @param work for data and log
   * @param archive comes to be there as a whole or not at all
   * @throws IOException when the service neither starts nor ends in time
   */
  static void write(List<String> command, Path folder, Path work, Path archive)
      throws IOException, InterruptedException {
    Path unfinished = work.resolve("unfinished.jsa").toAbsolutePath();
    Path log = work.resolve("log");
    Files.deleteIfExists(unfinished);
    List<String> words =
        Stream.of(
                command.stream().limit(1),
                Stream.of("-XX:ArchiveClassesAtExit=" + unfinished, "-Xlog:disable"),
                command.stream().skip(1))
            .flatMap(part -> part)
            .toList();
    try (var cxone = new StubCxone();
        var service =
            ServiceProcess.startIn(
                folder, words, work.resolve("data").toAbsolutePath(), cxone.environment(), log)) {
      new ServiceClient(service.awaitReady(PATIENCE)).create("archived");
      if (!service.stop(PATIENCE)) {
        throw new IOException("The service does not end; its log is " + log);
      }
    }
    Files.move(unfinished, archive);
  }
}
