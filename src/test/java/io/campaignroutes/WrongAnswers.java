package io.campaignroutes;

import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone.Call;
import io.campaignroutes.sandbox.StubFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What CXone may answer to the calls about a campaign that is there, drawn at random: the n-th
 * answer to one call about one campaign is the same whenever the seed is. It never claims a status
 * that was asked for and that the campaign does not have; nobody could see through that.
 */
final class WrongAnswers {
  private static final String JSON = "application/json";

  /** Neither a status of CXone's nor an object that has one. */
  private static final List<String> UNREADABLE =
      List.of(
          "{\"status\": 5}",
          "{\"status\": [\"PAUSED\"]}",
          "{\"status\": {\"name\": \"STOPPED\"}}",
          "{\"status\": null}",
          "{\"status\": \"\"}",
          "{\"status\": true}",
          "{}",
          "[]",
          "[{\"status\": \"PAUSED\"}]",
          "null",
          "\"STOPPED\"",
          "{\"status\": \"PAU");

  /** What a platform that takes its time may say. */
  private static final List<String> WORDS =
      List.of("STOPPING", "PAUSING", "ACTIVATING", "paused", "Queued", "UNKNOWN");

  private final long seed;
  private final double share;
  private final Duration deadline;
  private final int longRetryAfter;
  private final Map<String, AtomicInteger> numbers = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final Queue<long[]> throttled = new ConcurrentLinkedQueue<>();
  private final Set<String> gone = ConcurrentHashMap.newKeySet();
  private volatile boolean off;

  /**
   * @param share of the calls, from 0 to 1, that are answered wrong
   * @param deadline after which the service gives an answer up
   * @param longRetryAfter what some 429 ask for, in seconds
   */
  WrongAnswers(long seed, double share, Duration deadline, int longRetryAfter) {
    this.seed = seed;
    this.share = share;
    this.deadline = deadline;
    this.longRetryAfter = longRetryAfter;
  }

  /** Everything is answered right from now on. */
  void end() {
    off = true;
  }

  /** What goes wrong with a call; null for nothing. */
  StubFault draw(Call call, StubCampaign campaign) {
    if (off || campaign == null) {
      return null;
    }
    int number =
        numbers
            .computeIfAbsent(call + " " + campaign.name(), any -> new AtomicInteger())
            .incrementAndGet();
    var dice =
        new Random(
            seed * 31
                + campaign.name().hashCode() * 1_000_003L
                + call.name().hashCode()
                + number * 7_919L);
    dice.nextInt(); // the first draws of neighbouring seeds resemble each other
    if (dice.nextDouble() >= share) {
      return null;
    }
    StubFault fault = fault(call, dice);
    if (fault.status() == 404) {
      gone.add(campaign.name());
    }
    counts.computeIfAbsent(call + " " + fault.kind(), any -> new AtomicInteger()).incrementAndGet();
    return fault;
  }

  private StubFault fault(Call call, Random dice) {
    boolean done = dice.nextBoolean();
    return switch (dice.nextInt(call == Call.GET || call == Call.PUT ? 16 : 8)) {
      case 0 -> StubFault.cutBefore();
      case 1 -> StubFault.cutAfter();
      case 2 -> done ? StubFault.errorAfter(error(dice)) : StubFault.errorBefore(error(dice));
      case 3 -> // few: each keeps all calls but commands waiting
          switch (dice.nextInt(24)) {
            case 0 -> throttled(longRetryAfter);
            case 1, 2, 3 -> throttled(1);
            default -> StubFault.errorBefore(503);
          };
      case 4 -> StubFault.slow(deadline.plusSeconds(1));
      case 5 -> call == Call.PUT ? StubFault.late(deadline.plusSeconds(1)) : StubFault.lost();
      case 6 -> StubFault.says(200, JSON, UNREADABLE.get(dice.nextInt(UNREADABLE.size())), done);
      case 7 -> StubFault.says(200, "text/html", "<html>Maintenance</html>", done);
      case 8 -> StubFault.says(204, JSON, "", done);
      case 9 -> StubFault.says(200, JSON, "", done);
      case 10 -> StubFault.says(202, JSON, dice.nextBoolean() ? "" : "{}", done);
      case 11 -> refusal(400, done);
      case 12 -> refusal(409, done);
      case 13 -> refusal(404, done);
      case 14 -> StubFault.says(200, JSON, UNREADABLE.get(dice.nextInt(UNREADABLE.size())), done);
      default -> StubFault.says(200, JSON, word(dice), done);
    };
  }

  private static String word(Random dice) {
    return "{\"id\": \"whatever\", \"status\": \"" + WORDS.get(dice.nextInt(WORDS.size())) + "\"}";
  }

  private static int error(Random dice) {
    return List.of(500, 502, 503).get(dice.nextInt(3));
  }

  private static StubFault refusal(int status, boolean done) {
    return done ? StubFault.errorAfter(status) : StubFault.errorBefore(status);
  }

  private StubFault throttled(int seconds) {
    long now = System.nanoTime();
    throttled.add(new long[] {now, now + TimeUnit.SECONDS.toNanos(seconds)});
    return StubFault.throttled(seconds);
  }

  /** For how long in a span calls that are no commands had to wait because a 429 asked for it. */
  long throttledNanos(long from, long to) {
    long until = from;
    long sum = 0;
    for (long[] one : throttled) { // in the order of their begin
      long begin = Math.max(until, one[0]);
      long end = Math.min(to, one[1]);
      if (end > begin) {
        sum += end - begin;
        until = end;
      }
    }
    return sum;
  }

  /** When the last pause that a 429 asked for ends, by {@link System#nanoTime()}. */
  long throttledUntil() {
    return throttled.stream().mapToLong(one -> one[1]).max().orElse(System.nanoTime());
  }

  /** Whether it was ever said that there is no such campaign. */
  boolean toldGone(String name) {
    return gone.contains(name);
  }

  /** How many wrong answers there were, by call and kind. */
  Map<String, AtomicInteger> counts() {
    return new TreeMap<>(counts);
  }
}
