package io.campaignroutes.collect;

import io.campaignroutes.store.TestStores;

class SqliteEventsTest extends EventsSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
