package io.campaignroutes.audit;

import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One file of chained lines as {@code audit verify} reads it: up to its first bad line. */
abstract class ChainFile {
  final String file;
  final AuditReport report;
  final ChainVerifier walk = new ChainVerifier();
  private final Path path;
  private ChainReader reading; // null where lines are handed over

  ChainFile(Path path, AuditReport report) {
    this(path, path.getFileName().toString(), report);
  }

  /**
   * @param file what it is called in the report
   */
  ChainFile(Path path, String file, AuditReport report) {
    this.path = path;
    this.file = file;
    this.report = report;
  }

  /** Returns false when something is wrong; the report has it then. */
  boolean check() throws IOException {
    try (var lines = open(path)) {
      reading = lines;
      if (lines.missing() != null) {
        return gone(report, lines.missing(), lines.begins(), file);
      }
      lines.segments().forEach(report::segment);
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        if (!check(line, lines)) {
          return false;
        }
      }
      return atEnd(lines.number() + 1);
    }
  }

  /** A file does not begin with the first line, and no archives lead to where it begins. */
  static boolean gone(AuditReport report, String archive, long first, String file) {
    return report.bad(
        file,
        1,
        first,
        "lines are missing before it, or the archive is gone that has them: " + archive,
        "lines from seq 1 on",
        "seq " + first);
  }

  /** Opens its lines, the first of which may be in archives. */
  ChainReader open(Path path) throws IOException {
    return ChainReader.of(path, file);
  }

  /** Looks at a line that is in its place; false ends the check. */
  abstract boolean look(long number, byte[] line) throws IOException;

  /** Whether the newest line looked at is known to be as it was written. */
  abstract boolean proven();

  /** Looks at what the file lacks. */
  abstract boolean atEnd(long nextNumber);

  boolean bad(long number, Long seq, String what, String expected, String found) {
    return report.bad(reading == null ? file : reading.file(), number, seq, what, expected, found);
  }

  private boolean check(byte[] line, ChainReader lines) throws IOException {
    long number = lines.number();
    long next = walk.seq() + 1;
    if (lines.tooLong()) {
      return bad(number, next, "the line is too long", "at most 16 MiB", "more than that");
    }
    if (lines.torn()) {
      String found = line.length + " bytes without one";
      return bad(number, next, "the last line is torn", "a newline at its end", found);
    }
    ChainVerifier.Finding fault = walk.next(line);
    if (fault == null) {
      return look(number, line);
    }
    if (fault.kind() == ChainVerifier.Kind.OUT_OF_ORDER
        && fault.seq() != null
        && fault.seq() == walk.seq()
        && !Hashes.sha256(line).equals(walk.sha256())
        && goesOnFrom(line, lines, false)) {
      return bad(
          number - 1,
          walk.seq(),
          "the line was inserted",
          "the line that stands after it",
          "SHA-256 " + walk.sha256());
    }
    if (fault.kind() == ChainVerifier.Kind.NOT_LINKED && goesOnFrom(line, lines, true)) {
      return bad(
          number - 1,
          walk.seq(),
          fault.what(),
          "SHA-256 " + fault.found().substring("prev ".length()) + " (prev of line " + number + ")",
          "SHA-256 " + walk.sha256());
    }
    return bad(number, fault.seq(), fault.what(), fault.expected(), fault.found());
  }

  /**
   * Whether the chain goes on from a line that does not fit the one before, so that the one before
   * is to blame, unless that one is proven.
   *
   * @param atEnd what is taken for so when no line follows that would tell
   */
  private boolean goesOnFrom(byte[] line, ChainReader lines, boolean atEnd) throws IOException {
    if (walk.seq() == 0 || proven()) {
      return false;
    }
    byte[] following = lines.next();
    return following == null
        ? atEnd
        : new String(following, StandardCharsets.UTF_8).contains(Hashes.sha256(line));
  }
}
