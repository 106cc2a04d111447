package io.campaignroutes.store;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresWorkQueueTest extends WorkQueueSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }

  @Override
  @ParameterizedTest
  @EnumSource
  void nobodyWaitsForRowsThatAnotherHasLocked(Table table) throws Exception {
    super.nobodyWaitsForRowsThatAnotherHasLocked(table);
  }
}
