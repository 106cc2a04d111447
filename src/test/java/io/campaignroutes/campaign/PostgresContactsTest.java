package io.campaignroutes.campaign;

import io.campaignroutes.store.TestStores;

class PostgresContactsTest extends ContactsSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
