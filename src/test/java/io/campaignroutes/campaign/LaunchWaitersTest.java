package io.campaignroutes.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class LaunchWaitersTest {
  private static final int ROUNDS = 20_000;

  private final Campaign campaign = mock(withSettings().stubOnly());
  private final CampaignStore store = mock(withSettings().stubOnly());
  private final LaunchWaiters waiters = new LaunchWaiters(store);

  @Test
  void aWaiterIsFoundThoughTheOneBeforeLeavesAtTheSameMoment() throws Exception {
    when(campaign.id()).thenReturn("cmp_1");
    when(store.get(any())).thenReturn(campaign);
    when(store.find(any())).thenReturn(Optional.of(campaign));
    CyclicBarrier together = new CyclicBarrier(2);
    CompletableFuture<Void> others =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                meet(together);
                waiters.await("cmp_1", c -> true, 60_000);
                meet(together);
              }
            });
    for (int i = 0; i < ROUNDS; i++) {
      boolean[] active = new boolean[1];
      meet(together);
      CompletableFuture<Campaign> waiting = waiters.await("cmp_1", c -> active[0], 60_000);
      meet(together);
      active[0] = true;
      waiters.changed(campaign);
      assertThat(waiting).as("round %d", i).isDone();
    }
    others.get(60, TimeUnit.SECONDS);
  }

  private static void meet(CyclicBarrier together) {
    try {
      together.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoTellsOfAChangeIsNotHeldUpByAStoreThatIsGone() {
    when(campaign.id()).thenReturn("cmp_1");
    when(store.get(any())).thenReturn(campaign);
    when(store.find(any())).thenThrow(new DataAccessResourceFailureException("gone"));
    boolean[] active = new boolean[1];
    CompletableFuture<Campaign> waiting = waiters.await("cmp_1", c -> active[0], 60_000);
    active[0] = true;
    waiters.changed(campaign);
    assertThat(waiting).isNotDone();
    assertThat(waiters.due()).isEmpty(); // its turn is a few seconds later
  }
}
