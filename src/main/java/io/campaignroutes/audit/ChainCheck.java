package io.campaignroutes.audit;

import io.campaignroutes.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/**
 * Checks the chain of one campaign: the store's lines against each other and against the head that
 * the store keeps, and this machine's file against the lines. The command {@code audit verify}
 * checks a whole folder without the store, signatures included.
 */
@Component
public class ChainCheck {
  private final AuditLog audit;
  private final Store store;
  private final Path folder;

  public ChainCheck(AuditLog audit, Store store, AuditProperties properties) {
    this.audit = audit;
    this.store = store;
    this.folder = properties.dir();
  }

  /**
   * What came of it.
   *
   * @param intact whether nothing is wrong
   * @param lines how many lines the store has
   * @param fileLines how many of them the file has so far; null when there is no file here, as on a
   *     replica that has written none of them
   * @param head SHA-256 (hex) of the newest line; null without lines
   * @param brokenAt number of the first bad line, from 1; null when intact
   * @param sentence all of it for people
   */
  public record Verdict(
      boolean intact, long lines, Long fileLines, String head, Long brokenAt, String sentence) {}

  private record Head(long seq, String sha256) {}

  /** Follows the lines of a chain to their end, also behind a bad one. */
  private static final class Walk {
    private final ChainWalk chain = new ChainWalk();
    private long lines;
    private String newest;
    private Long brokenAt;
    private String what;

    void line(String line) {
      lines++;
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      newest = AuditText.sha256(bytes);
      ChainWalk.Fault fault = brokenAt == null ? chain.next(bytes) : null;
      if (fault != null) {
        broken(fault.what() + " (expected " + fault.expected() + ", found " + fault.found() + ")");
      }
    }

    void broken(String why) {
      brokenAt = lines;
      what = why;
    }
  }

  /**
   * Checks a campaign.
   *
   * @throws IOException when its file is there and cannot be read
   * @throws IllegalArgumentException when the id cannot be a campaign's
   */
  public Verdict check(String campaignId) throws IOException {
    Walk walk = new Walk();
    Path file = folder.resolve(AuditLog.checkedId(campaignId) + ".jsonl");
    Head head = head(campaignId); // first: lines that come meanwhile are behind it
    String[] atHead = new String[1];
    Long fileLines = null;
    if (Files.exists(file)) {
      try (AuditLineReader written = new AuditLineReader(file)) {
        long[] compared = new long[1];
        audit.forEachLine(
            campaignId,
            line -> {
              walk.line(line);
              keepHead(walk, head, atHead);
              compare(walk, line, written, compared);
            });
        fileLines = compared[0];
        if (walk.brokenAt == null && compared[0] == walk.lines && written.next() != null) {
          walk.lines++;
          walk.broken("the file has it and the store does not");
          walk.lines--;
        }
      }
    } else {
      audit.forEachLine(
          campaignId,
          line -> {
            walk.line(line);
            keepHead(walk, head, atHead);
          });
    }
    if (walk.brokenAt == null && head != null && !head.sha256().equals(atHead[0])) {
      walk.brokenAt = head.seq();
      walk.what = "the store's chain head has another hash, so lines were cut off or rewritten";
    }
    return new Verdict(
        walk.brokenAt == null,
        walk.lines,
        fileLines,
        walk.newest,
        walk.brokenAt,
        sentence(walk, fileLines));
  }

  private Head head(String campaignId) {
    return store
        .read()
        .sql("select seq, sha256 from audit_head where campaign_id = ?")
        .param(campaignId)
        .query((row, n) -> new Head(row.getLong(1), row.getString(2)))
        .optional()
        .orElse(null);
  }

  private static void keepHead(Walk walk, Head head, String[] atHead) {
    if (head != null && walk.lines == head.seq()) {
      atHead[0] = walk.newest;
    }
  }

  /** The file follows the rows: it may have fewer lines, and must not have others. */
  private static void compare(Walk walk, String line, AuditLineReader written, long[] compared) {
    if (walk.brokenAt != null || compared[0] < walk.lines - 1) {
      return;
    }
    try {
      byte[] bytes = written.next();
      if (bytes == null || written.torn()) {
        return;
      }
      compared[0]++;
      if (!line.equals(new String(bytes, StandardCharsets.UTF_8))) {
        walk.broken("the file has another line there than the store");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sentence(Walk walk, Long fileLines) {
    if (walk.brokenAt != null) {
      return "The chain is broken at line " + walk.brokenAt + ": " + walk.what + ".";
    }
    if (walk.lines == 0) {
      return "There are no audit lines yet.";
    }
    String file =
        fileLines == null
            ? " This machine has no file of it."
            : fileLines == walk.lines
                ? " The file has the same bytes."
                : " The file has " + fileLines + " of them so far.";
    return "The chain of " + walk.lines + " lines is intact." + file;
  }
}
