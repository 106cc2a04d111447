package io.campaignroutes.pacing;

import io.campaignroutes.store.TestStores;

class PostgresControlTest extends ControlSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
