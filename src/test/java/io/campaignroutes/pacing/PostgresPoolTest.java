package io.campaignroutes.pacing;

import io.campaignroutes.store.TestStores;

class PostgresPoolTest extends PoolSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
