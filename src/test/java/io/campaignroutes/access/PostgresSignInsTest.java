package io.campaignroutes.access;

import io.campaignroutes.store.TestStores;

class PostgresSignInsTest extends SignInsSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
