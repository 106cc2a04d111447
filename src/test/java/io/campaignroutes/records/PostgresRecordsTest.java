package io.campaignroutes.records;

import io.campaignroutes.store.TestStores;

class PostgresRecordsTest extends RecordsSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
