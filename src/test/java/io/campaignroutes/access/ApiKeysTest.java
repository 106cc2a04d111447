package io.campaignroutes.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiKeysTest {
  private static final Instant MADE = Instant.parse("2026-11-28T12:00:00Z");

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("keys.yaml");
  }

  private static ApiKey key(String name, Role role, String key, Instant expires) {
    return new ApiKey(name, role, Hashes.sha256(key), MADE, expires);
  }

  private void add(String name, Role role, String key) throws IOException {
    new KeysFile(file()).add(key(name, role, key, null));
  }

  @Test
  void withoutAKeyAndAFileNoneIsAskedFor() {
    ApiKeys keys = new ApiKeys("", file());
    assertThat(keys.required()).isFalse();
    assertThat(keys.known("")).isEmpty();
    keys.close();
  }

  @Test
  void theKeyOfTheEnvironmentMayDoEverything() {
    ApiKeys keys = new ApiKeys(" secret ", file());
    assertThat(keys.required()).isTrue();
    assertThat(keys.known("secret"))
        .hasValueSatisfying(key -> assertThat(key.role()).isEqualTo(Role.ADMIN));
    assertThat(keys.known("secre")).isEmpty();
    keys.close();
  }

  @Test
  void whatIsAddedAndRevokedCountsAtTheNextLook() throws IOException {
    ApiKeys keys = new ApiKeys("", file());
    add("reports", Role.VIEWER, "one");
    add("crm", Role.OPERATOR, "two");
    keys.look();
    assertThat(keys.required()).isTrue();
    assertThat(keys.known("one")).map(ApiKey::name).hasValue("reports");
    assertThat(keys.known("two")).map(ApiKey::role).hasValue(Role.OPERATOR);
    new KeysFile(file()).revoke("crm");
    keys.look();
    assertThat(keys.known("two")).isEmpty();
    assertThat(keys.known("one")).isPresent();
    new KeysFile(file()).revoke("reports");
    keys.look();
    assertThat(keys.known("one")).isEmpty();
    assertThat(keys.required()).as("a file without keys opens to nobody").isTrue();
    keys.close();
  }

  @Test
  void aKeyThatHasExpiredOpensNothing() throws IOException {
    new KeysFile(file()).add(key("old", Role.ADMIN, "one", Instant.now().minusMillis(1)));
    new KeysFile(file()).add(key("new", Role.ADMIN, "two", Instant.now().plusSeconds(3600)));
    ApiKeys keys = new ApiKeys("", file());
    assertThat(keys.known("one")).isEmpty();
    assertThat(keys.known("two")).isPresent();
    keys.close();
  }

  @Test
  void aFileThatCannotBeReadKeepsTheLastKeysAndIsTold() throws IOException {
    add("reports", Role.VIEWER, "one");
    ApiKeys keys = new ApiKeys("", file());
    String good = Files.readString(file());
    Files.writeString(file(), good + "- {name: x, role: chief}\n");
    keys.look();
    assertThat(keys.known("one")).isPresent();
    assertThat(keys.fault()).contains("role chief", "viewer, operator, admin", "stay in force");
    assertThat(new KeysHealthIndicator(keys).health().getStatus().getCode()).isEqualTo("DOWN");
    Files.delete(file());
    keys.look();
    assertThat(keys.fault()).contains("is gone");
    assertThat(keys.known("one")).isPresent();
    Files.writeString(file(), good);
    keys.look();
    assertThat(keys.fault()).isNull();
    keys.close();
  }

  @Test
  void whatIsNoFileHoldsNothingUpAndKeepsTheLastKeys() throws Exception {
    add("reports", Role.VIEWER, "one");
    String good = Files.readString(file());
    ApiKeys keys = new ApiKeys("", file());
    for (String endless : List.of("mkfifo %s", "ln -s /dev/zero %s", "mkdir %s")) {
      Files.delete(file());
      assertThat(new ProcessBuilder(endless.formatted(file()).split(" ")).start().waitFor())
          .isZero();
      keys.look();
      assertThat(keys.fault()).as(endless).contains("It is no file");
      assertThat(keys.known("one")).isPresent();
    }
    Files.delete(file());
    Files.writeString(file(), good + "#" + "x".repeat(1 << 20));
    keys.look();
    assertThat(keys.fault()).contains("larger than 1 MiB");
    Files.writeString(file(), " \n");
    keys.look();
    assertThat(keys.fault()).contains("It is empty");
    assertThat(keys.known("one")).as("cut to nothing by a disk that is full").isPresent();
    Files.writeString(file(), good + "---\n[]\n");
    keys.look();
    assertThat(keys.fault()).contains("---");
    Files.writeString(file(), "# nobody\n");
    keys.look();
    assertThat(keys.fault()).isNull();
    assertThat(keys.known("one")).as("a file without keys opens to nobody").isEmpty();
    keys.close();
  }

  /** The last one of a file that was written by hand leaves a file of none, and not nothing. */
  @Test
  void theLastKeyCanBeRevoked() throws IOException {
    Files.writeString(file(), key("one", Role.ADMIN, "secret", null).line() + "\n");
    ApiKeys keys = new ApiKeys("", file());
    new KeysFile(file()).revoke("one");
    keys.look();
    assertThat(keys.fault()).isNull();
    assertThat(keys.known("secret")).isEmpty();
    keys.close();
  }

  @Test
  void whatWasCutToNothingIsNotWrittenOn() throws IOException {
    Files.writeString(file(), "");
    assertThatThrownBy(() -> add("crm", Role.OPERATOR, "two")).hasMessageContaining("It is empty");
    assertThat(file()).isEmptyFile();
  }

  @Test
  void aLinkToWhatIsNotThereYetStaysOne() throws IOException {
    Path link = Files.createSymbolicLink(file().resolveSibling("link.yaml"), Path.of("keys.yaml"));
    new KeysFile(link).add(key("crm", Role.OPERATOR, "two", null));
    assertThat(link).isSymbolicLink();
    assertThat(new KeysFile(file()).read()).hasSize(1);
  }

  @Test
  void aFileBehindALinkIsWrittenAndStaysWhoseItWas() throws IOException {
    add("reports", Role.VIEWER, "one");
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(file().resolveSibling("link.yaml"), file());
    new KeysFile(link).add(key("crm", Role.OPERATOR, "two", null));
    new KeysFile(link).revoke("reports");
    assertThat(link).isSymbolicLink();
    assertThat(new KeysFile(file()).read()).extracting(ApiKey::name).containsExactly("crm");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-r-----");
  }

  @Test
  void aStartWithAFileThatCannotBeUnderstoodFails() throws IOException {
    Files.writeString(file(), "keys: here\n");
    assertThatThrownBy(() -> new ApiKeys("secret", file()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("keys.yaml: It is no list of keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- {name: a, role: admin, sha256: HASH, colour: red} | no 'colour'",
        "- {name: a, role: admin, sha256: abc} | no sha256",
        "- {name: default, role: admin, sha256: HASH} | API_KEY",
        "- {name: 'a b', role: admin, sha256: HASH} | name",
        "- {name: a, role: admin, sha256: HASH, expires: soon} | expires is no time",
        "- {name: a, role: admin, sha256: HASH | not valid YAML at line 1",
        "- {name: a, role: admin, sha256: HASH} ; - {name: a, role: admin, sha256: HASI} | twice",
        "- {name: a, role: admin, sha256: HASH} ; - {name: b, role: admin, sha256: HASH} | another",
        "text | no list of keys",
        "- [1] | no list of keys",
        "- null | no list of keys",
      })
  void whatIsWrongWithAFileIsTold(String lines, String told) throws IOException {
    Files.writeString(
        file(),
        lines.replace("HASH", "a".repeat(64)).replace("HASI", "b".repeat(64)).replace(" ; ", "\n"));
    assertThatThrownBy(() -> new KeysFile(file()).read())
        .isInstanceOf(KeysFaultException.class)
        .hasMessageContaining(told);
  }

  @Test
  void commandsAtTheSameMomentLoseNoKey() throws IOException {
    IntStream.range(0, 40)
        .parallel()
        .forEach(
            n -> {
              try {
                add("key-" + n, Role.VIEWER, "secret " + n);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(new KeysFile(file()).read()).hasSize(40);
  }

  @Test
  void whatStandsInTheFileByHandStays() throws IOException {
    Files.writeString(
        file(),
        "# ours\n- name: by-hand\n  role: viewer\n  sha256: %s\n".formatted("c".repeat(64)));
    add("crm", Role.OPERATOR, "two");
    new KeysFile(file()).revoke("crm");
    assertThat(Files.readString(file())).startsWith("# ours\n- name: by-hand\n");
    assertThatThrownBy(() -> new KeysFile(file()).revoke("by-hand"))
        .hasMessageContaining("by hand");
    assertThat(new KeysFile(file()).read()).extracting(ApiKey::name).isEqualTo(List.of("by-hand"));
  }
}
