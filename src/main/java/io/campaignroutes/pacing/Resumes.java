package io.campaignroutes.pacing;

import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.Command;
import io.campaignroutes.campaign.FirstRates;
import io.campaignroutes.cxone.RateWrites;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Has a campaign that an operator resumes begin with no more than its pool has room for: CXone
 * would have it dial with the rate that it had when it was paused, which others dial with by now.
 */
@Component
public class Resumes {
  private static final Logger LOG = LoggerFactory.getLogger(Resumes.class);

  /** A pool's decision says something of now for so many periods. */
  private static final int PERIODS = 3;

  private static final double TINY = 1e-9;

  private final Store store;
  private final PacingReads rows;
  private final PacingProperties properties;

  Resumes(Store store, PacingReads rows, PacingProperties properties) {
    this.store = store;
    this.rows = rows;
    this.properties = properties;
  }

  /**
   * What a campaign has to be brought down to before it dials again, in calls a second, which
   * counts as its pool's from now on; 0 where it may dial as it did.
   */
  public double rate(Campaign campaign) {
    if (campaign.command() != Command.RESUME) {
      return 0; // pacing's own release has had its rate set
    }
    Optional<PacingRow> known = row(campaign);
    if (known.isEmpty() || known.get().poolId() == null) {
      return 0;
    }
    String poolId = known.get().poolId();
    double before = known.get().fastest();
    return store.write(
        tx -> {
          store.lock(
              tx, "pool " + poolId); // whoever is resumed beside it leaves room, or gets none
          double begins = Math.min(before, begins(tx, campaign));
          boolean slower = begins < before;
          FirstRates.give(tx, campaign.id(), begins);
          if (slower) {
            update(tx, campaign, "writing = ?", begins);
          }
          return slower ? begins : 0;
        });
  }

  /** Where lines for each agent are paced, everybody begins with one. */
  private double begins(Tx tx, Campaign campaign) {
    return properties.platform().byRatio()
        ? 1
        : Math.max(properties.platform().least(), room(tx, campaign));
  }

  private Optional<PacingRow> row(Campaign campaign) {
    return store
        .read()
        .sql("select * from pacing where campaign_id = ?")
        .param(campaign.id())
        .query(PacingRow::of)
        .optional();
  }

  /** What is left of the pool's decision, on the platform's steps; 0 where that is too old. */
  private double room(Tx tx, Campaign campaign) {
    String poolId = campaign.poolId();
    double decided =
        tx.sql()
            .sql("select rate from pool where id = ? and rate is not null and changed_at >= ?")
            .params(poolId, tx.now() - PERIODS * properties.period().toMillis())
            .query(Double.class)
            .optional()
            .orElse(0.0);
    double given =
        FirstRates.toBegin(tx.sql(), List.of(poolId), campaign.id()).getOrDefault(poolId, 0.0);
    double room = Math.max(0, decided - rows.mayDial(tx.sql(), poolId, Set.of()) - given);
    double step = properties.platform().rateStep();
    return step > 0 ? Math.rint(Math.floor(room / step + TINY) * step * 1e6) / 1e6 : room;
  }

  /**
   * CXone was sent the rate. Where it may not have taken it, what it had before counts as its
   * pool's, and the first tick sends what is due.
   */
  public void sent(Campaign campaign, double rate, RateWrites.Outcome outcome) {
    if (!outcome.confirmed()) {
      LOG.info(
          "Campaign {}: it is not known whether the rate that it is to begin with again is in"
              + " force: {}",
          campaign.id(),
          outcome.why());
      keeps(campaign);
      return;
    }
    store.run(tx -> update(tx, campaign, "rate = ?, writing = null, writing_reason = null", rate));
  }

  /**
   * CXone has not taken the rate, as far as is known: the campaign dials with what it had, which
   * counts as its pool's, until a tick has brought it down. The pool's next one is due at once, so
   * that others are slowed down while CXone is still resuming it.
   */
  public void keeps(Campaign campaign) {
    row(campaign)
        .ifPresent(
            row ->
                store.run(
                    tx -> {
                      FirstRates.give(tx, campaign.id(), row.fastest());
                      PoolQueue.hurry(tx, campaign.poolId());
                    }));
  }

  private static void update(Tx tx, Campaign campaign, String set, double rate) {
    tx.sql()
        .sql("update pacing set " + set + " where campaign_id = ? and due_at is null")
        .params(rate, campaign.id())
        .update();
  }
}
