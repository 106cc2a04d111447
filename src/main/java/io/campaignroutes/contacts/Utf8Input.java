package io.campaignroutes.contacts;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Bytes that have to be text in UTF-8, without the mark that may stand before it. A decoder would
 * tell that they are not, and not on which line.
 */
final class Utf8Input extends FilterInputStream {
  private static final int[] MARK = {0xef, 0xbb, 0xbf};
  private static final String SAVE =
      " Save the file as CSV in UTF-8 (in Excel: \"CSV UTF-8\"), and give it in again.";

  private long line = 1;
  private long count;
  private int marked; // bytes of the mark that were seen; 3 once that is over
  private int follow; // bytes that the character still needs
  private int lowest = 0x80; // of the next of these
  private int highest = 0xbf;
  private boolean afterReturn;

  Utf8Input(InputStream in) {
    super(in);
  }

  /** Bytes that were read. */
  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int read;
    do {
      read = read(one, 0, 1);
    } while (read == 0);
    return read < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws CsvFault at the first byte that is no text in UTF-8
   */
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read;
    int dropped = 0;
    do {
      read = super.read(into, offset, length);
      for (int i = 0; i < read; i++) {
        look(into[offset + i] & 0xff);
      }
      count += Math.max(0, read);
      dropped = markIn(into, offset, read);
    } while (read > 0 && dropped == read);
    if (read < 0 && follow > 0) {
      throw new CsvFault(line, "ends within a character: the file is cut off." + SAVE);
    }
    if (dropped > 0) {
      System.arraycopy(into, offset + dropped, into, offset, read - dropped);
    }
    return read - dropped;
  }

  /** How many of the bytes are the mark, which is text to nobody. */
  private int markIn(byte[] into, int offset, int read) {
    int dropped = 0;
    while (dropped < read && marked < MARK.length) {
      if ((into[offset + dropped] & 0xff) != MARK[marked]) {
        marked = MARK.length;
        return dropped;
      }
      marked++;
      dropped++;
    }
    return dropped;
  }

  private void look(int b) {
    if (follow > 0) {
      if (b < lowest || b > highest) {
        throw notUtf8();
      }
      follow--;
      lowest = 0x80;
      highest = 0xbf;
      return;
    }
    if (b == 0) {
      throw new CsvFault(line, "has a NUL character: the file is in UTF-16, or is no text." + SAVE);
    }
    if (b == '\n' && !afterReturn || b == '\r') {
      line++;
    }
    afterReturn = b == '\r';
    if (b >= 0x80) {
      begin(b);
    }
  }

  private void begin(int b) {
    if (b >= 0xc2 && b <= 0xdf) {
      follow = 1;
    } else if (b >= 0xe0 && b <= 0xef) {
      follow = 2;
      lowest = b == 0xe0 ? 0xa0 : 0x80;
      highest = b == 0xed ? 0x9f : 0xbf;
    } else if (b >= 0xf0 && b <= 0xf4) {
      follow = 3;
      lowest = b == 0xf0 ? 0x90 : 0x80;
      highest = b == 0xf4 ? 0x8f : 0xbf;
    } else {
      throw notUtf8();
    }
  }

  private CsvFault notUtf8() {
    return new CsvFault(line, "is not in UTF-8." + SAVE);
  }
}
