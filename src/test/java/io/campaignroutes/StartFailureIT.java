package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service with what it cannot start with: one line, no trace, exit code 1. */
class StartFailureIT {
  @TempDir private Path temp;
  private final Map<String, String> variables = new HashMap<>();
  private Path store;

  @BeforeEach
  void tenant() throws IOException {
    store = Files.createDirectories(temp.resolve("data/store"));
    variables.put("CXONE_BASE_URL", "http://127.0.0.1:9");
    variables.put("CXONE_CLIENT_ID", "id");
    variables.put("CXONE_CLIENT_SECRET", "secret");
    variables.put("DATA_DIR", temp.resolve("data").toString());
    variables.put("PORT", "8080");
  }

  @Test
  void aSettingThatIsWrong() throws Exception {
    variables.put("LOG_FORMAT", "yaml");
    variables.put("THROTTLE_PERIOD", "5");
    assertThat(start())
        .containsExactly(
            "LOG_FORMAT is 'yaml'. It has to be text, json, ecs, gelf or logstash.",
            "THROTTLE_PERIOD is '5' without a unit. Write 5s for seconds (or 5ms, 5m, 5h).");
  }

  @Test
  void whatIsInsecureAndASecretThatIsNotThere() throws Exception {
    variables.put("CXONE_BASE_URL", "http://cxone.example");
    variables.put("API_KEY_FILE", "/nowhere/api-key");
    assertThat(start())
        .containsExactly(
            "API_KEY_FILE is read from '/nowhere/api-key': No such file or folder. Put the secret"
                + " there, for the service to read, or leave API_KEY_FILE out.",
            "CXONE_BASE_URL is 'http://cxone.example', without TLS and not on this machine:"
                + " credentials, tokens and campaigns go there for everybody on the way to read and"
                + " change. Use https, or name http-cxone in ALLOW_INSECURE if it has to be so.");
  }

  @Test
  void aTenantWithTheProfileOfTheSandbox() throws Exception {
    variables.put("SPRING_PROFILES_ACTIVE", "sandbox");
    assertThat(start())
        .containsExactly(
            "The profile sandbox is on, and CXONE_BASE_URL, CXONE_CLIENT_ID, CXONE_CLIENT_SECRET are"
                + " set: the sandbox does not start with the settings of a CXone tenant. Leave the"
                + " profile out, or unset them.");
  }

  @Test
  void aSecondProcessOnOneStore() throws Exception {
    try (FileChannel other =
        FileChannel.open(
            store.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      other.lock();
      assertThat(last(start())).startsWith("Another process uses the store in " + store);
    }
  }

  @Test
  void aStoreThatIsNoDatabase() throws Exception {
    Path file = Files.writeString(store.resolve("campaign-routes.db"), "no database".repeat(99));
    assertThat(last(start())).startsWith(file + " is no SQLite database.");
  }

  @Test
  void aPostgresThatCannotBeReached() throws Exception {
    variables.put("SPRING_DATASOURCE_URL", "jdbc:postgresql://127.0.0.1:9/routes");
    assertThat(last(start()))
        .startsWith("The store cannot be opened. PostgreSQL: Connection to 127.0.0.1:9 refused.")
        .endsWith("Check SPRING_DATASOURCE_URL.");
  }

  @Test
  void aPortThatIsTaken() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      variables.put("PORT", Integer.toString(other.getLocalPort()));
      assertThat(last(start()))
          .isEqualTo(
              "Port %d is in use by another process. Stop that one, or set PORT (or MANAGEMENT_PORT, where it is that one) to another port."
                  .formatted(other.getLocalPort()));
    }
  }

  /** What it prints; it has to end by itself, with exit code 1 and without a stack trace. */
  private List<String> start() throws IOException, InterruptedException {
    Path log = temp.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(PackagedService.command())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
    assertThat(ended).as("ends by itself: %s", lines).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(lines)
        .noneMatch(line -> line.startsWith("\tat ") || line.startsWith("Caused by:"))
        .noneMatch(line -> line.contains(" ERROR "));
    return lines;
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }
}
