package io.campaignroutes.pacing;

import io.campaignroutes.store.TestStores;

class PostgresPacingTest extends PacingSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
