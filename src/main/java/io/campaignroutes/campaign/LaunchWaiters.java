package io.campaignroutes.campaign;

import io.campaignroutes.store.DueTime;
import io.campaignroutes.store.Store;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Callers who wait for something to become true of a campaign. A waiting caller costs an entry here
 * and no thread. The entries are only a shortcut to the store: whoever waits past the deadline gets
 * the campaign as it is then.
 */
@Component
public class LaunchWaiters {
  private record Waiter(
      Predicate<Campaign> until, long deadline, CompletableFuture<Campaign> answer) {

    /** By the process's own clock, which nobody sets. */
    boolean late() {
      return System.nanoTime() - deadline >= 0;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(LaunchWaiters.class);

  /** How often the store is asked about everything that is waited for. */
  private static final long LOOK_AT_ALL_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Map<String, List<Waiter>> waiting = new ConcurrentHashMap<>();
  private volatile long lookedAtAll = System.nanoTime();
  private final CampaignStore campaigns;
  private volatile DueTime due = new DueTime();

  public LaunchWaiters(CampaignStore campaigns) {
    this.campaigns = campaigns;
  }

  /** Whose timer looks after those who wait; nobody does when there is none. */
  @Autowired
  void lookedAfterBy(Store store) {
    due = store.due("campaign-api-sweep");
  }

  /**
   * Completes with the campaign once {@code until} holds, or as it is after {@code millis}. It
   * completes with the exception when the store cannot be asked, or with {@link
   * UnknownCampaignException} when there is no such campaign.
   */
  public CompletableFuture<Campaign> await(String id, Predicate<Campaign> until, long millis) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    var waiter = new Waiter(until, deadline, new CompletableFuture<>());
    // in one step with the removal of a list that has become empty
    waiting.compute(
        id,
        (key, waiters) -> {
          List<Waiter> all = waiters == null ? new CopyOnWriteArrayList<>() : waiters;
          all.add(waiter);
          return all;
        });
    waiter.answer.whenComplete((campaign, e) -> remove(id, waiter));
    due.announce(millis);
    try {
      // looked at after the entry is there, so that a change in between is seen by one or the other
      Campaign now = campaigns.get(id);
      if (until.test(now) || millis <= 0) {
        waiter.answer.complete(now);
      }
    } catch (RuntimeException e) {
      waiter.answer.completeExceptionally(e);
    }
    return waiter.answer;
  }

  /**
   * Tells of a change that is on disk. It never throws: what has been done is done, and who waits
   * is looked after again by {@link #due}.
   */
  void changed(Campaign campaign) {
    List<Waiter> waiters = waiting.get(campaign.id());
    if (waiters != null && waiters.stream().anyMatch(w -> w.until.test(campaign))) {
      // read again: what is told may have been overtaken by what the waiter itself has written
      try {
        look(campaign.id());
      } catch (RuntimeException e) {
        LOG.debug("Callers who wait for {} are answered later: {}", campaign.id(), e.toString());
      }
    }
  }

  /**
   * Campaigns whose waiters are to be looked after: a deadline has passed, or it is time to see
   * whether another replica has done the work.
   */
  public List<String> due() {
    long now = System.nanoTime();
    boolean lookAtAll = now - lookedAtAll >= LOOK_AT_ALL_NANOS;
    if (lookAtAll) {
      lookedAtAll = now;
    }
    if (waiting.isEmpty()) {
      due.quiet();
    }
    return waiting.entrySet().stream()
        .filter(e -> lookAtAll || e.getValue().stream().anyMatch(Waiter::late))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Answers those who wait for a campaign and have waited long enough, by what the store says. */
  public void look(String id) {
    List<Waiter> waiters = List.copyOf(waiting.getOrDefault(id, List.of()));
    Campaign campaign = campaigns.find(id).orElse(null);
    for (Waiter waiter : waiters) {
      if (campaign == null) {
        waiter.answer.completeExceptionally(new UnknownCampaignException(id));
      } else if (waiter.late() || waiter.until.test(campaign)) {
        waiter.answer.complete(campaign);
      }
    }
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
