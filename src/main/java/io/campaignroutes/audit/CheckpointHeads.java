package io.campaignroutes.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * The heads that the checkpoints name, by file; 48 bytes of memory each. Of more than fit, a share
 * of the files is kept at a time.
 */
final class CheckpointHeads {
  /** Heads that are kept at a time: 48 MB. */
  static final int MAX_HEADS = 1_000_000;

  private static final Heads NONE = new Heads();

  private final int share;
  private final int shares;
  private final int limit;
  private final Map<String, Heads> files = new HashMap<>();
  private long size;

  /** All of them, if there are no more than the limit. */
  CheckpointHeads(int limit) {
    this(0, 1, limit);
  }

  private CheckpointHeads(int share, int shares, int limit) {
    this.share = share;
    this.shares = shares;
    this.limit = limit;
  }

  /** The heads of one share, of the checkpoints up to one that was checked before. */
  static CheckpointHeads read(
      Path file, ArchivesGiven archives, AuditReport.Checkpoint last, int share, int shares)
      throws IOException {
    var heads = new CheckpointHeads(share, shares, Integer.MAX_VALUE);
    var walk = new ChainVerifier();
    try (var lines = ChainReader.of(file, AuditRows.CHECKPOINTS, archives)) {
      while (walk.seq() < last.seq()) {
        byte[] line = lines.next();
        if (line == null || walk.next(line) != null) {
          break;
        }
        heads.add(walk.json(), walk.seq());
      }
    }
    if (!walk.sha256().equals(last.sha256())) {
      throw new IOException(file + " was changed while it was read");
    }
    return heads;
  }

  /** In how many shares they must be looked at so that each fits; 1: all are here. */
  int sharesNeeded() {
    return (int) (1 + (size - 1) / limit);
  }

  /** Whether a campaign's file is in this share. */
  boolean has(String campaignId) {
    return Math.floorMod(campaignId.hashCode(), shares) == share;
  }

  Set<String> campaigns() {
    return files.keySet();
  }

  Heads of(String campaignId) {
    return files.getOrDefault(campaignId, NONE);
  }

  /**
   * Adds the heads of one checkpoint, those of this share.
   *
   * @return what cannot be understood; null when all can
   */
  String add(JsonNode checkpoint, long number) {
    for (Map.Entry<String, JsonNode> head : checkpoint.path("heads").properties()) {
      JsonNode seq = head.getValue().path("seq");
      byte[] sha256 = hash(head.getValue().path("sha256").asText());
      if (!AuditLog.isId(head.getKey()) || !seq.canConvertToLong() || sha256 == null) {
        return head.getKey() + ": " + head.getValue();
      }
      if (has(head.getKey())) {
        if (++size > limit) {
          files.clear(); // they are read again, in shares
          continue;
        }
        files
            .computeIfAbsent(head.getKey(), id -> new Heads())
            .add(seq.longValue(), sha256, number);
      }
    }
    return null;
  }

  private static byte[] hash(String hex) {
    try {
      byte[] bytes = HexFormat.of().parseHex(hex);
      return bytes.length == 32 ? bytes : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What the checkpoints say of one file, by seq. */
  static final class Heads {
    private long[] seqs = new long[2];
    private long[] checkpoints = new long[2];
    private byte[] hashes = new byte[64];
    private int size;

    private void add(long seq, byte[] sha256, long checkpoint) {
      if (size == seqs.length) {
        seqs = Arrays.copyOf(seqs, size * 2);
        checkpoints = Arrays.copyOf(checkpoints, size * 2);
        hashes = Arrays.copyOf(hashes, size * 64);
      }
      int at = size++;
      for (; at > 0 && seqs[at - 1] > seq; at--) {
        seqs[at] = seqs[at - 1];
        checkpoints[at] = checkpoints[at - 1];
        System.arraycopy(hashes, (at - 1) * 32, hashes, at * 32, 32);
      }
      seqs[at] = seq;
      checkpoints[at] = checkpoint;
      System.arraycopy(sha256, 0, hashes, at * 32, 32);
    }

    int size() {
      return size;
    }

    long seq(int i) {
      return seqs[i];
    }

    long checkpoint(int i) {
      return checkpoints[i];
    }

    String sha256(int i) {
      return HexFormat.of().formatHex(hashes, i * 32, i * 32 + 32);
    }

    long lastSeq() {
      return size == 0 ? 0 : seqs[size - 1];
    }

    long lastCheckpoint() {
      return size == 0 ? 0 : checkpoints[size - 1];
    }
  }
}
