package io.campaignroutes.audit;

import java.util.List;

/** One claimed audit file on its way through the route; used by one thread at a time. */
public final class AuditFile {
  private final String chain;
  private final String token;
  private final long writtenSeq;
  private final long deadline;

  private List<byte[]> missing = List.of();
  private boolean more;
  private long seq;
  private String sha256;
  private boolean written;
  private long waitMillis;

  AuditFile(String chain, String token, long writtenSeq, long deadline) {
    this.chain = chain;
    this.token = token;
    this.writtenSeq = writtenSeq;
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

  String chain() {
    return chain;
  }

  String token() {
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

  /** Sets what is to be appended, and what the file's newest line will be then. */
  void lacks(List<byte[]> lines, boolean moreAfterThese, long newSeq, String newSha256) {
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

  /** Not written; to be looked at again after this time. */
  void again(long millis) {
    waitMillis = millis;
  }

  long waitMillis() {
    return waitMillis;
  }
}
