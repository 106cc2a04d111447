package io.campaignroutes.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * Room on the disk that nothing else takes: a file beside the store, given up when the disk is full
 * and made again once there is room. So a command can be written down while the disk is full.
 */
final class Reserve {
  /** Bytes; a command with all that follows from it takes some 100,000 of them at the most. */
  static final int SIZE = 4 << 20;

  /** Bytes that must be free before it is made, so that making it does not fill the disk. */
  static final int NEEDED = SIZE + (1 << 20);

  private final Path file;

  Reserve(Path folder) {
    this.file = folder.resolve("reserve");
  }

  boolean there() {
    return Files.exists(file);
  }

  /** Whether there is room for it and some more. */
  boolean affordable() {
    try {
      return Files.getFileStore(file.getParent()).getUsableSpace() >= NEEDED;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns whether it is there now; what could not be made whole is removed again. */
  boolean make() {
    byte[] noise = new byte[1 << 17]; // some file systems make nothing of zeros
    new Random().nextBytes(noise);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (int written = 0; written < SIZE; ) {
        written += channel.write(ByteBuffer.wrap(noise));
      }
      channel.force(true);
      return true;
    } catch (IOException e) {
      giveUp();
      return false;
    }
  }

  /** Returns whether there is room now that was not there before. */
  boolean giveUp() {
    try {
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      return false; // the trouble itself is told
    }
  }
}
