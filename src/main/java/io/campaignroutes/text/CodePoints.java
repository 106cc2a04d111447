package io.campaignroutes.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.Charset;
import java.util.Optional;

/** The characters of a text in UTF-8 one by one, with the place of each. */
final class CodePoints {
  static final int END = -1;

  private final PushbackInputStream in;
  private long line;
  private long column;
  private int current;
  private boolean afterReturn;

  /** A byte where the text is not UTF-8. */
  static final class NotUtf8Exception extends IOException {
    private final int value;

    NotUtf8Exception(int value) {
      this.value = value;
    }

    /** Such as "a byte (0xE9, é in Windows-1252) that is not UTF-8". */
    String found() {
      String meant =
          value >= 0xa0 && value != 0xad
              ? ", " + new String(new byte[] {(byte) value}, LATIN) + " in Windows-1252"
              : "";
      return "a byte (0x%02X%s) that is not UTF-8".formatted(value, meant);
    }
  }

  private static final Charset LATIN = Charset.forName("windows-1252");

  /**
   * @throws NotUtf8Exception when the first character is not UTF-8
   */
  CodePoints(InputStream in, long line, long column) {
    this.in = new PushbackInputStream(in, 4);
    this.line = line;
    this.column = column - 1;
  }

  /** The encoding that the text has in place of UTF-8; empty for none. To be asked first. */
  Optional<String> wide() throws IOException {
    byte[] start = new byte[4];
    int length = in.readNBytes(start, 0, 4);
    in.unread(start, 0, length);
    return Optional.ofNullable(wide(start, length));
  }

  /** By the byte order mark or, since JSON and YAML begin with ASCII, by where the zeros are. */
  static String wide(byte[] start, int length) {
    if (length >= 4 && start[0] == 0 && start[1] == 0 && (start[2] & 0xff) == 0xfe) {
      return "UTF-32";
    }
    if (length >= 2 && isMark(start)) {
      return length >= 4 && start[2] == 0 && start[3] == 0 ? "UTF-32" : "UTF-16";
    }
    if (length < 4 || (start[0] == 0) == (start[3] == 0)) {
      return null;
    }
    if (start[1] == 0 && start[2] == 0) {
      return "UTF-32";
    }
    boolean two = (start[0] == 0) == (start[2] == 0) && (start[1] == 0) == (start[3] == 0);
    return two ? "UTF-16" : null;
  }

  private static boolean isMark(byte[] start) {
    int first = start[0] & 0xff;
    int second = start[1] & 0xff;
    return first == 0xff && second == 0xfe || first == 0xfe && second == 0xff;
  }

  /** The character last read, {@link #END} after the last one. */
  int current() {
    return current;
  }

  long line() {
    return line;
  }

  long column() {
    return column;
  }

  /** Moves on to the next character. */
  int next() throws IOException {
    int before = current;
    if (before == '\n' || before == '\r') {
      line += before == '\n' && afterReturn ? 0 : 1;
      column = 0;
    }
    afterReturn = before == '\r';
    column++;
    current = read();
    return current;
  }

  private int read() throws IOException {
    int first = in.read();
    if (first < 0x80) {
      return first;
    }
    int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    int character = first & (0x3f >> more);
    if (first < 0xc2 || first > 0xf4) {
      throw new NotUtf8Exception(first);
    }
    for (int i = 0; i < more; i++) {
      int byteRead = in.read();
      if (byteRead < 0x80 || byteRead > 0xbf) {
        throw new NotUtf8Exception(first);
      }
      character = character << 6 | byteRead & 0x3f;
    }
    boolean tooLong = more == 2 && character < 0x800 || more == 3 && character < 0x10000;
    boolean half = character >= 0xd800 && character <= 0xdfff;
    if (tooLong || half || character > 0x10ffff) {
      throw new NotUtf8Exception(first);
    }
    return character;
  }
}
