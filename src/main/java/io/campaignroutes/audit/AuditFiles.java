package io.campaignroutes.audit;

import io.campaignroutes.store.InList;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The steps of {@code routes/audit.camel.yaml}: which files lack lines, which lines those are, and
 * what became of them. The route does the appending.
 *
 * <p>The file's own last line, checked against the store's row of the same number, says where to go
 * on. A kill between append and {@link #mark} therefore doubles nothing and a kill before the
 * append loses nothing. Nothing is synced to disk: after a power loss a file may lack its end, and
 * the first claim after a start has every recently written file looked at again; the rows, which
 * are synced, fill it up.
 */
@Component
public class AuditFiles {
  private static final Logger LOG = LoggerFactory.getLogger(AuditFiles.class);

  /** Lines of one file in one run: bounds memory and the time that a long file holds up others. */
  private static final int PAGE = 500;

  /**
   * How far before the last write a power loss may reach; the kernel writes back within a minute.
   */
  private static final long RECHECK_MILLIS = 3_600_000;

  private static final long MISMATCH_WAIT_MILLIS = 600_000;
  private static final long FAILURE_WAIT_MILLIS = 5_000;
  private static final long LOG_EVERY_NANOS = 10_000_000_000L;
  private static final int TROUBLES_SHOWN = 100;

  private final Store store;
  private final AuditLog log;
  private final AuditCheckpoints checkpoints;
  private final AuditProperties settings;
  private final Map<String, String> troubles = new ConcurrentHashMap<>();
  private final LongAdder linesWritten = new LongAdder();
  private boolean started;
  private long lastLogged = System.nanoTime() - LOG_EVERY_NANOS;
  private long notLogged;

  public AuditFiles(
      Store store, AuditLog log, AuditCheckpoints checkpoints, AuditProperties settings) {
    this.store = store;
    this.log = log;
    this.checkpoints = checkpoints;
    this.settings = settings;
  }

  /**
   * Claims files that lack lines, the longest waiting first, for the lease.
   *
   * @throws org.springframework.dao.DataAccessException when the store cannot be reached
   */
  public synchronized AuditBatch claim() {
    if (!started) {
      store.write(this::lookAgain);
      started = true;
    }
    boolean nothingDue =
        store
            .read()
            .sql("select 1 from audit_head where seq > written_seq and due_at <= ? limit 1")
            .param(store.now())
            .query(Integer.class)
            .list()
            .isEmpty();
    return nothingDue ? AuditBatch.NONE : store.write(this::claim);
  }

  /** Claims again when more than the batch before may be due; else nothing. */
  public AuditBatch next(AuditBatch before) {
    return before.more() ? claim() : AuditBatch.NONE;
  }

  /**
   * Checks the end of a claimed file and finds the lines that it lacks: {@link AuditFile#missing}.
   * A torn last line is moved aside first.
   *
   * @throws AuditFileMismatchException when the file's last line is not the store's row of its
   *     number: nothing may be appended then
   * @throws IOException when the file cannot be read, or its folder not made
   */
  public void inspect(AuditFile file) throws IOException {
    if (file.late()) {
      return;
    }
    Files.createDirectories(settings.dir());
    AuditTail tail = tail(file);
    long tailSeq = tail.seq();
    if (tailSeq < 0) {
      throw new AuditFileMismatchException("its last line does not begin with {\"seq\":<number>,");
    }
    if (tailSeq < file.writtenSeq()) {
      LOG.warn(
          "{} ends at seq {} though seq {} had been written: the lines between are written again"
              + " from the store",
          path(file),
          tailSeq,
          file.writtenSeq());
    }
    List<AuditRows.Row> rows =
        AuditRows.page(store.read(), file.chain(), Math.max(1, tailSeq), PAGE + 1);
    if (tailSeq > 0) {
      checkTail(tail, rows);
    }
    List<byte[]> missing = new ArrayList<>(rows.size());
    AuditRows.Row last = null;
    for (AuditRows.Row row : rows) {
      last = row;
      if (row.seq() > tailSeq) {
        missing.add((row.line() + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    if (last == null) {
      throw new AuditFileMismatchException("the store has no lines for it");
    }
    file.lacks(missing, rows.size() > PAGE, last.seq(), AuditText.sha256(last.line()));
  }

  /** Notes that all missing lines of the file were appended. */
  public void written(AuditFile file) {
    if (file.seq() > 0) {
      linesWritten.add(file.missing().size());
      file.nowWritten();
      troubles.remove(file.fileName());
    }
  }

  /**
   * Notes that a file was not written, or not wholly: one that does not match the store is parked
   * and makes the health indicator DOWN; anything else is tried again soon.
   */
  public void failed(AuditFile file, Exception reason) {
    if (reason instanceof AuditFileMismatchException) {
      LOG.error(
          "{} does not match the store: {}. Nothing is appended to it; it is looked at again in {}"
              + " minutes. 'audit verify' names the first bad line.",
          path(file),
          reason.getMessage(),
          MISMATCH_WAIT_MILLIS / 60_000);
      trouble(file, "does not match the store: " + reason.getMessage());
      file.again(MISMATCH_WAIT_MILLIS);
    } else {
      trouble(file, "cannot be written: " + reason);
      warn(path(file) + " cannot be written, tried again soon: " + reason);
      file.again(FAILURE_WAIT_MILLIS);
    }
  }

  /**
   * Gives the files of a batch back in one transaction, the written ones with the number of their
   * newest line. A file whose lease was lost in the meantime is left to its new owner.
   *
   * @throws org.springframework.dao.DataAccessException when the store cannot be reached; the lease
   *     then runs out and the files' own ends tell what was done
   */
  public void mark(AuditBatch batch) {
    List<AuditFile> files = new ArrayList<>(batch.files());
    // One order for all, checkpoints last: replicas that mark and anchor never wait in a circle.
    files.sort(
        Comparator.comparing((AuditFile file) -> file.chain().equals(AuditRows.CHECKPOINTS))
            .thenComparing(AuditFile::chain));
    store.write(
        tx -> {
          files.forEach(file -> mark(tx, file));
          return null;
        });
  }

  /** Says in the log, not more often than every ten seconds, that the audit route itself failed. */
  public void trouble(Exception reason) {
    warn("Audit lines stay in the store for now, their files are behind: " + reason);
  }

  /** Lines that this process has written to files since the start. */
  long linesWritten() {
    return linesWritten.sum();
  }

  /** File names, with what is wrong with each now; empty when all is well. */
  public Map<String, String> troubles() {
    return new TreeMap<>(troubles);
  }

  private AuditBatch claim(Tx tx) {
    List<String> due =
        tx.sql()
            .sql(
                "select campaign_id from audit_head where seq > written_seq and due_at <= ?"
                    + " order by due_at limit ?"
                    + store.claimLock())
            .params(tx.now(), settings.batch())
            .query(String.class)
            .list();
    if (due.isEmpty()) {
      return AuditBatch.NONE;
    }
    String token = UUID.randomUUID().toString();
    long deadline = System.nanoTime() + settings.lease().toNanos() / 2;
    List<AuditFile> claimed =
        tx.sql()
            .sql(
                "update audit_head set due_at = :until, claim_token = :token"
                    + " where campaign_id in (:due) and seq > written_seq and due_at <= :now"
                    + " returning campaign_id, written_seq")
            .param("until", tx.now() + settings.lease().toMillis())
            .param("token", token)
            .param("due", InList.of(due))
            .param("now", tx.now())
            .query((row, i) -> new AuditFile(row.getString(1), token, row.getLong(2), deadline))
            .list();
    return new AuditBatch(claimed, due.size() == settings.batch());
  }

  /**
   * Makes files due that were written within an hour of the last write. An embedded store has no
   * other process that could hold a claim, so leftovers of a crash are dropped too.
   */
  private int lookAgain(Tx tx) {
    boolean alone = store.claimLock().isEmpty();
    return tx.sql()
        .sql(
            "update audit_head set written_seq = 0, due_at = :now, claim_token = null"
                + " where due_at > (select max(due_at) from audit_head) - :recent"
                + (alone ? "" : " and claim_token is null"))
        .param("now", tx.now())
        .param("recent", RECHECK_MILLIS)
        .update();
  }

  private void mark(Tx tx, AuditFile file) {
    int kept =
        file.written()
            ? tx.sql()
                .sql(
                    "update audit_head set written_seq = ?, written_sha256 = ?, due_at = ?,"
                        + " claim_token = null where campaign_id = ? and claim_token = ?")
                .params(file.seq(), file.sha256(), tx.now(), file.chain(), file.token())
                .update()
            : tx.sql()
                .sql(
                    "update audit_head set due_at = ?, claim_token = null"
                        + " where campaign_id = ? and claim_token = ?")
                .params(tx.now() + file.waitMillis(), file.chain(), file.token())
                .update();
    if (kept == 0) {
      LOG.warn("The lease of {} ran out before it was written", path(file));
    }
  }

  private AuditTail tail(AuditFile file) throws IOException {
    try (FileChannel channel = FileChannel.open(path(file), StandardOpenOption.READ)) {
      AuditTail tail = AuditTail.of(channel);
      if (!tail.torn()) {
        return tail;
      }
    } catch (NoSuchFileException e) {
      return new AuditTail(null, 0, 0);
    }
    try (FileChannel channel =
        FileChannel.open(path(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      AuditTail tail = AuditTail.of(channel);
      if (tail.torn()) {
        moveAside(file, channel, tail);
      }
      return tail;
    }
  }

  private static void checkTail(AuditTail tail, List<AuditRows.Row> rows) {
    long seq = tail.seq();
    if (rows.isEmpty() || rows.get(0).seq() != seq) {
      throw new AuditFileMismatchException(
          "its last line has seq " + seq + ", which the store does not know");
    }
    byte[] stored = rows.get(0).line().getBytes(StandardCharsets.UTF_8);
    if (!Arrays.equals(stored, tail.line())) {
      throw new AuditFileMismatchException(
          "its last line, seq "
              + seq
              + ", has SHA-256 "
              + AuditText.sha256(tail.line())
              + ", the store's has "
              + AuditText.sha256(stored));
    }
  }

  /**
   * Moves a torn last line to a file of its own: copied and synced, told in the store, and only
   * then cut off. A kill in between has it found again; the same fragment is neither copied nor
   * told twice.
   */
  private void moveAside(AuditFile file, FileChannel channel, AuditTail tail) throws IOException {
    long bytes = tail.size() - tail.end();
    String sha256 = copy(channel, tail, null);
    String aside = asideBefore(file, bytes, sha256);
    if (aside == null) {
      String time = AuditText.time(store.now()).replaceAll("[-:]", "");
      aside = file.fileName() + ".torn-" + time;
      try (FileChannel target =
          FileChannel.open(
              settings.dir().resolve(aside),
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        copy(channel, tail, target);
        target.force(true);
      }
    }
    String name = aside;
    boolean told =
        AuditRows.page(store.read(), file.chain(), tail.seq() + 1, PAGE).stream()
            .anyMatch(row -> row.line().contains('"' + name + '"'));
    if (!told) {
      store.write(
          tx -> {
            if (file.chain().equals(AuditRows.CHECKPOINTS)) {
              checkpoints.appendRecovered(tx, name, bytes, sha256);
            } else {
              log.appendRecovered(tx, file.chain(), name, bytes, sha256);
            }
            return null;
          });
    }
    channel.truncate(tail.end());
    LOG.warn(
        "{} had a torn last line of {} bytes; it now lies in {}, and the whole line is written"
            + " again from the store",
        path(file),
        bytes,
        name);
  }

  /** Returns the SHA-256 of the torn line, which is also copied when there is a target. */
  private static String copy(FileChannel from, AuditTail tail, FileChannel target)
      throws IOException {
    MessageDigest digest = AuditText.sha256();
    ByteBuffer block = ByteBuffer.allocate(65_536);
    for (long at = tail.end(); at < tail.size(); ) {
      block.clear().limit((int) Math.min(block.capacity(), tail.size() - at));
      int n = from.read(block, at);
      if (n < 0) {
        throw new IOException("the file became shorter while it was read");
      }
      at += n;
      block.flip();
      digest.update(block.duplicate());
      while (target != null && block.hasRemaining()) {
        target.write(block);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private String asideBefore(AuditFile file, long bytes, String sha256) throws IOException {
    try (DirectoryStream<Path> asides =
        Files.newDirectoryStream(settings.dir(), file.fileName() + ".torn-*")) {
      for (Path aside : asides) {
        if (Files.size(aside) == bytes) {
          try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.READ)) {
            if (copy(channel, new AuditTail(null, 0, bytes), null).equals(sha256)) {
              return aside.getFileName().toString();
            }
          }
        }
      }
    }
    return null;
  }

  private Path path(AuditFile file) {
    return settings.dir().resolve(file.fileName());
  }

  private void trouble(AuditFile file, String what) {
    if (troubles.size() < TROUBLES_SHOWN || troubles.containsKey(file.fileName())) {
      troubles.put(file.fileName(), what);
    }
  }

  private synchronized void warn(String message) {
    long now = System.nanoTime();
    if (now - lastLogged < LOG_EVERY_NANOS) {
      notLogged++;
      return;
    }
    LOG.warn("{}{}", message, notLogged == 0 ? "" : " (and " + notLogged + " more such failures)");
    lastLogged = now;
    notLogged = 0;
  }
}
