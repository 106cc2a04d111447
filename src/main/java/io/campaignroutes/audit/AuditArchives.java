package io.campaignroutes.audit;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.stereotype.Component;

/**
 * What becomes of a campaign's chain when its records leave: its lines go into an archive, the
 * archive is held against the store, a line of {@code service.jsonl} tells of it, then the rows go
 * and the file after them.
 */
@Component
public class AuditArchives {
  private static final int PAGE = 500;

  private final Store store;
  private final AuditLog log;
  private final ChainCheck chains;
  private final AuditProperties settings;

  public AuditArchives(Store store, AuditLog log, ChainCheck chains, AuditProperties settings) {
    this.store = store;
    this.log = log;
    this.chains = chains;
    this.settings = settings;
  }

  /**
   * The end of a chain.
   *
   * @param seq of its newest line
   * @param sha256 of that line, hex
   */
  public record Head(long seq, String sha256) {}

  /** What an archive holds of one campaign: its chain, and how many rows of each table. */
  public record Held(Head head, Map<String, Long> rows) {}

  /** Where archives lie. */
  public Path folder() {
    return settings.archiveDir();
  }

  /**
   * Why a campaign's chain cannot be archived yet: its file is not what the store has, cannot be
   * read, or is not on this machine. Null when it can.
   */
  public String inTheWay(String campaignId) {
    ChainCheck.Verdict verdict = chains.check(campaignId);
    if (!verdict.intact() || verdict.fileLines() == null) {
      return verdict.sentence();
    }
    return verdict.fileLines() == verdict.lines() ? null : "Its file lacks lines.";
  }

  /**
   * Puts a campaign's lines into an archive, as they are.
   *
   * @return the end of its chain
   */
  public Head export(String campaignId, RecordsArchive archive) throws IOException {
    String newest = null;
    long seq = 0;
    List<AuditRows.Row> page;
    do {
      page = AuditRows.page(store.read(), campaignId, seq + 1, PAGE);
      for (AuditRows.Row row : page) {
        archive.line(row.line());
        seq = row.seq();
        newest = row.line();
      }
    } while (page.size() == PAGE);
    return new Head(seq, newest == null ? AuditText.ZEROS : Hashes.sha256(newest));
  }

  /**
   * Reads an archive back from the disk.
   *
   * @return what it holds, by campaign
   * @throws IOException when it cannot be read, or is not what was written: a chain in it is broken
   */
  public Map<String, Held> read(RecordsArchive.Written archive) throws IOException {
    String found = ArchiveFiles.looksLike(archive.place());
    if (!found.equals(archive.bytes() + " bytes with SHA-256 " + archive.sha256())) {
      throw new IOException(archive.place() + " is not what was written: it has " + found);
    }
    Map<String, Held> held = new LinkedHashMap<>();
    Map<String, Long> rows = new LinkedHashMap<>();
    var chain = new ChainVerifier();
    String of = null;
    try (var lines = RecordsArchive.read(archive.place())) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        if (!RecordsArchive.isAuditLine(line)) {
          if (of != null) {
            held.put(of, new Held(new Head(chain.seq(), chain.sha256()), rows));
            chain = new ChainVerifier();
            rows = new LinkedHashMap<>();
            of = null;
          }
          String text = new String(line, StandardCharsets.UTF_8);
          rows.merge(Json.stored(text).path("table").asText(), 1L, Long::sum);
          continue;
        }
        ChainVerifier.Finding fault = chain.next(line);
        String id = RecordsArchive.campaignOf(line);
        if (fault != null || of != null && !of.equals(id)) {
          throw new IOException(
              archive.place() + ", line " + lines.number() + ", breaks the chain of " + id);
        }
        of = id;
      }
    }
    if (of != null) {
      held.put(of, new Held(new Head(chain.seq(), chain.sha256()), rows));
    }
    return held;
  }

  /**
   * Ends the chains of campaigns whose records are in an archive, and tells of it. Their lines stay
   * in the store until {@link #removeLines}, their files until {@link #removeFile}.
   *
   * @param heads the ends of the chains as they were archived
   * @param ended when the last of the campaigns ended, in milliseconds since the epoch
   * @return the number of the line that tells of it
   * @throws IllegalStateException when a chain is not as it was, or its file is not whole; nothing
   *     may be written of the transaction then
   */
  public long leave(Tx tx, RecordsArchive.Written archive, Map<String, Head> heads, long ended) {
    List<String> ids = InList.of(heads.keySet());
    Map<String, Head> now = new LinkedHashMap<>();
    tx.sql()
        .sql(
            "delete from audit_head where campaign_id in (:ids) and not exists (select 1 from"
                + " audit_unwritten u where u.campaign_id = audit_head.campaign_id) and not exists"
                + " (select 1 from audit_uncovered u where u.campaign_id = audit_head.campaign_id)"
                + " returning campaign_id, seq, sha256")
        .param("ids", ids)
        .query(
            (RowCallbackHandler)
                row -> now.put(row.getString(1), new Head(row.getLong(2), row.getString(3))));
    if (!now.equals(heads)) {
      throw new IllegalStateException("An audit chain is not as it was archived.");
    }
    int files =
        tx.sql()
            .sql("delete from audit_file where campaign_id in (:ids) and claim_token is null")
            .param("ids", ids)
            .update();
    if (files != heads.size()) {
      throw new IllegalStateException("An audit file is being written.");
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("archive", archive.name());
    details.put("sha256", archive.sha256());
    details.put("bytes", archive.bytes());
    details.put("until", AuditText.time(ended));
    details.put("campaigns", Json.tree(heads.keySet()));
    log.appendService(tx, ArchivesTold.EVENT, details);
    return AuditRows.after(tx.sql(), AuditLog.SERVICE).orElseThrow().seq() - 1;
  }

  /**
   * Whether everything that was told in {@code service.jsonl} is in that file and covered by a
   * checkpoint that is in its own: nobody else could tell it then.
   */
  public boolean allIsCovered() {
    return store
        .read()
        .sql(
            "select 1 from audit_unwritten where campaign_id in (:chains) union all"
                + " select 1 from audit_uncovered where campaign_id = :service limit 1")
        .param("chains", List.of(AuditLog.SERVICE, AuditRows.CHECKPOINTS))
        .param("service", AuditLog.SERVICE)
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  /** Removes some of the lines of a campaign that has left; returns how many there were. */
  public static int removeLines(Tx tx, String campaignId, int most) {
    return tx.sql()
        .sql(
            "delete from audit_line where campaign_id = ? and seq in (select seq from audit_line"
                + " where campaign_id = ? order by seq limit ?)")
        .params(campaignId, campaignId, most)
        .update();
  }

  /**
   * Removes the file of a campaign that has left.
   *
   * @param sha256 of its newest line, hex
   * @return why it stays: it does not end as its chain did; null when it is gone
   * @throws IOException when it cannot be removed, or another process is writing it
   */
  public String removeFile(String campaignId, String sha256) throws IOException {
    Path file = settings.dir().resolve(AuditLog.checkedId(campaignId) + ".jsonl");
    try (FileChannel lock = AuditFolder.lock(settings.dir(), campaignId)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        AuditTail tail = AuditTail.of(channel);
        if (tail.torn() || tail.line() == null || !Hashes.sha256(tail.line()).equals(sha256)) {
          return file + " does not end as its chain in the archive does.";
        }
      } catch (NoSuchFileException e) {
        return null;
      }
      Files.delete(file);
      return null;
    }
  }
}
