package io.campaignroutes.pacing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.campaign.Campaign;
import io.campaignroutes.campaign.CampaignStore;
import io.campaignroutes.campaign.Stage;
import io.campaignroutes.cxone.CxoneException;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.RateWrites;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.Times;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Running campaigns while nothing that pacing decides can be written, so that nobody paces them.
 * For as long as CXone may dial too fast they dial on. Then they are held, for which a full disk
 * has a reserve. Where not even that can be written, CXone is told the lowest rate for each; that
 * needs nothing but what this process remembers of the last ticks, and no record: whoever is killed
 * then leaves them dialing too slow, until the next change of their rate, and never too fast. What
 * CXone was told is written down as soon as the store takes something, before anything is decided.
 *
 * <p>Where lines for each agent who waits are paced, nothing is told: the platform dials none where
 * nobody waits.
 */
public final class UnpacedCampaigns {
  private static final Logger LOG = LoggerFactory.getLogger(UnpacedCampaigns.class);

  /** What a tick has is waited for so long each time. */
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(1);

  private final Store store;
  private final PacingClaims claims;
  private final PacingWrites writes;
  private final PacingMemory memory;
  private final CampaignStore campaigns;
  private final PacingProperties properties;
  private final Executor holder;
  private final LongSupplier millis;

  private final Map<String, Dialing> pools = new ConcurrentHashMap<>();
  private final Map<String, Told> told = new ConcurrentHashMap<>();
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> againAt = new ConcurrentHashMap<>();
  private volatile Long since; // null while they are paced
  private volatile long holdAt;
  private volatile boolean holding; // which may wait for the store
  private volatile boolean holds; // some were held since then
  private volatile boolean cannotHold;
  private volatile boolean claimable = true;
  private volatile long writeAt = Long.MIN_VALUE;

  /**
   * @param holder has campaigns held, which may wait for the store
   * @param millis milliseconds of a clock that nobody sets and that needs no store
   */
  UnpacedCampaigns(
      Store store,
      PacingClaims claims,
      PacingWrites writes,
      PacingMemory memory,
      CampaignStore campaigns,
      PacingProperties properties,
      Executor holder,
      LongSupplier millis) {
    this.store = store;
    this.claims = claims;
    this.writes = writes;
    this.memory = memory;
    this.campaigns = campaigns;
    this.properties = properties;
    this.holder = holder;
    this.millis = millis;
  }

  /** Who of a pool dials faster than the lowest rate, and when that was known. */
  private record Dialing(long at, Map<String, UnpacedCampaign> campaigns) {}

  /**
   * What CXone was told.
   *
   * @param sure whether it has taken it
   */
  private record Told(UnpacedCampaign campaign, boolean sure, long at) {}

  private double lowest() {
    return properties.platform().zeroAccepted() ? 0 : properties.platform().least();
  }

  // While they are paced

  /** What was decided for a pool is on disk. */
  void decided(PoolRun pool) {
    if (properties.platform().byRatio()) {
      return;
    }
    Map<String, UnpacedCampaign> before =
        pools.getOrDefault(pool.id(), new Dialing(0, Map.of())).campaigns();
    Map<String, UnpacedCampaign> dialing = new HashMap<>();
    Stream.concat(pool.beside().stream(), pool.runs().stream())
        .filter(run -> Math.max(run.fastest(), run.planned()) > lowest())
        .forEach(run -> dialing.put(run.campaign().id(), of(run, before)));
    if (dialing.isEmpty()) {
      pools.remove(pool.id());
    } else {
      pools.put(pool.id(), new Dialing(millis.getAsLong(), dialing));
    }
  }

  private UnpacedCampaign of(PacingRun run, Map<String, UnpacedCampaign> before) {
    String id = run.campaign().id();
    UnpacedCampaign known = before.get(id); // what it was created with does not change
    String arguments = known == null ? Json.text(unclaimed(run)) : known.told();
    return new UnpacedCampaign(id, run.seq(), arguments, lowest(), 0);
  }

  /** Whoever has the campaign or its tick now has it no more by the time this is told. */
  private static JsonNode unclaimed(PacingRun run) {
    ObjectNode arguments = run.campaign().arguments();
    arguments.remove("claim");
    return arguments;
  }

  // While they are not

  /**
   * The campaigns that CXone is to be told the lowest rate for now, as many as can be told at the
   * same time; none while they are paced. They are held after a while, where that can be written:
   * then there are none either.
   */
  public List<UnpacedCampaign> slower() {
    if (claimable && store.ailment() == null) {
      since = null;
      cannotHold = false;
      return List.of();
    }
    long now = millis.getAsLong();
    if (since == null) {
      begins(now);
    }
    if (now >= holdAt) {
      holdAt = now + properties.period().toMillis();
      if (holding) {
        cannotHold(); // as while another program keeps the store locked
      } else {
        holding = true;
        holder.execute(this::hold);
      }
    }
    return cannotHold ? slower(now, now - since) : List.of();
  }

  private void begins(long now) {
    since = now;
    holdAt = now + properties.longestTooFast().toMillis();
    cannotHold = false;
    holds = false;
    taken.clear();
    againAt.clear();
  }

  /** Whether ticks could be claimed at the last try. */
  void claimable(boolean can) {
    claimable = can;
  }

  private void hold() {
    try {
      int held = claims.holdUnpaced();
      if (held > 0) {
        holds = true;
        cannotHold = false;
        LOG.warn(
            "{} running campaigns are held: nothing has been written to the store for {} s, so"
                + " nobody paces them. They dial again by themselves once it can be written.",
            held,
            properties.longestTooFast().toSeconds());
      } else if (!holds) {
        cannotHold(); // those that dial have a command already, which nobody can carry out
      }
    } catch (StoreUnavailableException e) {
      cannotHold();
    } catch (RuntimeException e) {
      LOG.error("Campaigns that nobody paces cannot be held.", e);
      cannotHold();
    } finally {
      holding = false;
    }
  }

  private void cannotHold() {
    Long began = since;
    if (cannotHold || began == null) {
      return;
    }
    cannotHold = true;
    long lately = began - properties.lease().toMillis();
    pools.values().removeIf(pool -> pool.at() < lately); // others have paced these since
    if (!pools.isEmpty()) {
      LOG.warn(
          "Nothing has been written to the store for {} s, not even that campaigns are held, so"
              + " nobody paces them: CXone is told {} calls/s for each that was paced here, until"
              + " it can be written.",
          properties.longestTooFast().toSeconds(),
          Words.rate(lowest()));
    }
  }

  private List<UnpacedCampaign> slower(long now, long lasted) {
    List<UnpacedCampaign> slower =
        pools.values().stream()
            .flatMap(pool -> pool.campaigns().values().stream())
            .filter(campaign -> !taken.contains(campaign.id()))
            .filter(campaign -> againAt.getOrDefault(campaign.id(), Long.MIN_VALUE) <= now)
            .filter(campaign -> !underWay.contains(campaign.id()))
            .limit(Math.max(0, properties.workers() - underWay.size()))
            .map(campaign -> campaign.unpacedSince(System.currentTimeMillis() - lasted))
            .toList();
    slower.forEach(campaign -> underWay.add(campaign.id()));
    return slower;
  }

  /** CXone has answered. */
  public void told(UnpacedCampaign campaign, RateWrites.Outcome outcome) {
    told.put(campaign.id(), new Told(campaign, outcome.confirmed(), millis.getAsLong()));
    if (!outcome.confirmed()) {
      again(campaign, outcome.why(), properties.period());
      return;
    }
    LOG.info(
        "Campaign {}: brought down to {} calls/s, since nobody can pace it.",
        campaign.id(),
        Words.rate(campaign.rate()));
    taken.add(campaign.id());
    underWay.remove(campaign.id());
  }

  /** CXone did not take it, or its answer was lost: it is told again. */
  public void notTold(UnpacedCampaign campaign, Exception failure) {
    if (failure instanceof CxoneException answer && answer.stopOfService()) {
      return;
    }
    if (failure instanceof CxoneUnavailableException lost && lost.maybeDone()) {
      told.put(campaign.id(), new Told(campaign, false, millis.getAsLong()));
    }
    if (!(failure instanceof CxoneException)) {
      LOG.error("Campaign {}: bringing it down broke.", campaign.id(), failure);
    }
    boolean refused = failure instanceof CxoneRefusedException;
    again(
        campaign,
        failure.getMessage(),
        refused ? properties.retryAfterRefusal() : properties.period());
  }

  private void again(UnpacedCampaign campaign, String why, Duration wait) {
    LOG.warn(
        "Campaign {} dials on, though nobody can pace it. CXone is told {} calls/s again in {} s: {}",
        campaign.id(),
        Words.rate(campaign.rate()),
        wait.toSeconds(),
        why);
    againAt.put(campaign.id(), millis.getAsLong() + wait.toMillis());
    underWay.remove(campaign.id());
  }

  // Afterwards

  /**
   * Writes down what CXone was told meanwhile, before the next claim. A campaign that a tick has
   * waits for the end of that; what another process has decided since is sent once more.
   */
  void writeDown() {
    long now = millis.getAsLong();
    if (told.isEmpty() || now < writeAt) {
      return;
    }
    for (Told one : List.copyOf(told.values())) {
      if (isWrittenDown(one)) {
        told.remove(one.campaign().id(), one);
      }
    }
    writeAt = now + BETWEEN_WRITES.toMillis();
  }

  private boolean isWrittenDown(Told one) {
    String id = one.campaign().id();
    try {
      Campaign campaign = campaigns.byIds(List.of(id)).get(id);
      return campaign == null
          || campaign.stage().ended()
          || store.write(tx -> writtenDown(tx, one, campaign));
    } catch (PacingClaimLostException e) {
      return false;
    } catch (StoreUnavailableException e) {
      throw e;
    } catch (RuntimeException e) { // the others' ticks go on
      LOG.error("Campaign {}: what CXone was told cannot be written down.", id, e);
      return true;
    }
  }

  /** In the order in which all lock: the campaign, its trail, its pacing. */
  private boolean writtenDown(Tx tx, Told one, Campaign campaign) {
    long at = tx.now() - (millis.getAsLong() - one.at());
    double rate = one.campaign().rate();
    boolean dials = campaign.stage() == Stage.ACTIVE && !campaign.held();
    PacingRow before = free(tx, campaign.id(), "");
    if (one.sure() && dials && before.seq() == one.campaign().seq()) {
      writes.tellChange(tx, campaign, rate, reason(one.campaign(), at));
    }
    PacingRow row = free(tx, campaign.id(), store.rowLock());
    boolean same = row.seq() == one.campaign().seq();
    if (same != (before.seq() == one.campaign().seq())) {
      throw new PacingClaimLostException(campaign.id());
    }
    if (one.sure() && dials && same) {
      tx.sql()
          .sql(
              "update pacing set state = ?, rate = ?, writing = null, writing_reason = null"
                  + " where campaign_id = ?")
          .params(
              memory.noted(campaign, row, state -> state.confirmed(rate, at)), rate, campaign.id())
          .update();
    } else { // CXone has one or the other: what is decided next is sent in any case
      tx.sql()
          .sql("update pacing set writing = coalesce(writing, rate) where campaign_id = ?")
          .param(campaign.id())
          .update();
    }
    return true;
  }

  /**
   * The row of a campaign that no tick has now.
   *
   * @param lock what the query ends with
   * @throws PacingClaimLostException when one has it
   */
  private static PacingRow free(Tx tx, String id, String lock) {
    return tx.sql()
        .sql(
            "select * from pacing where campaign_id = ?"
                + " and (claim_token is null or due_at is null or due_at <= ?)"
                + lock)
        .params(id, tx.now())
        .query(PacingRow::of)
        .optional()
        .orElseThrow(() -> new PacingClaimLostException(id));
  }

  private static String reason(UnpacedCampaign campaign, long at) {
    return "%s calls/s, told at %s: nothing could be written to the store since %s, so nobody paced it"
        .formatted(Words.rate(campaign.rate()), Times.iso(at), Times.iso(campaign.since()));
  }
}
