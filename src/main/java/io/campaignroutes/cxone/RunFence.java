package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;

/** Keeps writes from going out for whoever has lost the campaign that they are about. */
public interface RunFence {

  /**
   * Asked ahead of every write, however long it has waited for its turn.
   *
   * @param arguments what the write is made from, {@link PlatformRequest#arguments}
   * @throws RuntimeException when another run has the campaign by now: the write is not sent
   */
  void check(JsonNode arguments);
}
