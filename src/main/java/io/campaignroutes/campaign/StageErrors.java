package io.campaignroutes.campaign;

import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.store.StoreUnavailableException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What {@link Launch} makes of a step that failed, where that can fail too: the lease may be lost
 * by then, and the store away. Nothing is above an error handler that could take it up.
 */
@Component
public class StageErrors {
  private static final Logger LOG = LoggerFactory.getLogger(StageErrors.class);

  private final Launch launch;

  StageErrors(Launch launch) {
    this.launch = launch;
  }

  public void again(Campaign campaign, CxoneUnavailableException failure) {
    settle(campaign, () -> launch.again(campaign, failure));
  }

  public void refused(Campaign campaign, CxoneRefusedException refusal) {
    settle(campaign, () -> launch.refused(campaign, refusal));
  }

  public void broken(Campaign campaign, Exception failure) {
    settle(campaign, () -> launch.broken(campaign, failure));
  }

  private void settle(Campaign campaign, Supplier<Campaign> work) {
    try {
      work.get();
    } catch (LeaseLostException e) {
      LOG.info("{} The result of this run is dropped.", e.getMessage());
    } catch (StoreUnavailableException e) {
      launch.giveBack(campaign);
    }
  }
}
