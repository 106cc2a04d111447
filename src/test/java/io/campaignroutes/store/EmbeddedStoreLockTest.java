package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.store.StoreConfiguration.EmbeddedStoreLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class EmbeddedStoreLockTest {
  @TempDir private Path temp;

  @Test
  void theFolderOfTheStoreIsForItsOwnerOnlyAndTheOneAboveIsAsUsual() throws Exception {
    Path usual = Files.createDirectory(temp.resolve("usual"));
    Path folder = temp.resolve("data/store");
    try (var lock = new EmbeddedStoreLock()) {
      lock.take("jdbc:sqlite:" + folder.resolve("campaign-routes.db"));
      assertThat(permissions(folder)).isEqualTo("rwx------");
      assertThat(permissions(folder.getParent())).isEqualTo(permissions(usual));
    }
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
