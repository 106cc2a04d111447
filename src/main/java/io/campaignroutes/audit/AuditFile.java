package io.campaignroutes.audit;

import io.campaignroutes.store.WorkQueue;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;

/** One claimed audit file on its way through the route; used by one thread at a time. */
public final class AuditFile implements WorkQueue.Claim {
  private final String chain;
  private final String token;
  private final long writtenSeq;
  private final String writtenSha256;
  private final long deadline;

  private List<byte[]> missing = List.of();
  private boolean more;
  private long seq;
  private String sha256;
  private boolean written;
  private long waitMillis;
  private long end;
  private FileChannel lock;

  AuditFile(String chain, String token, long writtenSeq, String writtenSha256, long deadline) {
    this.chain = chain;
    this.token = token;
    this.writtenSeq = writtenSeq;
    this.writtenSha256 = writtenSha256;
    this.deadline = deadline;
  }

  /** File name without a folder: {@code <campaignId>.jsonl} or {@code checkpoints.jsonl}. */
  public String fileName() {
    return chain + ".jsonl";
  }

  /** The lines that the file lacks, in order: UTF-8 bytes, each with its newline. */
  public List<byte[]> missing() {
    return missing;
  }

  @Override
  public String toString() {
    return fileName();
  }

  @Override
  public String key() {
    return chain;
  }

  String chain() {
    return chain;
  }

  @Override
  public String token() {
    return token;
  }

  /** What the store took for written when the file was claimed. */
  long writtenSeq() {
    return writtenSeq;
  }

  /** Whether so much of the lease is gone that nothing may be begun any more. */
  boolean late() {
    return System.nanoTime() - deadline > 0;
  }

  boolean more() {
    return more && written;
  }

  /**
   * Sets what is to be appended, and what the file's newest line will be then.
   *
   * @param oldEnd the file's length before
   */
  void lacks(
      long oldEnd, List<byte[]> lines, boolean moreAfterThese, long newSeq, String newSha256) {
    end = oldEnd;
    missing = lines;
    more = moreAfterThese;
    seq = newSeq;
    sha256 = newSha256;
  }

  long seq() {
    return seq;
  }

  String sha256() {
    return sha256;
  }

  void nowWritten() {
    written = true;
  }

  boolean written() {
    return written;
  }

  /** The file's length before anything was appended. */
  long end() {
    return end;
  }

  /** Whether the file has, or is to get, more than the store took for written. */
  boolean grown() {
    return !missing.isEmpty() || !sha256.equals(writtenSha256);
  }

  void locked(FileChannel by) {
    lock = by;
  }

  boolean locked() {
    return lock != null;
  }

  void unlock() throws IOException {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }

  /** Not written; to be looked at again after this time. */
  void again(long millis) {
    waitMillis = millis;
  }

  long waitMillis() {
    return waitMillis;
  }
}
