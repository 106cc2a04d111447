package io.campaignroutes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Operators who give commands at random, each campaign's one after the other, and keep what each
 * was answered: what a campaign may be in the end follows from that.
 */
final class Steering {
  private static final int OPERATORS = 3;

  /** A command. */
  enum Order {
    PAUSE,
    RESUME,
    STOP,
    RETRY;

    private String path() {
      return name().toLowerCase();
    }
  }

  /** What is known of a command: taken, refused, or lost with its answer. */
  enum Outcome {
    TAKEN,
    REFUSED,
    UNKNOWN
  }

  private record Given(Order order, Outcome outcome, String answer) {}

  private final long seed;
  private final Supplier<ServiceClient> client;
  private final Predicate<String> steered;
  private final int pauseMillis;
  private final Map<String, List<Given>> given = new HashMap<>();
  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
  private final List<Thread> operators = new ArrayList<>();
  private volatile boolean over;

  /**
   * @param client who takes the commands now; null for nobody
   * @param steered which campaigns get commands, by their name
   * @param pauseMillis the longest pause between two commands
   */
  Steering(long seed, Supplier<ServiceClient> client, Predicate<String> steered, int pauseMillis) {
    this.seed = seed;
    this.client = client;
    this.steered = steered;
    this.pauseMillis = pauseMillis;
  }

  /** Begins. */
  Steering start() {
    for (int n = 0; n < OPERATORS; n++) {
      int number = n;
      var operator = new Thread(() -> work(number), "operator-" + n);
      operator.setDaemon(true);
      operator.start();
      operators.add(operator);
    }
    return this;
  }

  /** No more commands; returns when those on their way are answered. */
  void end() throws InterruptedException {
    over = true;
    for (Thread operator : operators) {
      operator.join();
    }
  }

  private void work(int number) {
    var dice = new Random(seed + number);
    List<JsonNode> known = List.of();
    for (int n = 0; !over; n++) {
      try {
        TimeUnit.MILLISECONDS.sleep(1 + dice.nextInt(pauseMillis));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      ServiceClient now = client.get();
      if (now == null) {
        continue;
      }
      try {
        if (n % 8 == 0 || known.isEmpty()) {
          known =
              now.all().stream()
                  .filter(c -> steered.test(c.path("name").asText()))
                  .filter(c -> Math.floorMod(c.path("id").asText().hashCode(), OPERATORS) == number)
                  .toList();
        }
        if (!known.isEmpty()) {
          give(dice, now, known.get(dice.nextInt(known.size())).path("id").asText());
        }
      } catch (RuntimeException | AssertionError e) {
        // nobody there, or it cannot answer: later
      }
    }
  }

  private void give(Random dice, ServiceClient client, String id) {
    String stage = client.get("/campaigns/" + id).body().path("stage").asText();
    if (stage.equals("STOPPED") && dice.nextInt(10) > 0) {
      return; // refused, and few of those are enough
    }
    Order order =
        switch (stage) {
          case "ACTIVE" -> dice.nextInt(8) == 0 ? Order.STOP : Order.PAUSE;
          case "PAUSED" -> dice.nextInt(8) == 0 ? Order.STOP : Order.RESUME;
          case "FAILED", "UNSETTLED" -> Order.RETRY;
          default -> Order.values()[dice.nextInt(4)];
        };
    Outcome outcome = Outcome.UNKNOWN;
    String said;
    try {
      ServiceClient.Answer answer = client.command(id, order.path(), 2);
      int status = answer.status();
      outcome = status / 100 == 2 ? Outcome.TAKEN : status / 100 == 4 ? Outcome.REFUSED : outcome;
      said =
          status + " " + answer.body().path("stage").asText(answer.body().path("detail").asText());
    } catch (RuntimeException e) {
      said = "lost"; // with the service, or on the way
    }
    synchronized (this) {
      given.computeIfAbsent(id, any -> new ArrayList<>()).add(new Given(order, outcome, said));
      counts.merge(outcome, 1, Integer::sum);
    }
  }

  /** How many commands had each outcome. */
  synchronized Map<Outcome, Integer> counts() {
    return new EnumMap<>(counts);
  }

  /**
   * The stages that a campaign may be in once all is settled: what the last command that was taken
   * asked for, or one after it whose answer was lost.
   *
   * @param untouched the stage that it has without any command, and again after a retry
   */
  synchronized Set<String> possible(String id, String untouched) {
    Set<String> possible = new TreeSet<>();
    possible.add(untouched);
    for (Given one : given.getOrDefault(id, List.of())) {
      if (one.outcome() == Outcome.TAKEN) {
        possible.clear();
      }
      if (one.outcome() != Outcome.REFUSED) {
        possible.add(
            switch (one.order()) {
              case PAUSE -> "PAUSED";
              case STOP -> "STOPPED";
              case RESUME, RETRY -> untouched;
            });
      }
    }
    return possible;
  }

  /** The commands that a campaign was given, with their answers. */
  synchronized String told(String id) {
    return given.getOrDefault(id, List.of()).stream()
        .map(one -> one.order() + ": " + one.answer())
        .toList()
        .toString();
  }
}
