package io.campaignroutes.audit;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Checks the chains of a folder of audit files and holds them against its checkpoints, up to the
 * first bad line. Files are streamed; kept in memory are 48 bytes for each head in a checkpoint.
 */
final class AuditVerifier {
  private static final String SUFFIX = ".jsonl";
  private static final String CHECKPOINT_FILE = AuditRows.CHECKPOINTS + SUFFIX;
  private static final byte[] SIGNATURE_FIELD = ",\"signature\"".getBytes(StandardCharsets.UTF_8);
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path folder;
  private final PublicKey key;
  private final Map<String, Anchors> anchors = new HashMap<>();
  private final Report report = new Report();

  /**
   * @param key what checkpoints are checked with; null when there is none
   */
  AuditVerifier(Path folder, PublicKey key) {
    this.folder = folder;
    this.key = key;
  }

  /**
   * The first thing that is wrong.
   *
   * @param line from 1; one more than the file has when lines are missing at its end
   * @param seq as the line says it, or as it should be; null when neither is known
   */
  record Problem(String file, long line, Long seq, String what, String expected, String found) {}

  /** What was found. */
  static final class Report {
    private long files;
    private long lines;
    private long checkpoints;
    private Problem problem;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    long files() {
      return files;
    }

    long lines() {
      return lines;
    }

    long checkpoints() {
      return checkpoints;
    }

    /** Null when all is intact. */
    Problem problem() {
      return problem;
    }

    List<String> warnings() {
      return warnings;
    }

    List<String> notes() {
      return notes;
    }
  }

  /** There are checkpoints but nothing to check them with. */
  static final class NoKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoKeyException(String message) {
      super(message);
    }
  }

  /**
   * @throws IOException when something cannot be read
   * @throws NoKeyException when there are checkpoints but no public key
   */
  Report verify() throws IOException {
    Path checkpointFile = folder.resolve(CHECKPOINT_FILE);
    boolean anchored = Files.exists(checkpointFile);
    if (anchored && key == null) {
      throw new NoKeyException(
          CHECKPOINT_FILE
              + " cannot be checked without the public key: "
              + AuditCheckpoints.PUBLIC_KEY
              + " is not in the folder, and no --key was given");
    }
    // Checkpoints first: a file only grows, so a service that goes on writing cannot look broken.
    if (anchored) {
      new CheckpointChain(checkpointFile).check();
    }
    TreeSet<String> ids = new TreeSet<>(anchors.keySet());
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.contains(".torn-")) {
          report.notes.add(name + " is a torn last line that was moved aside");
        } else if (name.endsWith(SUFFIX) && !name.equals(CHECKPOINT_FILE)) {
          ids.add(name.substring(0, name.length() - SUFFIX.length()));
        }
      }
    }
    Collections.sort(report.notes);
    for (Iterator<String> i = ids.iterator(); i.hasNext() && report.problem == null; ) {
      String id = i.next();
      Path file = folder.resolve(id + SUFFIX);
      if (Files.exists(file)) {
        new CampaignChain(file, id).check();
      } else {
        Anchors gone = anchors.get(id);
        bad(
            id + SUFFIX,
            1,
            1L,
            "the file is gone",
            "lines up to seq " + gone.lastSeq() + " (checkpoint " + gone.lastCheckpoint() + ")",
            "no file");
      }
    }
    if (!anchored && report.files > 0) {
      report.warnings.add(
          "there is no "
              + CHECKPOINT_FILE
              + ": a file written anew or a tail cut off cannot be seen");
    }
    return report;
  }

  private boolean bad(
      String file, long line, Long seq, String what, String expected, String found) {
    if (report.problem == null) {
      report.problem = new Problem(file, line, seq, what, expected, found);
    }
    return false;
  }

  /** One file of chained lines. */
  private abstract class Chain {
    final Path path;
    final String file;
    long seq;
    String sha256 = AuditText.ZEROS;

    Chain(Path path) {
      this.path = path;
      this.file = path.getFileName().toString();
    }

    void check() throws IOException {
      report.files++;
      try (var lines = new AuditLineReader(path)) {
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
          if (!check(line, lines)) {
            return;
          }
        }
        atEnd(lines.number() + 1);
      }
    }

    private boolean check(byte[] line, AuditLineReader lines) throws IOException {
      long number = lines.number();
      if (lines.tooLong()) {
        return bad(
            file, number, seq + 1, "the line is too long", "at most 16 MiB", "more than that");
      }
      if (lines.torn()) {
        return bad(
            file,
            number,
            seq + 1,
            "the last line is torn",
            "a newline at its end",
            line.length + " bytes without one");
      }
      JsonNode json;
      try {
        json = JSON.readTree(line);
      } catch (IOException e) {
        return bad(
            file,
            number,
            seq + 1,
            "the line is not JSON",
            "one JSON object",
            e.getMessage().lines().findFirst().orElse(""));
      }
      if (json == null || !json.isObject()) {
        return bad(
            file, number, seq + 1, "the line is not a JSON object", "one JSON object", "another");
      }
      String own = AuditText.sha256(line);
      JsonNode said = json.path("seq");
      if (said.isIntegralNumber() && said.longValue() == seq && insertedBefore(own, lines)) {
        return bad(
            file,
            number - 1,
            seq,
            "the line was inserted",
            "the line that stands after it",
            "SHA-256 " + sha256);
      }
      if (!said.isIntegralNumber() || !said.canConvertToLong() || said.longValue() != seq + 1) {
        return bad(
            file,
            number,
            said.isIntegralNumber() ? said.longValue() : null,
            "a line is missing, doubled, inserted or out of order",
            "seq " + (seq + 1),
            "seq " + (said.isMissingNode() ? "missing" : said.toString()));
      }
      String prev = json.path("prev").asText("missing");
      if (!prev.equals(sha256)) {
        return brokenLink(number, prev, own, lines);
      }
      seq++;
      sha256 = own;
      return look(number, line, json);
    }

    /** Of two lines with one seq, tells whether the chain goes on from the second. */
    private boolean insertedBefore(String own, AuditLineReader lines) throws IOException {
      if (seq == 0 || proven() || own.equals(sha256)) {
        return false;
      }
      byte[] following = lines.next();
      return following != null && new String(following, StandardCharsets.UTF_8).contains(own);
    }

    /**
     * Line {@code number} does not link to the one before. When the one before is proven, or what
     * follows does not link to this one either, this one was changed; else the one before.
     */
    private boolean brokenLink(long number, String prev, String own, AuditLineReader lines)
        throws IOException {
      boolean before = number > 1 && !proven();
      if (before) {
        byte[] following = lines.next();
        if (following != null) {
          before = new String(following, StandardCharsets.UTF_8).contains(own);
        }
      }
      return before
          ? bad(
              file,
              number - 1,
              seq,
              "the line was changed after it was written",
              "SHA-256 " + prev + " (prev of line " + number + ")",
              "SHA-256 " + sha256)
          : bad(
              file,
              number,
              seq + 1,
              "the line was changed after it was written",
              "prev " + sha256,
              "prev " + prev);
    }

    /** Looks at a line that is in its place; false ends the check. */
    abstract boolean look(long number, byte[] line, JsonNode json);

    /** Whether the newest line looked at is known to be as it was written. */
    abstract boolean proven();

    void atEnd(long nextNumber) {}
  }

  private final class CampaignChain extends Chain {
    private final String id;
    private final Anchors anchored;
    private int nextAnchor;

    CampaignChain(Path path, String id) {
      super(path);
      this.id = id;
      this.anchored = anchors.getOrDefault(id, new Anchors());
    }

    @Override
    boolean look(long number, byte[] line, JsonNode json) {
      report.lines++;
      String campaign = json.path("campaignId").asText("missing");
      if (!campaign.equals(id)) {
        return bad(
            file,
            number,
            seq,
            "the line belongs to another campaign",
            "campaignId " + id,
            "campaignId " + campaign);
      }
      for (; nextAnchor < anchored.size() && anchored.seq(nextAnchor) == seq; nextAnchor++) {
        if (!anchored.sha256(nextAnchor).equals(sha256)) {
          return bad(
              file,
              number,
              seq,
              "the file was rewritten: this is not the line that was signed",
              "SHA-256 "
                  + anchored.sha256(nextAnchor)
                  + " (checkpoint "
                  + anchored.checkpoint(nextAnchor)
                  + ")",
              "SHA-256 " + sha256);
        }
      }
      return true;
    }

    @Override
    boolean proven() {
      return nextAnchor > 0 && anchored.seq(nextAnchor - 1) == seq;
    }

    @Override
    void atEnd(long nextNumber) {
      if (nextAnchor < anchored.size()) {
        bad(
            file,
            nextNumber,
            seq + 1,
            "the end was cut off",
            "lines up to seq "
                + anchored.lastSeq()
                + " (checkpoint "
                + anchored.lastCheckpoint()
                + ")",
            "end of the file after seq " + seq);
      } else if (anchored.lastSeq() < seq) {
        report.warnings.add(file + ": not anchored since seq " + anchored.lastSeq());
      }
    }
  }

  private final class CheckpointChain extends Chain {
    private final String keyId = AuditCheckpoints.keyId(key.getEncoded());

    CheckpointChain(Path path) {
      super(path);
    }

    @Override
    void check() throws IOException {
      super.check();
      report.files--; // counted by its lines instead
    }

    @Override
    boolean look(long number, byte[] line, JsonNode json) {
      report.checkpoints++;
      String id = json.path("keyId").asText("missing");
      if (!id.equals(keyId)) {
        return bad(file, number, seq, "signed with another key", "keyId " + keyId, "keyId " + id);
      }
      if (!signed(line, json.path("signature").asText(""))) {
        return bad(
            file,
            number,
            seq,
            "the signature does not fit the line",
            "a signature by key " + keyId,
            json.path("signature").asText("no signature"));
      }
      for (Map.Entry<String, JsonNode> head : json.path("heads").properties()) {
        byte[] sha = hash(head.getValue().path("sha256").asText());
        if (sha == null || !head.getValue().path("seq").canConvertToLong()) {
          return bad(
              file,
              number,
              seq,
              "a head cannot be understood",
              head.getKey() + ": seq and sha256",
              head.getValue().toString());
        }
        anchors
            .computeIfAbsent(head.getKey(), k -> new Anchors())
            .add(head.getValue().path("seq").longValue(), sha, seq);
      }
      return true;
    }

    @Override
    boolean proven() {
      return true;
    }

    private boolean signed(byte[] line, String signature) {
      int end = line.length - SIGNATURE_FIELD.length;
      while (end > 0
          && !Arrays.equals(
              line,
              end,
              end + SIGNATURE_FIELD.length,
              SIGNATURE_FIELD,
              0,
              SIGNATURE_FIELD.length)) {
        end--;
      }
      // The signature is the last field and nothing else hides behind the signed bytes.
      if (end <= 0) {
        return false;
      }
      String rest = new String(line, end, line.length - end, StandardCharsets.UTF_8);
      if (!rest.equals(",\"signature\":\"" + signature + "\"}")) {
        return false;
      }
      try {
        Signature check = Signature.getInstance("Ed25519");
        check.initVerify(key);
        check.update(line, 0, end);
        check.update((byte) '}');
        return check.verify(Base64.getDecoder().decode(signature));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        return false;
      }
    }
  }

  private static byte[] hash(String hex) {
    try {
      byte[] bytes = HexFormat.of().parseHex(hex);
      return bytes.length == 32 ? bytes : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What the checkpoints say of one file, by seq. */
  private static final class Anchors {
    private long[] seqs = new long[2];
    private long[] checkpoints = new long[2];
    private byte[] hashes = new byte[64];
    private int size;

    void add(long seq, byte[] sha256, long checkpoint) {
      if (size == seqs.length) {
        seqs = Arrays.copyOf(seqs, size * 2);
        checkpoints = Arrays.copyOf(checkpoints, size * 2);
        hashes = Arrays.copyOf(hashes, size * 64);
      }
      int at = size++;
      for (; at > 0 && seqs[at - 1] > seq; at--) {
        seqs[at] = seqs[at - 1];
        checkpoints[at] = checkpoints[at - 1];
        System.arraycopy(hashes, (at - 1) * 32, hashes, at * 32, 32);
      }
      seqs[at] = seq;
      checkpoints[at] = checkpoint;
      System.arraycopy(sha256, 0, hashes, at * 32, 32);
    }

    int size() {
      return size;
    }

    long seq(int i) {
      return seqs[i];
    }

    long checkpoint(int i) {
      return checkpoints[i];
    }

    String sha256(int i) {
      return HexFormat.of().formatHex(hashes, i * 32, i * 32 + 32);
    }

    long lastSeq() {
      return size == 0 ? 0 : seqs[size - 1];
    }

    long lastCheckpoint() {
      return size == 0 ? 0 : checkpoints[size - 1];
    }
  }
}
