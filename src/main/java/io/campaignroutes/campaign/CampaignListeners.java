package io.campaignroutes.campaign;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * All {@link CampaignListener}s. They add themselves when they are made, since most of them need
 * the campaigns that tell them.
 */
@Component
public class CampaignListeners {
  private final List<CampaignListener> all = new CopyOnWriteArrayList<>();

  /** From now on this one is told too. */
  public void add(CampaignListener listener) {
    all.add(listener);
  }

  /** Tells each of them, in the order in which they came. */
  void tell(Consumer<CampaignListener> news) {
    all.forEach(news);
  }
}
