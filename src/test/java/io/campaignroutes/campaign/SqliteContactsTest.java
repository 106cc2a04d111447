package io.campaignroutes.campaign;

import io.campaignroutes.store.TestStores;

class SqliteContactsTest extends ContactsSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
