package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of the packaged service a start can load when nobody has opened the sandbox. */
class ClassPathIT {
  private static final Path JAR = Path.of("target", "cxone-campaign-routes.jar");
  private static final String SANDBOX = "BOOT-INF/classes/cxone-campaign-routes-sandbox.jar";

  @TempDir private Path temp;

  @Test
  void noClassOfTheSandboxNorOfTheTestsIsOnIt() throws Exception {
    try (JarFile jar = new JarFile(JAR.toFile());
        URLClassLoader started = started(jar)) {
      List<String> sandbox = classes(jar.getInputStream(jar.getEntry(SANDBOX)));
      assertThat(sandbox).contains("io.campaignroutes.sandbox.SandboxConfiguration");
      for (String name : sandbox) {
        assertThatThrownBy(() -> started.loadClass(name))
            .isInstanceOf(ClassNotFoundException.class);
      }
      assertThat(started.loadClass("io.campaignroutes.CampaignRoutes")).isNotNull();
      assertThatThrownBy(() -> started.loadClass("io.campaignroutes.sandbox.StubCxone"))
          .isInstanceOf(ClassNotFoundException.class);
    }
  }

  /** They are asked in this order for each class of a start. */
  @Test
  void librariesThatAStartTakesMostFromComeFirstAndAllAreThere() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<JarEntry> libraries =
          jar.stream().filter(e -> e.getName().matches("BOOT-INF/lib/.+")).toList();
      String index =
          new String(
              jar.getInputStream(jar.getEntry("BOOT-INF/classpath.idx")).readAllBytes(),
              StandardCharsets.UTF_8);
      assertThat(libraries)
          .extracting(entry -> "- \"" + entry.getName() + "\"")
          .containsExactlyInAnyOrderElementsOf(index.lines().toList());
      assertThat(libraries).allMatch(entry -> entry.getMethod() == ZipEntry.STORED);
      assertThat(libraries.subList(0, 20))
          .allMatch(entry -> entry.getName().startsWith("BOOT-INF/lib/spring-"));
    }
  }

  /** Loads from what the launcher puts on the class path, as the manifest says. */
  private URLClassLoader started(JarFile jar) throws IOException {
    Map<Object, Object> manifest = jar.getManifest().getMainAttributes();
    String classes = manifest.get(new Attributes.Name("Spring-Boot-Classes")).toString();
    String libraries = manifest.get(new Attributes.Name("Spring-Boot-Lib")).toString();
    List<URL> urls = new ArrayList<>();
    urls.add(Files.createDirectories(temp.resolve(classes)).toUri().toURL());
    for (JarEntry entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
      if (entry.getName().startsWith(classes) || entry.getName().startsWith(libraries)) {
        Path file = temp.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        try (InputStream in = jar.getInputStream(entry)) {
          Files.copy(in, file);
        }
        if (entry.getName().startsWith(libraries)) {
          urls.add(file.toUri().toURL());
        }
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static List<String> classes(InputStream jar) throws IOException {
    List<String> classes = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(jar)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (name.endsWith(".class") && !name.endsWith("package-info.class")) {
          classes.add(name.substring(0, name.length() - ".class".length()).replace('/', '.'));
        }
      }
    }
    return classes;
  }
}
