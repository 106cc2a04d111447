package io.campaignroutes.pacing;

import io.campaignroutes.store.TestStores;

class PostgresDamageTest extends DamageSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
