package io.campaignroutes.pacing;

import io.campaignroutes.store.TestStores;

class SqliteDamageTest extends DamageSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
