package io.campaignroutes;

import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCxone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** Makes archives of loaded classes, with which a JVM has the service ready in half the time. */
public final class ClassArchive {
  /** For {@link #write}: from version 13 on. */
  public static final String AT_EXIT = "-XX:ArchiveClassesAtExit=";

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
    write(command, AT_EXIT, home, work, home.resolve("app").resolve("classes.jsa"));
  }

  /**
   * Takes a packaged service apart into a jar of its own classes and one of each library, from
   * which classes are loaded sooner, and can be archived.
   *
   * @param command starts the packaged service
   * @param folder where to; what is there is replaced
   */
  public static void extract(List<String> command, Path folder)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(command);
    words.add(1, "-Djarmode=tools");
    words.addAll(List.of("extract", "--force", "--destination", folder.toString()));
    Process process = new ProcessBuilder(words).inheritIO().start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("Not extracted: " + String.join(" ", command));
    }
  }

  /**
   * Starts the service, launches a campaign and ends it; the JVM then writes what it has loaded.
   *
   * @param command starts the service
   * @param option of the JVM that says where it writes, ending in {@code =}
   * @param folder with {@code routes/} and {@code config/}
   * @param work for data and log
   * @param archive comes to be there as a whole or not at all
   * @throws IOException when the service neither starts nor ends in time
   */
  public static void write(
      List<String> command, String option, Path folder, Path work, Path archive)
      throws IOException, InterruptedException {
    Path unfinished = work.resolve("unfinished.jsa").toAbsolutePath();
    Path log = work.resolve("log");
    Files.deleteIfExists(unfinished);
    List<String> words =
        Stream.of(
                command.stream().limit(1),
                Stream.of(option + unfinished, "-Xlog:disable"),
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
