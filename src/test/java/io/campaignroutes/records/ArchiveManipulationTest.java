package io.campaignroutes.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.TestStores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that were manipulated, and what {@code audit verify} says of them. */
class ArchiveManipulationTest {
  private static final Instant LONG_AGO = RecordsFixture.longAgo();

  @TempDir Path temp;
  private RecordsFixture records;
  private Path key;
  private List<Path> archives;
  private String first;
  private String live;

  @BeforeEach
  void twoArchivesAndACampaignThatStays() throws IOException {
    records =
        new RecordsFixture(TestStores.sqlite(temp.resolve("store.db")), temp.resolve("audit"), 2);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ids.add(records.ended("Spring " + i, LONG_AGO.plusSeconds(i), 3, 1));
    }
    first = ids.get(0);
    live = records.ended("Summer", Instant.now(), 3, 1);
    records.leave();
    archives = records.archives();
    assertThat(archives).hasSize(2);
    key = temp.resolve("kept.pub");
    Files.copy(records.dir.resolve("checkpoint.pub"), key);
    assertThat(records.verify("--key", key).out()).startsWith("INTACT").contains("2 archives");
    assertThat(records.verify().out()).startsWith("INTACT");
  }

  @AfterEach
  void close() {
    records.close();
  }

  private void assertBroken(String what) {
    for (Object[] options : new Object[][] {{"--key", key}, {}}) {
      RecordsFixture.Verified verified = records.verify(options);
      assertThat(verified.code()).as(verified.out()).isEqualTo(1);
      assertThat(verified.out()).startsWith("BROKEN: ").contains(what);
    }
  }

  private static String shown(Path archive) {
    return "archive/" + archive.getFileName();
  }

  @Test
  void anyChangedByteIsFound() throws IOException {
    byte[] good = Files.readAllBytes(archives.get(0));
    for (int at = 0; at < good.length; at += Math.max(1, good.length / 40)) {
      byte[] bad = good.clone();
      bad[at] ^= 0x10;
      Files.write(archives.get(0), bad);
      RecordsFixture.Verified verified = records.verify("--key", key);
      assertThat(verified.code()).as("byte " + at + ": " + verified.out()).isEqualTo(1);
      assertThat(verified.out()).contains(shown(archives.get(0)));
    }
    Files.write(archives.get(0), good);
    assertThat(records.verify("--key", key).out()).startsWith("INTACT");
  }

  @Test
  void aMissingOneIsNamedUnlessItIsKnownToBeDestroyed() throws IOException {
    String name = archives.get(1).getFileName().toString();
    Files.delete(archives.get(1));
    assertBroken(shown(archives.get(1)) + ", line 1, seq unknown: the archive is gone");
    RecordsFixture.Verified verified = records.verify("--key", key, "--destroyed", name);
    assertThat(verified.out()).startsWith("INTACT").contains("not proven: what 2 campaigns were");
    assertThat(verified.code()).isZero();
  }

  @Test
  void oneThatIsCutOffOrEmptyIsFound() throws IOException {
    byte[] good = Files.readAllBytes(archives.get(0));
    Files.write(archives.get(0), Arrays.copyOf(good, good.length / 2));
    assertBroken("it is not the archive that was made");
    Files.write(archives.get(0), new byte[0]);
    assertBroken("it is not the archive that was made");
  }

  @Test
  void exchangedOnesAreFound() throws IOException {
    byte[] one = Files.readAllBytes(archives.get(0));
    Files.write(archives.get(0), Files.readAllBytes(archives.get(1)));
    Files.write(archives.get(1), one);
    assertBroken(shown(archives.get(0)));
  }

  @Test
  void oneOfARewrittenChainIsFoundAlsoWithALineThatTellsOfIt() throws IOException {
    String text = text(archives.get(0));
    ByteArrayOutputStream forged = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(forged)) {
      out.write(text.replace("agents idle", "agents busy").getBytes(StandardCharsets.UTF_8));
    }
    Files.write(archives.get(0), forged.toByteArray());
    assertBroken(shown(archives.get(0)));
    // and the line with its size and hash
    String sha256 = Hashes.sha256(forged.toByteArray());
    Path service = records.dir.resolve("service.jsonl");
    List<String> lines = Files.readAllLines(service);
    String name = archives.get(0).getFileName().toString();
    Files.write(
        service,
        lines.stream()
            .map(
                line ->
                    line.contains(name)
                        ? line.replaceFirst(
                                "\"sha256\":\"[0-9a-f]+\"", "\"sha256\":\"" + sha256 + "\"")
                            .replaceFirst("\"bytes\":[0-9]+", "\"bytes\":" + forged.size())
                        : line)
            .collect(Collectors.toList()),
        StandardCharsets.UTF_8);
    assertThat(records.verify("--key", key).code()).isEqualTo(1);
    assertThat(records.verify().code()).isEqualTo(1);
  }

  @Test
  void aFileThatWasTakenAwayIsNotSaidToBeArchivedByALineOfOnesOwn() throws IOException {
    Files.delete(records.dir.resolve(live + ".jsonl"));
    assertBroken(live + ".jsonl, line 1, seq 1: the file is gone");
    // a line that goes on from the last one, and tells of an archive that has other campaigns
    Path service = records.dir.resolve("service.jsonl");
    List<String> lines = Files.readAllLines(service);
    String last = lines.get(lines.size() - 1);
    String forged =
        last.replaceFirst("\"seq\":[0-9]+", "\"seq\":" + (lines.size() + 1))
            .replaceFirst("\"campaigns\":\\[[^]]*]", "\"campaigns\":[\"" + live + "\"]")
            .replaceFirst("\"prev\":\"[0-9a-f]+\"", "\"prev\":\"" + Hashes.sha256(last) + "\"");
    Files.writeString(service, forged + "\n", StandardOpenOption.APPEND);
    assertThat(records.verify("--key", key).out()).startsWith("BROKEN: ");
    assertThat(records.verify().code()).isEqualTo(1);
  }

  @Test
  void aLineThatTellsOfOneCannotBeTakenAway() throws IOException {
    Path service = records.dir.resolve("service.jsonl");
    List<String> lines = Files.readAllLines(service);
    Files.write(service, lines.subList(0, lines.size() - 1));
    assertThat(records.verify("--key", key).code()).isEqualTo(1);
    Files.delete(service);
    RecordsFixture.Verified verified = records.verify("--key", key);
    assertThat(verified.code()).isEqualTo(1);
    assertThat(verified.out()).contains("the file is gone");
  }

  @Test
  void oneThatNoLineTellsOfIsNamed() throws IOException {
    Path added = archives.get(0).resolveSibling("records-00000009-0123456789abcdef.jsonl.gz");
    Files.copy(archives.get(0), added);
    RecordsFixture.Verified strict = records.verify("--key", key);
    assertThat(strict.code()).isEqualTo(1);
    assertThat(strict.out())
        .contains(shown(added) + ", line 1, seq unknown: no line tells of this");
    RecordsFixture.Verified folder = records.verify();
    assertThat(folder.code()).isZero();
    assertThat(folder.out()).contains("warning: " + shown(added));
  }

  @Test
  void aLinkIsNoArchive() throws IOException {
    Path elsewhere = temp.resolve("elsewhere.gz");
    Files.move(archives.get(0), elsewhere);
    Files.createSymbolicLink(archives.get(0), elsewhere);
    assertThat(records.verify("--key", key).out()).contains("the archive is elsewhere");
  }

  @Test
  void theyMayLieInAnotherFolder() throws IOException {
    Path elsewhere = temp.resolve("elsewhere");
    Files.move(records.dir.resolve("archive"), elsewhere);
    assertThat(records.verify("--key", key).code()).isEqualTo(1);
    assertThat(records.verify("--key", key, "--archives", elsewhere).out()).startsWith("INTACT");
  }

  @Test
  void aFileThatCameBackIsLookedAtToo() throws IOException {
    String text = text(archives.get(0));
    String lines =
        text.lines()
            .filter(line -> line.startsWith("{\"seq\"") && line.contains(first))
            .collect(Collectors.joining("\n", "", "\n"));
    Path back = records.dir.resolve(first + ".jsonl");
    Files.writeString(back, lines);
    assertThat(records.verify("--key", key).out()).startsWith("INTACT");
    Files.writeString(back, lines.replaceFirst("Taken", "Token"));
    assertThat(records.verify("--key", key).out()).startsWith("BROKEN: " + first);
  }

  /** The archives of a chain, oldest first, once its lines are in some. */
  private List<Path> chain(String chain) throws IOException {
    records.keepNoChains();
    records.leave();
    records.ended("Autumn " + chain, Instant.now(), 3, 1);
    records.leave();
    List<Path> all =
        records.archives().stream()
            .filter(file -> file.getFileName().toString().startsWith(chain + "-"))
            .toList();
    assertThat(all).isNotEmpty();
    assertThat(records.verify("--key", key).out()).startsWith("INTACT");
    return all;
  }

  @Test
  void aMissingArchiveOfAChainIsNamed() throws IOException {
    for (String chain : List.of("checkpoints", "service")) {
      for (Path archive : chain(chain)) {
        byte[] bytes = Files.readAllBytes(archive);
        Files.delete(archive);
        RecordsFixture.Verified verified = records.verify("--key", key);
        assertThat(verified.code()).as(verified.out()).isEqualTo(1);
        String begins = archive.getFileName().toString().substring(0, chain.length() + 14);
        assertThat(verified.out()).contains("archive/" + begins, "the archive is gone");
        Files.write(archive, bytes);
      }
      assertThat(records.verify("--key", key).out()).startsWith("INTACT");
    }
  }

  @Test
  void anArchiveOfAChainThatIsChangedOrExchangedIsFound() throws IOException {
    for (String chain : List.of("checkpoints", "service")) {
      for (Path archive : chain(chain)) {
        byte[] bytes = Files.readAllBytes(archive);
        String good = text(archive);
        String line = good.substring(0, good.indexOf('\n') + 1);
        for (String bad :
            List.of(
                "",
                good.substring(line.length()),
                line + good,
                good.replaceFirst("timestamp\":\"2", "timestamp\":\"3"))) {
          try (var out = new GZIPOutputStream(Files.newOutputStream(archive))) {
            out.write(bad.getBytes(StandardCharsets.UTF_8));
          }
          RecordsFixture.Verified verified = records.verify("--key", key);
          assertThat(verified.code()).as(archive + ": " + verified.out()).isEqualTo(1);
        }
        for (int at = 20; at < bytes.length; at += Math.max(1, bytes.length / 10)) {
          byte[] bad = bytes.clone();
          bad[at] ^= 1;
          Files.write(archive, bad);
          assertThat(records.verify("--key", key).code()).as("byte " + at).isNotZero();
        }
        Files.write(archive, bytes);
      }
      assertThat(records.verify("--key", key).out()).startsWith("INTACT");
    }
  }

  private static String text(Path archive) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(archive))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
