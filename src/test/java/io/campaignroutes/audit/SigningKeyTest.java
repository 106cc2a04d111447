package io.campaignroutes.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys from outside that sign checkpoints, one after the other. */
class SigningKeyTest {
  @TempDir Path temp;
  private TestStore store;
  private Audit audit;

  @BeforeEach
  void open() {
    store = TestStore.sqlite(temp.resolve("store.db"));
    audit = new Audit(store, temp.resolve("audit"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static KeyPair pair() throws Exception {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  /** As openssl writes it. */
  private static String pem(String kind, byte[] key) {
    return "-----BEGIN %1$s KEY-----\n%2$s\n-----END %1$s KEY-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key));
  }

  private static String privatePem(KeyPair pair) {
    return pem("PRIVATE", pair.getPrivate().getEncoded());
  }

  private Path kept(String name, KeyPair... pairs) throws IOException {
    StringBuilder pems = new StringBuilder();
    for (KeyPair pair : pairs) {
      pems.append(pem("PUBLIC", pair.getPublic().getEncoded()));
    }
    return Files.writeString(temp.resolve(name), pems);
  }

  private void checkpoint(String campaign) throws IOException {
    audit.append(campaign, "CAMPAIGN_ACTIVE", Map.of());
    audit.project();
    audit.write();
  }

  private List<String> secrets() {
    return store.read().sql("select value from secret").query(String.class).list();
  }

  @Test
  void aKeyFromOutsideSignsAndIsNowhereInTheStore() throws Exception {
    KeyPair pair = pair();
    audit.checkpoints.signWith(privatePem(pair));
    checkpoint("cmp_a");
    checkpoint("cmp_b");
    String key = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
    String seed = key.substring(key.length() - 43);
    assertThat(secrets())
        .containsExactly(Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
    assertThat(secrets().toString()).doesNotContain(seed);
    Audit.Verified verified = Audit.verify(audit.dir, "--key", kept("kept.pub", pair));
    assertThat(verified.code()).as(verified.out()).isZero();
    assertThat(verified.out()).contains(", given with --key: has signed 2 checkpoints, 1 to 2");
    assertThat(Audit.verify(audit.dir, "--key", kept("other.pub", pair())).code()).isEqualTo(1);
  }

  @Test
  void theBase64AloneIsTheSameKey() throws Exception {
    KeyPair pair = pair();
    String base64 = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
    assertThat(SigningKey.of(base64).publicKey())
        .isEqualTo(SigningKey.of(privatePem(pair)).publicKey())
        .isEqualTo(pair.getPublic().getEncoded());
  }

  @Test
  void afterAChangeTheOldCheckpointsVerifyWithTheOldKeyAndTheNewOnesWithTheNew() throws Exception {
    checkpoint("cmp_a"); // signed with the store's own key
    Path own = Files.copy(audit.dir.resolve("checkpoint.pub"), temp.resolve("own.pub"));
    KeyPair first = pair();
    KeyPair second = pair();
    audit.checkpoints.signWith(privatePem(first));
    checkpoint("cmp_b");
    audit.checkpoints.signWith(privatePem(second));
    checkpoint("cmp_c");
    checkpoint("cmp_a");
    Path firstKey = kept("first.pub", first);
    Path secondKey = kept("second.pub", second);

    Audit.Verified all =
        Audit.verify(audit.dir, "--key", own, "--key", firstKey, "--key", secondKey, "--json");
    assertThat(all.code()).as(all.out()).isZero();
    assertThat(Audit.json(all.out()).path("keys"))
        .extracting(key -> key.at("/signed/first").asInt() + " " + key.at("/signed/last").asInt())
        .containsExactly("1 1", "2 2", "3 4");
    Path together =
        Files.writeString(
            temp.resolve("all.pub"),
            Files.readString(own) + Files.readString(kept("more.pub", first, second)));
    assertThat(Audit.verify(audit.dir, "--key", together).code()).isZero();
    assertThat(audit.dir.resolve("checkpoint.pub")).hasContent(Files.readString(together));
    assertThat(Audit.verify(audit.dir).code()).isZero();
    Audit.Verified lacking = Audit.verify(audit.dir, "--key", own, "--key", firstKey);
    assertThat(lacking.code()).isEqualTo(1);
    assertThat(lacking.out()).contains("checkpoints.jsonl, line 3, seq 3: signed with another key");
  }

  @Test
  void aCheckpointThatNamesAnotherOfTheKeysThanItIsSignedWithIsFound() throws Exception {
    KeyPair first = pair();
    KeyPair second = pair();
    audit.checkpoints.signWith(privatePem(first));
    checkpoint("cmp_a");
    Path file = audit.file("checkpoints");
    String id = CheckpointKey.id(first.getPublic().getEncoded());
    String other = CheckpointKey.id(second.getPublic().getEncoded());
    Files.writeString(file, Files.readString(file).replace(id, other));
    Audit.Verified verified = Audit.verify(audit.dir, "--key", kept("both.pub", first, second));
    assertThat(verified.code()).isEqualTo(1);
    assertThat(verified.out()).contains("the signature does not fit the line");
  }

  @Test
  void aKeyInTheFolderThatWasNotKeptIsFound() throws Exception {
    KeyPair pair = pair();
    audit.checkpoints.signWith(privatePem(pair));
    checkpoint("cmp_a");
    Path key = kept("kept.pub", pair);
    Path own = audit.dir.resolve("checkpoint.pub");
    Files.writeString(own, Files.readString(own) + Files.readString(kept("x.pub", pair())));
    Audit.Verified verified = Audit.verify(audit.dir, "--key", key);
    assertThat(verified.code()).isEqualTo(1);
    assertThat(verified.out()).contains("checkpoint.pub", "it is not the key given with --key");
  }

  @Test
  void anothersKeyInTheFolderIsLeftAsItIs() throws Exception {
    Path own = audit.dir.resolve("checkpoint.pub");
    Files.createDirectories(audit.dir);
    Files.copy(kept("foreign.pub", pair()), own);
    String foreign = Files.readString(own);
    audit.checkpoints.signWith(privatePem(pair()));
    checkpoint("cmp_a");
    assertThat(own).hasContent(foreign);
    assertThat(Audit.verify(audit.dir).code()).isEqualTo(1);
  }

  @Test
  void aStartWithTheSameKeyGoesOnAndOneWithNoneTakesTheStores() throws Exception {
    KeyPair pair = pair();
    audit.checkpoints.signWith(privatePem(pair));
    checkpoint("cmp_a");
    audit = new Audit(store, audit.dir);
    audit.checkpoints.signWith(privatePem(pair));
    checkpoint("cmp_b");
    assertThat(Audit.verify(audit.dir, "--key", kept("kept.pub", pair)).code()).isZero();
    audit = new Audit(store, audit.dir);
    checkpoint("cmp_c");
    assertThat(Audit.verify(audit.dir).code()).isZero();
    assertThat(CheckpointKeys.read(List.of(audit.dir.resolve("checkpoint.pub"))).all()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret", "MC4CAQAwBQYDK2VuBCIEIA==", "-----BEGIN PRIVATE KEY-----"})
  void whatIsNoKeyIsRefusedWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> audit.checkpoints.signWith(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("openssl genpkey -algorithm ed25519")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(text));
  }

  @Test
  void aKeyOfAnotherKindIsRefused() throws Exception {
    byte[] rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
    assertThatThrownBy(() -> SigningKey.of(pem("PRIVATE", rsa)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The command of the documentation, with a key that may be changed. */
  private Path command() throws Exception {
    String script = Files.readString(Path.of("src/docs/operations.md"));
    int from = script.indexOf("#!/bin/sh");
    Path command = temp.resolve("sign");
    Files.writeString(
        command,
        script
            .substring(from, script.indexOf("```", from))
            .replace("$KEY", temp.resolve("checkpoint.key").toString()));
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
    return command;
  }

  private void key(KeyPair pair) throws IOException {
    Files.writeString(temp.resolve("checkpoint.key"), privatePem(pair));
  }

  private Audit by(Path command) {
    return new Audit(store, temp.resolve("audit"), 200, Duration.ZERO, command + " ");
  }

  @Test
  void aCommandSignsWithAKeyThatIsElsewhereAndMayBecomeAnother() throws Exception {
    KeyPair first = pair();
    KeyPair second = pair();
    key(first);
    audit = by(command());
    checkpoint("cmp_a");
    key(second);
    checkpoint("cmp_b"); // the first try finds that the key is another one
    assertThat(audit.checkpoints.unsignedReason()).contains("fits its public key");
    checkpoint("cmp_c");
    assertThat(audit.checkpoints.unsignedReason()).isNull();
    assertThat(secrets()).hasSize(2).noneMatch(secret -> secret.contains(":"));
    Audit.Verified verified =
        Audit.verify(
            audit.dir, "--key", kept("first.pub", first), "--key", kept("two.pub", second));
    assertThat(verified.code()).as(verified.out()).isZero();
    assertThat(verified.out()).contains("has signed checkpoint 1", "has signed checkpoint 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 3 | with public-key ends with 3.",
        "echo no key here | with public-key prints no public key in PEM form",
        "echo token=hunter2hunter2 >&2; exit 1 | ends with 1: token=***",
        "case $1 in public-key) cat PUB ;; *) exit 4 ;; esac | with sign ends with 4",
        "case $1 in public-key) cat PUB ;; *) echo abc ;; esac | prints no signature in base64",
      })
  void whileACommandFailsNoCheckpointIsMadeAndHealthTellsWhy(String script, String why)
      throws Exception {
    Path publicKey = kept("pub", pair());
    Path command = temp.resolve("bad");
    Files.writeString(command, "#!/bin/sh\n" + script.replace("PUB", publicKey.toString()) + "\n");
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
    audit = by(command);
    checkpoint("cmp_a");
    assertThat(audit.fileLines("cmp_a")).hasSize(1);
    assertThat(audit.fileLines("checkpoints")).isEmpty();
    assertThat(new AuditHealthIndicator(audit.files).health().getDetails().toString())
        .contains("checkpoints.jsonl=cannot be signed: AUDIT_SIGNING_COMMAND", why)
        .doesNotContain("hunter2");
    KeyPair pair = pair();
    key(pair);
    Files.copy(command(), command, StandardCopyOption.REPLACE_EXISTING);
    checkpoint("cmp_b");
    assertThat(new AuditHealthIndicator(audit.files).health().getStatus().getCode())
        .isEqualTo("UP");
    assertThat(Audit.verify(audit.dir, "--key", kept("kept.pub", pair)).code()).isZero();
  }

  @Test
  void aCommandThatIsNotThereIsTold() throws Exception {
    audit = by(temp.resolve("nowhere"));
    checkpoint("cmp_a");
    assertThat(audit.checkpoints.unsignedReason()).contains("with public-key cannot be run");
  }

  @Test
  void aKeyAndACommandTogetherAreRefused() throws Exception {
    String key = privatePem(pair());
    assertThatThrownBy(
            () ->
                new AuditProperties(
                    temp,
                    null,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    1,
                    key,
                    "x"))
        .hasMessageContaining("Leave one of them out");
  }
}
