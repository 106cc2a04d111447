package io.campaignroutes.audit;

import java.io.IOException;
import java.nio.file.Path;

/** The file of checkpoints, held against the key and the checkpoint that were kept elsewhere. */
final class CheckpointFile extends ChainFile {
  private final AuditEvidence evidence;
  private final TornFiles torn;
  private final CheckpointHeads heads;

  CheckpointFile(
      Path path,
      AuditEvidence evidence,
      CheckpointHeads heads,
      TornFiles torn,
      AuditReport report) {
    super(path, report);
    this.evidence = evidence;
    this.heads = heads;
    this.torn = torn;
  }

  @Override
  ChainReader open(Path path) throws IOException {
    return ChainReader.of(path, AuditRows.CHECKPOINTS, evidence.archives());
  }

  @Override
  boolean look(long number, byte[] line) {
    var checkpoint =
        new AuditReport.Checkpoint(
            walk.seq(), walk.json().path("timestamp").asText("no time"), walk.sha256());
    report.checkpoint(checkpoint);
    String id = walk.json().path("keyId").asText("missing");
    CheckpointKey key = evidence.keys().of(id);
    if (key == null) {
      String known = "keyId " + evidence.keys().ids();
      return bad(number, walk.seq(), "signed with another key", known, "keyId " + id);
    }
    report.signed(id, walk.seq());
    if (!key.signed(line)) {
      return bad(
          number,
          walk.seq(),
          "the signature does not fit the line",
          "a signature by key " + id,
          walk.json().path("signature").asText("no signature"));
    }
    if (evidence.copy() != null
        && evidence.copy().seq() == walk.seq()
        && !evidence.copy().sha256().equals(walk.sha256())) {
      return bad(
          number,
          walk.seq(),
          "it is not the checkpoint that was kept elsewhere",
          "SHA-256 " + evidence.copy().sha256(),
          "SHA-256 " + walk.sha256());
    }
    String unknown = heads.add(walk.json(), walk.seq());
    if (unknown != null) {
      return bad(
          number, walk.seq(), "a head cannot be understood", "campaign: seq and sha256", unknown);
    }
    if (walk.json().has("recovered")) {
      torn.told(walk.json().path("recovered"), file, number, walk.seq());
    }
    return true;
  }

  @Override
  boolean proven() {
    return true;
  }

  @Override
  boolean atEnd(long nextNumber) {
    return reaches(nextNumber, report, evidence, file);
  }

  /** Whether there are as many checkpoints as there must be. */
  static boolean reaches(long next, AuditReport report, AuditEvidence evidence, String file) {
    long copied = evidence.copy() == null ? 0 : evidence.copy().seq();
    long wanted = Math.max(copied, evidence.atLeast());
    if (report.checkpoints() < wanted) {
      return report.bad(
          file,
          next,
          next,
          "checkpoints are gone: the end was cut off, or the folder was put back to an earlier"
              + " moment",
          wanted == copied
              ? "checkpoint " + evidence.copy() + ", which was kept elsewhere"
              : "at least " + wanted + " checkpoints",
          report.checkpoints() + " checkpoints");
    }
    return true;
  }
}
