package io.campaignroutes.audit;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.FileFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
   * @param sentence all of it for people
   */
  public record Verdict(boolean intact, long lines, Long fileLines, String head, String sentence) {}

  private record Head(long seq, String sha256) {}

  /**
   * Checks a campaign.
   *
   * @throws IllegalArgumentException when the id cannot be a campaign's
   */
  public Verdict check(String campaignId) {
    Path file = folder.resolve(AuditLog.checkedId(campaignId) + ".jsonl");
    Head head = head(campaignId); // first: lines that come meanwhile are behind it
    if (!Files.exists(file)) {
      return compared(campaignId, head, null).verdict();
    }
    try (AuditLineReader written = new AuditLineReader(file)) {
      Comparison comparison = compared(campaignId, head, written);
      comparison.toTheEnd();
      return comparison.verdict();
    } catch (IOException | UncheckedIOException e) {
      Comparison rows = compared(campaignId, head, null);
      rows.unreadable(file.getFileName() + ": " + FileFaults.told(e));
      return rows.verdict();
    }
  }

  private Comparison compared(String campaignId, Head head, AuditLineReader written) {
    Comparison comparison = new Comparison(head, written);
    audit.forEachLine(campaignId, comparison::line);
    return comparison;
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

  /** The store's lines to their end, also behind a bad one, beside the head and the file. */
  private static final class Comparison {
    private final ChainVerifier chain = new ChainVerifier();
    private final Head head;
    private final AuditLineReader written;
    private long lines;
    private long fileLines;
    private String newest;
    private String atHead;
    private Long brokenAt;
    private String what;
    private String unreadable;

    /**
     * @param head null when there is none
     * @param written null when there is no file here
     */
    Comparison(Head head, AuditLineReader written) {
      this.head = head;
      this.written = written;
    }

    void line(String line) {
      lines++;
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      newest = Hashes.sha256(bytes);
      if (head != null && lines == head.seq()) {
        atHead = newest;
      }
      if (brokenAt == null) {
        ChainVerifier.Finding bad = chain.next(bytes);
        if (bad != null) {
          bad(lines, bad.what() + " (expected " + bad.expected() + ", found " + bad.found() + ")");
        } else if (written != null && fileLines == lines - 1) {
          compare(bytes);
        }
      }
    }

    /** The file follows the rows: it may have fewer lines, and must not have others. */
    private void compare(byte[] line) {
      try {
        byte[] there = written.next();
        if (there == null || written.torn()) {
          return;
        }
        fileLines++;
        if (!Arrays.equals(line, there)) {
          bad(lines, "the file has another line there than the store");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void bad(long line, String why) {
      brokenAt = line;
      what = why;
    }

    /** The file is not longer than the rows. */
    void toTheEnd() throws IOException {
      if (brokenAt == null && fileLines == lines && written.next() != null) {
        bad(lines + 1, "the file has it and the store does not");
      }
    }

    void unreadable(String why) {
      unreadable = why;
    }

    Verdict verdict() {
      if (brokenAt == null && head != null && !head.sha256().equals(atHead)) {
        bad(
            head.seq(),
            "the store's chain head has another hash, so lines were cut off or rewritten");
      }
      return new Verdict(
          brokenAt == null && unreadable == null,
          lines,
          written == null ? null : fileLines,
          newest,
          sentence());
    }

    private String sentence() {
      if (brokenAt != null) {
        return "The chain is broken at line " + brokenAt + ": " + what + ".";
      }
      if (unreadable != null) {
        return "The file cannot be read, so that nobody can say what is in it: " + unreadable + ".";
      }
      if (lines == 0) {
        return "There are no audit lines yet.";
      }
      String file =
          written == null
              ? " This machine has no file of it."
              : fileLines == lines
                  ? " The file has the same bytes."
                  : " The file has " + fileLines + " of them so far.";
      return "The chain of " + lines + " lines is intact." + file;
    }
  }
}
