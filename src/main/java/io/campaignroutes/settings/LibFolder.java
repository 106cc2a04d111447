package io.campaignroutes.settings;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * The jars of {@code lib/}, which bring further Camel components. The packaged service has them on
 * its class path, before its own, the image behind: so none may be there that it brings itself.
 */
public final class LibFolder {
  /** In the folder that holds {@code config/} and {@code routes/}; the jar's manifest names it. */
  public static final Path FOLDER = Path.of("lib");

  private static final Pattern JAR = Pattern.compile("(.*?)(?:-(\\d.*))?\\.jar");

  /** In the jar, and in the image, where it lies extracted. */
  private static final Pattern OWN = Pattern.compile("(?:[/!]BOOT-INF|/app)/lib/([^/!]+\\.jar)!/");

  private static final String REFILL = "Empty lib/ and fill it again, as README.md says.";

  private LibFolder() {}

  /** One jar, or the folder itself, and what is wrong with it. */
  public record Finding(String file, String problem, String remedy) {
    /** The line that a start ends with. */
    public String line() {
      return file + " " + problem + " " + remedy;
    }
  }

  /** The names of the jars that are there, in their order; empty where there is no folder. */
  public static List<String> jars(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .sorted()
          .toList();
    }
  }

  /** What would make a start with these jars fail later, or be another service than was built. */
  public static List<Finding> findings(Path folder) {
    return findings(folder, Files.exists(folder) ? own() : List.of());
  }

  /**
   * @param own the names of the service's own jars
   */
  static List<Finding> findings(Path folder, List<String> own) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      return List.of(
          new Finding(
              folder.toString(), "is no folder.", "Jars of Camel components belong into one."));
    }
    Map<String, String> ownArtifacts = new TreeMap<>();
    own.forEach(jar -> ownArtifacts.put(artifact(jar), jar));
    String camel = version(ownArtifacts.getOrDefault("camel-api", ".jar"));
    List<Finding> findings = new ArrayList<>();
    try {
      for (String jar : jars(folder)) {
        String file = folder.resolve(jar).toString();
        String brought = ownArtifacts.get(artifact(jar));
        if (!isJar(folder.resolve(jar))) {
          findings.add(new Finding(file, "cannot be read as a jar.", "Copy it again."));
        } else if (brought != null) {
          findings.add(
              new Finding(
                  file,
                  "would take the place of " + brought + ", which the service brings itself.",
                  "Remove it."));
        } else if (jar.startsWith("camel-") && !own.isEmpty() && !version(jar).equals(camel)) {
          findings.add(
              new Finding(file, "is not of Camel " + camel + ", which the service has.", REFILL));
        }
      }
    } catch (IOException e) {
      findings.add(
          new Finding(
              folder.toString(),
              "cannot be read.",
              "Let the service read it, or remove it. (" + e.getMessage() + ")"));
    }
    return findings;
  }

  private static String artifact(String jar) {
    return matched(jar).group(1);
  }

  private static String version(String jar) {
    String version = matched(jar).group(2);
    return version == null ? "" : version;
  }

  private static Matcher matched(String jar) {
    Matcher matcher = JAR.matcher(jar);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(jar);
    }
    return matcher;
  }

  private static boolean isJar(Path file) {
    try (ZipFile jar = new ZipFile(file.toFile())) {
      return jar.size() > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Empty unless the packaged jar, or the image, is what runs: elsewhere lib/ is not looked at. */
  private static List<String> own() {
    TreeSet<String> names = new TreeSet<>();
    try {
      for (URL manifest :
          Collections.list(LibFolder.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
        Matcher matcher = OWN.matcher(manifest.toString());
        if (matcher.find()) {
          names.add(matcher.group(1));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("The service's own jars cannot be read", e);
    }
    return List.copyOf(names);
  }
}
