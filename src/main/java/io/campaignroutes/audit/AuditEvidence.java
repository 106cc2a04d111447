package io.campaignroutes.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/**
 * What an auditor holds a folder against.
 *
 * @param key what checkpoints are checked with; null when there is none
 * @param keyGiven whether the key was kept elsewhere; else it lies in the folder itself
 * @param copy a checkpoint that was kept elsewhere; null when none was given
 * @param atLeast how many checkpoints there must be, 0 when nothing is known
 * @param lenient whether lines may be so young that no checkpoint covers them yet
 */
record AuditEvidence(
    CheckpointKey key,
    boolean keyGiven,
    AuditReport.Checkpoint copy,
    long atLeast,
    boolean lenient) {

  /**
   * Reads what was given on the command line.
   *
   * @param keyFile null: the one in the folder, if there is one
   * @param checkpoint one checkpoint line, or a file of them, whose last one counts; may be null
   * @throws IOException when a file cannot be read
   * @throws GeneralSecurityException when the key is no Ed25519 key
   * @throws IllegalArgumentException when the checkpoint is none, or not one by the given key
   */
  static AuditEvidence read(
      Path folder, String keyFile, String checkpoint, long atLeast, boolean lenient)
      throws IOException, GeneralSecurityException {
    Path own = folder.resolve(AuditCheckpoints.PUBLIC_KEY);
    CheckpointKey key = null;
    if (keyFile != null) {
      key = CheckpointKey.read(Path.of(keyFile));
    } else if (Files.exists(own)) {
      key = CheckpointKey.read(own);
    }
    AuditReport.Checkpoint copy = null;
    if (checkpoint != null) {
      byte[] line =
          (checkpoint.strip().startsWith("{") ? checkpoint : lastLine(Path.of(checkpoint)))
              .strip()
              .getBytes(StandardCharsets.UTF_8);
      copy = checkpoint(line);
      if (key == null || !key.signed(line)) {
        throw new IllegalArgumentException(
            "checkpoint "
                + copy
                + ", given with --checkpoint, is not signed with "
                + (keyFile != null
                    ? "the key given with --key"
                    : "the key in the folder: give the key's copy with --key"));
      }
    }
    return new AuditEvidence(key, keyFile != null, copy, atLeast, lenient);
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
