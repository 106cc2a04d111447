package io.campaignroutes.campaign;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/**
 * Callers who wait for something to become true of a campaign. A waiting caller costs an entry here
 * and no thread. The entries are only a shortcut to the store: whoever waits past the deadline gets
 * the campaign as it is then.
 */
@Component
public class LaunchWaiters {
  private record Waiter(
      Predicate<Campaign> until, long deadline, CompletableFuture<Campaign> answer) {}

  private final Map<String, List<Waiter>> waiting = new ConcurrentHashMap<>();
  private final CampaignStore campaigns;

  public LaunchWaiters(CampaignStore campaigns) {
    this.campaigns = campaigns;
  }

  /**
   * Completes with the campaign once {@code until} holds, or as it is after {@code millis}.
   *
   * @throws UnknownCampaignException when there is no such campaign
   */
  public CompletableFuture<Campaign> await(String id, Predicate<Campaign> until, long millis) {
    var waiter = new Waiter(until, System.currentTimeMillis() + millis, new CompletableFuture<>());
    waiting.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>()).add(waiter);
    waiter.answer.whenComplete((campaign, e) -> remove(id, waiter));
    // looked at after the entry is there, so that a change in between is seen by one or the other
    Campaign now = campaigns.get(id);
    if (until.test(now) || millis <= 0) {
      waiter.answer.complete(now);
    }
    return waiter.answer;
  }

  /** Tells of a change that is on disk. */
  void changed(Campaign campaign) {
    List<Waiter> waiters = waiting.get(campaign.id());
    if (waiters != null) {
      waiters.stream()
          .filter(w -> w.until.test(campaign))
          .forEach(w -> w.answer.complete(campaign));
    }
  }

  /**
   * Answers those whose deadline has passed and, since another replica may do the work, those for
   * whom the store knows more than was told here. Called by a route, several times a second.
   */
  public void sweep() {
    long now = System.currentTimeMillis();
    waiting.forEach(
        (id, waiters) -> {
          Campaign campaign = campaigns.find(id).orElse(null);
          for (Waiter waiter : waiters) {
            if (campaign == null) {
              waiter.answer.completeExceptionally(new UnknownCampaignException(id));
            } else if (now >= waiter.deadline || waiter.until.test(campaign)) {
              waiter.answer.complete(campaign);
            }
          }
        });
  }

  private void remove(String id, Waiter waiter) {
    waiting.computeIfPresent(
        id,
        (key, waiters) -> {
          waiters.remove(waiter);
          return waiters.isEmpty() ? null : waiters;
        });
  }
}
