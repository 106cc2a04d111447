package io.campaignroutes.settings;

import io.campaignroutes.shared.TextFile;
import io.campaignroutes.shared.UnusableFileException;
import io.campaignroutes.text.FileFaults;
import io.campaignroutes.text.Plain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;

/**
 * A file with a secret.
 *
 * @param key what its value is called in the environment: a variable or a setting
 * @param name what a person wrote who named the file
 */
record SecretFile(String key, String name, Path path) {
  private static final int MOST = 1 << 16;
  private static final String MARK = "\ufeff";

  /**
   * Its value as Spring takes it; a line end at its end is no part of it.
   *
   * @throws IOException when there is none
   */
  String read() throws IOException {
    String text = TextFile.read(path, MOST);
    String value = text.startsWith(MARK) ? text.substring(1) : text;
    if (value.isBlank()) {
      throw new UnusableFileException("It is empty.");
    }
    try {
      boolean password = key.toLowerCase(Locale.ROOT).endsWith("password");
      String plain = password ? SecretTexts.password(value) : SecretTexts.plain(value);
      return Variables.literal(plain);
    } catch (UnusableException e) {
      throw new UnusableFileException("It " + e.getMessage());
    }
  }

  /** Why it cannot be read, as a part of a sentence that begins with its name. */
  String told(Exception why) {
    return "is read from %s: %s"
        .formatted(
            Plain.quoted(path.toString()),
            why instanceof IOException && !(why instanceof UnusableFileException)
                ? FileFaults.told(why) + "."
                : why.getMessage());
  }

  /** Whether every user of the machine may read it, where its file system knows of such things. */
  boolean isReadableByOthers() {
    try {
      return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
