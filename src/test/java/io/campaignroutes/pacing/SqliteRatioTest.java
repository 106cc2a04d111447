package io.campaignroutes.pacing;

import io.campaignroutes.store.TestStores;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteRatioTest extends RatioSuite {
  @TempDir Path temp;

  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }
}
