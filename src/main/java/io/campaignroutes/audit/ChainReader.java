package io.campaignroutes.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a chain from its beginning: those that are in archives only, then those of its file.
 * The file is opened before the archives are listed: what a running service takes out of the file
 * lies in an archive by then.
 */
final class ChainReader implements Closeable {
  private static final Pattern SEGMENT =
      Pattern.compile("([a-z]+)-([0-9]{12,18})-([0-9]{12,18})-[0-9a-f]{16}\\.jsonl\\.gz");

  private final Deque<Segment> waiting = new ArrayDeque<>();
  private final List<String> segments = new ArrayList<>();
  private final String liveName;
  private final AuditLineReader live;
  private byte[] first; // of the live file, looked at ahead
  private AuditLineReader now;
  private String nowName;
  private String missing;
  private long begins = 1;

  /** Lines {@code first} to {@code last} of a chain, in an archive. */
  record Segment(Path file, String chain, long first, long last) {
    /** Null where it is none. */
    static Segment of(Path file) {
      Matcher name = SEGMENT.matcher(file.getFileName().toString());
      return name.matches()
          ? new Segment(
              file, name.group(1), Long.parseLong(name.group(2)), Long.parseLong(name.group(3)))
          : null;
    }

    String shown() {
      return RecordsArchive.FOLDER + "/" + file.getFileName();
    }
  }

  private ChainReader(Path file, String name) throws IOException {
    this.liveName = name;
    this.live = new AuditLineReader(file);
    this.now = live;
    this.nowName = name;
  }

  /** A file all of whose lines are in it. */
  static ChainReader of(Path file, String name) throws IOException {
    return new ChainReader(file, name);
  }

  /** One whose first lines may be in archives. */
  static ChainReader of(Path file, String chain, ArchivesGiven archives) throws IOException {
    var reader = new ChainReader(file, file.getFileName().toString());
    try {
      reader.first = reader.live.next();
      long from = reader.first == null ? 1 : AuditTail.seq(reader.first);
      reader.begins = from;
      if (from > 1) {
        reader.begin(chain, from, archives);
      }
      return reader;
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private void begin(String chain, long from, ArchivesGiven archives) throws IOException {
    List<Segment> path = new ArrayList<>();
    if (!reach(1, from, list(chain, archives.folder()), path)) {
      missing = "%s/%s-%012d-...".formatted(RecordsArchive.FOLDER, chain, 1 + lengthOf(path));
      return;
    }
    path.forEach(segment -> segments.add(segment.file().getFileName().toString()));
    waiting.addAll(path);
    advance();
  }

  private static long lengthOf(List<Segment> path) {
    return path.stream().mapToLong(segment -> segment.last() - segment.first() + 1).sum();
  }

  /** Whether archives lead from one line to another; the longest way otherwise. */
  private static boolean reach(long next, long from, List<Segment> all, List<Segment> path) {
    if (next == from) {
      return true;
    }
    List<Segment> longest = List.of();
    for (Segment segment : all) {
      if (segment.first() == next && segment.last() < from) {
        List<Segment> rest = new ArrayList<>(List.of(segment));
        boolean reached = reach(segment.last() + 1, from, all, rest);
        if (reached || lengthOf(rest) > lengthOf(longest)) {
          longest = rest;
        }
        if (reached) {
          path.addAll(rest);
          return true;
        }
      }
    }
    path.addAll(longest);
    return false;
  }

  private static List<Segment> list(String chain, Path folder) throws IOException {
    List<Segment> all = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, chain + "-*")) {
        for (Path file : files) {
          Segment segment = Segment.of(file);
          if (segment != null) {
            all.add(segment);
          }
        }
      }
    }
    all.sort(Comparator.comparingLong(Segment::first));
    return all;
  }

  /** The number of the file's first line. */
  long begins() {
    return begins;
  }

  /** The archive that is missing, as its name begins; null when none is. */
  String missing() {
    return missing;
  }

  /** The names of the archives that it reads. */
  List<String> segments() {
    return segments;
  }

  /** The next line without its newline, null at the end. */
  byte[] next() throws IOException {
    while (true) {
      if (now == live && first != null) {
        byte[] line = first;
        first = null;
        return line;
      }
      byte[] line = now.next();
      if (line != null || now == live) {
        return line;
      }
      now.close();
      advance();
    }
  }

  private void advance() throws IOException {
    Segment segment = waiting.poll();
    now = segment == null ? live : RecordsArchive.read(segment.file());
    nowName = segment == null ? liveName : segment.shown();
  }

  /** What the file is called that the line last read is in. */
  String file() {
    return nowName;
  }

  /** Number of the line last read in that file, from 1. */
  long number() {
    return now.number();
  }

  /** Whether the line last read has no newline. */
  boolean torn() {
    return now == live && first == null && now.torn();
  }

  /** Whether the line last read is longer than any audit line: only its beginning was read. */
  boolean tooLong() {
    return now.tooLong();
  }

  @Override
  public void close() throws IOException {
    try {
      now.close();
    } finally {
      live.close();
    }
  }
}
