package io.campaignroutes.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** A campaign's file, held against the heads that the checkpoints name. */
final class CampaignFile extends ChainFile {
  /** So long after it was written a line of a running service may be without a checkpoint. */
  static final Duration MAX_UNCOVERED = Duration.ofMinutes(5);

  private final String id;
  private final CheckpointHeads.Heads heads;
  private final AuditEvidence evidence;
  private final TornFiles torn;
  private int nextHead;
  private boolean overdue;

  CampaignFile(
      Path path,
      String id,
      CheckpointHeads.Heads heads,
      AuditEvidence evidence,
      TornFiles torn,
      AuditReport report) {
    super(path, report);
    this.id = id;
    this.heads = heads;
    this.evidence = evidence;
    this.torn = torn;
  }

  /** Its lines as they come from an archive: {@link #follow} is given each, and then the end. */
  CampaignFile(
      String archive,
      String id,
      CheckpointHeads.Heads heads,
      AuditEvidence evidence,
      TornFiles torn,
      AuditReport report) {
    super(null, archive, report);
    this.id = id;
    this.heads = heads;
    this.evidence = evidence;
    this.torn = torn;
  }

  /** Looks at the next line; false when something is wrong, which the report has then. */
  boolean follow(long number, byte[] line) {
    ChainVerifier.Finding fault = walk.next(line);
    return fault == null
        ? look(number, line)
        : bad(number, fault.seq(), fault.what(), fault.expected(), fault.found());
  }

  /** Lines behind the last that a checkpoint covers. */
  long uncovered() {
    return Math.max(0, walk.seq() - heads.lastSeq());
  }

  @Override
  ChainReader open(Path path) throws IOException {
    return id.equals(AuditLog.SERVICE)
        ? ChainReader.of(path, id, evidence.archives())
        : super.open(path);
  }

  @Override
  boolean look(long number, byte[] line) {
    report.line();
    String campaign = walk.json().path("campaignId").asText("missing");
    if (!campaign.equals(id)) {
      return bad(
          number,
          walk.seq(),
          "the line belongs to another campaign",
          "campaignId " + id,
          "campaignId " + campaign);
    }
    for (; nextHead < heads.size() && heads.seq(nextHead) == walk.seq(); nextHead++) {
      if (!heads.sha256(nextHead).equals(walk.sha256())) {
        return bad(
            number,
            walk.seq(),
            "the file was rewritten: this is not the line that was signed",
            "SHA-256 " + heads.sha256(nextHead) + checkpoint(heads.checkpoint(nextHead)),
            "SHA-256 " + walk.sha256());
      }
    }
    if (uncovered() > 0 && evidence.strict() && !(evidence.lenient() && young())) {
      return bad(
          number,
          walk.seq(),
          evidence.lenient()
              ? "no checkpoint covers the line, and it is not of the last 5 minutes"
              : "no checkpoint covers the line",
          "lines up to seq " + heads.lastSeq() + checkpoint(heads.lastCheckpoint()),
          "timestamp " + walk.json().path("timestamp").asText("missing"));
    }
    overdue |= uncovered() > 0 && !young();
    if (walk.json().path("event").asText().equals(AuditLog.RECOVERED)) {
      torn.told(walk.json(), file, number, walk.seq());
    }
    return true;
  }

  @Override
  boolean proven() {
    return nextHead > 0 && heads.seq(nextHead - 1) == walk.seq();
  }

  @Override
  boolean atEnd(long nextNumber) {
    if (nextHead < heads.size()) {
      return bad(
          nextNumber,
          walk.seq() + 1,
          "the end was cut off",
          "lines up to seq " + heads.lastSeq() + checkpoint(heads.lastCheckpoint()),
          "end of the file after seq " + walk.seq());
    }
    if (walk.seq() == 0 && evidence.strict() && !evidence.lenient()) {
      return bad(1, null, "no checkpoint covers the file", "no such file", "an empty file");
    }
    if (uncovered() > 0) {
      report.warnings().add(file + ": not anchored since seq " + heads.lastSeq());
    }
    return true;
  }

  /** Whether a line that no checkpoint covers is older than a line waits for one. */
  boolean overdue() {
    return overdue;
  }

  /** By its own word: whoever forges a line gives it a time as well. */
  private boolean young() {
    try {
      Instant at = Instant.parse(walk.json().path("timestamp").asText());
      return Duration.between(at, Instant.now()).abs().compareTo(MAX_UNCOVERED) < 0;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static String checkpoint(long number) {
    return number == 0 ? "" : " (checkpoint " + number + ")";
  }
}
