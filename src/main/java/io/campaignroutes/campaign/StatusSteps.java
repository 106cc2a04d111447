package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.RemoteStatus;
import io.campaignroutes.store.Store;
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
                  .seen(c, status, RemoteAnswer.errorCode(answer), now)
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
}
