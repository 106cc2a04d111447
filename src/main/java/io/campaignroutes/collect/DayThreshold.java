package io.campaignroutes.collect;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.store.Store;
import io.campaignroutes.text.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * How near the calls of a day come to the number from which on CXone is told of a tenant: {@code
 * apiPublishedLimit} of its business unit, unless one is set.
 */
@Component
public class DayThreshold {
  /** From this share on people are told. */
  private static final double TOLD = 0.8;

  private static final Logger LOG = LoggerFactory.getLogger(DayThreshold.class);

  private final Store store;
  private final DayCalls calls;
  private final CollectProperties properties;

  DayThreshold(Store store, DayCalls calls, CollectProperties properties) {
    this.store = store;
    this.calls = calls;
    this.properties = properties;
  }

  /** Calls of a day; 0 where that is neither set nor told. */
  long calls() {
    return properties.dailyThreshold() > 0 ? properties.dailyThreshold() : told();
  }

  private long told() {
    return store
        .read()
        .sql("select answer from tenant_read where name = 'businessUnit'")
        .query(String.class)
        .optional()
        .map(answer -> ((JsonNode) Json.stored(answer)).path("callsADay").asLong())
        .orElse(0L);
  }

  /** Whether today's calls come near it. */
  boolean isNear() {
    long most = calls();
    return most > 0 && calls.today().all() >= TOLD * most;
  }

  /** Tells the log once a day when they do. */
  void look() {
    if (isNear() && store.write(calls::warnsFirst)) {
      LOG.warn(
          "{} calls were made to CXone today, and from {} on CXone is told of this tenant. Reads"
              + " become rarer by themselves; see personal-connection.collect in"
              + " config/application.yaml, and what else calls with this tenant's keys.",
          calls.today().all(),
          calls());
    }
  }
}
