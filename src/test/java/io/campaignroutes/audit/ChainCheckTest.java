package io.campaignroutes.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.store.TestStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainCheckTest {
  @TempDir private Path temp;

  @Test
  void aFileThatCannotBeReadIsAVerdictAndNoFault() throws Exception {
    Path dir = temp.resolve("audit");
    Files.createDirectories(dir.resolve("cmp_1.jsonl"));
    Duration soon = Duration.ofMillis(10);
    var settings =
        new AuditProperties(
            dir, null, soon, soon, Duration.ZERO, Duration.ofSeconds(60), 10, "", "");
    try (TestStores.Opened opened = TestStores.sqlite(temp.resolve("store.db"))) {
      var check = new ChainCheck(new AuditLog(opened.store()), opened.store(), settings);
      ChainCheck.Verdict verdict = check.check("cmp_1");
      assertThat(verdict.intact()).isFalse();
      assertThat(verdict.fileLines()).isNull();
      assertThat(verdict.sentence()).startsWith("The file cannot be read").contains("directory");
    }
  }
}
