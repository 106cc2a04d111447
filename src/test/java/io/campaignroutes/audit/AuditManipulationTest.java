package io.campaignroutes.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real audit folder, manipulated in hundreds of ways, each kind alone and in pairs, and verified
 * with a copy of the key and of one checkpoint that were kept elsewhere. Whatever is not a state
 * that the folder really had after that checkpoint must be found; whatever is one must be named as
 * not provable. The seed is printed; {@code -Daudit.seed=N} repeats it, {@code -Daudit.trials=1000}
 * tries more pairs.
 */
class AuditManipulationTest {
  private static final int TRIALS = Integer.getInteger("audit.trials", 200);
  private static final String CHECKPOINTS = "checkpoints.jsonl";
  private static final String KEY = "checkpoint.pub";

  @TempDir Path temp;
  private final Map<String, Kind> kinds = new LinkedHashMap<>();
  private final List<Folder> moments = new ArrayList<>();
  private final List<Folder> real = new ArrayList<>(); // states after the copied checkpoint
  private Folder original;
  private KeyPair otherKey;
  private Random random;

  private interface Kind {
    void apply(Folder folder);
  }

  /** What lies in a folder: bytes, or the target of a link as a path. */
  private static final class Folder extends TreeMap<String, Object> {
    private static final long serialVersionUID = 1L;

    Folder() {}

    Folder(Folder other) {
      super(other);
    }

    static Folder read(Path dir) throws IOException {
      Folder folder = new Folder();
      try (Stream<Path> files = Files.list(dir)) {
        for (Path file : files.toList()) {
          if (!file.getFileName().toString().equals(AuditFolder.LOCK)) {
            folder.put(file.getFileName().toString(), text(Files.readAllBytes(file)));
          }
        }
      }
      return folder;
    }

    /** Brings a folder from {@code before} to this. */
    void write(Path dir, Folder before) throws IOException {
      for (String name : before.keySet()) {
        if (!containsKey(name)) {
          Files.delete(dir.resolve(name));
        }
      }
      for (Map.Entry<String, Object> entry : entrySet()) {
        Object content = entry.getValue();
        if (!content.equals(before.get(entry.getKey()))) {
          Path file = dir.resolve(entry.getKey());
          if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(file);
          }
          if (content instanceof Path target) {
            Files.createSymbolicLink(file, target);
          } else {
            Files.write(file, ((String) content).getBytes(StandardCharsets.ISO_8859_1));
          }
        }
      }
    }

    List<String> lines(String name) {
      return get(name) instanceof String content && !content.isEmpty()
          ? new ArrayList<>(Arrays.asList(content.split("\n")))
          : new ArrayList<>();
    }

    void lines(String name, List<String> lines) {
      put(name, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    }

    /** Without what was put beside the audit, which is none of it and named as such. */
    Folder audit() {
      Folder audit = new Folder(this);
      audit.remove("readme.txt");
      return audit;
    }
  }

  /** Bytes as characters, one each, so that every content is a value that can be compared. */
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatACopyOfKeyAndCheckpointProvesIsFoundOrNamedAsNotProvable() throws Exception {
    long seed = Long.getLong("audit.seed", System.nanoTime());
    random = new Random(seed);
    otherKey = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    makeFolder();
    describeKinds();

    Path key = temp.resolve("kept.pub");
    Files.writeString(key, (String) original.get(KEY));
    List<String> checkpoints = original.lines(CHECKPOINTS);
    int copied = checkpoints.size() * 6 / 10;
    String copy = checkpoints.get(copied - 1);
    for (int n = copied; n <= checkpoints.size(); n++) {
      real.add(cutTo(n));
    }
    moments.stream().filter(m -> m.lines(CHECKPOINTS).size() >= copied).forEach(real::add);

    Path dir = Files.createDirectory(temp.resolve("manipulated"));
    original.write(dir, new Folder());
    Audit.Verified intact = verify(dir, key, copy);
    assertThat(intact.code()).as(intact.out() + intact.err()).isZero();

    Map<String, int[]> counts = new TreeMap<>();
    Folder before = original;
    List<String> names = new ArrayList<>(kinds.keySet());
    int found = 0;
    for (int trial = 0; trial < TRIALS; ) {
      // Each kind alone twice, then pairs at random.
      String first = trial < names.size() * 2 ? names.get(trial % names.size()) : any(names);
      String second = trial < names.size() * 2 ? null : any(names);
      Folder folder = new Folder(original);
      kinds.get(first).apply(folder);
      if (second != null) {
        kinds.get(second).apply(folder);
      }
      if (folder.equals(original)) {
        continue; // one undid the other, or there was nothing to manipulate: tried again
      }
      trial++;
      folder.write(dir, before);
      before = folder;
      Audit.Verified verified = verify(dir, key, copy);
      String what = "seed " + seed + ", " + first + (second == null ? "" : " + " + second);
      String said = verified.out() + verified.err();
      boolean provable = !real.contains(restored(folder.audit()));
      if (provable) {
        assertThat(verified.code()).as("%s%n%s", what, said).isEqualTo(1);
        assertThat(said).as(what).startsWith("BROKEN: ").contains("line ", "seq ", "expected: ");
        found++;
      } else {
        assertThat(verified.code()).as("%s%n%s", what, said).isZero();
        named(folder, said, copied, what);
      }
      for (String kind : second == null ? List.of(first) : List.of(first, second)) {
        counts.computeIfAbsent(kind, k -> new int[3])[second == null ? 0 : 1]++;
        counts.get(kind)[2] += provable ? 0 : 1;
      }
    }
    print(seed, counts, found, copied, checkpoints.size());
  }

  private static Audit.Verified verify(Path dir, Path key, String copy) {
    return Audit.verify(dir, "--key", key, "--checkpoint", copy);
  }

  /** The folder's own key is not needed with a copy of it; that it is gone is said. */
  private Folder restored(Folder folder) {
    folder.putIfAbsent(KEY, original.get(KEY));
    return folder;
  }

  private void named(Folder folder, String said, int copied, String what) {
    assertThat(said)
        .as(what)
        .contains("not proven: that nothing was taken away that came after checkpoint " + copied);
    if (folder.containsKey("readme.txt")) {
      assertThat(said).as(what).contains("note: readme.txt is not of the audit");
    }
    if (!folder.containsKey(KEY)) {
      assertThat(said).as(what).contains("note: checkpoint.pub is not in the folder");
    }
  }

  private static void print(
      long seed, Map<String, int[]> counts, int found, int copied, int checkpoints) {
    System.out.printf(
        "seed %d, copy of checkpoint %d of %d: %d manipulations, %d found, %d named%n",
        seed, copied, checkpoints, TRIALS, found, TRIALS - found);
    System.out.printf("%-62s %6s %6s %6s%n", "kind", "alone", "paired", "named");
    counts.forEach((kind, n) -> System.out.printf("%-62s %6d %6d %6d%n", kind, n[0], n[1], n[2]));
  }

  /**
   * Eight campaigns, a hundred and fifty lines, a dozen checkpoints and two torn ends set aside.
   */
  private void makeFolder() throws IOException {
    Path dir = temp.resolve("audit");
    try (TestStore store = TestStore.sqlite(temp.resolve("store.db"))) {
      Audit audit = new Audit(store, dir);
      for (int round = 1; round <= 15; round++) {
        for (int i = 0; i < 10; i++) {
          String campaign = "cmp_" + random.nextInt(Math.min(8, 2 + round));
          audit.append(campaign, "PACING_CHANGED", Map.of("reason", "round " + round + " Zürich"));
        }
        audit.project();
        moments.add(Folder.read(dir));
        if (round == 5 || round == 11) {
          String torn = round == 5 ? "cmp_1.jsonl" : CHECKPOINTS;
          Files.writeString(dir.resolve(torn), "{\"seq\":7,\"tim", StandardOpenOption.APPEND);
          audit = new Audit(store, dir); // as after a crash
        }
      }
      original = Folder.read(dir);
    }
    assertThat(original.lines(CHECKPOINTS)).hasSizeGreaterThan(12);
    assertThat(original.keySet()).filteredOn(name -> name.contains(".torn-")).hasSize(2);
  }

  private void describeKinds() {
    kinds.put("line taken out", f -> edit(f, lines -> lines.remove(at(lines))));
    kinds.put("line doubled", f -> edit(f, lines -> lines.add(at(lines), lines.get(at(lines)))));
    kinds.put(
        "line of another file put in", f -> edit(f, l -> l.add(at(l), any(f.lines(file(f))))));
    kinds.put("line changed", f -> line(f, s -> s.replace("round", "bound")));
    kinds.put("line changed, chained anew", f -> edit(f, this::changeAndChain));
    kinds.put("line put in, chained anew", f -> edit(f, this::insertAndChain));
    kinds.put("line taken out, chained anew", f -> edit(f, this::removeAndChain));
    kinds.put("two lines swapped", f -> edit(f, l -> Collections.swap(l, at(l), at(l))));
    kinds.put("forged line appended", f -> edit(f, l -> l.add(forged(l, Instant.now()))));
    kinds.put("old forged line appended", f -> edit(f, l -> l.add(forged(l, Instant.EPOCH))));
    kinds.put("end cut off", f -> edit(f, l -> l.subList(at(l), l.size()).clear()));
    kinds.put(
        "half of the last line cut off", f -> content(f, c -> c.substring(0, c.length() - 40)));
    kinds.put("last newline cut off", f -> content(f, c -> c.substring(0, c.length() - 1)));
    kinds.put(
        "name doubled in a line", f -> line(f, s -> s.replace("{\"seq\"", "{\"seq\":1,\"seq\"")));
    kinds.put("space put in a line", f -> line(f, s -> s.replaceFirst(":", ": ")));
    kinds.put("space behind a line", f -> line(f, s -> s + " "));
    kinds.put("other escapes in a line", f -> line(f, s -> s.replace("round", "\\u0072ound")));
    kinds.put(
        "other Unicode form in a line",
        f -> line(f, s -> s.replace("\u00c3\u00bc", "u\u00cc\u0088")));
    kinds.put("line ends changed to CRLF", f -> content(f, c -> c.replace("\n", "\r\n")));
    kinds.put("byte order mark put in front", f -> content(f, c -> "\u00ef\u00bb\u00bf" + c));
    kinds.put(
        "written in UTF-16", f -> content(f, c -> text(c.getBytes(StandardCharsets.UTF_16LE))));
    kinds.put("empty line put in", f -> edit(f, l -> l.add(at(l), "")));
    kinds.put("empty line appended", f -> content(f, c -> c + "\n"));

    kinds.put("file taken out", f -> f.remove(file(f)));
    kinds.put("file emptied", f -> f.put(file(f), ""));
    kinds.put("forged file added", f -> f.lines("cmp_new.jsonl", chain("cmp_new", 3)));
    kinds.put("empty file added", f -> f.put("cmp_new.jsonl", ""));
    kinds.put("two files swapped", f -> swap(f, file(f), file(f)));
    kinds.put("file renamed", f -> move(f, file(f), "cmp_new.jsonl"));
    kinds.put(
        "file copied to another name", f -> f.put("cmp_copy.jsonl", f.getOrDefault(file(f), "")));
    kinds.put("file renamed in capital letters", f -> upper(f, file(f)));
    kinds.put(
        "file copied under another suffix",
        f -> f.put("cmp_1.jsonl.bak", f.getOrDefault(file(f), "")));
    kinds.put("file replaced by a link to a copy", this::link);
    kinds.put("file put back to an earlier moment", this::fileBack);
    kinds.put("file that is no audit file added", f -> f.put("readme.txt", "hello"));

    kinds.put("all checkpoints deleted", f -> f.remove(CHECKPOINTS));
    kinds.put("checkpoints emptied", f -> f.put(CHECKPOINTS, ""));
    kinds.put("some checkpoints deleted", f -> checkpoints(f, this::removeSome));
    kinds.put("first checkpoint deleted", f -> checkpoints(f, l -> l.remove(0)));
    kinds.put("last checkpoint deleted", f -> checkpoints(f, l -> l.remove(l.size() - 1)));
    kinds.put(
        "two checkpoints swapped", f -> checkpoints(f, l -> Collections.swap(l, at(l), at(l))));
    kinds.put("checkpoint doubled", f -> checkpoints(f, l -> l.add(l.get(at(l)))));
    kinds.put(
        "head in a checkpoint changed",
        f -> checkpoint(f, s -> s.replaceFirst("\\{\"seq\":(\\d)", "{\"seq\":9$1")));
    kinds.put(
        "head put into a checkpoint",
        f ->
            checkpoint(
                f,
                s ->
                    s.replace(
                        "\"heads\":{",
                        "\"heads\":{\"../x\":{\"seq\":1,\"sha256\":\""
                            + "ab".repeat(32)
                            + "\"},")));
    kinds.put(
        "name doubled in a checkpoint",
        f -> checkpoint(f, s -> s.replace("\"keyId\"", "\"seq\":1,\"keyId\"")));
    kinds.put("spare bits of a signature changed", f -> checkpoint(f, this::spareBits));
    kinds.put("space put in a checkpoint", f -> checkpoint(f, s -> s.replace("\"}", "\" }")));
    kinds.put(
        "line ends of checkpoints changed to CRLF",
        f -> checkpoints(f, l -> l.replaceAll(s -> s + "\r")));
    kinds.put("checkpoint signed with another key", f -> checkpoint(f, s -> sign(s, true)));
    kinds.put(
        "checkpoint signed with another key, key named as before",
        f -> checkpoint(f, s -> sign(s, false)));
    kinds.put("all checkpoints and the key made anew", this::resignAll);
    kinds.put("forged checkpoint appended over a forged line", this::forgedCheckpoint);
    kinds.put(
        "checkpoints put back to an earlier moment",
        f -> f.put(CHECKPOINTS, any(moments).get(CHECKPOINTS)));
    kinds.put(
        "checkpoints deleted, a line changed and chained anew",
        f -> {
          f.remove(CHECKPOINTS);
          edit(f, this::changeAndChain);
        });

    kinds.put("key replaced", f -> f.put(KEY, pem()));
    kinds.put("key taken out", f -> f.remove(KEY));
    kinds.put("torn line taken out", f -> f.remove(torn(f)));
    kinds.put("torn line changed", f -> f.computeIfPresent(torn(f), (n, c) -> c + "x"));
    kinds.put("torn line renamed", f -> move(f, torn(f), "cmp_2.jsonl.torn-20200101T000000.000Z"));
    kinds.put("torn line added", f -> f.put("cmp_3.jsonl.torn-20200101T000000.000Z", "{\"seq\":"));

    kinds.put(
        "folder put back to an earlier moment",
        f -> {
          f.clear();
          f.putAll(any(moments));
        });
    kinds.put(
        "folder cut to the heads of an earlier checkpoint",
        f -> {
          f.clear();
          f.putAll(cutTo(1 + random.nextInt(original.lines(CHECKPOINTS).size() - 1)));
        });
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private int at(List<String> lines) {
    return random.nextInt(lines.size());
  }

  /** Any campaign's file that is there. */
  private String file(Folder folder) {
    List<String> names =
        folder.keySet().stream()
            .filter(name -> name.matches("cmp_[0-9]\\.jsonl") && folder.lines(name).size() > 1)
            .toList();
    return names.isEmpty() ? "cmp_0.jsonl" : any(names);
  }

  private String torn(Folder folder) {
    List<String> names = folder.keySet().stream().filter(TornFiles::isName).toList();
    return names.isEmpty() ? "none" : any(names);
  }

  private interface Edit {
    void apply(List<String> lines);
  }

  private void edit(Folder folder, Edit edit) {
    edit(folder, file(folder), edit);
  }

  private void edit(Folder folder, String name, Edit edit) {
    List<String> lines = folder.lines(name);
    if (lines.size() > 1) {
      edit.apply(lines);
      folder.lines(name, lines);
    }
  }

  private void checkpoints(Folder folder, Edit edit) {
    edit(folder, CHECKPOINTS, edit);
  }

  private void checkpoint(Folder folder, UnaryOperator<String> change) {
    checkpoints(folder, l -> change(l, change));
  }

  private void line(Folder folder, UnaryOperator<String> change) {
    edit(folder, l -> change(l, change));
  }

  private void change(List<String> lines, UnaryOperator<String> change) {
    int at = at(lines);
    lines.set(at, change.apply(lines.get(at)));
  }

  private void content(Folder folder, UnaryOperator<String> change) {
    String name = random.nextInt(8) == 0 ? CHECKPOINTS : file(folder);
    if (folder.get(name) instanceof String content && content.length() > 100) {
      folder.put(name, change.apply(content));
    }
  }

  private void changeAndChain(List<String> lines) {
    int at = at(lines);
    lines.set(at, lines.get(at).replace("round", "bound"));
    chainAnew(lines);
  }

  private void insertAndChain(List<String> lines) {
    lines.add(at(lines), lines.get(at(lines)));
    chainAnew(lines);
  }

  private void removeAndChain(List<String> lines) {
    lines.remove(at(lines));
    chainAnew(lines);
  }

  private static void chainAnew(List<String> lines) {
    String prev = AuditText.ZEROS;
    for (int i = 0; i < lines.size(); i++) {
      String line =
          lines
              .get(i)
              .replaceFirst("^\\{\"seq\":\\d+", "{\"seq\":" + (i + 1))
              .replaceFirst("\"prev\":\"[0-9a-f]{64}\"", "\"prev\":\"" + prev + "\"");
      lines.set(i, line);
      prev = sha256(line);
    }
  }

  private static String forged(List<String> lines, Instant at) {
    String last = lines.get(lines.size() - 1);
    return last.replaceFirst("^\\{\"seq\":\\d+", "{\"seq\":" + (lines.size() + 1))
        .replaceFirst(
            "\"timestamp\":\"[^\"]*\"",
            "\"timestamp\":\"" + AuditText.time(at.toEpochMilli()) + "\"")
        .replaceFirst("\"prev\":\"[0-9a-f]{64}\"", "\"prev\":\"" + sha256(last) + "\"");
  }

  private List<String> chain(String campaign, int length) {
    List<String> lines = new ArrayList<>(original.lines("cmp_0.jsonl").subList(0, length));
    lines.replaceAll(line -> line.replace("cmp_0", campaign));
    chainAnew(lines);
    return lines;
  }

  private static void swap(Folder folder, String one, String other) {
    Object kept = folder.getOrDefault(one, "");
    folder.put(one, folder.getOrDefault(other, ""));
    folder.put(other, kept);
  }

  private static void move(Folder folder, String from, String to) {
    Object content = folder.remove(from);
    if (content != null) {
      folder.put(to, content);
    }
  }

  private static void upper(Folder folder, String name) {
    move(folder, name, name.toUpperCase(Locale.ROOT));
  }

  private void link(Folder folder) {
    String name = random.nextInt(5) == 0 ? CHECKPOINTS : file(folder);
    if (folder.get(name) instanceof String content) {
      try {
        Path target = Files.createTempFile(temp, "copy", ".jsonl");
        Files.write(target, content.getBytes(StandardCharsets.ISO_8859_1));
        folder.put(name, target);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void fileBack(Folder folder) {
    String name = file(folder);
    Object content = any(moments).get(name);
    if (content != null) {
      folder.put(name, content);
    }
  }

  private void removeSome(List<String> lines) {
    for (int i = 1 + random.nextInt(5); i > 0 && lines.size() > 1; i--) {
      lines.remove(at(lines));
    }
  }

  /** Base64 has four bits in the last character before the padding that no byte uses. */
  private String spareBits(String checkpoint) {
    int last = checkpoint.length() - "==\"}".length() - 1;
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    int value = alphabet.indexOf(checkpoint.charAt(last));
    return value < 0
        ? checkpoint
        : checkpoint.substring(0, last)
            + alphabet.charAt(value ^ (1 + random.nextInt(15)))
            + checkpoint.substring(last + 1);
  }

  private String sign(String checkpoint, boolean sayTheKey) {
    String signed = checkpoint.replaceFirst(",\"signature\":\"[^\"]*\"}$", "}");
    if (sayTheKey) {
      String id = CheckpointKey.id(otherKey.getPublic().getEncoded());
      signed = signed.replaceFirst("\"keyId\":\"[^\"]*\"", "\"keyId\":\"" + id + "\"");
    }
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(otherKey.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.ISO_8859_1));
      return signed.substring(0, signed.length() - 1)
          + ",\"signature\":\""
          + Base64.getEncoder().encodeToString(signature.sign())
          + "\"}";
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void resignAll(Folder folder) {
    checkpoints(
        folder,
        lines -> {
          String prev = AuditText.ZEROS;
          for (int i = 0; i < lines.size(); i++) {
            String chained =
                lines.get(i).replaceFirst("\"prev\":\"[0-9a-f]{64}\"", "\"prev\":\"" + prev + "\"");
            lines.set(i, sign(chained, true));
            prev = sha256(lines.get(i));
          }
        });
    folder.put(KEY, pem());
  }

  private void forgedCheckpoint(Folder folder) {
    String name = file(folder);
    edit(folder, name, lines -> lines.add(forged(lines, Instant.now())));
    List<String> forged = folder.lines(name);
    if (forged.isEmpty()) {
      return;
    }
    String head =
        String.format(
            "\"heads\":{\"%s\":{\"seq\":%d,\"sha256\":\"%s\"}}",
            name.replace(".jsonl", ""), forged.size(), sha256(forged.get(forged.size() - 1)));
    checkpoints(
        folder,
        lines ->
            lines.add(
                sign(
                    forged(lines, Instant.now())
                        .replaceFirst("\"heads\":\\{.*\\},\"(recovered|keyId)\"", head + ",\"$1\""),
                    random.nextBoolean())));
  }

  private String pem() {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getEncoder().encodeToString(otherKey.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** The original as it would be had everything ended with a checkpoint: its heads, no more. */
  private Folder cutTo(int checkpoint) {
    Folder cut = new Folder();
    List<String> checkpoints = original.lines(CHECKPOINTS).subList(0, checkpoint);
    cut.lines(CHECKPOINTS, checkpoints);
    cut.put(KEY, original.get(KEY));
    StringBuilder kept = new StringBuilder(checkpoints.toString());
    for (String line : checkpoints) {
      Audit.json(line)
          .path("heads")
          .properties()
          .forEach(
              head -> {
                String name = head.getKey() + ".jsonl";
                int seq = head.getValue().path("seq").asInt();
                cut.lines(name, original.lines(name).subList(0, seq));
                kept.append(cut.get(name));
              });
    }
    original.forEach(
        (name, content) -> {
          if (TornFiles.isName(name) && kept.indexOf('"' + name + '"') >= 0) {
            cut.put(name, content);
          }
        });
    return cut;
  }

  private static String sha256(String line) {
    return Hashes.sha256(line.getBytes(StandardCharsets.ISO_8859_1));
  }
}
