package io.campaignroutes.audit;

import java.util.List;

/**
 * Files claimed together: what one run of the audit route works on.
 *
 * @param files in the order of their claim
 * @param full whether the claim took as many as it may, so that more may be due
 */
public record AuditBatch(List<AuditFile> files, boolean full) {
  static final AuditBatch NONE = new AuditBatch(List.of(), false);

  /** Whether nothing was due. */
  public boolean isEmpty() {
    return files.isEmpty();
  }

  /** Whether more lines may wait: the claim was full, or a file lacks more than one page. */
  boolean more() {
    return full || files.stream().anyMatch(AuditFile::more);
  }
}
