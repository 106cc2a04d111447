package io.campaignroutes.pacing;

import io.campaignroutes.store.TestStores;

class PostgresRatioTest extends RatioSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
