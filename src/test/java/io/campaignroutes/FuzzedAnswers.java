package io.campaignroutes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.fuzz.Answers;
import io.campaignroutes.fuzz.FuzzInput;
import io.campaignroutes.fuzz.FuzzInput.Door;
import io.campaignroutes.fuzz.FuzzTable;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.sandbox.StubCxone.Call;
import io.campaignroutes.sandbox.StubFault;
import io.campaignroutes.sandbox.StubFault.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Launches campaigns, asks for their figures and stops them while CXone gives to one call of each
 * an odd answer, and sees what becomes of them.
 */
final class FuzzedAnswers {
  /** It is paced each second. */
  private static final Duration PACED = Duration.ofSeconds(4);

  /** Where one of them is odd; those that are asked for more often come more often. */
  private static final List<Call> CALLS =
      List.of(
          Call.POOL,
          Call.POOL,
          Call.CREATE,
          Call.WEBHOOK,
          Call.PUT,
          Call.PUT,
          Call.GET,
          Call.GET,
          Call.HISTORY,
          Call.HISTORY,
          Call.REALTIME,
          Call.PATCH);

  /** What is odd in the life of a campaign. */
  private static final class Plan {
    private final Call call;
    private final Function<Said, Answers.Altered> change;
    private int before;
    private volatile String kind;

    Plan(long seed, long number) {
      Random dice = FuzzInput.dice(seed, number);
      call = CALLS.get(dice.nextInt(CALLS.size()));
      before = call == Call.PUT || call == Call.GET ? dice.nextInt(2) : 0;
      change = right -> Answers.of(right, dice);
    }

    /** An answer that was kept. */
    Plan(Call call, String called, byte[] body) {
      this.call = call;
      this.change =
          right -> new Answers.Altered("kept: " + called, new Said(200, "application/json", body));
    }

    /** The fault, when it is this call's turn. */
    synchronized StubFault strikes(Call asked) {
      if (asked != call || kind != null || before-- > 0) {
        return null;
      }
      kind = "drawn";
      return StubFault.altered(
          right -> {
            Answers.Altered altered = change.apply(right);
            kind = altered.kind();
            return altered.said();
          });
    }
  }

  private final StubCxone cxone;
  private final ServiceClient client;
  private final FuzzTable table;
  private final Consumer<String> faults;
  private final long seed;
  private final Map<String, Plan> plans = new ConcurrentHashMap<>();

  FuzzedAnswers(
      StubCxone cxone, ServiceClient client, FuzzTable table, Consumer<String> faults, long seed) {
    this.cxone = cxone;
    this.client = client;
    this.table = table;
    this.faults = faults;
    this.seed = seed;
    cxone.tricks(
        (call, about) -> {
          Plan plan = about == null ? null : plans.get(about);
          return plan == null ? null : plan.strikes(call);
        });
  }

  /** Launches campaigns until so many answers were odd. */
  void run(AtomicLong numbers, long until) {
    while (table.of(Door.CXONE) < until) {
      long number = numbers.getAndIncrement();
      live(FuzzInput.name(number), new Plan(seed, number));
    }
  }

  /** Gives the answers that are kept in a folder, their names beginning with the call. */
  void kept(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        Call call = Call.valueOf(name.replaceAll("-.*", "").toUpperCase());
        live("kept " + name, new Plan(call, name, Files.readAllBytes(file)));
      }
    }
  }

  private void live(String name, Plan plan) {
    plans.put(name, plan);
    ObjectNode request = ServiceClient.request(name).put("agentPoolId", name.replace(" ", "-"));
    ServiceClient.Answer created = answered(name, client.post("/campaigns/create", request));
    String outcome = plan.kind == null ? null : "launch " + created.status();
    if (created.status() == 201) {
      String id = created.body().path("campaignId").asText();
      outcome = outcome == null ? runs(name, id, plan) : outcome;
      int stopped = answered(name, client.command(id, "stop", 10)).status();
      outcome = outcome == null && plan.kind != null ? "stop " + stopped : outcome;
    }
    plans.remove(name);
    if (outcome != null) {
      table.count(Door.CXONE, plan.call.name().toLowerCase() + ": " + plan.kind, outcome);
    }
    if (cxone.named(name).size() > 1) {
      faults.accept(name + " was created " + cxone.named(name).size() + " times, " + plan.kind);
    }
  }

  /** It is asked for its figures, or paced; null when nothing was odd about that. */
  private String runs(String name, String id, Plan plan) {
    if (plan.call == Call.HISTORY) {
      return "figures " + answered(name, client.get("/campaigns/" + id + "/metrics")).status();
    }
    if (plan.call == Call.REALTIME || plan.call == Call.PATCH) {
      long end = System.nanoTime() + PACED.toNanos();
      while (plan.kind == null && System.nanoTime() - end < 0) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
      int pacing = answered(name, client.get("/campaigns/" + id + "/pacing")).status();
      return plan.kind == null ? null : "pacing " + pacing;
    }
    return null;
  }

  /** CXone's fault is none of the service's own. */
  private ServiceClient.Answer answered(String name, ServiceClient.Answer answer) {
    if (answer.status() >= 500 && !List.of(502, 503, 504).contains(answer.status())) {
      faults.accept(name + ": " + answer.status() + " " + answer.body());
    }
    return answer;
  }
}
