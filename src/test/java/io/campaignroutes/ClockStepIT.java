package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.DestinationsFile;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.benchmark.StubDestination;
import io.campaignroutes.sandbox.StubCampaign;
import io.campaignroutes.sandbox.StubCxone;
import io.campaignroutes.sandbox.StubCxone.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The wall clock of the packaged service is set back and forward while campaigns launch, run and
 * end. {@code src/test/c/clock_shim.c} makes that possible; where there is no gcc nothing is tried.
 */
class ClockStepIT {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /**
   * Two periods, and what a busy machine may add. What waited for the clock to be right again would
   * take a minute or more.
   */
  private static final Duration SOON = PERIOD.multipliedBy(2).plusSeconds(18);

  private static final List<Duration> STEPS =
      List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(2));
  private static final String TOKEN = "clock-token-5d02";
  private static final String SECRET = "whsec_Y2xvY2staXQtY2xvY2staXQtY2xvY2staXQtMTIzNDU2Nzg=";

  private static final JsonNode FIGURES =
      JSON.createObjectNode()
          .put("connectedCalls", 2)
          .put("abandonedCalls", 0)
          .put("avgHandleTime", 180)
          .put("availableAgents", 9);

  @TempDir private Path temp;
  private SteppedClock clock;
  private Path inbox;
  private StubCxone cxone;
  private ServiceClient client;

  /** When the figures of a campaign were asked for last, by its name. */
  private final Map<String, Long> asked = new ConcurrentHashMap<>();

  private final Map<String, Map<String, Integer>> commands = new HashMap<>();

  @Test
  void nothingStandsStillAndNothingIsDoneTwiceWhenTheClockIsSet() throws Exception {
    clock = new SteppedClock(temp);
    Path data = Files.createDirectories(temp.resolve("data"));
    inbox = Files.createDirectories(data.resolve("inbox"));
    Path log = Path.of("target", "clock-step-it.log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    var sink = new EventSink();
    ServiceProcess[] running = new ServiceProcess[1];
    try (var stub = new StubCxone(1);
        var destination = new StubDestination(sink);
        var events = new EventSource(TOKEN, () -> running[0])) {
      cxone = stub;
      cxone.answerDelay(Duration.ofMillis(5));
      cxone.activation(Activation.after(Duration.ofMillis(700)));
      cxone.watch(events::changed);
      cxone.figures(
          campaign -> {
            asked.put(campaign.name(), System.nanoTime());
            return FIGURES;
          });
      Map<String, String> environment = new HashMap<>(cxone.environment());
      environment.putAll(clock.environment());
      environment.put("WEBHOOK_TOKEN", TOKEN);
      environment.put("ALLOW_PRIVATE_DESTINATIONS", "true");
      environment.put("THROTTLE_PERIOD", PERIOD.toSeconds() + "s");
      environment.put("DELIVERY_RETRY_SCHEDULE", String.join(",", Collections.nCopies(20, "1s")));
      try (var service =
          ServiceProcess.start(
                  PackagedService.command(),
                  data,
                  environment,
                  log,
                  DestinationsFile.write(
                      temp.resolve("destinations.yaml"),
                      List.of(
                          new DestinationsFile.Destination("sink", destination.url(), SECRET, 16))),
                  "--launch.look-period=1s",
                  "--pacing.rest-period=1s",
                  "--launch.retry-initial=100ms",
                  "--launch.retry-max=1s",
                  "--inbox.settle=300ms")
              .awaitReady(Duration.ofMinutes(3))) {
        running[0] = service;
        client = new ServiceClient(service);
        assertThat(Duration.between(serviceTime(), Instant.now()).abs())
            .as("the service's clock before any step")
            .isLessThan(Duration.ofSeconds(30));
        for (int n = 0; n < 4; n++) {
          launch(request("steady " + n));
        }
        launch(hours(request("by the hours")));
        for (Duration step : STEPS) {
          String by = step.toMinutes() + " min";
          // later than both of the steps that follow may take on a busy machine
          launch(request("stops later, " + by).put("stopAt", in(step.plusMinutes(2))));
          whileItSteps("back " + by, step.negated(), sink, events);
          assertStays("stops later, " + by, "ACTIVE");
          launch(request("stops by the step, " + by).put("stopAt", in(step.dividedBy(2))));
          whileItSteps("forward " + by, Duration.ZERO, sink, events);
          soon("it stops as its stopAt has come, " + by)
              .until(() -> status("stops by the step, " + by).equals("STOPPED"));
          assertStays("stops later, " + by, "ACTIVE");
        }
        assertNothingIsDoneTwice(events, sink);
        assertThat(service.stop(Duration.ofSeconds(30))).as("it ends when asked to").isTrue();
        assertThat(CliRun.of(System.out, System.out, "audit", "verify", data.resolve("audit")))
            .isZero();
        assertThat(service.log().lines().filter(l -> l.contains(" ERROR "))).isEmpty();
      }
    }
  }

  /** Sets the clock while everything is under way, and waits for all of it to go on. */
  private void whileItSteps(String step, Duration to, EventSink sink, EventSource events)
      throws Exception {
    int refused = sink.refused();
    sink.refuseNext();
    CompletableFuture<ServiceClient.Answer> underWay = client.createAsync("under way, " + step);
    drop("dropped before, " + step);
    soon("a delivery is to be tried again").until(() -> sink.refused() > refused);
    clock.set(to);
    long stepped = System.nanoTime();
    drop("dropped after, " + step);
    CompletableFuture<ServiceClient.Answer> after = client.createAsync("after, " + step);

    soon("all that dials is paced, " + step)
        .untilAsserted(
            () ->
                assertThat(
                        cxone.campaigns().stream()
                            .filter(c -> c.course().get(c.course().size() - 1).dialing())
                            .map(StubCampaign::name)
                            .filter(name -> asked.getOrDefault(name, stepped) - stepped <= 0))
                    .isEmpty());
    command("steady 0", "pause", step);
    soon("the launch under way ends, " + step).until(underWay::isDone);
    soon("a new launch ends, " + step).until(after::isDone);
    // 202 where the server's own limit of a wait, which goes by the wall clock, has come by the
    // step
    assertThat(underWay.join().status()).as("the launch under way, " + step).isIn(201, 202);
    assertThat(after.join().status()).as("a new launch, " + step).isEqualTo(201);
    soon("the launch under way goes on, " + step)
        .until(() -> status("under way, " + step).equals("ACTIVE"));
    for (String when : List.of("before", "after")) {
      soon("the file dropped %s is launched, %s".formatted(when, step))
          .until(() -> status("dropped " + when + ", " + step).equals("ACTIVE"));
    }
    command("steady 0", "resume", step);
    soon("every event is accepted, " + step).until(events::done);
    soon("every accepted event is delivered, " + step)
        .until(() -> sink.events().containsAll(events.accepted()));
    boolean open = to.abs().compareTo(Duration.ofHours(2)) < 0;
    soon("calling hours are those of the new clock, " + step)
        .until(() -> status("by the hours").equals(open ? "ACTIVE" : "PAUSED"));
    assertStays("by the hours", open ? "ACTIVE" : "PAUSED");
    if (!open) {
      assertThat(view("by the hours").at("/pacing/reason").asText()).contains("calling hours");
    }
    // all that this step was tried with ends, so that the next one has no more to wait for
    for (String name :
        List.of(
            "under way, " + step,
            "after, " + step,
            "dropped before, " + step,
            "dropped after, " + step)) {
      command(name, "stop", step);
    }
    System.out.printf(
        "ClockStepIT: %s: all went on within %d ms%n",
        step, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stepped));
  }

  private static ConditionFactory soon(String what) {
    return await(what).atMost(SOON).pollInterval(Duration.ofMillis(50));
  }

  private void command(String name, String command, String step) {
    long begun = System.nanoTime();
    ServiceClient.Answer answer =
        client.post(
            "/campaigns/" + view(name).path("id").asText() + "/" + command,
            JSON.createObjectNode());
    assertThat(answer.status())
        .as("%s of %s, %s: %s", command, name, step, answer.body())
        .isLessThan(300);
    String status =
        switch (command) {
          case "pause" -> "PAUSED";
          case "stop" -> "STOPPED";
          default -> "ACTIVE";
        };
    soon(command + " of " + name + " is carried out, " + step)
        .until(() -> status(name).equals(status) && client.stage(name).equals(status));
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .as("%s of %s, %s", command, name, step)
        .isLessThan(SOON);
    commands.computeIfAbsent(name, any -> new HashMap<>()).merge(status, 1, Integer::sum);
  }

  /** For three looks and ticks. */
  private void assertStays(String name, String status) {
    await().during(PERIOD.multipliedBy(2)).atMost(SOON).until(() -> status(name).equals(status));
  }

  private void assertNothingIsDoneTwice(EventSource events, EventSink sink) {
    assertThat(cxone.doubles()).isEmpty();
    assertThat(cxone.count(StubCxone.Call.CREATE)).isEqualTo(client.all().size());
    assertThat(sink.wrong()).isEmpty();
    assertThat(sink.doubles()).as("deliveries that came twice").isZero();
    assertThat(sink.events()).isEqualTo(events.accepted());
    assertThat(sink.refused()).isEqualTo(2 * STEPS.size());
    var agreement = new Agreement(client, cxone);
    soon("here and at CXone is the same")
        .untilAsserted(() -> assertThat(agreement.differences()).isEmpty());
    List<String> doubled = new ArrayList<>();
    for (JsonNode campaign : client.all()) {
      String name = campaign.path("name").asText();
      Map<String, Integer> lines = new TreeMap<>();
      for (JsonNode line : agreement.lines(campaign.path("id").asText())) {
        lines.merge(line.path("event").asText(), 1, Integer::sum);
      }
      Map<String, Integer> given = commands.getOrDefault(name, Map.of());
      for (String stage :
          List.of("RECEIVED", "CHECKED", "CREATED", "REGISTERED", "ACTIVE", "PAUSED", "STOPPED")) {
        int most =
            switch (stage) {
              case "ACTIVE" -> 1 + given.getOrDefault("ACTIVE", 0);
              case "PAUSED" -> given.getOrDefault("PAUSED", 0);
              default -> 1;
            };
        if (lines.getOrDefault("CAMPAIGN_" + stage, 0) > most) {
          doubled.add(name + ": " + lines);
        }
      }
    }
    assertThat(doubled).as("campaigns with lines that tell a thing twice").isEmpty();
  }

  // The clock

  private String in(Duration time) {
    return clock.now().plus(time).toString();
  }

  /** What the service takes for now: when it says that it took a campaign. */
  private Instant serviceTime() {
    launch(request("what time is it"));
    return Instant.parse(view("what time is it").path("acceptedAt").asText());
  }

  /**
   * Hours that have been open for 30 to 90 minutes, stay open for an hour at the least, and were
   * closed two hours ago: at whatever minute of an hour this runs, the shorter steps stay within
   * them and the longest leaves them.
   */
  private static ObjectNode hours(ObjectNode request) {
    for (String zone : List.of("America/New_York", "Europe/London", "America/Los_Angeles")) {
      ZonedDateTime now = ZonedDateTime.now(ZoneId.of(zone));
      if (now.getHour() >= 3 && now.getHour() < 20) {
        ((ObjectNode) request.put("timeZone", zone).path("schedule"))
            .put("startHour", now.minusMinutes(30).getHour())
            .put("endHour", now.getHour() + 2);
        return request;
      }
    }
    throw new IllegalStateException("one of the zones has day at any time");
  }

  // Campaigns

  private void launch(ObjectNode request) {
    ServiceClient.Answer answer = client.post("/campaigns/create", request);
    assertThat(answer.status()).as(String.valueOf(answer.body())).isEqualTo(201);
  }

  private void drop(String name) throws IOException {
    Path draft =
        Files.writeString(
            inbox.resolve(Integer.toHexString(name.hashCode()) + ".tmp"), request(name) + "\n");
    Files.move(
        draft,
        inbox.resolve(Integer.toHexString(name.hashCode()) + ".ndjson"),
        StandardCopyOption.ATOMIC_MOVE);
  }

  private JsonNode view(String name) {
    return client.named(name);
  }

  private String status(String name) {
    List<StubCampaign> there = cxone.named(name);
    return there.isEmpty() ? "none" : there.get(0).status();
  }
}
