package io.campaignroutes.audit;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.Outage;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.FileFaults;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The steps of {@code routes/audit.camel.yaml}: which files lack lines, which lines those are, and
 * what became of them. The route does the appending.
 *
 * <p>The file's own last line, checked against the store's row of the same number, says where to go
 * on; from that look to the end of the append no other process may write the file. A kill between
 * append and {@link #markWritten} therefore doubles nothing and a kill before the append loses
 * nothing. Nothing is synced to disk: after a power loss a file may lack its end, and the first
 * claim after a start has every recently written file looked at again; the rows, which are synced,
 * fill it up.
 */
@Component
public class AuditFiles {
  private static final Logger LOG = LoggerFactory.getLogger(AuditFiles.class);

  /** Lines of one file in one run: bounds memory and the time that a long file holds up others. */
  private static final int PAGE = 500;

  /** How far before the last write a power loss may reach; the kernel writes back in a minute. */
  private static final Duration RECHECK = Duration.ofHours(1);

  private static final Duration ALL = Duration.ofDays(36_500);
  private static final long ALL_GAP_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long MISMATCH_WAIT_MILLIS = 600_000;
  private static final long MIN_WAIT_MILLIS = 5_000;
  private static final long MAX_WAIT_MILLIS = 60_000;
  private static final int MAX_FAILURES = 100;

  private final Store store;
  private final AuditLog log;
  private final AuditCheckpoints checkpoints;
  private final AuditProperties settings;
  private final AuditClaims claims;
  private final Map<String, Failure> failures = new ConcurrentHashMap<>();
  private final LongAdder linesWritten = new LongAdder();
  private final Outage behind =
      new Outage(
          LOG,
          "Audit lines stay in the store for now, their files are behind",
          "Audit lines are brought from the store into their files again");
  private final Outage unwritable =
      new Outage(
          LOG,
          "Audit files cannot be written; their lines are safe in the store and follow",
          "The audit files can be written again");
  private boolean started;
  private long unwritableSince; // System.nanoTime, while a file cannot be written
  private volatile boolean linesWereLost;
  private long lookedAtAllAt = System.nanoTime() - ALL_GAP_NANOS;

  /** What is wrong with a file. */
  private record Failure(String what, boolean mismatch) {}

  public AuditFiles(
      Store store, AuditLog log, AuditCheckpoints checkpoints, AuditProperties settings) {
    this.store = store;
    this.log = log;
    this.checkpoints = checkpoints;
    this.settings = settings;
    this.claims = new AuditClaims(store, settings);
  }

  /**
   * Claims files that lack lines, the longest waiting first, for the lease.
   *
   * @throws org.springframework.dao.DataAccessException when the store cannot be reached
   */
  public synchronized AuditBatch claim() {
    if (!started) {
      claims.lookAgain(folderIsThere() ? RECHECK : ALL);
      started = true;
    }
    if (linesWereLost && System.nanoTime() - lookedAtAllAt >= ALL_GAP_NANOS) {
      LOG.warn(
          "Lines are gone from audit files in {}: every file is looked at. Replicas of one store need"
              + " one folder for them (audit.dir)",
          settings.dir());
      claims.lookAgain(ALL);
      linesWereLost = false;
      lookedAtAllAt = System.nanoTime();
    }
    AuditBatch batch = claims.claim();
    behind.worked();
    return batch;
  }

  /** Whether the folder has what a folder that was written to has. */
  private boolean folderIsThere() {
    return Files.exists(settings.dir().resolve(AuditRows.CHECKPOINTS + ".jsonl"));
  }

  /** Claims again when more than the batch before may be due; else nothing. */
  public AuditBatch next(AuditBatch before) {
    return before.more() ? claim() : AuditBatch.NONE;
  }

  /**
   * Locks a claimed file for this process, checks its end and finds the lines that it lacks: {@link
   * AuditFile#missing}. A torn last line is moved aside first. {@link #release} must follow.
   *
   * @throws AuditFileMismatchException when the file's last line is not the store's row of its
   *     number, or the store's rows do not go on from it: nothing may be appended then
   * @throws IOException when the file cannot be read, its folder not made, or another process is
   *     writing it
   */
  public void checkTail(AuditFile file) throws IOException {
    if (file.late()) {
      return;
    }
    Files.createDirectories(settings.dir());
    file.locked(AuditFolder.lock(settings.dir(), file.chain()));
    AuditTail tail = tail(file);
    long tailSeq = tail.seq();
    if (tailSeq < 0) {
      throw new AuditFileMismatchException("its last line does not begin with {\"seq\":<number>,");
    }
    if (tailSeq < file.writtenSeq()) {
      linesWereLost = true;
      LOG.warn(
          "{} ends at seq {} though seq {} had been written: the lines between are written again"
              + " from the store",
          path(file),
          tailSeq,
          file.writtenSeq());
    }
    List<AuditRows.Row> rows =
        AuditRows.page(store.read(), file.chain(), Math.max(1, tailSeq), PAGE + 1);
    if (rows.isEmpty()) {
      throw new AuditFileMismatchException("the store has no lines for it");
    }
    var chain = new ChainVerifier();
    if (tailSeq == 0 && rows.get(0).seq() > 1) {
      chain = ChainArchives.behind(store.read(), file.chain()); // what comes before is in archives
    }
    if (tailSeq > 0) {
      sameAsStored(tail, rows.get(0));
      chain = new ChainVerifier(tailSeq, Hashes.sha256(tail.line()));
    }
    List<byte[]> missing = new ArrayList<>(rows.size());
    for (AuditRows.Row row : rows) {
      if (row.seq() > tailSeq) {
        byte[] line = row.line().getBytes(StandardCharsets.UTF_8);
        ChainVerifier.Finding fault = chain.next(line);
        if (fault != null) {
          throw new AuditFileMismatchException(
              "the store's line " + row.seq() + " does not go on from it: " + fault.what());
        }
        missing.add((row.line() + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    file.lacks(tail.end(), missing, rows.size() > PAGE, chain.seq(), chain.sha256());
  }

  /** Notes that all missing lines of the file were appended. */
  public void written(AuditFile file) {
    if (file.seq() > 0) {
      linesWritten.add(file.missing().size());
      if (file.end() == 0) {
        LOG.info("Audit lines are written: {} begins with {}.", path(file), file.missing().size());
      }
      file.nowWritten();
      failures.remove(file.fileName());
      if (failures.values().stream().allMatch(Failure::mismatch)) {
        unwritable.worked();
        unwritableSince = 0;
      }
    }
  }

  /**
   * Notes that a file was not written, or not wholly: one that does not match the store is parked
   * and makes the health indicator DOWN; anything else is tried again soon, with growing gaps. What
   * a write that failed left of a line is taken back.
   */
  public void failed(AuditFile file, Exception reason) {
    if (reason instanceof AuditFileMismatchException) {
      String what = "does not match the store: " + reason.getMessage();
      if (failure(file, new Failure(what, true))) {
        LOG.error(
            "{} {}. Nothing is appended to it; it is looked at again every {} minutes. 'audit"
                + " verify' names the first bad line.",
            path(file),
            what,
            MISMATCH_WAIT_MILLIS / 60_000);
      }
      file.again(MISMATCH_WAIT_MILLIS);
      return;
    }
    String why = FileFaults.told(reason);
    failure(file, new Failure("cannot be written: " + why, false));
    unwritable.failed(path(file) + ": " + why);
    if (unwritableSince == 0) {
      unwritableSince = System.nanoTime();
    }
    long lasted = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - unwritableSince);
    file.again(Math.min(MAX_WAIT_MILLIS, Math.max(MIN_WAIT_MILLIS, lasted / 2)));
    takeBack(file);
  }

  /** Lets other processes write the file again. */
  public void release(AuditFile file) throws IOException {
    file.unlock();
  }

  /**
   * Gives the files of a batch back in one transaction, the written ones with the number of their
   * newest line. A file whose lease was lost in the meantime is left to its new owner.
   *
   * @throws org.springframework.dao.DataAccessException when the store cannot be reached; they are
   *     given back once it can
   */
  public void markWritten(AuditBatch batch) {
    for (AuditFile file : claims.markWritten(batch)) {
      LOG.warn("The lease of {} ran out before it was written", path(file));
    }
  }

  /** The audit route itself failed. */
  public void onStoreFailure(Exception reason) {
    behind.failed(reason.toString());
  }

  /** Lines that this process has written to files since the start. */
  long linesWritten() {
    return linesWritten.sum();
  }

  /** File names, with what is wrong with each now; empty when all is well. */
  public Map<String, String> failures() {
    Map<String, String> shown = new TreeMap<>();
    failures.forEach((name, failure) -> shown.put(name, failure.what()));
    if (checkpoints.unavailableReason() != null) {
      shown.put(
          AuditCheckpoints.PUBLIC_KEY, "cannot be written: " + checkpoints.unavailableReason());
    }
    if (checkpoints.unsignedReason() != null) {
      shown.put(
          AuditRows.CHECKPOINTS + ".jsonl", "cannot be signed: " + checkpoints.unsignedReason());
    }
    return shown;
  }

  /** Whether the folder of files, where this process has written some, is not there now. */
  boolean folderGone() {
    return linesWritten() > 0 && !Files.isDirectory(settings.dir());
  }

  private AuditTail tail(AuditFile file) throws IOException {
    AuditTail tail;
    try (FileChannel channel = FileChannel.open(path(file), StandardOpenOption.READ)) {
      tail = AuditTail.of(channel);
    } catch (NoSuchFileException e) {
      return new AuditTail(null, 0, 0);
    }
    if (tail.torn()) {
      moveAside(file);
    }
    return tail;
  }

  private static void sameAsStored(AuditTail tail, AuditRows.Row row) {
    if (row.seq() != tail.seq()) {
      throw new AuditFileMismatchException(
          "its last line has seq " + tail.seq() + ", which the store does not know");
    }
    byte[] stored = row.line().getBytes(StandardCharsets.UTF_8);
    if (!Arrays.equals(stored, tail.line())) {
      throw new AuditFileMismatchException(
          "its last line, seq "
              + tail.seq()
              + ", has SHA-256 "
              + Hashes.sha256(tail.line())
              + ", the store's has "
              + Hashes.sha256(stored));
    }
  }

  /**
   * Moves a torn last line to a file of its own: copied, told in the store, and only then cut off.
   * A kill in between has it found again; the same fragment is neither copied nor told twice.
   */
  private void moveAside(AuditFile file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      AuditTail tail = AuditTail.of(channel);
      String time = AuditText.time(store.now()).replaceAll("[-:]", "");
      TornLine torn = TornLine.copyAside(path(file), channel, tail, time);
      boolean told =
          AuditRows.page(store.read(), file.chain(), tail.seq() + 1, PAGE).stream()
              .anyMatch(row -> row.line().contains('"' + torn.aside() + '"'));
      if (!told) {
        store.run(
            tx -> {
              if (file.chain().equals(AuditRows.CHECKPOINTS)) {
                checkpoints.appendRecovered(tx, torn);
              } else {
                log.appendRecovered(tx, file.chain(), torn);
              }
            });
      }
      channel.truncate(tail.end());
      LOG.warn(
          "{} had a torn last line of {} bytes; it now lies in {}, and the whole line is written"
              + " again from the store",
          path(file),
          torn.bytes(),
          torn.aside());
    }
  }

  private void takeBack(AuditFile file) {
    if (!file.locked() || file.missing().isEmpty()) {
      return;
    }
    try {
      if (TornLine.takeBack(path(file), file.end(), file.missing())) {
        LOG.debug("{}: the part of a line that was written is taken back", path(file));
      }
    } catch (IOException e) {
      LOG.debug("{}: the part of a line stays until it can be moved aside: {}", path(file), e);
    }
  }

  private Path path(AuditFile file) {
    return settings.dir().resolve(file.fileName());
  }

  /** Returns whether it is told for the first time. */
  private boolean failure(AuditFile file, Failure what) {
    return (failures.size() < MAX_FAILURES || failures.containsKey(file.fileName()))
        && !what.equals(failures.put(file.fileName(), what));
  }
}
