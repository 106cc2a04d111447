package io.campaignroutes.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFaultsTest {
  @TempDir private Path folder;

  private static String told(ThrowingCallable work) {
    return FileFaults.told(catchThrowable(work));
  }

  @Test
  void whatTheFileSystemSaysIsToldInWords() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    assertThat(told(() -> Files.readString(folder.resolve("gone"))))
        .isEqualTo("No such file or folder");
    assertThat(told(() -> Files.createDirectory(file)))
        .isEqualTo("Something of that name is there already");
    assertThat(told(() -> Files.newDirectoryStream(file))).isEqualTo("Not a folder");
    assertThat(told(() -> Files.writeString(file.resolve("below"), "")))
        .isEqualTo("Not a directory");
    assertThat(told(() -> Files.delete(folder))).isEqualTo("The folder is not empty");
    assertThat(told(() -> Files.readString(folder))).isEqualTo("Is a directory");
  }

  @Test
  void whatLiesBelowIsWhatCounts() {
    var failure =
        new UncheckedIOException(new IOException("wrapped", new IOException("Disk error")));
    assertThat(FileFaults.told(failure)).isEqualTo("Disk error");
    assertThat(FileFaults.told(new IOException())).isEqualTo("The cause is not known");
  }
}
