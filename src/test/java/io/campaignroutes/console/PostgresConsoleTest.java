package io.campaignroutes.console;

import io.campaignroutes.store.TestStores;

class PostgresConsoleTest extends ConsoleSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
