package io.campaignroutes.pacing;

import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What {@link PacingSteps} makes of a tick that failed, where that can fail too: the campaign may
 * be somebody else's by then, and the store away. Nothing is above an error handler that could take
 * it up.
 */
@Component
public class TickErrors {
  private static final Logger LOG = LoggerFactory.getLogger(TickErrors.class);

  private final PacingSteps pacing;

  TickErrors(PacingSteps pacing) {
    this.pacing = pacing;
  }

  public void notWritten(PacingRun run, CxoneUnavailableException failure) {
    settle(run, () -> pacing.notWritten(run, failure));
  }

  public void refused(PacingRun run, CxoneRefusedException refusal) {
    settle(run, () -> pacing.refused(run, refusal));
  }

  public void broken(PacingRun run, Exception failure) {
    settle(run, () -> pacing.broken(run, failure));
  }

  private void settle(PacingRun run, Runnable work) {
    try {
      work.run();
    } catch (PacingClaimLostException e) {
      LOG.info("{} The result of this run is dropped.", e.getMessage());
    } catch (StoreUnavailableException e) {
      pacing.giveBack(run);
    }
  }
}
