package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCampaign.Moment;
import io.campaignroutes.sandbox.StubCampaign.Wish;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.sandbox.StubFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * CXone answers commands, looks and ticks in every wrong way while operators steer, people change
 * campaigns at CXone, times to stop come and calling hours end. Afterwards what is shown is what
 * CXone has, and nothing has dialed when it must not. {@code -Danswers.campaigns=100} is the long
 * run, {@code -Danswers.seed=...} repeats the answers of a run.
 */
class GeneratedAnswersIT {
  private static final int CAMPAIGNS = Integer.getInteger("answers.campaigns", 40);
  private static final boolean LONG = CAMPAIGNS >= 100;
  private static final double WRONG = 0.35;
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int LONG_RETRY_AFTER = LONG ? 30 : 8;

  /** From when the calling hours end: the wrong answers begin before and end after. */
  private static final Duration BEFORE = Duration.ofSeconds(LONG ? 30 : 10);

  private static final Duration AFTER = Duration.ofSeconds(LONG ? 90 : 15);

  /** After a campaign may not dial any more it is asked to end within a period, give or take. */
  private static final Duration FIRST = PERIOD.plus(LOOK).plusSeconds(6);

  /** And again and again: an answer that is given up, a wait, a busy machine. */
  private static final Duration AGAIN = DEADLINE.multipliedBy(2).plusSeconds(8);

  /** What CXone said to have no more is looked for at growing gaps only. */
  private static final Duration GONE = Duration.ofSeconds(30);

  private static final JsonNode FIGURES =
      JSON.createObjectNode()
          .put("connectedCalls", 2)
          .put("abandonedCalls", 0)
          .put("avgHandleTime", 180)
          .put("availableAgents", 9);

  @TempDir private Path temp;
  private StubCxone cxone;
  private ServiceClient client;
  private SteppedClock clock;

  /** From when on a campaign must not dial, by its name. */
  private final Map<String, Instant> ends = new HashMap<>();

  /** When somebody made a campaign dial at CXone, by its name: two times with that between them. */
  private final Map<String, List<long[]>> byHand = new HashMap<>();

  private final List<String> wrong = new ArrayList<>();
  private long dialedOn;
  private long longestDialedOn;

  @Test
  void whateverCxoneAnswersWhatIsShownIsSoInTheEndAndNothingDialsTooLong() throws Exception {
    long seed = Long.getLong("answers.seed", System.nanoTime());
    System.out.println("GeneratedAnswersIT: repeat with -Danswers.seed=" + seed);
    var random = new Random(seed);
    clock = new SteppedClock(temp);
    Path log = Path.of("target", "generated-answers-it.log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    var answers = new WrongAnswers(seed, WRONG, DEADLINE, LONG_RETRY_AFTER);
    try (var stub = new StubCxone(seed)) {
      cxone = stub;
      cxone.answerDelay(Duration.ofMillis(5));
      cxone.figures(campaign -> FIGURES);
      Map<String, String> environment = new HashMap<>(cxone.environment());
      environment.putAll(clock.environment());
      environment.put("THROTTLE_PERIOD", PERIOD.toSeconds() + "s");
      environment.put("ACTIVATION_TIMEOUT", "6s");
      // forty that are paced each second may want more than 20 calls: looks, the least urgent,
      // would wait
      environment.put("CXONE_RATE_LIMIT", "100");
      try (var service =
          ServiceProcess.start(
                  PackagedService.command(),
                  temp.resolve("data"),
                  environment,
                  log,
                  "--launch.look-period=" + LOOK.toSeconds() + "s",
                  "--launch.retry-initial=100ms",
                  "--launch.retry-max=1s",
                  "--pacing.rest-period=1s",
                  "--pacing.retry-after-refusal=1s",
                  "--cxone.call-deadline=" + DEADLINE.toSeconds() + "s")
              .awaitReady(Duration.ofMinutes(3))) {
        client = new ServiceClient(service);
        Instant close = launchAll(random);
        // an hour ends soon: set forward to just before it
        clock.set(Duration.between(Instant.now(), close.minus(BEFORE)));
        cxone.moods(answers::draw);
        var steering = new Steering(seed, () -> client, name -> true, 100).start();
        while (clock.now().isBefore(close.plus(AFTER))) {
          TimeUnit.MILLISECONDS.sleep(100 + random.nextInt(900));
          changeByHand(random);
        }
        steering.end();
        answers.end();
        long calm = System.nanoTime();
        List<String> shownWrong = shownWrong(answers, Math.max(calm, answers.throttledUntil()));
        table(answers, steering, calm);
        long over = System.nanoTime();
        for (StubCampaign campaign : cxone.campaigns()) {
          if (ends.containsKey(campaign.name())) {
            checkDialing(campaign, answers, over);
          }
        }
        System.out.printf(
            "GeneratedAnswersIT: %-40s %d s in all, at most %d ms%n",
            "dialed on while CXone did not carry out",
            TimeUnit.NANOSECONDS.toSeconds(dialedOn),
            TimeUnit.NANOSECONDS.toMillis(longestDialedOn));
        assertSoftly(
            softly -> {
              softly.assertThat(shownWrong).as("what is shown and is not so").isEmpty();
              softly.assertThat(wrong).as("campaigns that dialed when they must not").isEmpty();
            });
        assertThat(cxone.doubles()).isEmpty();
        assertThat(service.stop(Duration.ofSeconds(30))).as("it ends when asked to").isTrue();
      }
    }
  }

  /** A third has a time to stop, a third hours that end, all are ACTIVE when this returns. */
  private Instant launchAll(Random random) {
    ZoneId zone = zone();
    ZonedDateTime now = clock.now().atZone(zone);
    ZonedDateTime close =
        now.plusMinutes(10).truncatedTo(ChronoUnit.HOURS).plusHours(1); // ten minutes off or more
    for (int n = 0; n < CAMPAIGNS; n++) {
      String name = "campaign " + n;
      ObjectNode request = request(name).put("timeZone", zone.getId());
      if (n % 3 == 1) {
        ((ObjectNode) request.path("schedule"))
            .put("startHour", now.getHour())
            .put("endHour", close.getHour());
        ends.put(name, close.toInstant());
      } else if (n % 3 == 2) {
        Instant stopAt = close.toInstant().plusMillis(random.nextInt(14_000) - 7_000);
        request.put("stopAt", stopAt.toString());
        ends.put(name, stopAt);
      }
      ServiceClient.Answer answer = client.post("/campaigns", request);
      assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
    }
    await("all are ACTIVE")
        .atMost(Duration.ofSeconds(60))
        .until(() -> client.all("/campaigns?status=ACTIVE").size() == CAMPAIGNS);
    return close.toInstant();
  }

  /** One where neither the hour now nor the two after it are near midnight. */
  private ZoneId zone() {
    return List.of("America/New_York", "Europe/London").stream()
        .map(ZoneId::of)
        .filter(
            zone -> {
              int hour = clock.now().atZone(zone).getHour();
              return hour >= 1 && hour <= 20;
            })
        .findFirst()
        .orElseThrow();
  }

  /** What somebody does at CXone's own pages; one that has ended there stays so. */
  private void changeByHand(Random random) {
    List<StubCampaign> all = cxone.campaigns();
    StubCampaign campaign = all.get(random.nextInt(all.size()));
    switch (campaign.status()) {
      case "ACTIVE" -> {
        int dice = random.nextInt(10);
        if (dice == 0) {
          campaign.status("COMPLETED");
        } else if (dice == 1) {
          campaign.error("AGENT_POOL_UNAVAILABLE");
        } else if (dice == 2) {
          campaign.status("STOPPED");
        } else {
          campaign.status("PAUSED");
        }
      }
      case "PAUSED" -> {
        long before = System.nanoTime();
        campaign.status("ACTIVE");
        byHand
            .computeIfAbsent(campaign.name(), any -> new ArrayList<>())
            .add(new long[] {before, System.nanoTime()});
      }
      default -> {
        // it is on its way, or it has ended
      }
    }
  }

  /** What is not shown as it is two looks after CXone answers right and lets calls in again. */
  private List<String> shownWrong(WrongAnswers answers, long from) throws InterruptedException {
    var agreement = new Agreement(client, cxone);
    long end = from + LOOK.multipliedBy(2).plus(DEADLINE).plusSeconds(8).toNanos();
    List<String> differences = agreement.differences();
    while (!differences.isEmpty()
        && System.nanoTime() - (onlyGone(answers, differences) ? end + GONE.toNanos() : end) < 0) {
      TimeUnit.MILLISECONDS.sleep(200);
      differences = agreement.differences();
    }
    List<String> untrue =
        agreement.untrueLines(ms -> clock.nanos(Instant.ofEpochMilli(ms))).stream()
            .filter(line -> line.contains("CAMPAIGN_STOPPED"))
            .filter(line -> !line.contains("(404)")) // CXone said that it has no such campaign
            .toList();
    return Stream.concat(differences.stream(), untrue.stream()).toList();
  }

  private static boolean onlyGone(WrongAnswers answers, List<String> differences) {
    return differences.stream()
        .allMatch(one -> answers.toldGone(one.substring(0, Math.max(0, one.indexOf(" (cmp_")))));
  }

  /**
   * Each span in which a campaign dials though it must not: it is asked to end within a period, and
   * again and again as long as CXone does not carry it out. What somebody at CXone makes dial has
   * to be seen by a look, which a 429 may keep waiting.
   */
  private void checkDialing(StubCampaign campaign, WrongAnswers answers, long over) {
    long end = clock.nanos(ends.get(campaign.name()));
    List<Moment> course = campaign.course();
    long begun = Long.MIN_VALUE;
    for (int n = 0; n <= course.size(); n++) {
      boolean dials = n < course.size() && course.get(n).dialing();
      long at = n < course.size() ? course.get(n).at() : over;
      boolean on = begun != Long.MIN_VALUE;
      if (dials && !on) {
        begun = at;
      } else if (on && !dials) {
        if (at - end > 0) {
          long since = begun;
          boolean unseen =
              begun - end > 0
                  || byHand.getOrDefault(campaign.name(), List.of()).stream()
                      .anyMatch(hand -> hand[0] <= since && since <= hand[1]);
          checkSpan(campaign, Math.max(begun, end), at, unseen, answers);
        }
        begun = Long.MIN_VALUE;
      }
    }
  }

  private void checkSpan(
      StubCampaign campaign, long from, long to, boolean unseen, WrongAnswers answers) {
    dialedOn += to - from;
    longestDialedOn = Math.max(longestDialedOn, to - from);
    long last = from;
    long patience = answers.toldGone(campaign.name()) ? GONE.toNanos() : 0;
    long allowed = FIRST.toNanos() + patience;
    List<Wish> asked =
        campaign.wishes().stream().filter(w -> !w.status().equals("ACTIVE")).toList();
    for (Wish wish : asked) {
      if (wish.at() - from < 0 || wish.at() - to > 0) {
        continue;
      }
      checkGap(campaign, from, last, wish.at(), allowed, unseen, answers);
      last = wish.at();
      allowed = AGAIN.toNanos() + patience + retryAfter(wish.fault());
    }
    checkGap(campaign, from, last, to, allowed, unseen, answers);
  }

  private void checkGap(
      StubCampaign campaign,
      long from,
      long last,
      long next,
      long allowed,
      boolean unseen,
      WrongAnswers answers) {
    long blind = unseen ? answers.throttledNanos(last, next) : 0;
    if (next - last > allowed + blind) {
      wrong.add(
          "%s (%s) dialed %s; %d ms after that, nobody asked for its end for %d ms; asked: %s"
              .formatted(
                  campaign.name(),
                  campaign.id(),
                  unseen ? "again" : "on after its end",
                  TimeUnit.NANOSECONDS.toMillis(last - from),
                  TimeUnit.NANOSECONDS.toMillis(next - last),
                  campaign.wishes().stream()
                      .map(
                          w ->
                              w.status()
                                  + " at "
                                  + TimeUnit.NANOSECONDS.toMillis(w.at() - from)
                                  + (w.fault() == null ? "" : " (" + w.fault() + ")"))
                      .toList()));
    }
  }

  private static long retryAfter(StubFault fault) {
    return fault == null || fault.retryAfter() == null
        ? 0
        : TimeUnit.SECONDS.toNanos(Long.parseLong(fault.retryAfter()));
  }

  private void table(WrongAnswers answers, Steering steering, long calm) {
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("campaigns", CAMPAIGNS);
    rows.put("commands by outcome", steering.counts());
    Map<String, Integer> stages = new TreeMap<>();
    client.all().forEach(c -> stages.merge(c.path("stage").asText(), 1, Integer::sum));
    rows.put("campaigns by stage in the end", stages);
    rows.put(
        "shown as they are after, ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - calm));
    rows.put("wrong answers", answers.counts());
    rows.forEach((what, count) -> System.out.printf("GeneratedAnswersIT: %-40s %s%n", what, count));
  }
}
