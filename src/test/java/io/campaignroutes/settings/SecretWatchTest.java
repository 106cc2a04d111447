package io.campaignroutes.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.StartTrial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.health.Health;

class SecretWatchTest {
  @TempDir Path folder;

  private final List<String> used = new ArrayList<>();
  private StartTrial trial;
  private SecretWatch watch;

  @AfterEach
  void close() {
    if (watch != null) {
      watch.close();
    }
  }

  /** Written beside it and moved, as what is read meanwhile has to be. */
  private void write(String name, String text) throws IOException {
    Path fresh = Files.writeString(folder.resolve(name + ".new"), text);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
    Files.move(fresh, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private void start(String... variables) throws IOException {
    Map<String, String> given = new HashMap<>();
    for (String variable : variables) {
      write(variable, "first\n");
      given.put(variable, null);
      given.put(variable + "_FILE", folder.resolve(variable).toString());
    }
    trial = StartTrial.with(given);
    assertThat(trial.lines).isEmpty();
    watch = new SecretWatch(trial.environment);
  }

  @Test
  void whoFollowsASecretUsesItAtOnceAndEachNewOne() throws IOException {
    start("API_KEY", "MARKETING_TOKEN");
    watch.follow("${campaign-routes.api-key:}", used::add);
    watch.follow("Bearer ${MARKETING_TOKEN}", used::add);
    assertThat(used).containsExactly("first", "Bearer first");
    write("API_KEY", "second${x}\r\n");
    watch.look();
    watch.look();
    assertThat(used).containsExactly("first", "Bearer first", "second${x}");
    write("MARKETING_TOKEN", "other");
    watch.look();
    assertThat(used).endsWith("second${x}", "Bearer other");
    assertThat(trial.value("campaign-routes.api-key")).isEqualTo("second${x}");
    assertThat(watch.faults()).isEmpty();
  }

  @Test
  void whatIsWrittenInPlaceIsTakenToo() throws IOException {
    start("API_KEY");
    watch.follow("${campaign-routes.api-key:}", used::add);
    Files.writeString(folder.resolve("API_KEY"), "again");
    watch.look();
    assertThat(used).containsExactly("first", "again");
  }

  @Test
  void aFileThatGoesBadKeepsTheLastSecretAndIsToldUntilItIsGood() throws Exception {
    start("API_KEY");
    watch.follow("${campaign-routes.api-key:}", used::add);
    Path file = folder.resolve("API_KEY");
    for (String make :
        List.of("truncate -s 0 %s", "rm %s", "mkfifo %s", "mkdir %s", "ln -s x %s")) {
      Files.deleteIfExists(make.startsWith("rm") ? folder.resolve("none") : file);
      assertThat(new ProcessBuilder(make.formatted(file).split(" ")).start().waitFor()).isZero();
      watch.look();
      assertThat(watch.faults().get("API_KEY_FILE"))
          .as(make)
          .startsWith("API_KEY_FILE is read from '" + file + "': ")
          .endsWith("stays in force. Put a good one there.");
      Health health = new SecretsHealthIndicator(watch, trial.environment).health();
      assertThat(health.getStatus().getCode()).isEqualTo("DOWN");
      assertThat(health.getDetails().toString()).contains("API_KEY_FILE");
    }
    assertThat(trial.value("campaign-routes.api-key")).isEqualTo("first");
    Files.delete(file);
    write("API_KEY", "second");
    watch.look();
    assertThat(used).containsExactly("first", "second");
    assertThat(watch.faults()).isEmpty();
  }

  @Test
  void aSecretThatCannotBeUsedIsTakenBackForAllWhoFollow() throws IOException {
    start("WEBHOOK_TOKEN");
    watch.follow("${campaign-routes.webhook-token:}", used::add);
    watch.follow(
        "${campaign-routes.webhook-token:}",
        value -> {
          if (value.equals("short")) {
            throw new IllegalArgumentException("it is too short");
          }
        });
    write("WEBHOOK_TOKEN", "short");
    watch.look();
    assertThat(used).containsExactly("first", "short", "first");
    assertThat(watch.faults().get("WEBHOOK_TOKEN_FILE")).contains("it is too short", "stays in");
    write("WEBHOOK_TOKEN", "schlüssel");
    watch.look();
    assertThat(used).containsExactly("first", "short", "first");
    assertThat(watch.faults().get("WEBHOOK_TOKEN_FILE"))
        .contains("a letter outside ASCII")
        .doesNotContain("schl");
    assertThat(trial.value("campaign-routes.webhook-token")).isEqualTo("first");
    write("WEBHOOK_TOKEN", "second");
    watch.look();
    assertThat(used).endsWith("second");
    assertThat(watch.faults()).isEmpty();
  }

  @Test
  void whoCannotUseTheFirstOneIsToldAtOnce() throws IOException {
    start("API_KEY");
    assertThatThrownBy(
            () ->
                watch.follow(
                    "${campaign-routes.api-key:}",
                    value -> {
                      throw new IllegalArgumentException("no");
                    }))
        .hasMessage("no");
    assertThatThrownBy(() -> watch.follow("${NOWHERE}", used::add))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTreeOfFilesIsWatchedAsKubernetesReplacesIt() throws IOException {
    for (String version : List.of("one", "two")) {
      Files.createDirectory(folder.resolve(version));
      Path file = folder.resolve(version).resolve("CXONE_CLIENT_SECRET");
      Files.writeString(file, version + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Path data = Files.createSymbolicLink(tree.resolve("..data"), folder.resolve("one"));
    Files.createSymbolicLink(
        tree.resolve("CXONE_CLIENT_SECRET"), Path.of("..data", "CXONE_CLIENT_SECRET"));
    Map<String, String> none = new HashMap<>();
    none.put("CXONE_CLIENT_SECRET", null);
    trial = StartTrial.withTree(tree, none);
    assertThat(trial.lines).isEmpty();
    watch = new SecretWatch(trial.environment);
    watch.follow("${cxone.client-secret:}", used::add);
    Path other = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("two"));
    Files.move(other, data, StandardCopyOption.ATOMIC_MOVE);
    watch.look();
    assertThat(used).containsExactly("one", "two");
  }
}
