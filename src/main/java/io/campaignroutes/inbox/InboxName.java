package io.campaignroutes.inbox;

import io.campaignroutes.text.Json;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name of an inbox file, as the bytes that the file system has. It comes from outside and may
 * be anything: in no encoding, or in one that the locale of the service does not know. This is the
 * one place where such a name becomes a path again or a text.
 */
final class InboxName {
  /** Bytes that a name may have on the common file systems. */
  private static final int MAX_BYTES = 255;

  private static final int REPORT_BYTES = ".result.json".length();
  private static final Pattern REPORT =
      Pattern.compile(".+\\.(json|ndjson)\\.(result|error|check)\\.json", Pattern.CASE_INSENSITIVE);

  private final byte[] bytes;
  private final String text;

  private InboxName(byte[] bytes) {
    this.bytes = bytes;
    this.text = readable(bytes);
  }

  /** The name of a file that a folder was found to hold. */
  static InboxName of(Path file) {
    String uri = file.toUri().toASCIIString();
    int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
    return new InboxName(unescaped(uri.substring(uri.lastIndexOf('/', end - 1) + 1, end)));
  }

  /** A name as people write it. */
  static InboxName named(String name) {
    return new InboxName(Json.utf8(name));
  }

  /** For people: one line, whatever the name holds; what is no text is told as hex digits. */
  String text() {
    return text;
  }

  /** Whether the file has one request a line. */
  boolean lines() {
    return endsWith(".ndjson");
  }

  /** Whether the file is one JSON document. */
  boolean document() {
    return endsWith(".json");
  }

  /** Whether the file is called like a report that this service writes beside a file. */
  boolean report() {
    return REPORT.matcher(text).matches();
  }

  /** Whether a file of this name is for the inbox to take. */
  boolean forInbox() {
    return (document() || lines()) && !report();
  }

  boolean endsWith(String ending) {
    return text.regionMatches(true, text.length() - ending.length(), ending, 0, ending.length());
  }

  /**
   * The name that the file gets in {@code done/} or {@code failed/}: its own, but short enough for
   * the reports beside it, and without what is a separator or a line end anywhere.
   *
   * @param n from 1; from 2 on the name has it before its ending
   */
  InboxName filed(int n) {
    int dot = bytes.length;
    for (int i = 1; i < bytes.length; i++) {
      dot = bytes[i] == '.' ? i : dot;
    }
    byte[] number = Json.utf8(n == 1 ? "" : "-" + n);
    int room = Math.max(1, MAX_BYTES - REPORT_BYTES - number.length - (bytes.length - dot));
    var filed = new ByteArrayOutputStream(MAX_BYTES);
    filed.write(bytes, 0, dot <= room ? dot : wholeCharacters(room));
    filed.writeBytes(number);
    filed.write(bytes, dot, bytes.length - dot);
    byte[] clean = filed.toByteArray();
    for (int i = 0; i < clean.length; i++) {
      if (clean[i] >= 0 && clean[i] < ' ' || clean[i] == 0x7f || clean[i] == '\\') {
        clean[i] = '_';
      }
    }
    return new InboxName(clean);
  }

  private int wholeCharacters(int length) {
    int end = length;
    while (end > length - 4 && (bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    return end;
  }

  /** The file of this name in a folder. */
  Path in(Path folder) {
    return in(folder, "");
  }

  /**
   * The file of this name and an ending in a folder.
   *
   * @param ending ASCII without separators
   */
  Path in(Path folder, String ending) {
    String base = folder.toUri().toString();
    var uri = new StringBuilder(base.endsWith("/") ? base : base + "/");
    HexFormat hex = HexFormat.of().withUpperCase();
    for (byte b : bytes) {
      uri.append('%').append(hex.toHexDigits(b));
    }
    return Path.of(URI.create(uri.append(ending).toString()));
  }

  private static byte[] unescaped(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(text.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  private static String readable(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    var text = new StringBuilder();
    CoderResult result;
    do {
      result = utf8.decode(in, out, true);
      out.flip().codePoints().forEach(c -> append(text, c));
      out.clear();
      for (int i = 0; result.isError() && i < result.length(); i++) {
        text.append("\\x").append(HexFormat.of().withUpperCase().toHexDigits(in.get()));
      }
    } while (result.isError());
    return text.toString();
  }

  private static void append(StringBuilder text, int c) {
    boolean turnsText =
        c == 0x200e || c == 0x200f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
    boolean breaksLines = Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    if (turnsText || breaksLines) {
      text.append("\\u%04X".formatted(c));
    } else {
      text.appendCodePoint(c);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
