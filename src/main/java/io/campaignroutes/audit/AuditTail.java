package io.campaignroutes.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * The end of a file of lines, found by reading backwards.
 *
 * @param line bytes of the last complete line without its newline; null when there is none
 * @param end offset just after the last newline, 0 when there is none
 * @param size the file's size; more than {@code end}: the last line is torn
 */
record AuditTail(byte[] line, long end, long size) {
  /** Longest line that is read: far above any real one, and bounds the memory. */
  static final int MAX_LINE = 16 << 20;

  private static final int BLOCK = 8192;

  boolean torn() {
    return size > end;
  }

  static AuditTail of(FileChannel file) throws IOException {
    long size = file.size();
    long last = newlineBefore(file, size);
    if (last < 0) {
      return new AuditTail(null, 0, size);
    }
    long start = newlineBefore(file, last) + 1;
    if (last - start > MAX_LINE) {
      throw new AuditFileMismatchException("its last line is longer than 16 MiB");
    }
    ByteBuffer line = ByteBuffer.allocate((int) (last - start));
    readFully(file, line, start);
    return new AuditTail(line.array(), last + 1, size);
  }

  /** The line's number, -1 when it does not begin as an audit line does. */
  long seq() {
    return line == null ? 0 : seq(line);
  }

  /** The number of any line, -1 when it does not begin as an audit line does. */
  static long seq(byte[] line) {
    byte[] start = {'{', '"', 's', 'e', 'q', '"', ':'};
    if (line.length < start.length
        || !Arrays.equals(line, 0, start.length, start, 0, start.length)) {
      return -1;
    }
    long seq = 0;
    int i = start.length;
    for (; i < line.length && i < start.length + 18 && line[i] >= '0' && line[i] <= '9'; i++) {
      seq = seq * 10 + line[i] - '0';
    }
    return i > start.length && i < line.length && line[i] == ',' ? seq : -1;
  }

  private static long newlineBefore(FileChannel file, long before) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    for (long to = before; to > 0; ) {
      long from = Math.max(0, to - BLOCK);
      block.clear().limit((int) (to - from));
      readFully(file, block, from);
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return from + i;
        }
      }
      to = from;
    }
    return -1;
  }

  private static void readFully(FileChannel file, ByteBuffer into, long from) throws IOException {
    long at = from;
    while (into.hasRemaining()) {
      int n = file.read(into, at);
      if (n < 0) {
        throw new IOException("the file became shorter while it was read");
      }
      at += n;
    }
  }
}
