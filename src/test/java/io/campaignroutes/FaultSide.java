package io.campaignroutes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** A fake CXone of one platform, as the fault suite needs it. */
interface FaultSide extends AutoCloseable {
  /** The environment of a service that calls it. */
  Map<String, String> environment();

  /** Whether it posts events; else the service observes what happens. */
  boolean posts();

  /** Further settings of that service. */
  List<String> settings();

  /** Brings what campaigns need before the first one is handed in. */
  void prepare(ServiceClient client);

  /** A good request of the n-th campaign. */
  ObjectNode request(String name, int n);

  /** How many campaigns it can run. */
  int most();

  /** The calls that the service can be killed at, as a reader knows them. */
  List<String> points();

  /** Gives wrong answers and none from now on, or good ones again. */
  void misbehave(boolean now);

  /** The stage that a campaign comes to by itself. */
  default String untouched(String name) {
    return "ACTIVE";
  }

  /** After each fault: has the service decided by what was not so? */
  default void look(ServiceClient client) {}

  /** Lets people at CXone change something, where what they did before has been told of. */
  default void people(EventSink sink) {}

  /** Whether all that people did has been told of. */
  default boolean peopleAreTold(EventSink sink) {
    return true;
  }

  /** What is there more than once and must not be. */
  List<String> doubles();

  /** Where what the service shows is not what is there. */
  List<String> differences(ServiceClient client);

  /** What must be so at the very end besides; throws where it is not. */
  void assertEnd(ServiceClient client);

  @Override
  void close();
}
