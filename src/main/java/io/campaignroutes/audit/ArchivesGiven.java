package io.campaignroutes.audit;

import java.nio.file.Path;
import java.util.Set;

/**
 * What an auditor says of archives.
 *
 * @param folder where they lie
 * @param destroyed names of those that are known to be destroyed
 */
record ArchivesGiven(Path folder, Set<String> destroyed) {

  /**
   * @param audit the folder of audit files
   * @param folder null for the one in it
   */
  static ArchivesGiven of(Path audit, Path folder, Set<String> destroyed) {
    return new ArchivesGiven(
        folder == null ? audit.resolve(RecordsArchive.FOLDER) : folder, Set.copyOf(destroyed));
  }
}
