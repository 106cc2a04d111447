package io.campaignroutes.campaign;

import io.campaignroutes.store.TestStores;

class PostgresInboxTest extends InboxSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
