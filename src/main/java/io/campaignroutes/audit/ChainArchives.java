package io.campaignroutes.audit;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Old lines of the two chains that never end, {@code checkpoints} and {@code service}, go into
 * archives of their own, a day or a part of one in each: out of the store, then out of the file,
 * which begins with the line after them from then on. Such an archive needs no line that tells of
 * it: it is a part of its chain, which can be followed through it.
 */
@Component
public class ChainArchives {
  /** The chains that are about no campaign alone. */
  public static final List<String> CHAINS = List.of(AuditRows.CHECKPOINTS, AuditLog.SERVICE);

  private static final Logger LOG = LoggerFactory.getLogger(ChainArchives.class);
  private static final int PAGE = 50; // a line of checkpoints may have 120 kB
  private static final int MOST_LINES = 20_000;
  private static final long MOST_BYTES = 256L << 20;
  private static final int DATE = 10; // characters of 2026-03-02

  private final Store store;
  private final AuditProperties settings;

  public ChainArchives(Store store, AuditProperties settings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * Lines in an archive that is in its place.
   *
   * @param was the line before the first of them
   * @param is the last of them
   */
  public record Archived(
      String chain, AuditArchives.Head was, AuditArchives.Head is, RecordsArchive.Written archive) {
    @Override
    public String toString() {
      return "%s, lines %d to %d".formatted(chain, was.seq() + 1, is.seq());
    }
  }

  /**
   * Archives the oldest lines of a chain: those of one day, as far as they are in its file and
   * covered. The newest line always stays.
   *
   * @param before a date such as 2026-03-02; only days before it
   * @param token tells it from an archive that another process writes
   * @return empty when there are none
   * @throws IOException when the archive cannot be written
   */
  public Optional<Archived> archive(String chain, String before, String token) throws IOException {
    AuditArchives.Head was = base(store.read(), chain);
    long last = lastThatMay(chain);
    if (was.seq() >= last || day(was.seq() + 1, chain).compareTo(before) >= 0) {
      return Optional.empty();
    }
    ChainVerifier walk = new ChainVerifier(was.seq(), was.sha256());
    RecordsArchive.Written written;
    try (var archive = new RecordsArchive(settings.archiveDir(), token)) {
      fill(archive, chain, walk, last);
      written = archive.written("%s-%012d-%012d".formatted(chain, was.seq() + 1, walk.seq()));
    }
    written.putInPlace();
    var is = new AuditArchives.Head(walk.seq(), walk.sha256());
    return Optional.of(new Archived(chain, was, is, written));
  }

  private void fill(RecordsArchive archive, String chain, ChainVerifier walk, long last)
      throws IOException {
    String day = null;
    long begun = walk.seq();
    long bytes = 0;
    while (walk.seq() < last && walk.seq() - begun < MOST_LINES && bytes < MOST_BYTES) {
      for (AuditRows.Row row : AuditRows.page(store.read(), chain, walk.seq() + 1, PAGE)) {
        byte[] line = row.line().getBytes(StandardCharsets.UTF_8);
        if (row.seq() > last || day != null && !day.equals(day(line))) {
          return;
        }
        ChainVerifier.Finding fault = walk.next(line);
        if (fault != null) {
          throw new IOException("Line " + row.seq() + " of " + chain + ": " + fault.what());
        }
        day = day(line);
        archive.line(row.line());
        bytes += line.length;
      }
    }
  }

  private String day(long seq, String chain) throws IOException {
    List<AuditRows.Row> first = AuditRows.page(store.read(), chain, seq, 1);
    return first.isEmpty() ? "9" : day(first.get(0).line().getBytes(StandardCharsets.UTF_8));
  }

  private static String day(byte[] line) throws IOException {
    String time = ChainVerifier.read(line).path("timestamp").asText();
    return time.length() < DATE ? "9" : time.substring(0, DATE);
  }

  /** The newest line that is in the file and covered, without the one that stays. */
  private long lastThatMay(String chain) {
    return store
        .read()
        .sql(
            "select written_seq - 1 from audit_file f where campaign_id = :chain and not exists"
                + " (select 1 from audit_uncovered u where u.campaign_id = f.campaign_id)")
        .param("chain", chain)
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /** What a run has left that was cut off: the same lines, not as many. Anything else stays. */
  private void removeBegun(Archived archived) throws IOException {
    Path whole = archived.archive().place();
    String names = "%s-%012d-*".formatted(archived.chain(), archived.was().seq() + 1);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(settings.archiveDir(), names)) {
      for (Path file : files) {
        if (!file.getFileName().equals(whole.getFileName()) && begins(whole, file)) {
          Files.delete(file);
        }
      }
    }
  }

  private static boolean begins(Path whole, Path part) throws IOException {
    try (var all = RecordsArchive.read(whole);
        var some = RecordsArchive.read(part)) {
      for (byte[] line = some.next(); line != null; line = some.next()) {
        if (!Arrays.equals(line, all.next())) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Reads the archive back from the disk.
   *
   * @throws IOException when it is not what was written
   */
  public void verify(Archived archived) throws IOException {
    RecordsArchive.Written file = archived.archive();
    String found = ArchiveFiles.looksLike(file.place());
    var walk = new ChainVerifier(archived.was().seq(), archived.was().sha256());
    try (var lines = RecordsArchive.read(file.place())) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        if (walk.next(line) != null) {
          throw new IOException(file.place() + ", line " + lines.number() + ", breaks the chain");
        }
      }
    }
    if (!found.equals(file.bytes() + " bytes with SHA-256 " + file.sha256())
        || !new AuditArchives.Head(walk.seq(), walk.sha256()).equals(archived.is())) {
      throw new IOException(file.place() + " is not what was written");
    }
    removeBegun(archived);
  }

  /**
   * Lets the store do without the lines of an archive.
   *
   * @throws IllegalStateException when another process has done so: nothing may be written then
   */
  public void leave(Tx tx, Archived archived) {
    int rows =
        archived.was().seq() == 0
            ? tx.sql()
                .sql(
                    "insert into audit_base (campaign_id, seq, sha256) values (?, ?, ?)"
                        + " on conflict do nothing")
                .params(archived.chain(), archived.is().seq(), archived.is().sha256())
                .update()
            : tx.sql()
                .sql("update audit_base set seq = ?, sha256 = ? where campaign_id = ? and seq = ?")
                .params(
                    archived.is().seq(),
                    archived.is().sha256(),
                    archived.chain(),
                    archived.was().seq())
                .update();
    if (rows != 1) {
      throw new IllegalStateException("Another replica has archived " + archived);
    }
  }

  /** Removes some lines that are in archives; returns how many there were. */
  public static int removeLines(Tx tx, String chain, int most) {
    return tx.sql()
        .sql(
            "delete from audit_line where campaign_id = :chain and seq in (select seq from"
                + " audit_line where campaign_id = :chain and seq <= (select seq from audit_base"
                + " where campaign_id = :chain) order by seq limit :most)")
        .param("chain", chain)
        .param("most", most)
        .update();
  }

  /**
   * Takes the lines that are in archives out of the chain's file: a new one takes its place. While
   * the file is being written nothing is done.
   *
   * @throws IOException when it cannot be written, or does not have the lines that were archived
   */
  public void shorten(String chain) throws IOException {
    AuditArchives.Head base = base(store.read(), chain);
    Path file = settings.dir().resolve(chain + ".jsonl");
    if (base.seq() == 0 || !Files.exists(file)) {
      return;
    }
    try (FileChannel lock = AuditFolder.tryLock(settings.dir(), chain)) {
      if (lock == null) {
        LOG.debug("{} is being written; it is made shorter later.", file);
        return;
      }
      long skip = bytesUpTo(file, base);
      if (skip == 0) {
        return;
      }
      Path part = settings.dir().resolve(chain + AuditFolder.SHORTER);
      try (InputStream in = Files.newInputStream(file);
          FileChannel channel =
              FileChannel.open(
                  part,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.TRUNCATE_EXISTING,
                  StandardOpenOption.WRITE)) {
        in.skipNBytes(skip);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        in.transferTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** How many bytes its lines have that are in archives, which end as they do there. */
  private static long bytesUpTo(Path file, AuditArchives.Head base) throws IOException {
    long bytes = 0;
    try (var lines = new AuditLineReader(new BufferedInputStream(Files.newInputStream(file)))) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        long seq = AuditTail.seq(line);
        if (seq > base.seq()) {
          return 0; // it is short enough
        }
        bytes += line.length + 1;
        if (seq == base.seq()) {
          if (!Hashes.sha256(line).equals(base.sha256())) {
            throw new IOException(file + " does not have the lines that were archived of it");
          }
          return bytes;
        }
      }
    }
    return 0; // an older file: told where lines are appended to it
  }

  /** A chain from behind the lines that are in archives only. */
  static ChainVerifier behind(JdbcClient sql, String chain) {
    AuditArchives.Head base = base(sql, chain);
    return new ChainVerifier(base.seq(), base.sha256());
  }

  private static AuditArchives.Head base(JdbcClient sql, String chain) {
    return sql.sql("select seq, sha256 from audit_base where campaign_id = ?")
        .param(chain)
        .query((row, n) -> new AuditArchives.Head(row.getLong(1), row.getString(2)))
        .optional()
        .orElse(new AuditArchives.Head(0, AuditText.ZEROS));
  }
}
