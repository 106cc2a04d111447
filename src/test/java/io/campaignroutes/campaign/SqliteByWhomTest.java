package io.campaignroutes.campaign;

import io.campaignroutes.store.TestStores;

class SqliteByWhomTest extends ByWhomSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
