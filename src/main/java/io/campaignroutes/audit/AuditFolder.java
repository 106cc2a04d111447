package io.campaignroutes.audit;

import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** The folder of the audit files, which several processes may write to. */
final class AuditFolder {
  /** One byte of it is locked for each file that is being written. */
  static final String LOCK = ".writers.lock";

  /** What the new file of a chain is called until it is whole. */
  static final String SHORTER = ".part";

  /** What lies there besides chains and torn lines. */
  static final Set<String> OWN =
      Set.of(
          AuditCheckpoints.PUBLIC_KEY,
          AuditCheckpoints.PUBLIC_KEY + ".new",
          LOCK,
          AuditRows.CHECKPOINTS + SHORTER,
          AuditLog.SERVICE + SHORTER,
          RecordsArchive.FOLDER);

  private AuditFolder() {}

  /**
   * Keeps every other process from writing a chain's file until the channel is closed or this
   * process ends, also when this one stands still for longer than its lease. The lock is on a file
   * of its own: a lock on the audit file would go when the route closes it after an append.
   *
   * @throws IOException when another process is writing the file, or the folder knows no locks
   */
  static FileChannel lock(Path folder, String chain) throws IOException {
    FileChannel channel = tryLock(folder, chain);
    if (channel == null) {
      throw new IOException("another process has begun to write it and is not done");
    }
    return channel;
  }

  /** The same; null when another process is writing the file. */
  static FileChannel tryLock(Path folder, String chain) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock(place(chain), 1, false) != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // another writer in this very process: the same as one in another
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  /** Two chains in one place would only wait for each other. */
  private static long place(String chain) {
    return new BigInteger(Hashes.sha256(chain).substring(0, 15), 16).longValue();
  }
}
