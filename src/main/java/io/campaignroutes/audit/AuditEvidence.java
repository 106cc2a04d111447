package io.campaignroutes.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * What an auditor holds a folder against.
 *
 * @param keys what checkpoints are checked with; null when there are none
 * @param keyGiven whether the keys were kept elsewhere; else they lie in the folder itself
 * @param copy a checkpoint that was kept elsewhere; null when none was given
 * @param atLeast how many checkpoints there must be, 0 when nothing is known
 * @param lenient whether lines may be so young that no checkpoint covers them yet
 * @param archives where archives lie, and which are known to be destroyed
 */
record AuditEvidence(
    CheckpointKeys keys,
    boolean keyGiven,
    AuditReport.Checkpoint copy,
    long atLeast,
    boolean lenient,
    ArchivesGiven archives) {

  /**
   * Reads what was given on the command line.
   *
   * @param keyFiles none: the one in the folder, if there is one
   * @param checkpoint one checkpoint line, or a file of them, whose last one counts; may be null
   * @throws IOException when a file cannot be read
   * @throws GeneralSecurityException when the key is no Ed25519 key
   * @throws IllegalArgumentException when the checkpoint is none, or not one by the given key
   */
  static AuditEvidence read(
      Path folder,
      List<String> keyFiles,
      String checkpoint,
      long atLeast,
      boolean lenient,
      ArchivesGiven archives)
      throws IOException, GeneralSecurityException {
    Path own = folder.resolve(AuditCheckpoints.PUBLIC_KEY);
    CheckpointKeys keys = null;
    if (!keyFiles.isEmpty()) {
      keys = CheckpointKeys.read(keyFiles.stream().map(Path::of).toList());
    } else if (Files.exists(own)) {
      keys = CheckpointKeys.read(List.of(own));
    }
    AuditReport.Checkpoint copy = null;
    if (checkpoint != null) {
      byte[] line =
          (checkpoint.strip().startsWith("{") ? checkpoint : lastLine(Path.of(checkpoint)))
              .strip()
              .getBytes(StandardCharsets.UTF_8);
      copy = checkpoint(line);
      if (keys == null || !keys.signed(line)) {
        throw new IllegalArgumentException(
            "checkpoint "
                + copy
                + ", given with --checkpoint, is not signed with "
                + (!keyFiles.isEmpty()
                    ? "the key given with --key"
                    : "the key in the folder: give the key's copy with --key"));
      }
    }
    return new AuditEvidence(keys, !keyFiles.isEmpty(), copy, atLeast, lenient, archives);
  }

  /** Whether all must be covered by what was kept elsewhere. */
  boolean strict() {
    return keyGiven || copy != null;
  }

  private static AuditReport.Checkpoint checkpoint(byte[] line) {
    try {
      JsonNode json = ChainVerifier.read(line);
      if (json != null && json.path("heads").isObject() && json.path("seq").canConvertToLong()) {
        return new AuditReport.Checkpoint(
            json.path("seq").longValue(), json.path("timestamp").asText(), Hashes.sha256(line));
      }
    } catch (IOException e) {
      // said below, whatever kind of text it is
    }
    throw new IllegalArgumentException(
        "what --checkpoint gives is no line of " + AuditRows.CHECKPOINTS + ".jsonl");
  }

  /** The last whole line: a copy made while a checkpoint was written may end in a torn one. */
  private static String lastLine(Path file) throws IOException {
    String last = "";
    try (var lines = new AuditLineReader(file)) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        String text = new String(line, StandardCharsets.UTF_8).replace("\ufeff", "").strip();
        if (!text.isEmpty() && (!lines.torn() || text.endsWith("\"}") || last.isEmpty())) {
          last = text;
        }
      }
    }
    return last;
  }
}
