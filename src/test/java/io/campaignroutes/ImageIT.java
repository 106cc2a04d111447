package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCxone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image that the build has made, taken apart and run as {@link UnpackedImage} says. It needs
 * Linux, root's rights and a JDK with {@code jlink}; where they are not it is left out and says so.
 */
class ImageIT {
  private static final Path TAR =
      Path.of(System.getProperty("image.file", "target/image/campaign-routes-without-base.tar"));
  private static final Path LOG = Path.of("target", "image-it.log");
  private static final long MEMORY = 768L << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private static Path temp;
  private static UnpackedImage image;
  private static boolean limited;

  @BeforeAll
  static void unpack() throws Exception {
    needs(Files.isRegularFile(TAR), "no image was made: " + TAR + " is not there");
    needs(mayMount(), "root's right to mount is needed");
    Files.deleteIfExists(LOG);
    image = UnpackedImage.of(TAR, Path.of("target", "image-it"));
    limited = image.limitMemory(MEMORY);
    if (!limited) {
      System.err.println("NOT TESTED: the image with a limit on memory; no group of this machine");
    }
  }

  private static void needs(boolean there, String what) {
    if (!there) {
      System.err.println("NOT TESTED: the image; " + what + ".");
    }
    assumeTrue(there, what);
  }

  private static boolean mayMount() throws InterruptedException {
    try {
      return new ProcessBuilder("unshare", "--mount", "setpriv", "--no-new-privs", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no such program
    }
  }

  @AfterAll
  static void remove() throws IOException {
    if (image != null) {
      image.close();
    }
  }

  @Test
  void itKeepsItsCampaignsOverAKillAndEndsCleanlyAndWritesNothingButItsData() throws Exception {
    Path data = image.dataOf(temp.resolve("data"));
    List<String> before = image.contents();
    try (var cxone = new StubCxone()) {
      try (var service = image.start(data, cxone.environment(), LOG)) {
        ServiceClient client = new ServiceClient(service.awaitReady(PATIENCE));
        assertThat(client.create("of the image").status()).isEqualTo(201);
        itRunsAsSomebodyWhoMayNothing(service);
        whatTheJvmUsesIsTheImages(service);
        itsHeapIsSizedByTheLimit(client);
        service.kill();
      }
      try (var service = image.start(data, cxone.environment(), LOG)) {
        ServiceClient client = new ServiceClient(service.awaitReady(PATIENCE));
        assertThat(client.stage("of the image")).isEqualTo("ACTIVE");
        assertThat(service.stop(Duration.ofSeconds(60))).as("ended by SIGTERM").isTrue();
      }
      assertThat(cxone.arrivals())
          .filteredOn(arrival -> arrival.call() == StubCxone.Call.CREATE)
          .hasSize(1);
    }
    assertThat(image.contents()).isEqualTo(before);
    assertThat(folders(data)).contains("audit", "inbox", "store");
    assertThat(image.run(data, "audit", "verify", UnpackedImage.DATA + "/audit")).startsWith("0\n");
  }

  private static void itRunsAsSomebodyWhoMayNothing(ServiceProcess service) throws IOException {
    Map<String, String> status = new TreeMap<>();
    for (String line : Files.readAllLines(process(service).resolve("status"))) {
      String[] parts = line.split(":\\s*", 2);
      status.put(parts[0], parts[1].strip());
    }
    String user = image.user().split(":")[0];
    assertThat(Integer.parseInt(user)).isGreaterThan(9999);
    assertThat(status.get("Uid").split("\\s+")).containsOnly(user);
    assertThat(status.get("Gid").split("\\s+")).containsOnly(image.user().split(":")[1]);
    assertThat(status.get("Groups")).isEmpty();
    assertThat(status).containsEntry("CapEff", "0000000000000000").containsEntry("NoNewPrivs", "1");
    assertThat(Files.readString(process(service).resolve("mountinfo")).lines())
        .anyMatch(mount -> mount.matches(".* / ro[, ].*"))
        .filteredOn(mount -> mount.contains(" /tmp "))
        .allMatch(mount -> mount.contains("noexec"));
  }

  private static void whatTheJvmUsesIsTheImages(ServiceProcess service) throws IOException {
    String maps = Files.readString(process(service).resolve("maps"));
    assertThat(maps)
        .contains("/opt/campaign-routes/jre/lib/server/libjvm.so")
        .as("the archive of the runtime's classes and that of the service's")
        .contains("/opt/campaign-routes/jre/lib/server/classes.jsa")
        .contains("/opt/campaign-routes/app/classes.jsa")
        .contains("/opt/campaign-routes/app/native/libsqlitejdbc.so");
  }

  private static void itsHeapIsSizedByTheLimit(ServiceClient client) {
    if (!limited) {
      return; // has been said
    }
    Matcher heap =
        Pattern.compile("jvm_memory_max_bytes\\{area=\"heap\",id=\"Tenured Gen\"} (\\S+)")
            .matcher(client.text("/actuator/prometheus"));
    assertThat(heap.find()).isTrue();
    assertThat(Double.parseDouble(heap.group(1))).isBetween(MEMORY * 0.2, MEMORY * 0.45);
  }

  private static Path process(ServiceProcess service) {
    return Path.of("/proc", Long.toString(service.pid()));
  }

  private static List<String> folders(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void itsCommandsAreWordsBehindIt() throws Exception {
    Path data = image.dataOf(temp.resolve("data-of-commands"));
    assertThat(image.run(data, "--version")).startsWith("0\n");
    assertThat(image.run(data, "keys", "add", "--name", "crm", "--role", "viewer"))
        .startsWith("0\n");
    assertThat(data.resolve("keys.yaml")).exists();
  }

  @Test
  void aComponentThatItBringsItselfIsFoundInLib() throws Exception {
    Path data = image.dataOf(temp.resolve("data-of-components"));
    Path twice = image.file("/opt/campaign-routes/lib/camel-api-4.0.0.jar");
    Path own =
        Path.of(CamelContext.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Files.copy(own, twice);
    try {
      assertThat(image.run(data, "check"))
          .doesNotStartWith("0\n")
          .contains("lib/camel-api-4.0.0.jar");
    } finally {
      Files.delete(twice);
    }
  }

  @Test
  void itKnowsWhomToTrustAndHasWhatStartsOtherPrograms() throws Exception {
    KeyStore trusted = KeyStore.getInstance("JKS");
    try (var in =
        Files.newInputStream(image.file("/opt/campaign-routes/jre/lib/security/cacerts"))) {
      trusted.load(in, null);
    }
    assertThat(trusted.size()).isGreaterThan(50);
    assertThat(image.file("/opt/campaign-routes/jre/lib/jspawnhelper")).isExecutable();
  }

  @Test
  void routesAndConfigurationLieBesideThePlaceForFurtherComponents() {
    assertThat(image.configuration().path("WorkingDir").asText()).isEqualTo("/opt/campaign-routes");
    assertThat(image.configuration().path("Volumes").fieldNames())
        .toIterable()
        .containsExactly(UnpackedImage.DATA);
    assertThat(image.file("/opt/campaign-routes/lib")).isEmptyDirectory();
    assertThat(image.file("/opt/campaign-routes/routes/audit.camel.yaml")).exists();
    assertThat(image.file("/opt/campaign-routes/config/openapi.yaml")).exists();
  }
}
