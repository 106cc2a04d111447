package io.campaignroutes.campaign;

import io.campaignroutes.store.TestStores;

class SqliteInboxTest extends InboxSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
