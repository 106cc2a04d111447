package io.campaignroutes.forecast;

import io.campaignroutes.store.TestStores;

class PostgresOutlookTest extends OutlookSuite {

  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
