package io.campaignroutes.inbox;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.UnreadableJsonException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The bytes that an open file has up to a length, read through one handle: whatever happens to its
 * name meanwhile, they are those of the file that was opened.
 */
final class InboxContent implements AutoCloseable {
  /** A larger file that is not in UTF-8 is refused; one that is may have any size. */
  private static final int MAX_RECODED = 16 << 20;

  private static final int BUFFER = 1 << 16;

  private final FileChannel channel;
  private final long size;
  private byte[] utf8; // of a file in another encoding; null until read

  private InboxContent(FileChannel channel, long size) {
    this.channel = channel;
    this.size = size;
  }

  /** Opens a file, but no link. */
  static InboxContent open(Path path, long size) throws IOException {
    return new InboxContent(
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS), size);
  }

  /** A text in UTF-8 that has been read already. */
  static InboxContent of(byte[] utf8) {
    InboxContent content = new InboxContent(null, utf8.length);
    content.utf8 = utf8;
    return content;
  }

  /** Whether it ends in zeros, as no text does in any encoding. */
  static boolean endsInZeros(Path path, long size) throws IOException {
    if (size < Integer.BYTES) {
      return false;
    }
    try (InboxContent content = open(path, size)) {
      return ByteBuffer.wrap(content.text(size - Integer.BYTES, Integer.BYTES)).getInt() == 0;
    }
  }

  /** Whether the last line of a file is closed by a line end. */
  static boolean endsWithLine(Path path, long size) throws IOException {
    try (InboxContent content = open(path, size)) {
      byte last = size == 0 ? 0 : content.text(size - 1, 1)[0];
      return last == '\n' || last == '\r';
    }
  }

  /** The bytes as they are. */
  InputStream raw() {
    return new FromChannel();
  }

  /**
   * SHA-256 of the first so many bytes for each length, in hex.
   *
   * @param lengths ascending, none above the size
   */
  String[] sha256(long... lengths) throws IOException {
    String[] hashes = new String[lengths.length];
    MessageDigest digest = Hashes.sha256();
    try (InputStream in = raw()) {
      byte[] buffer = new byte[BUFFER];
      long at = 0;
      for (int i = 0; i < lengths.length; i++) {
        while (at < lengths[i]) {
          int read = in.read(buffer, 0, (int) Math.min(buffer.length, lengths[i] - at));
          if (read < 0) {
            throw new InboxChangedException("It has become shorter while it was read.");
          }
          digest.update(buffer, 0, read);
          at += read;
        }
        hashes[i] = HexFormat.of().formatHex(copy(digest).digest());
      }
    }
    return hashes;
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 cannot go on from where it was", e);
    }
  }

  /**
   * The text in UTF-8, from its beginning.
   *
   * @throws UnreadableJsonException when it is in another encoding and cannot be turned into UTF-8
   */
  InputStream text() throws IOException {
    if (utf8 == null) {
      Charset charset = charset();
      if (charset == null) {
        return raw();
      }
      utf8 = recoded(charset);
    }
    return new ByteArrayInputStream(utf8);
  }

  /** A part of the text, counted in bytes of UTF-8. */
  byte[] text(long start, int length) throws IOException {
    if (utf8 != null) {
      return Arrays.copyOfRange(utf8, (int) start, (int) start + length);
    }
    ByteBuffer part = ByteBuffer.allocate(length);
    while (part.hasRemaining()) {
      if (channel.read(part, start + part.position()) < 0) {
        throw new InboxChangedException("It has become shorter while it was read.");
      }
    }
    return part.array();
  }

  /** The encoding when it is another one than UTF-8, told by a mark or by where zeros stand. */
  private Charset charset() throws IOException {
    byte[] b;
    try (InputStream in = raw()) {
      b = Arrays.copyOf(in.readNBytes(4), 4);
    }
    boolean four = size >= 4;
    boolean bigFour = b[0] == 0 && b[1] == 0 && (b[2] != 0 || b[3] != 0);
    boolean littleFour = b[2] == 0 && b[3] == 0 && (b[1] == 0 && b[0] != 0 || marked(b[0], b[1]));
    if (four && (bigFour || littleFour)) {
      return Charset.forName(bigFour ? "UTF-32BE" : "UTF-32LE");
    }
    if (size >= 2 && (marked(b[1], b[0]) || b[0] == 0 && b[1] != 0)) {
      return StandardCharsets.UTF_16BE;
    }
    if (size >= 2 && (marked(b[0], b[1]) || b[1] == 0 && b[0] != 0)) {
      return StandardCharsets.UTF_16LE;
    }
    return null;
  }

  private static boolean marked(byte low, byte high) {
    return low == (byte) 0xff && high == (byte) 0xfe;
  }

  private byte[] recoded(Charset charset) throws IOException {
    if (size > MAX_RECODED) {
      throw new UnreadableJsonException(
          "The file is in %s, and larger than %d MiB. Save it in UTF-8."
              .formatted(charset.name().substring(0, 6), MAX_RECODED >> 20));
    }
    byte[] all = text(0, (int) size);
    try {
      String text = charset.newDecoder().decode(ByteBuffer.wrap(all)).toString();
      return Json.utf8(text.startsWith("\ufeff") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      throw new UnreadableJsonException(
          "The file begins as text in %s, but is none. Save it in UTF-8."
              .formatted(charset.name().substring(0, 6)));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    utf8 = null;
  }

  private final class FromChannel extends InputStream {
    private final byte[] one = new byte[1];
    private long at;

    @Override
    public int read() throws IOException {
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int most = (int) Math.min(length, size - at);
      int read = most <= 0 ? -1 : channel.read(ByteBuffer.wrap(into, offset, most), at);
      at += Math.max(0, read);
      return read;
    }
  }
}
