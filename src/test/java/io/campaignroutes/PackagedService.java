package io.campaignroutes;

import io.campaignroutes.benchmark.ServiceProcess;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/**
 * How trials start the packaged service. A start costs a quarter of what one of the jar does: the
 * jar lies extracted beside an archive of its loaded classes, both made once for each jar that is
 * built, and the JVM compiles quickly rather than well. A trial of the jar itself starts {@link
 * #JAR}.
 */
final class PackagedService {
  static final Path JAR = Path.of("target", "cxone-campaign-routes.jar");

  private static final Path FOLDER = Path.of("target", "started");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** For a JVM that is soon over: no second compiler, and no threads that collect beside it. */
  static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private PackagedService() {}

  /**
   * The command line, or what {@link ServiceProcess#COMMAND} says instead.
   *
   * @param javaOptions options of the JVM, such as {@code -Xmx192m}
   * @throws IOException when the jar can neither be extracted nor started
   */
  static synchronized List<String> command(String... javaOptions) throws IOException {
    if (System.getProperty(ServiceProcess.COMMAND) != null) {
      return ServiceProcess.command(JAR, javaOptions);
    }
    Path folder = FOLDER.resolve(Files.size(JAR) + "-" + Files.getLastModifiedTime(JAR).toMillis());
    Path classes = folder.resolve("classes.jsa");
    Path extracted = folder.resolve(JAR.getFileName());
    Files.createDirectories(FOLDER);
    try (FileChannel file =
        FileChannel.open(
            FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.lock(); // until it is closed; another run may be at it
      if (Files.notExists(classes)) { // which is the last that comes to be there
        for (File other : FOLDER.toFile().listFiles(File::isDirectory)) {
          FileSystemUtils.deleteRecursively(other);
        }
        ClassArchive.extract(ServiceProcess.command(JAR, QUICK.toArray(String[]::new)), folder);
        ClassArchive.write(
            ServiceProcess.command(extracted, QUICK.toArray(String[]::new)),
            ClassArchive.AT_EXIT,
            Path.of(""),
            folder,
            classes);
      }
    } catch (InterruptedException e) {
      throw new IOException("The service was not made ready to be started", e);
    }
    List<String> options = new ArrayList<>();
    options.add("-XX:SharedArchiveFile=" + classes);
    options.addAll(QUICK);
    options.addAll(List.of(javaOptions));
    return ServiceProcess.command(extracted, options.toArray(String[]::new));
  }
}
