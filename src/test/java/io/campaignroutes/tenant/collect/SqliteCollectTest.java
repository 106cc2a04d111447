package io.campaignroutes.tenant.collect;

import io.campaignroutes.store.TestStores;

class SqliteCollectTest extends CollectSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
