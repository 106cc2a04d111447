package io.campaignroutes.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.store.TestStores;
import org.junit.jupiter.api.Test;

class PostgresConsoleTest extends ConsoleSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }

  @Test
  void replicasThatShareTheStoreSeeEachOther() {
    try (TestStores.Opened opened = open()) {
      Replicas one = new Replicas(opened.store(), 8080);
      Replicas other = new Replicas(opened.store(), 8081);
      one.beat();
      other.beat();
      other.beat();
      opened
          .store()
          .write(tx -> tx.sql().sql("update replica set seen_at = 1 where port = 8080").update());

      assertThat(other.all())
          .extracting(Replicas.Replica::port, Replicas.Replica::alive)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple(8080, false),
              org.assertj.core.groups.Tuple.tuple(8081, true));
    }
  }
}
