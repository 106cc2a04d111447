package io.campaignroutes.audit;

import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The archives, as {@code audit verify} looks at them: each is the file that {@code service.jsonl}
 * tells of, and the chains in it are those that the checkpoints name.
 */
final class ArchiveFiles {
  private final ArchivesTold told;
  private final AuditEvidence evidence;
  private final TornFiles torn;
  private final AuditReport report;
  private final Path folder;

  ArchiveFiles(ArchivesTold told, AuditEvidence evidence, TornFiles torn, AuditReport report) {
    this.told = told;
    this.evidence = evidence;
    this.torn = torn;
    this.report = report;
    this.folder = evidence.archives().folder();
  }

  /**
   * Looks at all, up to the first that is wrong.
   *
   * @param heads of the campaigns that are looked at
   * @param first whether no archive was looked at before, for other campaigns
   */
  void check(CheckpointHeads heads, boolean first) throws IOException {
    for (ArchivesTold.Told archive : told.all()) {
      if (!check(archive, heads, first)) {
        return;
      }
    }
    if (first) {
      others();
    }
  }

  private boolean check(ArchivesTold.Told archive, CheckpointHeads heads, boolean first)
      throws IOException {
    Path file = RecordsArchive.isName(archive.name()) ? folder.resolve(archive.name()) : null;
    String shown = RecordsArchive.FOLDER + "/" + archive.name();
    if (file == null || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      if (evidence.archives().destroyed().contains(archive.name())) {
        if (first) {
          report
              .notProven()
              .add(
                  "what "
                      + archive.campaigns().size()
                      + " campaigns were, whose records were in "
                      + shown
                      + ", which is destroyed as --destroyed says");
        }
        return true;
      }
      return report.bad(shown, 1, null, "the archive is gone", archive.expected(), "no file");
    }
    if (Files.isSymbolicLink(file) && evidence.strict()) {
      String target = "a link to " + Files.readSymbolicLink(file);
      return report.bad(shown, 1, null, "the archive is elsewhere", "a file", target);
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException(shown + " is not a file");
    }
    if (first) {
      report.archive();
      String found = looksLike(file);
      if (!archive.expected().startsWith(found + " ")) {
        return report.bad(
            shown, 1, null, "it is not the archive that was made", archive.expected(), found);
      }
    }
    return chains(file, shown, archive, heads);
  }

  private boolean chains(Path file, String shown, ArchivesTold.Told archive, CheckpointHeads heads)
      throws IOException {
    Set<String> seen = new HashSet<>();
    CampaignFile chain = null;
    String of = "";
    long number = 0;
    try (var lines = RecordsArchive.read(file)) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        number = lines.number();
        if (!RecordsArchive.isAuditLine(line)) {
          continue;
        }
        String id = RecordsArchive.campaignOf(line);
        if (!id.equals(of)) {
          if (chain != null && !chain.atEnd(number)) {
            return false;
          }
          of = id;
          chain =
              heads.has(id)
                  ? new CampaignFile(shown, id, heads.of(id), evidence, torn, report)
                  : null;
          if (!archive.campaigns().contains(id) || !seen.add(id)) {
            return report.bad(
                shown, number, null, "lines that were not archived with it", "others", id);
          }
        }
        if (chain != null && !chain.follow(number, line)) {
          return false;
        }
      }
    }
    if (chain != null && !chain.atEnd(number + 1)) {
      return false;
    }
    Set<String> missing = new TreeSet<>(archive.campaigns());
    missing.removeAll(seen);
    return missing.isEmpty()
        || report.bad(
            shown, number + 1, null, "a campaign is not in it", missing.iterator().next(), "none");
  }

  /** What lies there that no line tells of. */
  private void others() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Set<String> strange = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (ChainReader.Segment.of(entry) != null) {
          if (!report.hasRead(name)) {
            report
                .warnings()
                .add(RecordsArchive.FOLDER + "/" + name + ": no chain needs this archive");
          }
        } else if (!RecordsArchive.isName(name)) {
          report.notes().add(RecordsArchive.FOLDER + "/" + name + " is no archive");
        } else if (!told.tellsOf(name)) {
          strange.add(name);
        }
      }
    }
    for (String name : strange) {
      String shown = RecordsArchive.FOLDER + "/" + name;
      String what = "no line tells of this archive";
      if (evidence.strict() && !evidence.lenient()) {
        report.bad(shown, 1, null, what, "no such file", "a file");
      } else {
        report.warnings().add(shown + ": " + what);
      }
    }
  }

  static String looksLike(Path file) throws IOException {
    MessageDigest digest = Hashes.sha256();
    long bytes;
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      bytes = in.transferTo(OutputStream.nullOutputStream());
    }
    return bytes + " bytes with SHA-256 " + Hashes.hex(digest);
  }
}
