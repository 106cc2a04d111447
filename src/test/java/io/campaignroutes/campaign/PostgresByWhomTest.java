package io.campaignroutes.campaign;

import io.campaignroutes.store.TestStores;

class PostgresByWhomTest extends ByWhomSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.postgres();
  }
}
