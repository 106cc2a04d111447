package io.campaignroutes.console;

import io.campaignroutes.store.TestStores;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteConsoleTest extends ConsoleSuite {
  @TempDir Path folder;

  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(folder.resolve("store.db"));
  }
}
