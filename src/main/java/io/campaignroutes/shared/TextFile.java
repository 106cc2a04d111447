package io.campaignroutes.shared;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file of text, such as one of keys or with a secret. */
public final class TextFile {
  private TextFile() {}

  /**
   * What a file holds, which is read as a whole. A pipe or a device may never end, or never begin:
   * it is not opened.
   *
   * @param most bytes that it may have, whole KiB
   * @throws UnusableFileException when it is no file, larger, or not in UTF-8
   * @throws IOException when it is not there or cannot be read
   */
  public static String read(Path path, int most) throws IOException {
    if (!Files.isRegularFile(path) && Files.exists(path)) {
      throw new UnusableFileException("It is no file.");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new UnusableFileException("It is larger than " + size(most) + ".");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UnusableFileException("It is not in UTF-8. Save it in UTF-8.");
    }
  }

  private static String size(int bytes) {
    return bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
  }
}
