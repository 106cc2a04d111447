package io.campaignroutes.audit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Checks a folder of audit files: the chains, the checkpoints over them, and both against what was
 * kept elsewhere. Files are streamed; of heads at most {@value CheckpointHeads#MAX_HEADS} are in
 * memory.
 */
final class AuditVerifier {
  private static final String SUFFIX = ".jsonl";
  private static final String CHECKPOINT_FILE = AuditRows.CHECKPOINTS + SUFFIX;

  private final Path folder;
  private final AuditEvidence evidence;
  private final int maxHeads;
  private final AuditReport report = new AuditReport();
  private final TornFiles torn = new TornFiles();
  private final SortedSet<String> ids = new TreeSet<>();
  private ArchivesTold told = ArchivesTold.NONE;
  private long uncoveredLines;
  private long uncoveredFiles;
  private boolean overdue;

  AuditVerifier(Path folder, AuditEvidence evidence) {
    this(folder, evidence, CheckpointHeads.MAX_HEADS);
  }

  /**
   * @param maxHeads how many heads are kept at a time
   */
  AuditVerifier(Path folder, AuditEvidence evidence, int maxHeads) {
    this.folder = folder;
    this.evidence = evidence;
    this.maxHeads = maxHeads;
  }

  /** There are checkpoints but nothing to check them with. */
  static final class NoKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoKeyException(String message) {
      super(message);
    }
  }

  /**
   * Looks at all, up to the first that is wrong.
   *
   * @throws IOException when something cannot be read
   * @throws NoKeyException when there are checkpoints but no public key
   */
  AuditReport verify() throws IOException {
    // Checkpoints first: a file only grows, so a service that goes on writing cannot look broken.
    CheckpointHeads heads = checkpoints();
    if (report.problem() == null) {
      list();
      if (tellArchives()) {
        files(heads);
      }
    }
    if (report.problem() == null && overdue && report.checkpoints() == 0) {
      report.bad(
          CHECKPOINT_FILE,
          1,
          1L,
          "the checkpoints are gone",
          "a checkpoint over lines that are older than 5 minutes, as "
              + AuditCheckpoints.PUBLIC_KEY
              + " tells",
          "none");
    }
    if (report.problem() == null) {
      torn.check(folder, evidence, report);
    }
    if (report.problem() == null && evidence.keyGiven()) {
      ownKey();
    }
    notProven();
    Collections.sort(report.notes());
    return report;
  }

  private CheckpointHeads checkpoints() throws IOException {
    Path file = folder.resolve(CHECKPOINT_FILE);
    var heads = new CheckpointHeads(maxHeads);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      if (evidence.strict()) {
        String wanted = evidence.copy() == null ? "checkpoints" : "checkpoint " + evidence.copy();
        report.bad(CHECKPOINT_FILE, 1, 1L, "the checkpoints are gone", wanted, "no file");
      } else if (CheckpointFile.reaches(1, report, evidence, CHECKPOINT_FILE)) {
        report
            .warnings()
            .add(
                "there is no "
                    + CHECKPOINT_FILE
                    + ": a file written anew or a tail cut off cannot be seen");
      }
      return heads;
    }
    if (evidence.keys() == null) {
      throw new NoKeyException(
          CHECKPOINT_FILE
              + " cannot be checked without the public key: "
              + AuditCheckpoints.PUBLIC_KEY
              + " is not in the folder, and no --key was given");
    }
    if (regular(file)) {
      new CheckpointFile(file, evidence, heads, torn, report).check();
    }
    return heads;
  }

  /** Finds what is in the folder; what is none of ours is said. */
  private void list() throws IOException {
    SortedSet<String> strange = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (TornFiles.isName(name)) {
          torn.lies(name);
        } else if (name.endsWith(SUFFIX) && !name.equals(CHECKPOINT_FILE)) {
          ids.add(name.substring(0, name.length() - SUFFIX.length()));
        } else if (name.toLowerCase(Locale.ROOT).contains(SUFFIX)
            && !name.equals(CHECKPOINT_FILE)) {
          strange.add(name);
        } else if (!AuditFolder.OWN.contains(name) && !name.equals(CHECKPOINT_FILE)) {
          report.notes().add(name + " is not of the audit and was not looked at");
        }
      }
    }
    for (String name : strange) {
      if (evidence.strict()) {
        report.bad(name, 1, null, "this is no name that audit files have", "no such file", "it");
      } else {
        report.warnings().add(name + ": this is no name that audit files have; not looked at");
      }
    }
  }

  /** Read again where a file is missing: a service may have taken it away since. */
  private boolean tellArchives() throws IOException {
    told = ArchivesTold.read(folder.resolve(AuditLog.SERVICE + SUFFIX), evidence.archives());
    if (!told.isEmpty()) {
      ids.add(AuditLog.SERVICE); // what is believed of it is checked as well
    }
    return told.whole(report);
  }

  private void files(CheckpointHeads all) throws IOException {
    int shares = all.sharesNeeded();
    for (int share = 0; share < shares && report.problem() == null; share++) {
      CheckpointHeads heads =
          shares == 1
              ? all
              : CheckpointHeads.read(
                  folder.resolve(CHECKPOINT_FILE),
                  evidence.archives(),
                  report.last(),
                  share,
                  shares);
      SortedSet<String> names = new TreeSet<>(heads.campaigns());
      ids.stream().filter(heads::has).forEach(names::add);
      for (String id : names) {
        if (!file(id, heads.of(id))) {
          break;
        }
      }
      if (report.problem() == null) {
        new ArchiveFiles(told, evidence, torn, report).check(heads, share == 0);
      }
    }
  }

  private boolean file(String id, CheckpointHeads.Heads heads) throws IOException {
    String name = id + SUFFIX;
    Path path = folder.resolve(name);
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      if (!told.has(id) && !tellArchives()) {
        return false;
      }
      if (told.has(id)) {
        return true; // its lines are looked at in their archive
      }
      return report.bad(
          name,
          1,
          1L,
          "the file is gone",
          "lines up to seq " + heads.lastSeq() + " (checkpoint " + heads.lastCheckpoint() + ")",
          "no file");
    }
    if (!regular(path)) {
      return false;
    }
    report.file();
    var file = new CampaignFile(path, id, heads, evidence, torn, report);
    boolean intact = file.check();
    overdue |= file.overdue() && evidence.keys() != null;
    if (file.uncovered() > 0) {
      uncoveredFiles++;
      uncoveredLines += file.uncovered();
    }
    return intact;
  }

  /**
   * Whether it is a file that can be read here.
   *
   * @throws IOException when it is a folder, a pipe..
   */
  private boolean regular(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file.getFileName() + " is not a file");
    }
    if (Files.isSymbolicLink(file)) {
      String name = file.getFileName().toString();
      String target = "a link to " + Files.readSymbolicLink(file);
      if (evidence.strict()) {
        return report.bad(name, 1, null, "the file is elsewhere", "a file", target);
      }
      report.warnings().add(name + " is " + target);
    }
    return true;
  }

  /** Auditors who take the folder's key next time must not take another one. */
  private void ownKey() throws IOException {
    String name = AuditCheckpoints.PUBLIC_KEY;
    Path file = folder.resolve(name);
    String expected = "the key with SHA-256 " + evidence.keys().fingerprints();
    if (!Files.exists(file)) {
      report.notes().add(name + " is not in the folder; the key given with --key was used");
      return;
    }
    String found = "no Ed25519 key";
    try {
      if (Files.isRegularFile(file)) {
        List<CheckpointKey> others = CheckpointKeys.read(List.of(file)).without(evidence.keys());
        if (others.isEmpty()) {
          return;
        }
        found = "the key with SHA-256 " + others.get(0).fingerprint();
      }
    } catch (GeneralSecurityException e) {
      found += ": " + e.getMessage();
    }
    report.bad(name, 1, null, "it is not the key given with --key", expected, found);
  }

  private void notProven() {
    if (!evidence.strict()) {
      report
          .notProven()
          .add(
              "that the folder was not replaced as a whole: "
                  + (evidence.keys() == null
                      ? "there is no key"
                      : AuditCheckpoints.PUBLIC_KEY + " was taken from the same folder")
                  + ". Give a copy of the key that was kept elsewhere with --key");
    }
    if (evidence.copy() == null && evidence.atLeast() == 0) {
      report
          .notProven()
          .add(
              "that the folder was not put back to an earlier moment: give a checkpoint that was"
                  + " kept elsewhere with --checkpoint, or how many there must be with --at-least");
    } else {
      report
          .notProven()
          .add(
              "that nothing was taken away that came after checkpoint "
                  + (evidence.copy() == null
                      ? evidence.atLeast()
                      : evidence.copy().seq() >= evidence.atLeast()
                          ? evidence.copy()
                          : evidence.atLeast()));
    }
    if (uncoveredLines > 0) {
      report
          .notProven()
          .add(
              uncoveredLines
                  + " lines in "
                  + uncoveredFiles
                  + " files, which no checkpoint covers yet: any of them may be forged, and others"
                  + " may have been cut off");
    }
  }
}
