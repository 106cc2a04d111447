package io.campaignroutes.pacing;

import io.campaignroutes.store.TestStores;

class SqlitePacingTest extends PacingSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
