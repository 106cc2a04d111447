package io.campaignroutes.audit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code audit verify} found. */
final class AuditReport {
  private final List<String> notProven = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long files;
  private long lines;
  private long checkpoints;
  private long archives;
  private final Set<String> segments = new HashSet<>();
  private final Map<String, Signed> signed = new LinkedHashMap<>();
  private Checkpoint last;
  private Problem problem;

  /**
   * The first thing that is wrong.
   *
   * @param line from 1; one more than the file has when lines are missing at its end
   * @param seq as the line says it, or as it should be; null when neither is known
   */
  record Problem(String file, long line, Long seq, String what, String expected, String found) {}

  /**
   * A checkpoint as people note it down.
   *
   * @param timestamp as the line says it
   * @param sha256 of the line's bytes, hex
   */
  record Checkpoint(long seq, String timestamp, String sha256) {
    @Override
    public String toString() {
      return seq + " of " + timestamp;
    }
  }

  /**
   * What a key has signed.
   *
   * @param first the number of the first checkpoint that is signed with it
   * @param last that of the last one
   * @param count how many are
   */
  record Signed(long first, long last, long count) {
    @Override
    public String toString() {
      return count == 1 ? "checkpoint " + first : count + " checkpoints, " + first + " to " + last;
    }
  }

  /** A checkpoint names a key as the one that it is signed with. */
  void signed(String keyId, long seq) {
    signed.merge(
        keyId,
        new Signed(seq, seq, 1),
        (before, now) -> new Signed(before.first(), seq, before.count() + 1));
  }

  /** What a key has signed, by its id; null for nothing. */
  Signed signed(String keyId) {
    return signed.get(keyId);
  }

  /** Keeps the first problem; false, for whoever stops at it. */
  boolean bad(String file, long line, Long seq, String what, String expected, String found) {
    if (problem == null) {
      problem = new Problem(file, line, seq, what, expected, found);
    }
    return false;
  }

  void file() {
    files++;
  }

  /** An archive that has lines of a chain is read; by its name. */
  void segment(String name) {
    if (segments.add(name)) {
      archives++;
    }
  }

  boolean hasRead(String segment) {
    return segments.contains(segment);
  }

  void archive() {
    archives++;
  }

  /** Archives that were read. */
  long archives() {
    return archives;
  }

  void line() {
    lines++;
  }

  void checkpoint(Checkpoint newest) {
    checkpoints++;
    last = newest;
  }

  long files() {
    return files;
  }

  long lines() {
    return lines;
  }

  long checkpoints() {
    return checkpoints;
  }

  /** The newest checkpoint in the folder; null when there is none. */
  Checkpoint last() {
    return last;
  }

  /** Null when all is intact. */
  Problem problem() {
    return problem;
  }

  /** What could not be seen with the arguments given, were it so. */
  List<String> notProven() {
    return notProven;
  }

  List<String> warnings() {
    return warnings;
  }

  List<String> notes() {
    return notes;
  }
}
