package io.campaignroutes.collect;

import io.campaignroutes.store.TestStores;
import org.junit.jupiter.api.Test;

class SqliteCollectTest extends CollectSuite {
  @Override
  TestStores.Opened open() {
    return TestStores.sqlite(temp.resolve("store.db"));
  }

  /** Once: which store keeps them makes no call more. */
  @Test
  void aDaysCallsStayBelowTheirNumberHoweverManySkillsRun() {
    countTheCallsOfADay();
  }
}
