package io.campaignroutes.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read for all campaigns at once, and used for each of them. */
class TenantReadsTest {
  /** A tenant of which everything is read a new time whenever {@code reads} grows. */
  private static final class Told implements TenantNow {
    private long reads;
    private boolean running;

    @Override
    public Optional<Long> readAt(String operation) {
      return Optional.of(reads);
    }

    @Override
    public JsonNode states() {
      return Json.object();
    }

    @Override
    public JsonNode skills() {
      return Json.object().put("running", running);
    }

    @Override
    public JsonNode lists() {
      return Json.object();
    }
  }

  @Test
  void aLookIsNeverAnsweredByWhatWasReadBeforeTheEventThatLedToIt(@TempDir Path folder) {
    try (TestStores.Opened opened = TestStores.sqlite(folder.resolve("reads.db"))) {
      Told told = new Told();
      TenantReads reads = new TenantReads(opened.store(), new SkillRows(opened.store()), told);
      assertThat(reads.recent("skills").path("running").asBoolean()).isFalse();
      told.running = true;
      told.reads++;
      assertThat(reads.recent("skills").path("running").asBoolean()).isTrue();
    }
  }
}
