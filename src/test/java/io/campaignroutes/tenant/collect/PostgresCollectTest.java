package io.campaignroutes.tenant.collect;

import io.campaignroutes.store.TestStores;

class PostgresCollectTest extends CollectSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
