package io.campaignroutes.inbox;

import io.campaignroutes.store.TestStores;

class PostgresInboxTest extends InboxSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
