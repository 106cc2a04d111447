package io.campaignroutes.campaign;

import io.campaignroutes.access.By;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/**
 * Operators' commands. A command is written down first and carried out by the campaign's own steps,
 * so that a crash, or a CXone that does not answer, loses none.
 */
@Component
public class Commands {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

  private final Store store;
  private final CampaignStore campaigns;
  private final CampaignWrites writes;
  private final CampaignListeners listeners;
  private final LaunchWaiters waiters;
  private final Transitions transitions;
  private final StatusResults statuses;

  Commands(
      Store store,
      CampaignStore campaigns,
      CampaignWrites writes,
      CampaignListeners listeners,
      LaunchWaiters waiters,
      Transitions transitions,
      StatusResults statuses) {
    this.store = store;
    this.campaigns = campaigns;
    this.writes = writes;
    this.listeners = listeners;
    this.waiters = waiters;
    this.transitions = transitions;
    this.statuses = statuses;
  }

  /**
   * Writes a command down, or does it at once where CXone is not concerned.
   *
   * @param id our id or CXone's
   * @param by who gives it; a command that is pending already stays that of whoever gave it first
   * @return the campaign with the command pending or done
   * @throws UnknownCampaignException when there is no such campaign
   * @throws ConflictException when its stage, or a command still pending, forbids the command, or
   *     another campaign carries the name of one that is to be retried
   */
  public Campaign give(String id, Command command, By by) {
    return give(id, command, false, by);
  }

  /**
   * Has a campaign stopped together with the calls that are under way. One that is being stopped
   * softly is stopped so from now on.
   *
   * @param id our id or CXone's
   * @return the campaign with the command pending or done
   * @throws InvalidRequestException when the platform knows soft stops only
   * @throws UnknownCampaignException when there is no such campaign
   * @throws ConflictException when its stage forbids a stop
   */
  public Campaign forceStop(String id, By by) {
    if (!statuses.forcesStops()) {
      throw new InvalidRequestException(
          List.of(
              new Finding(
                  "force",
                  "force.platform",
                  "CXone cannot be told here to end calls that are under way. Leave force out: no"
                      + " more calls are placed then, and those under way end as they do.")));
    }
    return give(id, Command.STOP, true, by);
  }

  private Campaign give(String id, Command command, boolean forced, By by) {
    boolean halts = command == Command.PAUSE || command == Command.STOP;
    Campaign after;
    try {
      after = store.write(tx -> give(tx, id, command, forced, by), halts);
    } catch (DuplicateKeyException e) { // another of its name was launched or retried just now
      Campaign mine = campaigns.get(id);
      throw sameName(campaigns.holder(mine).orElseThrow(() -> e));
    }
    LOG.info(
        "Campaign {} ({}): {} by command of {}{}.",
        after.id(),
        after.name(),
        command,
        by,
        forced ? ", with the calls that are under way" : "");
    waiters.changed(after);
    return after;
  }

  private Campaign give(Tx tx, String id, Command command, boolean forced, By by) {
    Campaign c =
        CampaignStore.lock(tx, id, store.rowLock())
            .orElseThrow(() -> Archived.unknown(tx.sql(), id));
    if (c.command() == command) {
      return forced && !c.forced() ? pend(tx, c, command, true, by) : c;
    }
    boolean newer = c.stage() == Stage.UNKNOWN || c.command() == Command.UNKNOWN;
    if (newer && c.remoteId() != null && (command == Command.PAUSE || command == Command.STOP)) {
      return pend(
          tx, c, command, forced,
          by); // it may dial, whatever the newer version has in mind with it
    }
    if (c.pending() != null && c.pending() != Command.HALT && command != Command.STOP) {
      throw conflict(c, command, "while a " + c.command() + " is still in progress");
    }
    if (command == Command.RETRY && c.command() == Command.HALT && c.claim() != null) {
      throw conflict(
          c, command, "while it is being paused after its time-out; try again in a moment");
    }
    if (command.byPacing() || !transitions.table().allows(command, c.stage())) {
      throw conflict(c, command, "in stage " + c.stage());
    }
    return command == Command.RETRY ? retry(tx, c, by) : pend(tx, c, command, forced, by);
  }

  private static ConflictException conflict(Campaign c, Command command, String why) {
    return new ConflictException(
        null,
        "state",
        c.id(),
        "Campaign %s cannot take the command %s %s.".formatted(c.id(), command, why));
  }

  private Campaign pend(Tx tx, Campaign c, Command command, boolean forced, By by) {
    Map<String, Object> given = new LinkedHashMap<>();
    given.put("command", command.name());
    given.put("forced", forced ? true : null);
    campaigns.audit(tx, c, "COMMAND_GIVEN", CampaignHistory.told(given, by));
    if (command.quiets() && c.command() != null && c.command().quiets()) {
      listeners.tell(one -> one.quietedAgain(tx, c));
    }
    tx.sql()
        .sql(
            """
            update campaign set command = :command, command_at = :now, asked_at = null, asks = 0,
              polls = 0, lane = :lane, changed_at = :now, forced = :forced,
              command_by = :by, command_by_at = :now,
              due_at = case when claim_token is null then :now else due_at end
            where id = :id\
            """)
        .param("command", command.name())
        .param("lane", command.lane().code())
        .param("forced", forced ? 1 : 0)
        .param("by", by.stored())
        .param("now", tx.now())
        .param("id", c.id())
        .update();
    tx.due(command.lane().timer(), tx.now());
    return CampaignStore.find(tx.sql(), c.id()).orElseThrow();
  }

  private Campaign retry(Tx tx, Campaign c, By by) {
    Optional<Campaign> holder = CampaignStore.holder(tx.sql(), c);
    if (holder.isPresent()) {
      throw sameName(holder.get());
    }
    // a row that has ended has no claim of its own: it gets one for this transaction
    String claim = "retry";
    tx.sql()
        .sql(
            "update campaign set claim_token = ?,"
                + " first_rate = case when first_rate = 0 then 0 else ? end where id = ?")
        .params(claim, writes.firstRate(c), c.id())
        .update();
    StepResult again =
        StepResult.of(goesOn(c), "Retried by command.")
            .by(by)
            .with(
                d -> {
                  d.lookUps = 0;
                  d.creates = 0;
                });
    return writes.apply(
        tx, c.with(d -> d.claim = claim), transitions.next(c, Step.RETRY, again, tx.now()));
  }

  private static ConflictException sameName(Campaign holder) {
    return new ConflictException(
        "name",
        "duplicate",
        holder.id(),
        "Campaign %s carries the same name and is %s; this one can be retried after its end."
            .formatted(holder.id(), holder.stage()));
  }

  private static Outcome goesOn(Campaign c) {
    if (c.remoteId() == null) {
      // an open intent is settled by a look-up before anything is created again
      return c.intentAt() == null ? Outcome.FROM_CHECK : Outcome.FROM_CREATE;
    }
    return c.webhookId() == null ? Outcome.FROM_REGISTER : Outcome.FROM_ACTIVATE;
  }
}
