package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.RunFence;
import io.campaignroutes.store.Store;
import org.springframework.stereotype.Component;

/**
 * A tick that was frozen, or waited for its turn, while another took its campaign writes no rate
 * any more: the other may have decided one since.
 */
@Component
class TickFence implements RunFence {
  /** What {@link PacingRun#arguments} have the claim of a tick as. */
  static final String TICK = "tick";

  private final Store store;

  TickFence(Store store) {
    this.store = store;
  }

  /**
   * Looks whether a tick still has its campaign.
   *
   * @param arguments those without a {@link #TICK} are of no tick
   * @throws PacingClaimLostException when it has not
   */
  @Override
  public void check(JsonNode arguments) {
    String claim = arguments.path(TICK).asText("");
    if (claim.isEmpty()) {
      return;
    }
    String id = arguments.path("id").asText();
    boolean held =
        store
            .read()
            .sql("select 1 from pacing" + PacingClaims.FENCE)
            .param("id", id)
            .param("claim", claim)
            .query(Integer.class)
            .optional()
            .isPresent();
    if (!held) {
      throw new PacingClaimLostException(id);
    }
  }
}
