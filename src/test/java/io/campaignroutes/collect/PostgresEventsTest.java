package io.campaignroutes.collect;

import io.campaignroutes.store.TestStores;

class PostgresEventsTest extends EventsSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
