package io.campaignroutes.store;

class SqliteWorkQueueTest extends WorkQueueSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
