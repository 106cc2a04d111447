package io.campaignroutes.records;

import io.campaignroutes.store.TestStores;

class SqliteRecordsTest extends RecordsSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
