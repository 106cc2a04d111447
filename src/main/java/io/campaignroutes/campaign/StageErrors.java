package io.campaignroutes.campaign;

import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.store.StoreUnavailableException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What becomes of a campaign whose step failed, where writing that down can fail too: the lease may
 * be lost by then, and the store away. Nothing is above an error handler that could take it up.
 */
@Component
public class StageErrors {
  private static final Logger LOG = LoggerFactory.getLogger(StageErrors.class);

  private final StepFailures failures;
  private final StepRefusals refusals;

  StageErrors(StepFailures failures, StepRefusals refusals) {
    this.failures = failures;
    this.refusals = refusals;
  }

  public void retryLater(Campaign campaign, CxoneUnavailableException failure) {
    write(campaign, () -> failures.retryLater(campaign, failure));
  }

  public void refused(Campaign campaign, CxoneRefusedException refusal) {
    write(campaign, () -> refusals.refused(campaign, refusal));
  }

  public void broken(Campaign campaign, Exception failure) {
    write(campaign, () -> failures.broken(campaign, failure));
  }

  private void write(Campaign campaign, Supplier<Campaign> work) {
    try {
      work.get();
    } catch (LeaseLostException e) {
      LOG.info("{} The result of this run is dropped.", e.getMessage());
    } catch (StoreUnavailableException e) {
      failures.giveBack(campaign);
    }
  }
}
