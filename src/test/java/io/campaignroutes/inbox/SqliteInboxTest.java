package io.campaignroutes.inbox;

import io.campaignroutes.store.TestStores;

class SqliteInboxTest extends InboxSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
