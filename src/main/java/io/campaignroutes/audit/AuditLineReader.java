package io.campaignroutes.audit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Reads a file line by line as bytes; a file of any size takes no more memory than one line. */
final class AuditLineReader implements Closeable {
  private static final long GRACE_MILLIS = 200;

  private final InputStream in;
  private final byte[] buffer = new byte[65_536];
  private int at;
  private int end;
  private long number;
  private boolean torn;
  private boolean tooLong;

  AuditLineReader(Path file) throws IOException {
    this(new FileInputStream(file.toFile()));
  }

  /** Lines of what grows no more, such as the text in an archive; closed with this. */
  AuditLineReader(InputStream in) {
    this.in = in;
  }

  /** The next line without its newline, null at the end of the file. */
  byte[] next() throws IOException {
    var line = new ByteArrayOutputStream(1024);
    boolean waited = false;
    while (true) {
      if (at == end) {
        end = Math.max(0, in.read(buffer));
        at = 0;
        if (end == 0) {
          if (line.size() == 0) {
            return null;
          }
          if (waited) {
            torn = true;
            number++;
            return line.toByteArray();
          }
          waited = true; // a running service may be in the middle of this very line
          pause();
          continue;
        }
      }
      int newline = at;
      while (newline < end && buffer[newline] != '\n') {
        newline++;
      }
      line.write(buffer, at, newline - at);
      at = newline;
      if (line.size() > AuditTail.MAX_LINE) {
        tooLong = true;
        number++;
        return line.toByteArray();
      }
      if (newline < end) {
        at = newline + 1;
        number++;
        return line.toByteArray();
      }
    }
  }

  /** Number of the line last read, from 1. */
  long number() {
    return number;
  }

  /** Whether the line last read has no newline. */
  boolean torn() {
    return torn;
  }

  /** Whether the line last read is longer than any audit line: only its beginning was read. */
  boolean tooLong() {
    return tooLong;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(GRACE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
