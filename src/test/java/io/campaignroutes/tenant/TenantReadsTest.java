package io.campaignroutes.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.store.TestStores;
import io.campaignroutes.text.Json;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read for all campaigns at once, and used for each of them. */
class TenantReadsTest {
  /** A tenant of which everything is read a new time whenever {@code reads} grows. */
  private static final class Told implements TenantNow {
    private long reads;
    private boolean running;
    private boolean collected = true;
    private Set<String> told = Set.of();

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
      return collected ? Json.object().put("running", running) : null;
    }

    @Override
    public Set<String> toldSince(long readAt) {
      return told;
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

  @Test
  void aListSaysNothingOfASkillThatWasToldWhatToDoSince(@TempDir Path folder) {
    try (TestStores.Opened opened = TestStores.sqlite(folder.resolve("reads.db"))) {
      Told told = new Told();
      told.collected = false; // as after a start
      TenantReads reads = new TenantReads(opened.store(), new SkillRows(opened.store()), told);
      ObjectNode list = Json.object();
      list.putArray("skills").addObject().put("id", "20001");
      list.withArray("skills").addObject().put("id", "20002");
      assertThat(reads.keep("skills", list).path("skills")).hasSize(2);
      told.told = Set.of("20001");
      assertThat(reads.recent("skills").path("skills"))
          .singleElement()
          .hasToString("{\"id\":\"20002\"}");
      assertThat(reads.keep("skills", list).path("skills")).hasSize(1);
    }
  }
}
