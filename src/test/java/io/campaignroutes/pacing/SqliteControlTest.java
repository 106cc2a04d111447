package io.campaignroutes.pacing;

import io.campaignroutes.store.TestStores;

class SqliteControlTest extends ControlSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
