package io.campaignroutes.audit;

import io.campaignroutes.shared.Hashes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;

/**
 * The torn last line of a file, at its way into a file of its own: copied there and synced, told in
 * the store by the caller, and only then cut off.
 *
 * @param bytes how many
 * @param sha256 their hash, hex
 * @param aside name of the file that has them now
 */
record TornLine(long bytes, String sha256, String aside) {

  /**
   * Copies the torn end to {@code <file>.torn-<time>}, unless a file of that kind has it already,
   * as after a kill before it was cut off.
   */
  static TornLine copyAside(Path file, FileChannel channel, AuditTail tail, String time)
      throws IOException {
    long bytes = tail.size() - tail.end();
    String sha256 = copy(channel, tail.end(), tail.size(), null);
    String name = file.getFileName().toString();
    try (DirectoryStream<Path> asides =
        Files.newDirectoryStream(file.getParent(), name + ".torn-*")) {
      for (Path aside : asides) {
        if (Files.size(aside) == bytes) {
          try (FileChannel there = FileChannel.open(aside, StandardOpenOption.READ)) {
            if (copy(there, 0, bytes, null).equals(sha256)) {
              return new TornLine(bytes, sha256, aside.getFileName().toString());
            }
          }
        }
      }
    }
    Path aside = file.resolveSibling(name + ".torn-" + time);
    Path part = file.resolveSibling(name + ".part"); // a half copy is nobody's torn line
    try (FileChannel target =
        FileChannel.open(
            part,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      copy(channel, tail.end(), tail.size(), target);
      target.force(true);
    }
    Files.move(part, aside, StandardCopyOption.ATOMIC_MOVE);
    return new TornLine(bytes, sha256, aside.getFileName().toString());
  }

  /**
   * Takes back what a failed write of our own left of a line: bytes behind the last whole line that
   * are the beginning of the one that was to follow. Whole lines stay. What is anything else is
   * left to be moved aside.
   *
   * @param from where the lines were appended
   * @return whether something was taken back
   */
  static boolean takeBack(Path file, long from, List<byte[]> lines) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long at = from;
      for (byte[] line : lines) {
        long left = channel.size() - at;
        if (left < line.length) {
          boolean begun =
              left > 0 && at == AuditTail.of(channel).end() && begins(channel, at, line);
          if (begun) {
            channel.truncate(at);
          }
          return begun;
        }
        at += line.length;
      }
      return false;
    }
  }

  private static boolean begins(FileChannel channel, long at, byte[] line) throws IOException {
    ByteBuffer there = ByteBuffer.allocate((int) (channel.size() - at));
    while (there.hasRemaining() && channel.read(there, at + there.position()) >= 0) {
      // until all of it is there
    }
    return !there.hasRemaining() && ByteBuffer.wrap(line, 0, there.capacity()).equals(there.flip());
  }

  /** Returns the SHA-256 of a range, which is also copied when there is a target. */
  private static String copy(FileChannel from, long at, long end, FileChannel target)
      throws IOException {
    MessageDigest digest = Hashes.sha256();
    ByteBuffer block = ByteBuffer.allocate(65_536);
    while (at < end) {
      block.clear().limit((int) Math.min(block.capacity(), end - at));
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
    return Hashes.hex(digest);
  }
}
