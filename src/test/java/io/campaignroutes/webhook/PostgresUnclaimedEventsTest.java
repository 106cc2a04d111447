package io.campaignroutes.webhook;

import io.campaignroutes.store.TestStores;
import java.nio.file.Path;

class PostgresUnclaimedEventsTest extends UnclaimedEventsSuite {
  @Override
  TestStores.Opened open(Path folder) {
    return TestStores.postgres();
  }
}
