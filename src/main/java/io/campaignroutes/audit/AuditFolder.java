package io.campaignroutes.audit;

import java.util.Set;

/** What else lies in the folder of audit files. */
final class AuditFolder {
  /** Byte ranges of it are locked while a file is written. */
  static final String LOCK = ".writers.lock";

  static final Set<String> OWN =
      Set.of(AuditCheckpoints.PUBLIC_KEY, AuditCheckpoints.PUBLIC_KEY + ".new", LOCK);

  private AuditFolder() {}
}
