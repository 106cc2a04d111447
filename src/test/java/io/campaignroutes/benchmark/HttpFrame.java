package io.campaignroutes.benchmark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One HTTP/1.1 message after another, a request or an answer, put together from the bytes of a
 * connection. It knows what load tests meet, bodies with {@code Content-Length} and chunked ones,
 * and does no more than that takes, because it shares its processor with what is measured.
 */
final class HttpFrame {
  private byte[] data = new byte[2_048];
  private int length;

  /** Where the body starts, 0 while the head is not whole. */
  private int bodyStart;

  /** Bytes of the body; -1 for a chunked one. */
  private int bodyLength;

  private int end;
  private byte[] body;

  /** Adds what has come. */
  void feed(ByteBuffer come) {
    int more = come.remaining();
    if (length + more > data.length) {
      data = Arrays.copyOf(data, Math.max(2 * data.length, length + more));
    }
    come.get(data, length, more);
    length += more;
  }

  /** Whether anything of the next message is there. */
  boolean begun() {
    return length > 0;
  }

  /**
   * Whether a message is whole.
   *
   * @throws IllegalStateException when it is no HTTP
   */
  boolean whole() {
    if (bodyStart == 0 && !readHead()) {
      return false;
    }
    if (bodyLength >= 0) {
      if (length < bodyStart + bodyLength) {
        return false;
      }
      end = bodyStart + bodyLength;
      body = null;
      return true;
    }
    return readChunks();
  }

  private boolean readHead() {
    int headEnd = find("\r\n\r\n", 0);
    if (headEnd < 0) {
      return false;
    }
    bodyStart = headEnd + 4;
    String chunked = header("transfer-encoding");
    String size = header("content-length");
    try {
      bodyLength = chunked != null ? -1 : size == null ? 0 : Integer.parseInt(size);
    } catch (NumberFormatException e) {
      throw new IllegalStateException("Content-Length is " + size, e);
    }
    return true;
  }

  private boolean readChunks() {
    byte[] joined = new byte[length - bodyStart];
    int size = 0;
    int at = bodyStart;
    while (true) {
      int line = find("\r\n", at);
      if (line < 0) {
        return false;
      }
      String hex = text(at, line).split(";", 2)[0].strip();
      int chunk;
      try {
        chunk = Integer.parseInt(hex, 16);
      } catch (NumberFormatException e) {
        throw new IllegalStateException("The length of a chunk is " + hex, e);
      }
      int after = line + 2 + chunk + 2;
      if (after > length) {
        return false;
      }
      if (chunk == 0) {
        end = after;
        body = Arrays.copyOf(joined, size);
        return true;
      }
      System.arraycopy(data, line + 2, joined, size, chunk);
      size += chunk;
      at = after;
    }
  }

  /** The status of an answer. */
  int status() {
    return Integer.parseInt(text(9, 12));
  }

  /** All of the head, the first line included. */
  byte[] head() {
    return Arrays.copyOf(data, bodyStart);
  }

  /**
   * The first value of a header, null when it is not there.
   *
   * @param name in lower case
   */
  String header(String name) {
    return header(data, bodyStart, name);
  }

  static String header(byte[] head, int headEnd, String name) {
    int at = 0;
    while (at < headEnd) {
      int line = at;
      while (head[line] != '\n') {
        line++;
      }
      if (line - at > name.length() && head[at + name.length()] == ':' && named(head, at, name)) {
        int from = at + name.length() + 1;
        return new String(head, from, line - from, StandardCharsets.ISO_8859_1).strip();
      }
      at = line + 1;
    }
    return null;
  }

  private static boolean named(byte[] head, int at, String name) {
    for (int i = 0; i < name.length(); i++) {
      int c = head[at + i];
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The body without its chunks. */
  byte[] body() {
    return body != null ? body : Arrays.copyOfRange(data, bodyStart, end);
  }

  /** Goes on to the next message. */
  void next() {
    System.arraycopy(data, end, data, 0, length - end);
    length -= end;
    bodyStart = 0;
    body = null;
  }

  private String text(int from, int to) {
    return new String(data, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private int find(String bytes, int from) {
    for (int at = from; at + bytes.length() <= length; at++) {
      int i = 0;
      while (i < bytes.length() && data[at + i] == bytes.charAt(i)) {
        i++;
      }
      if (i == bytes.length()) {
        return at;
      }
    }
    return -1;
  }
}
