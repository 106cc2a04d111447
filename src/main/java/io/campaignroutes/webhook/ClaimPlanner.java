package io.campaignroutes.webhook;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Shares the workers out among the destinations: each gets no more than it has room for, those that
 * wait for longest first, and those that fail or are slow no more than half of all.
 */
final class ClaimPlanner {
  /** Lines that one claim takes at the most. */
  private static final int MAX_LINES = 256;

  /** Deliveries that one batch has at least where the destination is fast. */
  private static final int WORTH_A_BATCH = 4;

  /** Bytes of bodies that one batch has at the most, unless its only one is longer. */
  private static final long MAX_BATCH_BYTES =
      (long) DestinationChannel.MAX_DEPTH * DeliveryClaims.SHORT_BODY;

  private final int workers;
  private final ClaimTimer timer;
  private final Supplier<String> tokens;
  private long turns; // used by the thread that claims only

  /**
   * @param tokens makes one for each claim
   */
  ClaimPlanner(int workers, ClaimTimer timer, Supplier<String> tokens) {
    this.workers = workers;
    this.timer = timer;
    this.tokens = tokens;
  }

  /** What is to be claimed now. */
  List<ClaimRequest> requests(Collection<DestinationChannel> channels) {
    long now = System.nanoTime();
    int busy = 0;
    int hindering = 0;
    for (DestinationChannel channel : channels) {
      busy += channel.running();
      hindering += channel.hinders() ? channel.running() : 0;
    }
    int free = workers - busy;
    // those that fail or are slow hold a worker for long: half of them stay for the others
    int freeForHindering = Math.min(free, workers / 2 - hindering);
    List<ClaimRequest> requests = new ArrayList<>();
    List<DestinationChannel> inTurn = new ArrayList<>(channels);
    inTurn.sort(Comparator.comparingLong(channel -> channel.turn));
    for (DestinationChannel channel : inTurn) {
      int room = channel.room(now);
      if (room == 0) {
        timer.claimBy(channel.freeAt(now), now);
        continue;
      }
      boolean hinders = channel.hinders();
      int batches = Math.min(room, hinders ? freeForHindering : free);
      if (batches <= 0) {
        continue;
      }
      free -= batches;
      freeForHindering = Math.min(free, hinders ? freeForHindering - batches : freeForHindering);
      requests.add(request(channel, batches, now));
    }
    return requests;
  }

  private ClaimRequest request(DestinationChannel channel, int batches, long now) {
    channel.turn = ++turns;
    channel.due(false); // what is announced from here on is for the next claim
    int depth = channel.depth();
    int deliveries = Math.min(batches * depth, channel.allowance(now));
    int lines = Math.min(MAX_LINES, deliveries);
    return new ClaimRequest(
        channel,
        batches,
        new ClaimLimits(lines, depth, deliveries, batches * MAX_BATCH_BYTES),
        tokens.get());
  }

  /** Shares claimed lines out among as many batches as there is room for. */
  static List<List<ClaimedLine>> shares(ClaimRequest request, List<ClaimedLine> claimed) {
    int all = claimed.stream().mapToInt(line -> line.next.size()).sum();
    int worth = request.channel().fast() ? WORTH_A_BATCH : 1;
    int count = Math.max(1, Math.min(Math.min(request.batches(), claimed.size()), all / worth));
    List<List<ClaimedLine>> shares = new ArrayList<>();
    int[] sizes = new int[count];
    for (int i = 0; i < count; i++) {
      shares.add(new ArrayList<>());
    }
    for (ClaimedLine line : claimed) {
      int least = 0;
      for (int i = 1; i < count; i++) {
        least = sizes[i] < sizes[least] ? i : least;
      }
      shares.get(least).add(line);
      sizes[least] += line.next.size();
    }
    return shares;
  }
}
