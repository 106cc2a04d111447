package io.campaignroutes.access;

import io.campaignroutes.store.TestStores;

class SqliteSignInsTest extends SignInsSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
