package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.cxone.RemoteStatus;
import io.campaignroutes.store.Store;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What came of a look at a campaign that runs at CXone. Like {@link LaunchSteps}: one transaction,
 * and {@link LeaseLostException} when the run's lease has ended.
 */
@Component
public class StatusSteps {
  private static final Logger LOG = LoggerFactory.getLogger(StatusSteps.class);

  /** Campaigns with figures that cannot be true and that the log has told of. */
  private static final Set<String> TOLD_FIGURES = ConcurrentHashMap.newKeySet();

  /** No number of calls above this is believed. */
  private static final double MAX_CALLS = 1e12;

  private final Store store;
  private final TransitionWriter writer;
  private final StatusResults statuses;
  private final LaunchProperties properties;

  StatusSteps(
      Store store, TransitionWriter writer, StatusResults statuses, LaunchProperties properties) {
    this.store = store;
    this.writer = writer;
    this.statuses = statuses;
    this.properties = properties;
  }

  /** CXone says what it does with a campaign that is ACTIVE or PAUSED. */
  public Campaign checkStatus(Campaign campaign, JsonNode answer) {
    String word = RemoteAnswer.statusOf(campaign, answer);
    RemoteStatus status = statuses.status(word);
    boolean dials = campaign.stage() == Stage.ACTIVE;
    boolean resuming =
        dials && campaign.activatingAt() != null && !properties.timedOut(campaign, store.now());
    if (isNews(campaign, status, resuming)) {
      return writer.write(
          campaign,
          Step.CHECK_STATUS,
          (c, now) ->
              statuses
                  .seen(c, status, RemoteAnswer.failureCode(answer), now)
                  .with(d -> d.remoteStatus = word));
    }
    boolean dialsThoughHeld = campaign.held() && status == RemoteStatus.DIALING;
    if (dialsThoughHeld) {
      LOG.warn("Campaign {} dials at CXone although its pacing holds it.", campaign.id());
    }
    boolean onItsWay = status == RemoteStatus.STARTING || status == RemoteStatus.PAUSED && resuming;
    Outcome outcome =
        dialsThoughHeld
            ? Outcome.DIALS_THOUGH_HELD
            : onItsWay ? Outcome.ON_ITS_WAY : Outcome.UNCHANGED;
    return writer.write(
        campaign,
        Step.CHECK_STATUS,
        (c, now) ->
            StepResult.of(outcome)
                .with(
                    d -> {
                      d.remoteStatus = word;
                      d.activatingAt = status == RemoteStatus.DIALING ? null : c.activatingAt();
                      d.attempt = 0;
                      d.failure = null;
                      d.held = c.held() && !dialsThoughHeld;
                    }));
  }

  private static boolean isNews(Campaign campaign, RemoteStatus status, boolean resuming) {
    return switch (status) {
      case DIALING -> campaign.stage() != Stage.ACTIVE;
      case PAUSED -> campaign.stage() != Stage.PAUSED && !campaign.held() && !resuming;
      case STOPPED, COMPLETED, ERROR -> true;
      case CREATED, STARTING, UNKNOWN -> false;
    };
  }

  /**
   * Keeps the latest figures of a campaign's calls, which its later audit lines carry.
   *
   * @param figures {@code {attemptedCalls, connectedCalls}} since it first was ACTIVE
   * @return the campaign with them
   * @throws CxoneUnavailableException when they cannot be true, which is no answer
   * @throws LeaseLostException when the run's lease had ended; nothing is written then
   */
  public Campaign figures(Campaign campaign, JsonNode figures) {
    long attempted = calls(campaign, figures, "attemptedCalls", campaign.attemptedCalls());
    long connected = calls(campaign, figures, "connectedCalls", campaign.connectedCalls());
    int written =
        store.write(
            tx ->
                tx.sql()
                    .sql(
                        "update campaign set attempted_calls = :attempted, connected_calls = :connected"
                            + CampaignClaims.FENCE)
                    .param("attempted", attempted)
                    .param("connected", connected)
                    .param("id", campaign.id())
                    .param("claim", campaign.claim())
                    .update());
    if (written == 0) {
      throw new LeaseLostException(campaign);
    }
    return campaign.with(
        d -> {
          d.attemptedCalls = attempted;
          d.connectedCalls = connected;
        });
  }

  private static long calls(Campaign campaign, JsonNode figures, String name, long known) {
    JsonNode told = figures.path(name);
    if (!told.isNumber()) {
      return known;
    }
    double calls = told.doubleValue();
    if (!(calls >= 0 && calls <= MAX_CALLS)) {
      String why = "%s of %s from CXone cannot be true, so it is none.".formatted(name, told);
      if (TOLD_FIGURES.add(campaign.id())) {
        LOG.warn("Campaign {}: {}", campaign.id(), why);
      }
      throw new CxoneUnavailableException(Kind.UNREACHABLE, why, null, null);
    }
    return (long) calls;
  }
}
