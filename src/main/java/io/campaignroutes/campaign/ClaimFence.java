package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.RunFence;
import io.campaignroutes.store.Store;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * A step may be made of many calls, and take longer than the lease of its campaign. As long as
 * nobody else has taken the campaign its claim is renewed while calls go out; once somebody has,
 * the run that comes late writes nothing more at CXone.
 */
@Component
public class ClaimFence implements RunFence {
  private final Store store;
  private final LaunchProperties launch;

  public ClaimFence(Store store, LaunchProperties launch) {
    this.store = store;
    this.launch = launch;
  }

  /**
   * Looks whether a run still has its campaign, and renews its claim when half of its lease is
   * over.
   *
   * @param arguments {@link Campaign#arguments}; those without a claim are of no run
   * @throws LeaseLostException when it has not
   */
  @Override
  public void check(JsonNode arguments) {
    String claim = arguments.path("claim").asText("");
    if (claim.isEmpty()) {
      return;
    }
    String id = arguments.path("id").asText();
    Optional<Long> until =
        store
            .read()
            .sql("select due_at from campaign where id = ? and claim_token = ?")
            .params(id, claim)
            .query(Long.class)
            .optional();
    if (until.isEmpty()) {
      throw new LeaseLostException(id);
    }
    if (until.get() - store.now() < launch.lease().toMillis() / 2 && !renewed(id, claim)) {
      throw new LeaseLostException(id);
    }
  }

  private boolean renewed(String id, String claim) {
    return store.write(
            tx ->
                tx.sql()
                    .sql("update campaign set due_at = :lease" + CampaignClaims.FENCE)
                    .param("lease", tx.now() + launch.lease().toMillis())
                    .param("id", id)
                    .param("claim", claim)
                    .update())
        == 1;
  }
}
