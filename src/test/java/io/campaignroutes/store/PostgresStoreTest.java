package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PostgresStoreTest extends StoreSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }

  @Test
  void aCommitIsOnDiskWhenItIsAnswered() {
    assertThat(store.read().sql("show synchronous_commit").query(String.class).single())
        .isEqualTo("on");
  }

  @Test
  void claimsPassOverWhatAnotherReplicaHasLocked() {
    assertThat(store.claimLock()).isEqualTo(" for update skip locked");
  }
}
