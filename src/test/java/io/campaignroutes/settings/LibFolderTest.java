package io.campaignroutes.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the jars of {@code lib/} to what a start needs of them. */
class LibFolderTest {
  private static final List<String> OWN =
      List.of("camel-api-4.18.0.jar", "jackson-core-2.19.4.jar", "snakeyaml-2.4.jar");

  @TempDir private Path temp;

  private Path jar(String name) throws IOException {
    Path file = Files.createDirectories(temp.resolve("lib")).resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
    }
    return file;
  }

  private List<String> lines() {
    return LibFolder.findings(temp.resolve("lib"), OWN).stream()
        .map(LibFolder.Finding::line)
        .map(line -> line.replace(temp + "/", ""))
        .toList();
  }

  @Test
  void whatFitsIsTakenAndOtherFilesAreLeft() throws IOException {
    jar("camel-kafka-4.18.0.jar");
    jar("kafka-clients-3.9.2.jar");
    Files.writeString(temp.resolve("lib/notes.txt"), "none");
    assertThat(lines()).isEmpty();
    assertThat(LibFolder.jars(temp.resolve("lib")))
        .containsExactly("camel-kafka-4.18.0.jar", "kafka-clients-3.9.2.jar");
  }

  @Test
  void noFolderIsNoFinding() throws IOException {
    assertThat(lines()).isEmpty();
    assertThat(LibFolder.jars(temp.resolve("lib"))).isEmpty();
  }

  @Test
  void aFileInItsPlaceIsTold() throws IOException {
    Files.writeString(temp.resolve("lib"), "");
    assertThat(lines())
        .containsExactly("lib is no folder. Jars of Camel components belong into one.");
  }

  @Test
  void whatIsBrokenDoubledOrOfAnotherCamelIsTold() throws IOException {
    Files.writeString(jar("a-broken.jar"), "no jar");
    jar("camel-ftp-4.17.1.jar");
    jar("camel-jms.jar");
    jar("jackson-core-2.20.0.jar");
    assertThat(lines())
        .containsExactly(
            "lib/a-broken.jar cannot be read as a jar. Copy it again.",
            "lib/camel-ftp-4.17.1.jar is not of Camel 4.18.0, which the service has. Empty lib/ and"
                + " fill it again, as README.md says.",
            "lib/camel-jms.jar is not of Camel 4.18.0, which the service has. Empty lib/ and fill"
                + " it again, as README.md says.",
            "lib/jackson-core-2.20.0.jar would take the place of jackson-core-2.19.4.jar, which the"
                + " service brings itself. Remove it.");
  }
}
