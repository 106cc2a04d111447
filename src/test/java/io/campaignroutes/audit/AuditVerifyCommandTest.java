package io.campaignroutes.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What 'audit verify' finds in a folder that somebody meddled with. */
class AuditVerifyCommandTest {
  @TempDir Path temp;
  private TestStore store;
  private Audit audit;
  private Path a;

  /** cmp_a with lines 1 to 6, anchored at 4; cmp_b with lines 1 to 2, anchored at 2. */
  @BeforeEach
  void folder() throws Exception {
    store = TestStore.sqlite(temp.resolve("store.db"));
    audit = new Audit(store, temp.resolve("audit"));
    write("cmp_a", 4);
    audit.checkpoints.writeCheckpoint();
    write("cmp_b", 2);
    audit.checkpoints.writeCheckpoint();
    write("cmp_a", 2);
    a = audit.file("cmp_a");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void anIntactFolderIsCountedAndTheTailWithoutCheckpointIsSaid() {
    var verified = Audit.verify(audit.dir);
    assertThat(verified.code()).as(verified.out()).isZero();
    assertThat(verified.out())
        .contains("INTACT: 2 files, 8 lines, 2 checkpoints")
        .contains("warning: cmp_a.jsonl: not anchored since seq 4")
        .doesNotContain("cmp_b.jsonl");
  }

  @Test
  void anEditedLineIsNamedAnchoredOrNot() throws IOException {
    edit(a, lines -> lines.set(1, lines.get(1).replace("ACTIVE", "PAUSED")));
    broken("cmp_a.jsonl", 2, 2, "changed");
    restore();
    edit(a, lines -> lines.set(3, lines.get(3).replace("ACTIVE", "PAUSED")));
    broken("cmp_a.jsonl", 4, 4, "rewritten");
    restore();
    edit(a, lines -> lines.set(4, lines.get(4).replace("ACTIVE", "PAUSED")));
    broken("cmp_a.jsonl", 5, 5, "changed");
    restore();
    edit(a, lines -> lines.set(1, lines.get(1).replaceAll("prev\":\"..", "prev\":\"zz")));
    broken("cmp_a.jsonl", 2, 2, "changed");
  }

  @Test
  void missingDoubledInsertedAndReorderedLinesAreNamed() throws IOException {
    edit(a, lines -> lines.remove(2));
    broken("cmp_a.jsonl", 3, 4, "missing");
    restore();
    edit(a, lines -> lines.add(2, lines.get(1)));
    broken("cmp_a.jsonl", 3, 2, "doubled");
    restore();
    edit(a, lines -> lines.add(2, lines.get(2).replace("ACTIVE", "PAUSED")));
    broken("cmp_a.jsonl", 3, 3, "inserted");
    restore();
    edit(a, lines -> lines.add(1, lines.remove(2)));
    broken("cmp_a.jsonl", 2, 3, "out of order");
    restore();
    edit(a, lines -> lines.remove(0));
    broken("cmp_a.jsonl", 1, 2, "missing");
  }

  @Test
  void aTornEndAndWhatIsNoJsonAreNamed() throws IOException {
    Files.writeString(a, "{\"seq\":7,", StandardOpenOption.APPEND);
    broken("cmp_a.jsonl", 7, 7, "torn");
    restore();
    edit(a, lines -> lines.add("nonsense"));
    broken("cmp_a.jsonl", 7, 7, "not JSON");
    restore();
    edit(a, lines -> lines.add(""));
    broken("cmp_a.jsonl", 7, 7, "not a JSON object");
  }

  @Test
  void aFileOfAnotherCampaignIsNamed() throws IOException {
    Files.copy(audit.file("cmp_b"), audit.file("cmp_c"));
    broken("cmp_c.jsonl", 1, 1, "another campaign");
  }

  @Test
  void aFileRewrittenWithAWholeChainIsShownByItsCheckpoint() throws Exception {
    try (TestStore forged = TestStore.sqlite(temp.resolve("forged.db"))) {
      Audit forger = new Audit(forged, temp.resolve("forged"));
      for (int i = 0; i < 6; i++) {
        forger.append("cmp_a", "CAMPAIGN_PAUSED", Map.of());
      }
      Files.writeString(a, String.join("\n", forger.log.lines("cmp_a")) + "\n");
    }
    broken("cmp_a.jsonl", 4, 4, "rewritten");
  }

  @Test
  void aCutTailAndADeletedFileAreShownByTheirCheckpoint() throws IOException {
    edit(a, lines -> lines.subList(3, lines.size()).clear());
    broken("cmp_a.jsonl", 4, 4, "cut off");
    restore();
    Files.delete(audit.file("cmp_b"));
    broken("cmp_b.jsonl", 1, 1, "gone");
  }

  @Test
  void anEditedCheckpointAndABrokenSignatureAreNamed() throws Exception {
    Path checkpoints = audit.file("checkpoints");
    edit(checkpoints, lines -> lines.set(0, lines.get(0).replace("\"seq\":4", "\"seq\":3")));
    broken("checkpoints.jsonl", 1, 1, "signature");
    restore();
    edit(
        checkpoints,
        lines -> lines.set(0, lines.get(0).replaceAll("signature\":\".", "signature\":\"=")));
    broken("checkpoints.jsonl", 1, 1, "signature");
    restore();
    edit(checkpoints, lines -> lines.remove(0));
    broken("checkpoints.jsonl", 1, 2, "missing");
    restore();
    edit(checkpoints, lines -> lines.set(0, lines.get(0).replaceAll("}$", ",\"more\":1}")));
    broken("checkpoints.jsonl", 1, 1, "signature");
    restore();
    Path other = temp.resolve("other.pub");
    Files.writeString(other, pem());
    var verified = Audit.verify(audit.dir, "--key", other);
    assertThat(verified.code()).isEqualTo(1);
    assertThat(verified.out())
        .contains("checkpoints.jsonl, line 1, seq 1: signed with another key");
  }

  @Test
  void whatCannotBeReadIsTwo() throws IOException {
    assertThat(Audit.verify().code()).isEqualTo(2);
    assertThat(Audit.verify("--wrong").err()).contains("usage: audit verify <dir>");
    assertThat(Audit.verify(temp.resolve("nowhere")).err()).contains("is not a folder");
    assertThat(Audit.verify(audit.dir, "--key", temp.resolve("nokey")).code()).isEqualTo(2);
    Path nonsense = Files.writeString(temp.resolve("nonsense.pub"), "hello");
    assertThat(Audit.verify(audit.dir, "--key", nonsense).code()).isEqualTo(2);
    Path key = Files.move(audit.dir.resolve("checkpoint.pub"), temp.resolve("moved.pub"));
    var verified = Audit.verify(audit.dir);
    assertThat(verified.code()).isEqualTo(2);
    assertThat(verified.err()).contains("--key");
    var young = Audit.verify(audit.dir, "--key", key, "--lenient");
    assertThat(young.code()).as(young.out()).isZero();
    Files.delete(a);
    Files.createDirectory(a);
    assertThat(Audit.verify(audit.dir, "--key", key).code()).isEqualTo(2);
  }

  @Test
  void withoutCheckpointsTheChainsAreCheckedAndTheLackIsSaid() throws IOException {
    Files.delete(audit.file("checkpoints"));
    var verified = Audit.verify(audit.dir);
    assertThat(verified.code()).isZero();
    assertThat(verified.out()).contains("there is no checkpoints.jsonl");
  }

  /** A line waits seconds for its checkpoint; whoever cuts a file's end may take them all away. */
  @Test
  void thatThereIsNoCheckpointAtAllOverOldLinesIsNotIntact() throws IOException {
    String prev = "0".repeat(64);
    List<String> old = new ArrayList<>();
    for (String line : Files.readAllLines(a)) {
      String older =
          line.replaceAll("\"timestamp\":\"[^\"]*", "\"timestamp\":\"2026-01-02T03:04:05.678Z")
              .replaceAll("prev\":\"[^\"]*", "prev\":\"" + prev);
      old.add(older);
      prev = Hashes.sha256(older.getBytes(StandardCharsets.UTF_8));
    }
    Files.write(a, old.subList(0, old.size() - 1)); // and the end is cut off
    Files.delete(audit.file("checkpoints"));
    broken("checkpoints.jsonl", 1, 1, "gone");
    Files.createFile(audit.file("checkpoints"));
    broken("checkpoints.jsonl", 1, 1, "gone");
    Files.delete(audit.file("checkpoints"));
    Files.delete(audit.dir.resolve("checkpoint.pub")); // files that somebody was sent alone
    assertThat(Audit.verify(audit.dir).code()).isZero();
  }

  @Test
  void aStopCoversEveryLineAlsoThoseThatWereNotWrittenYet() throws Exception {
    Path key = Files.copy(audit.dir.resolve("checkpoint.pub"), temp.resolve("kept.pub"));
    audit.append("cmp_a", "PACING_CHANGED", Map.of());
    audit.append("cmp_new", "CAMPAIGN_CREATED", Map.of());
    assertThat(Audit.verify(audit.dir, "--key", key).code()).isEqualTo(1);
    new AuditClosing(audit.files, audit.checkpoints, audit.settings).stop();
    var stopped = Audit.verify(audit.dir, "--key", key);
    assertThat(stopped.code()).as(stopped.out()).isZero();
    assertThat(stopped.out()).doesNotContain("no checkpoint covers");
    assertThat(audit.file("cmp_new")).exists();
  }

  @Test
  void withTheKeyCheckpointsMustBeThereAndCoverEveryLine() throws Exception {
    Path key = Files.copy(audit.dir.resolve("checkpoint.pub"), temp.resolve("kept.pub"));
    var young = Audit.verify(audit.dir, "--key", key);
    assertThat(young.code()).isEqualTo(1);
    assertThat(young.out())
        .contains("BROKEN: cmp_a.jsonl, line 5, seq 5: no checkpoint covers the line")
        .contains("lines up to seq 4 (checkpoint 1)");
    var lenient = Audit.verify(audit.dir, "--key", key, "--lenient");
    assertThat(lenient.code()).as(lenient.out()).isZero();
    assertThat(lenient.out())
        .contains("last checkpoint: 2 of 2")
        .contains("key: SHA-256 " + fingerprint(key) + ", given with --key")
        .contains("not proven: 2 lines in 1 files, which no checkpoint covers yet")
        .contains("not proven: that the folder was not put back to an earlier moment")
        .doesNotContain("replaced as a whole");
    edit(a, lines -> lines.set(5, lines.get(5).replaceAll("p\":\"20..", "p\":\"2019")));
    assertThat(Audit.verify(audit.dir, "--key", key, "--lenient").out())
        .contains("BROKEN: cmp_a.jsonl, line 6, seq 6: no checkpoint covers the line, and it is");
    restore();
    audit.project();
    assertThat(Audit.verify(audit.dir, "--key", key).code()).isZero();
    Files.delete(audit.file("checkpoints"));
    assertThat(Audit.verify(audit.dir, "--key", key).out())
        .contains("BROKEN: checkpoints.jsonl, line 1, seq 1: the checkpoints are gone");
  }

  @Test
  void aFolderPutBackIsFoundByACheckpointOrANumberKeptElsewhere() throws Exception {
    audit.project();
    Path key = Files.copy(audit.dir.resolve("checkpoint.pub"), temp.resolve("kept.pub"));
    List<String> all = audit.fileLines("checkpoints");
    assertThat(all).hasSize(3);
    String second = all.get(1);
    Path copyOfAll = Files.copy(audit.file("checkpoints"), temp.resolve("kept.jsonl"));
    Files.writeString(copyOfAll, "{\"seq\":4,\"torn", StandardOpenOption.APPEND);
    for (Object copy : List.of(copyOfAll, all.get(2), "\n" + second + "\r\n")) {
      var there = Audit.verify(audit.dir, "--key", key, "--checkpoint", copy);
      assertThat(there.code()).as(there.out() + there.err()).isZero();
    }
    var pinned = Audit.verify(audit.dir, "--checkpoint", second);
    assertThat(pinned.code()).isZero();
    assertThat(pinned.out())
        .contains("not proven: that nothing was taken away that came after checkpoint 2 of 2")
        .doesNotContain("replaced as a whole");

    // Back to the moment of the second checkpoint, which covers cmp_a to 4 and cmp_b to 2.
    edit(a, lines -> lines.subList(4, lines.size()).clear());
    edit(audit.file("checkpoints"), lines -> lines.remove(2));
    var back = Audit.verify(audit.dir, "--key", key);
    assertThat(back.code()).isZero();
    assertThat(back.out()).contains("not proven: that the folder was not put back");
    assertThat(Audit.verify(audit.dir, "--key", key, "--checkpoint", second).code()).isZero();
    for (String[] kept :
        new String[][] {
          {"--checkpoint", copyOfAll.toString()},
          {"--checkpoint", all.get(2)},
          {"--at-least", "3"}
        }) {
      var found = Audit.verify(audit.dir, "--key", key, kept[0], kept[1]);
      assertThat(found.code()).isEqualTo(1);
      assertThat(found.out()).contains("checkpoints.jsonl, line 3, seq 3: checkpoints are gone");
    }
  }

  @Test
  void aCheckpointThatIsNoneOrIsSignedByAnotherIsNotTakenForACopy() throws Exception {
    Path key = Files.copy(audit.dir.resolve("checkpoint.pub"), temp.resolve("kept.pub"));
    String first = audit.fileLines("checkpoints").get(0);
    for (String copy :
        List.of("{}", audit.fileLines("cmp_b").get(0), first.replace("\"seq\":4", "\"seq\":5"))) {
      var none = Audit.verify(audit.dir, "--key", key, "--checkpoint", copy);
      assertThat(none.code()).isEqualTo(2);
      assertThat(none.err()).contains("--checkpoint");
    }
    Files.writeString(audit.dir.resolve("checkpoint.pub"), pem());
    assertThat(Audit.verify(audit.dir, "--checkpoint", first).err()).contains("--key");
    assertThat(Audit.verify(audit.dir, "--key", key, "--lenient").out())
        .contains("BROKEN: checkpoint.pub, line 1, seq unknown: it is not the key given with");
    assertThat(Audit.verify(audit.dir, "--at-least", "x").code()).isEqualTo(2);
  }

  @Test
  void moreHeadsThanAreKeptAtATimeAreLookedAtInShares() throws Exception {
    for (int i = 0; i < 20; i++) {
      write("cmp_" + i, 2);
    }
    audit.project();
    Path key = audit.dir.resolve("checkpoint.pub");
    AuditEvidence evidence =
        AuditEvidence.read(
            audit.dir,
            List.of(key.toString()),
            null,
            0,
            false,
            ArchivesGiven.of(audit.dir, null, Set.of()));
    AuditReport whole = new AuditVerifier(audit.dir, evidence).verify();
    assertThat(whole.problem()).isNull();
    AuditReport shared = new AuditVerifier(audit.dir, evidence, 3).verify();
    assertThat(shared.problem()).isNull();
    assertThat(shared.lines()).isEqualTo(whole.lines()).isEqualTo(48);
    assertThat(shared.files()).isEqualTo(22);
    Files.delete(audit.file("cmp_7"));
    assertThat(new AuditVerifier(audit.dir, evidence, 3).verify().problem().what())
        .isEqualTo("the file is gone");
    Files.writeString(audit.file("cmp_7"), String.join("\n", audit.log.lines("cmp_6")) + "\n");
    AuditReport.Problem swapped = new AuditVerifier(audit.dir, evidence, 3).verify().problem();
    assertThat(swapped.file()).isEqualTo("cmp_7.jsonl");
    assertThat(swapped.what()).isEqualTo("the line belongs to another campaign");
  }

  @Test
  void jsonOutputHasTheSameFindings() throws IOException {
    JsonNode intact = Audit.json(Audit.verify(audit.dir, "--json").out());
    assertThat(intact.path("result").asText()).isEqualTo("intact");
    assertThat(intact.path("lines").asInt()).isEqualTo(8);
    assertThat(intact.path("warnings").get(0).asText()).contains("not anchored since seq 4");
    edit(a, lines -> lines.remove(2));
    JsonNode broken = Audit.json(Audit.verify(audit.dir, "--json").out());
    assertThat(broken.path("result").asText()).isEqualTo("broken");
    assertThat(broken.path("problem").toString())
        .startsWith("{\"file\":\"cmp_a.jsonl\",\"line\":3,\"seq\":4,");
  }

  @Test
  void aSignatureCanBeCheckedByHand() throws Exception {
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                "command -v openssl >/dev/null || { echo Signature Verified Successfully; exit 0;"
                    + " };sed -n 2p checkpoints.jsonl | sed 's/,\"signature\":\"[^\"]*\"}$/}/' | tr"
                    + " -d '\\n"
                    + "' > ../signed;sed -n 2p checkpoints.jsonl | sed"
                    + " 's/.*,\"signature\":\"\\([^\"]*\\)\"}$/\\1/' | base64 -d > ../sig;openssl"
                    + " pkeyutl -verify -rawin -pubin -inkey checkpoint.pub -in ../signed -sigfile"
                    + " ../sig")
            .directory(audit.dir.toFile())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("Verified Successfully");
  }

  private interface Edit {
    void apply(List<String> lines);
  }

  private void edit(Path file, Edit edit) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    edit.apply(lines);
    Files.writeString(file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
  }

  private void restore() throws IOException {
    for (String chain : List.of("cmp_a", "cmp_b", "checkpoints")) {
      List<String> lines =
          AuditRows.page(store.read(), chain, 1, 100).stream().map(AuditRows.Row::line).toList();
      Files.writeString(audit.file(chain), String.join("\n", lines) + "\n");
    }
    assertThat(Audit.verify(audit.dir).code()).isZero();
  }

  private void broken(String file, long line, long seq, String what) {
    var verified = Audit.verify(audit.dir);
    assertThat(verified.code()).as(verified.out() + verified.err()).isEqualTo(1);
    assertThat(verified.out())
        .contains("BROKEN: " + file + ", line " + line + ", seq " + seq + ": ")
        .contains(what)
        .contains("expected: ")
        .contains("found: ");
  }

  /** Appends lines and brings them into the file as the routes would. */
  private void write(String campaign, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      audit.append(campaign, "CAMPAIGN_ACTIVE", Map.of("stage", "ACTIVE"));
    }
    audit.write();
  }

  private static String fingerprint(Path key) throws Exception {
    return CheckpointKeys.read(List.of(key)).all().iterator().next().fingerprint();
  }

  private static String pem() throws Exception {
    byte[] key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getEncoder().encodeToString(key)
        + "\n-----END PUBLIC KEY-----\n";
  }
}
