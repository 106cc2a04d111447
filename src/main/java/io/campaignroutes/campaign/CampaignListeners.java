package io.campaignroutes.campaign;

import io.campaignroutes.store.Tx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

/**
 * All {@link CampaignListener}s. They add themselves when they are made, since most of them need
 * the campaigns that tell them.
 */
@Component
public class CampaignListeners implements CampaignListener {
  private final List<CampaignListener> all = new CopyOnWriteArrayList<>();

  /** From now on this one is told too. */
  public void add(CampaignListener listener) {
    all.add(listener);
  }

  @Override
  public void entered(Tx tx, Campaign was, Campaign now) {
    all.forEach(listener -> listener.entered(tx, was, now));
  }

  @Override
  public void pacingBegins(Tx tx, Campaign campaign) {
    all.forEach(listener -> listener.pacingBegins(tx, campaign));
  }

  @Override
  public void pacingEnds(Tx tx, Campaign campaign) {
    all.forEach(listener -> listener.pacingEnds(tx, campaign));
  }

  @Override
  public void held(Tx tx, Campaign campaign) {
    all.forEach(listener -> listener.held(tx, campaign));
  }

  @Override
  public void seen(Tx tx, Campaign campaign) {
    all.forEach(listener -> listener.seen(tx, campaign));
  }

  @Override
  public void released(Tx tx, Campaign campaign, boolean asked) {
    all.forEach(listener -> listener.released(tx, campaign, asked));
  }

  @Override
  public void quietedAgain(Tx tx, Campaign was) {
    all.forEach(listener -> listener.quietedAgain(tx, was));
  }

  @Override
  public void quieting(Tx tx, Campaign was, Campaign now) {
    all.forEach(listener -> listener.quieting(tx, was, now));
  }

  @Override
  public void holdRefused(Tx tx, Campaign campaign, String why) {
    all.forEach(listener -> listener.holdRefused(tx, campaign, why));
  }
}
