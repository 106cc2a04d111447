package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.campaignroutes.benchmark.DestinationsFile;
import io.campaignroutes.benchmark.ServiceProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/**
 * The console in a real browser, over the packaged service with its sandbox. Without a Chromium the
 * tests are left out, unless {@code -Dconsole.required=true}. {@code -Dconsole.pictures=<folder>}
 * takes the pictures of the README.
 */
class ConsoleIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MARKUP = "A <img src=x onerror=window.broken=true>";
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final String TOKEN = "console-token-5c2e";

  /** What each destination answers. */
  private static final Map<String, Integer> ANSWERS = new ConcurrentHashMap<>();

  private static final ExecutorService THREADS = Executors.newCachedThreadPool();

  @TempDir static Path temp;
  private static HttpServer destinations;
  private static ServiceProcess service;
  private static ServiceClient api;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    Path log = Path.of("target", "console-it.log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    destinations = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    destinations.setExecutor(THREADS);
    StringBuilder file = new StringBuilder("destinations:\n");
    for (String name : List.of("crm", "marketing", "warehouse")) {
      listen(name);
      file.append("- name: %s\n".formatted(name))
          .append(
              "  url: http://127.0.0.1:%d/%s\n"
                  .formatted(destinations.getAddress().getPort(), name));
      if (!name.equals("crm")) {
        file.append("  campaigns: ['desk-*']\n");
      }
    }
    destinations.start();
    service =
        start(
            temp.resolve("data"),
            log,
            Map.of(
                "WEBHOOK_TOKEN", TOKEN,
                "ALLOW_PRIVATE_DESTINATIONS", "true",
                "DELIVERY_RETRY_SCHEDULE", "200ms,400ms"),
            DestinationsFile.write(temp.resolve("destinations.yaml"), file.toString()),
            "--webhooks.breaker-open=1s",
            "--webhooks.breaker-longest=1s");
    api = new ServiceClient(service);
    browser = browser(service, "profile");
    take("Night desk", request -> open(request));
    take("Closed today", ConsoleIT::closed);
    take("Too few agents", request -> open(request).put("agentPoolId", "pool-one-agent"));
    take(MARKUP, ConsoleIT::open);
    awaitStage("Night desk", "ACTIVE");
    awaitStage("Closed today", "ACTIVE");
    awaitStage("Too few agents", "REJECTED");
    awaitStage(MARKUP, "ACTIVE");
    trouble();
  }

  private static void listen(String name) {
    ANSWERS.put(name, 200);
    destinations.createContext(
        "/" + name,
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          int status = ANSWERS.get(name);
          String text =
              switch (status) {
                case 200 -> "taken";
                case 410 -> "moved away";
                default -> "upstream is asleep";
              };
          byte[] body = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
  }

  private static ServiceProcess start(
      Path data, Path log, Map<String, String> environment, String... properties) throws Exception {
    List<String> all = new ArrayList<>(List.of(properties));
    all.add("--spring.profiles.active=sandbox");
    return ServiceProcess.start(
            PackagedService.command(), data, environment, log, all.toArray(String[]::new))
        .awaitReady(Duration.ofMinutes(3));
  }

  private static Browser browser(ServiceProcess of, String profile) {
    Optional<Browser> found = Browser.start(of.uri("/"), temp.resolve(profile));
    if (found.isEmpty()) {
      String notice =
          "No Chromium with its chromedriver was found in /usr/bin, so the console was not tested"
              + " in a browser. Install both (Debian: apt-get install chromium chromium-driver), or"
              + " name them by -Dconsole.browser and -Dconsole.driver.";
      assertThat(Boolean.getBoolean("console.required")).as(notice).isFalse();
      System.out.println("ConsoleIT: " + notice);
    }
    assumeTrue(found.isPresent(), "There is no Chromium on this machine.");
    return found.get();
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (service != null) {
      assertThat(service.stop(Duration.ofSeconds(30))).as("open pages hold up no end").isTrue();
    }
    if (destinations != null) {
      destinations.stop(0);
    }
    THREADS.shutdownNow();
  }

  @BeforeEach
  void anew() {
    browser.look(1280, 900, false);
    browser.complaints().clear();
  }

  @AfterEach
  void nothingToComplainAbout() {
    browser.look();
    assertThat(browser.complaints()).as("errors of scripts and breaches of the policy").isEmpty();
  }

  @Test
  void theListSaysWhyACampaignDoesNotDial() {
    browser.open(OLDEST_FIRST);
    browser.seeText(row("Closed today"), "Outside calling hours until ");
    browser.seeText(row("Closed today"), " America/New_York");
    browser.seeText(row("Too few agents"), "Refused: Agent pool pool-one-agent");
    browser.seeText(row("Too few agents"), "Rejected");
    browser.seeText(row("Night desk"), "pool-east");
    browser.seeText(row("Night desk"), " / 5");
    browser.seeText("#live", "Live");
  }

  @Test
  void theListIsSearchedFilteredAndSortedByTheService() {
    browser.open("#/campaigns");
    browser.type("input[type=search]", "closed TODAY");
    await().atMost(PATIENCE).until(() -> names().equals(List.of("Closed today")));
    assertThat(browser.address()).contains("q=closed");
    browser.type("input[type=search]", "100%_nothing");
    browser.seeText(".grid .empty", "Nothing matches");
    browser.type("input[type=search]", " ");
    browser.pressButton(".chips", chip("Trouble"));
    await().atMost(PATIENCE).until(() -> names().contains("Too few agents"));
    assertThat(names()).doesNotContain("Night desk", "Closed today");

    browser.open("#/campaigns");
    browser.pressButton(".heads", "Name");
    browser.see("[aria-sort=ascending]");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(names())
                    .hasSizeGreaterThan(3)
                    .isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER));
  }

  @Test
  void theListIsKeptCurrentWithoutAsking() {
    browser.open("#/campaigns");
    browser.seeText("#live", "Live");
    browser.see(".rows .name");
    String name = "Came later " + NUMBER.incrementAndGet();
    take(name, ConsoleIT::open);
    browser.seeText(row(name), "Active");
    api.post(
        "/campaigns/" + api.named(name).path("id").asText() + "/pause", JSON.createObjectNode());
    browser.seeText(row(name), "Paused");
  }

  @Test
  void theListIsUsedByKeysAlone() {
    browser.open(OLDEST_FIRST);
    browser.see(row("Night desk"));
    browser.keys("/");
    assertThat(browser.run("return document.activeElement.type")).isEqualTo("search");
    browser.keys("night desk");
    await().atMost(PATIENCE).until(() -> names().equals(List.of("Night desk")));
    for (int n = 0; n < 30 && !"row".equals(browser.run(ROLE)); n++) {
      browser.key(Keys.TAB);
    }
    assertThat(browser.run(ROLE)).isEqualTo("row");
    browser.key(Keys.ENTER);
    browser.seeText("h1", "Night desk");
    browser.keys("g");
    browser.keys("s");
    browser.seeText("h1", "System");
    browser.keys("g");
    browser.keys("p");
    browser.seeText("h1", "Plan a campaign");
  }

  @Test
  void arrowKeysMoveThroughRows() {
    browser.open("#/campaigns");
    browser.see(".rows .name");
    browser.run("document.querySelector('.rows [tabindex=\"0\"]').focus()");
    browser.key(Keys.ARROW_DOWN);
    assertThat(browser.run("return document.activeElement.ariaRowIndex")).isEqualTo("3");
    browser.key(Keys.HOME);
    assertThat(browser.run("return document.activeElement.ariaRowIndex")).isEqualTo("2");
  }

  @Test
  void aNameIsTextWhateverItLooksLike() {
    String id = api.named(MARKUP).path("id").asText();
    browser.open(OLDEST_FIRST);
    browser.seeText(".grid", MARKUP);
    browser.open("#/campaigns/" + id);
    browser.seeText("h1", MARKUP);
    browser.seeText(".audit-line", "CAMPAIGN_ACTIVE");
    browser.pressButton(".head", "Pause");
    browser.seeText("dialog", MARKUP);
    browser.pressButton("dialog", "Cancel");
    browser.seeNone("dialog");
    assertThat(browser.all("main img")).isEmpty();
    assertThat(browser.run("return window.broken === undefined")).isEqualTo(true);
  }

  @Test
  void aCampaignShowsItsPlotDecisionsTimelineAndAudit() {
    String id = api.named("Night desk").path("id").asText();
    browser.open("#/campaigns/" + id);
    browser.seeText("h1", "Night desk");
    browser.seeText(".verdict", "ialing");
    browser.see(".plot canvas");
    browser.seeText(".plots", "Calls per second");
    await("decisions that are explained")
        .atMost(PATIENCE)
        .until(() -> browser.text("section[aria-label=Decisions]").contains("calls/s"));
    browser.seeText(".timeline", "Received");
    browser.seeText(".timeline", "Active");
    browser.seeText(".timeline", "by anonymous");
    browser.seeText("section[aria-label='Audit trail']", "Chain intact");
    browser.seeText("section[aria-label='Audit trail']", "CAMPAIGN_ACTIVE");
    browser.seeText("section[aria-label=Request]", "pool-east");
  }

  @Test
  void pauseResumeAndStopAreConfirmedAndAnswered() {
    String name = "Commanded " + NUMBER.incrementAndGet();
    String id = take(name, ConsoleIT::open);
    awaitStage(name, "ACTIVE");
    browser.open("#/campaigns/" + id);

    browser.pressButton(".head", "Pause");
    browser.seeText("dialog", "Pause \u201c" + name + "\u201d?");
    assertThat(api.stage(name)).as("nothing is done before yes").isEqualTo("ACTIVE");
    browser.pressButton("dialog", "Pause");
    browser.seeText(".toasts", "is paused");
    browser.seeText(".verdict", "Not dialing: paused");
    assertThat(api.stage(name)).isEqualTo("PAUSED");

    browser.pressButton(".head", "Resume");
    browser.pressButton("dialog", "Resume");
    browser.seeText(".toasts", "is resumed");
    assertThat(api.stage(name)).isEqualTo("ACTIVE");

    browser.pressButton(".head", "Stop");
    browser.pressButton("dialog", "Cancel");
    browser.seeNone("dialog");
    browser.pressButton(".head", "Stop");
    browser.pressButton("dialog", "Stop");
    browser.seeText(".toasts", "is stopped");
    browser.seeText(".verdict", "Not dialing: stopped");
    assertThat(api.stage(name)).isEqualTo("STOPPED");
    assertThat(browser.all(".head [data-command]")).as("an end has no commands").isEmpty();
  }

  @Test
  void aRefusedCommandIsToldWhereItWasGiven() {
    String name = "Refused " + NUMBER.incrementAndGet();
    String id = take(name, ConsoleIT::open);
    awaitStage(name, "ACTIVE");
    browser.open("#/campaigns/" + id);
    browser.pressButton(".head", "Pause");
    browser.see("dialog");
    // another operator was faster
    api.post("/campaigns/" + id + "/stop", JSON.createObjectNode());
    awaitStage(name, "STOPPED");
    browser.pressButton("dialog", "Pause");
    browser.seeText("dialog .problem", "STOPPED");
    browser.pressButton("dialog", "Cancel");
    browser.seeText(".verdict", "stopped");
  }

  @Test
  void aFailedLaunchIsTakenUpAgain() throws Exception {
    fault("PUT", "updateCampaign", "{\"errorCode\":\"CONTACT_LIST_EMPTY\"}");
    String name = "Failing " + NUMBER.incrementAndGet();
    String id = take(name, ConsoleIT::open);
    awaitStage(name, "FAILED");
    fault("DELETE", "updateCampaign", "");
    browser.open("#/campaigns/" + id);
    browser.seeText(".verdict", "Not dialing: failed");
    browser.pressButton(".head", "Retry");
    browser.pressButton("dialog", "Retry");
    awaitStage(name, "ACTIVE");
    browser.seeText(".head .state", "Active");
  }

  @Test
  void aPlanIsCheckedAsItIsWrittenAndSentWhenTold() {
    String name = "Planned " + NUMBER.incrementAndGet();
    browser.open("#/plan");
    write(open(request(name)).toPrettyString());
    browser.seeText("#verdict", "Valid");
    browser.seeText("section[aria-label=Payload]", name);
    browser.seeText("section[aria-label=Rules]", "timeZone is an IANA time zone");
    assertThat(api.named(name)).as("a dry run creates nothing").isNull();
    browser.press("#send");
    browser.seeText("dialog", name);
    browser.pressButton("dialog", "Send");
    browser.seeText("h1", name);
    awaitStage(name, "ACTIVE");
  }

  @Test
  void findingsStandAtTheirLines() {
    browser.open("#/plan");
    write(
        """
        {
          "name": "Out of bounds",
          "agentPoolId": "pool-east",
          "timeZone": "America/New_York",
          "pacingLimit": 5,
          "pacing": {
            "maxCallsPerSecond": 9
          },
          "schedule": {
            "startHour": 9,
            "endHour": 23
          },
          "colour": "red"
        }\
        """);
    browser.seeText("#verdict", "finding");
    assertThat(marked()).contains("7", "11", "13");
    browser.seeText(".findings", "Line 13");
    browser.seeText(".findings", "colour");
    assertThat(
            ((List<?>)
                    browser.run(
                        "return [...document.querySelectorAll('.findings .where')].map(e =>"
                            + " +e.textContent.slice(5))"))
                .stream().map(Long.class::cast).toList())
        .as("in the order of lines")
        .isSorted();
    assertThat(browser.text("section[aria-label=Result]")).as("said once").doesNotContain("colour");
    assertThat(
            (boolean)
                browser.run(
                    "return document.querySelector('#send').getBoundingClientRect().bottom <"
                        + " innerHeight"))
        .as("in sight")
        .isTrue();
    assertThat(browser.see("#send").isEnabled()).isFalse();

    write("{\n  \"name\": \"x\",\n  \"pacingLimit\" 5\n}");
    browser.seeText("#verdict", "Not JSON");
    assertThat(marked()).containsExactly("3");
    write("{\n  \"name\": \"x\",\n  \"pacingLimit\": 5,\n}");
    browser.seeText(".findings", "Nothing follows this comma");
    assertThat(marked()).containsExactly("3");
    write("{\n  \"name\": \"x\",\n  \"pacingLimit\" 5\n}");
    browser.seeText("#verdict", "Not JSON");
    browser.press(".findings button");
    assertThat(browser.run("return document.activeElement.selectionStart"))
        .isEqualTo((long) "{\n  \"name\": \"x\",\n".length());
  }

  @Test
  void aFileOfLinesShowsItsProgressLineByLine() throws Exception {
    String name = "Line " + NUMBER.incrementAndGet();
    Path file = temp.resolve("lines.ndjson");
    List<String> lines = new ArrayList<>();
    for (int n = 1; n <= 12; n++) {
      lines.add(n == 7 ? "{\"name\": \"no pool\"}" : open(request(name + "." + n)).toString());
    }
    Files.write(file, lines);
    browser.open("#/plan");
    browser.choose("input[type=file]", file);
    browser.seeText("dialog", "Send 12 campaigns?");
    browser.seeText("dialog .tag.wait", "Warning");
    browser.seeText("dialog", "11 campaigns of this file are for pool-");
    browser.seeText("dialog", "agents; together they may dial up to 55 calls/s");
    browser.pressButton("dialog", "Send 12");
    browser.seeText(".run", "12 of 12 sent: 11 taken, 1 refused");
    browser.seeText(".run tr:has(.bad)", "agentPoolId");
    awaitStage(name + ".12", "ACTIVE");
  }

  @Test
  void whatWouldComeOfAFileIsToldBeforeItIsSent() throws Exception {
    String name = "Tried " + NUMBER.incrementAndGet();
    browser.open("#/plan");
    browser.see(".editor");
    drop("tried.ndjson", later(name, 3) + "{\"name\": \"no pool\"}\n");
    browser.seeText("dialog .found", "3 of 4 would be launched, 1 refused.");
    browser.seeText("dialog .found", "Line 4: ");
    browser.seeText("dialog", "calls/s together");
    browser.pressButton("dialog", "Cancel");
    browser.seeNone("dialog");
  }

  @Test
  void aFileIsSentToItsEndWhateverElseIsDoneInTheConsole() {
    String name = "Whole " + NUMBER.incrementAndGet();
    browser.open("#/plan");
    browser.see(".editor");
    slow("/campaigns/validate", 1_500);
    hold(8);
    write("{\"name\": \"a dry run that is answered late\"}");
    drop("whole.ndjson", later(name, 24));
    browser.pressButton("dialog", "Send 24");
    browser.seeText(".run", "8 of 24 sent: 8 taken");
    browser.seeText("#verdict", "finding");
    browser.seeText(".run", "8 of 24");
    write("x");
    browser.seeText("#verdict", "Not JSON");
    browser.seeText(".run", "8 of 24");
    assertThat(stopButtons()).as("nothing in the editor takes it away").isOne();

    browser.press(".run td a");
    browser.seeText("h1", name);
    browser.seeText("#sending", "whole.ndjson: 8 of 24 sent");
    assertThat(leavingIsHeldUp()).as("closing the tab is asked about").isTrue();
    browser.run("location.hash = '#/system'");
    browser.seeText("h1", "System");
    browser.run("release()");
    browser.seeText("#sending", "24 of 24 sent: 24 taken, 0 refused");
    assertThat(leavingIsHeldUp()).isFalse();
    browser.press("#sending a");
    browser.seeText("h1", "Plan a campaign");
    browser.seeText(".run", "24 of 24 sent: 24 taken, 0 refused");
    assertThat(taken(name)).isEqualTo(24);
  }

  @Test
  void eachFileIsStoppedByItselfAndTellsExactlyWhatWasSent() {
    String first = "First " + NUMBER.incrementAndGet();
    String second = "Second " + NUMBER.incrementAndGet();
    browser.open("#/plan");
    browser.see(".editor");
    hold(8);
    drop("first.ndjson", later(first, 20));
    browser.pressButton("dialog", "Send 20");
    drop("second.ndjson", later(second, 2));
    browser.pressButton("dialog", "Send 2");
    String one = "[aria-label='Sending first.ndjson']";
    String two = "[aria-label='Sending second.ndjson']";
    browser.seeText(two, "Waits until \u201cfirst.ndjson\u201d is sent");
    browser.seeText(one, "8 taken");
    browser.press(one + " .end button");
    browser.seeText(one, "Stopping; waiting for the last answers.");
    assertThat(browser.run("return document.activeElement !== document.body")).isEqualTo(true);
    browser.run("release()");

    browser.seeText(one, "Stopped. 12 of 20 sent: 12 taken, 0 refused; 8 not sent");
    browser.seeText(one, "Not sent: lines 13 to 20");
    browser.seeText(two, "2 of 2 sent: 2 taken");
    assertThat(taken(first)).as("no more and no less than was told").isEqualTo(12);
    assertThat(browser.run("return document.activeElement !== document.body")).isEqualTo(true);

    browser.pressButton(one, "Send the rest");
    browser.seeText("dialog", "lines 13 to 20");
    browser.pressButton("dialog", "Send 8");
    browser.seeText(one, "8 of 8 sent: 8 taken");
    assertThat(taken(first)).isEqualTo(20);
  }

  @Test
  void whatBecomesOfLinesThatWereTakenIsTold() throws Exception {
    String name = "Fate " + NUMBER.incrementAndGet();
    String early = later(name + " before", 1);
    browser.open("#/plan");
    browser.see(".editor");
    drop("empty.ndjson", " \n\n");
    browser.seeText(".toasts", "contains no campaign");
    assertThat(browser.all("dialog")).isEmpty();
    assertThat(api.post("/campaigns", (ObjectNode) JSON.readTree(early)).status()).isEqualTo(202);
    drop(
        "fate.ndjson",
        early
            + open(request(name + " falls")).put("agentPoolId", "pool-nowhere")
            + "\n"
            + later(name, 1));
    browser.seeText("dialog", "pool-nowhere: 1 campaign");
    browser.pressButton("dialog", "Send 3");
    browser.seeText(
        ".run", "2 taken, 1 taken before, not launched again, 0 refused, of those taken 1 failed");
    browser.seeText(".run tr:has(.state.bad)", "pool-nowhere");
    browser.seeText(".run", "Taken before");

    drop("list.json", "[" + later(name + " list", 2).replace("}\n{", "},{") + "]");
    browser.pressButton("dialog", "Send 2");
    browser.seeText("[aria-label='Sending list.json']", "2 of 2 sent: 2 taken");
  }

  @Test
  void aLineWhoseAnswerIsLostIsSentAgainAndTakenOnce() {
    String name = "Lost " + NUMBER.incrementAndGet();
    browser.open("#/plan");
    browser.see(".editor");
    browser.run(
        """
        const fetch = window.fetch;
        let lost = 0;
        window.fetch = async (path, how) => {
          const answer = await fetch(path, how);
          if (path === '/campaigns' && lost++ < 2) throw new TypeError('cut');
          return answer;
        };\
        """);
    drop("lost.ndjson", later(name, 5).replaceAll("\"externalId\":\"[^\"]*\",", ""));
    browser.pressButton("dialog", "Send 5");
    browser.seeText(".run", "5 of 5 sent: 5 taken, 0 refused");
    assertThat(taken(name)).isEqualTo(5);
  }

  @Test
  void anAnswerOfTheServiceThatNothingWasDoneLeavesALineUnsentAndAnyOtherOneUnknown() {
    String[][] answers = {
      {
        "{title: 'Store unavailable', detail: 'It cannot be used; nothing was changed.'}",
        "Not sent: lines 1 to 3"
      },
      {"{title: 'Store unavailable', detail: 'It may have been made: look.'}", "3 not known"},
      {"null", "3 not known"}
    };
    for (String[] answer : answers) {
      String name = "Refused " + NUMBER.incrementAndGet();
      browser.open("#/plan");
      browser.see(".editor");
      browser.run(
          """
          const fetch = window.fetch;
          window.fetch = async (path, how) => path === '/campaigns'
            ? new Response(%s === null ? '<html>' : JSON.stringify(%s), {status: 503})
            : fetch(path, how);\
          """
              .formatted(answer[0], answer[0]));
      drop(name + ".ndjson", later(name, 3));
      browser.pressButton("dialog", "Send 3");
      browser.seeText(".run", "the same lines are sent again");
      browser.pressButton(".run", "Stop");
      browser.seeText(".run", answer[1]);
      browser.run("location.reload()");
    }
  }

  @Test
  void whatIsWrittenIsNotReplacedWithoutAQuestion() {
    browser.open("#/plan");
    write("{\"name\": \"mine\"}");
    browser.pressButton("section[aria-label=Request]", "Example");
    browser.seeText("dialog", "Replace what you wrote?");
    browser.pressButton("dialog", "Cancel");
    browser.seeNone("dialog");
    drop("other.json", "{\"name\": \"other\"}");
    browser.seeText("dialog", "Replace what you wrote?");
    browser.pressButton("dialog", "Cancel");
    browser.seeNone("dialog");
    assertThat(browser.run("return document.querySelector('textarea').value"))
        .isEqualTo("{\"name\": \"mine\"}");
    browser.pressButton("section[aria-label=Request]", "Example");
    browser.pressButton("dialog", "Replace");
    browser.seeText("section[aria-label=Payload]", "Spring offer, East");
  }

  @Test
  void aDryRunTellsWhatSendingWouldMeet() throws Exception {
    String taken = "Carried " + NUMBER.incrementAndGet();
    take(taken, ConsoleIT::scheduled);
    browser.open("#/plan");
    write(scheduled(request(taken)).put("externalId", "another").toPrettyString());
    browser.seeText("#verdict", "1 finding");
    browser.seeText(".findings", "carries this name");
    assertThat(marked()).containsExactly("2");

    fault("PUT", "agentPool", "{\"status\":503}");
    try {
      write(
          open(request("Away"))
              .put("agentPoolId", "pool-away")
              .put("pacingLimit", -1)
              .toPrettyString());
      browser.seeText("#verdict", "finding");
      browser.seeText(".findings", "pacingLimit");
      write(open(request("Away")).put("agentPoolId", "pool-away").toPrettyString());
      browser.seeText("#verdict", "Valid, ");
      browser.seeText(".findings", "Its agents could not be checked");
      browser.seeText("section[aria-label=Payload]", "pool-away");
    } finally {
      fault("DELETE", "agentPool", "");
    }
  }

  @Test
  void linksAndTheWayBackLeadWhereTheySay() {
    String name = "Way " + NUMBER.incrementAndGet();
    later(name, 24).lines().forEach(line -> take(line));
    browser.look(1280, 640, false);
    browser.open("#/campaigns");
    browser.press(".chips [data-group=Trouble]");
    await().atMost(PATIENCE).until(() -> browser.address().contains("show=trouble"));
    browser.press(".tabs [data-view=campaigns]");
    browser.see(".chips [data-group=All][aria-pressed=true]");
    browser.run("location.hash = '#/campaigns?show=scheduled&q=" + name.replace(" ", "%20") + "'");
    browser.see(".chips [data-group=Scheduled][aria-pressed=true]");

    await().atMost(PATIENCE).until(() -> names().size() > 8);
    browser.run("document.querySelector('.scroller').scrollTop = 400");
    await("the rows there")
        .atMost(PATIENCE)
        .until(() -> names().contains(name + ".24") || names().contains(name + ".1"));
    browser.run(
        "[...document.querySelectorAll('.rows .name')].find(a => a.getBoundingClientRect().top >"
            + " 300).click()");
    browser.seeText("h1", name);
    assertThat(browser.run("return document.querySelector('.crumb a').hash").toString())
        .contains("show=scheduled");
    browser.run("history.back()");
    await("back where it was left")
        .atMost(PATIENCE)
        .until(
            () ->
                Long.valueOf(400)
                    .equals(browser.run("return document.querySelector('.scroller')?.scrollTop")));
    assertThat(browser.run("return document.querySelector('.rows a.name').hash").toString())
        .as("an address to copy or to open in a new tab")
        .startsWith("#/campaigns/cmp_");

    browser.open("#/deliveries?status=PENDING&campaign=nobody");
    browser.seeText("section[aria-label=Deliveries]", "Nothing matches");
    browser.run("document.querySelector('.skip').focus()");
    browser.key(Keys.ENTER);
    browser.seeText("h1", "Deliveries");
    assertThat(browser.run("return document.activeElement.id")).isEqualTo("main");
    browser.run("location.hash = '#/deliveries?status=DELIVERED'");
    browser.see("button[data-id]");
    assertThat(browser.run("return document.querySelector('#by-status').value"))
        .isEqualTo("DELIVERED");
  }

  @Test
  void theHeadingCountsAsTheChipsDo() {
    browser.open("#/campaigns?show=scheduled");
    browser.seeText("#live", "Live");
    await().atMost(PATIENCE).until(() -> !browser.text(".head .muted").isEmpty());
    slow("/overview", 60_000);
    String before = browser.text("[data-group=Scheduled] .n");
    take("Counted " + NUMBER.incrementAndGet(), ConsoleIT::scheduled);
    await("the chip")
        .atMost(PATIENCE)
        .until(() -> !browser.text("[data-group=Scheduled] .n").equals(before));
    String chip = browser.text("[data-group=Scheduled] .n").replaceAll("\\D", "");
    browser.seeText(".head .muted", chip + " of ");
  }

  @Test
  void aPageThatIsLookedAtIsAddedToAndNotBuiltAnew() {
    String id = api.named("Night desk").path("id").asText();
    browser.open("#/campaigns/" + id);
    browser.see(".plot canvas");
    browser.see("section[aria-label=Decisions] tbody tr:nth-child(2)");
    browser.seeText(".audit-line", "CAMPAIGN_ACTIVE");
    String line = "{\"event\": \"COMPLIANCE_WARNING\", \"message\": \"told by its message\"}\n";
    browser.run(
        """
        const fetch = window.fetch;
        window.fetch = async (path, how) => {
          const answer = await fetch(path, how);
          return /audit$/.test(path) ? new Response(await answer.text() + arguments[0]) : answer;
        };
        document.querySelector('.plot canvas').dataset.same = '1';
        const first = document.querySelector('section[aria-label=Decisions] tbody td:last-child');
        getSelection().selectAllChildren(first);\
        """,
        line);
    // a zoom into the middle
    browser.drag(".plot .u-over", 0.4, 0.7);
    String range =
        "return document.querySelector('.plot [role=img]').ariaLabel.replace(/.*From/, 'From')";
    String latest =
        "return document.querySelector('section[aria-label=Decisions] tbody td').textContent";
    Object zoomed = browser.run(range);
    Object decision = browser.run(latest);
    String selected = browser.run("return getSelection().toString()").toString();
    assertThat(selected).isNotBlank();

    await("the next decision").atMost(PATIENCE).until(() -> !decision.equals(browser.run(latest)));
    assertThat(browser.run("return document.querySelector('.plot canvas').dataset.same"))
        .isEqualTo("1");
    assertThat(browser.run(range)).as("the zoom").isEqualTo(zoomed);
    assertThat(browser.run("return getSelection().toString()")).isEqualTo(selected);
    browser.seeText("section[aria-label='Audit trail'] summary", "told by its message");
  }

  @Test
  void aCampaignThatDialsThoughItMustStopDoesNotLookWell() {
    String id = api.named("Night desk").path("id").asText();
    browser.open("#/campaigns/" + id);
    browser.see(".verdict");
    browser.run(
        """
        const fetch = window.fetch;
        window.fetch = async (path, how) => {
          const answer = await fetch(path, how);
          if (!/diagnosis$/.test(path)) return answer;
          return new Response(JSON.stringify({...await answer.json(), dialing: true, unwanted: true, sentence: 'CXone is still dialing.'}));
        };\
        """);
    browser.seeText(".verdict", "CXone is still dialing.");
    browser.see(".verdict.bad");
    browser.seeText(".head .state.bad", "Active, must stop");
    await()
        .until(
            () ->
                String.valueOf(browser.run("return document.title")).startsWith("Still dialing: "));
  }

  @Test
  void aLowOrNarrowWindowShowsWhatAWideOneDoes() throws Exception {
    browser.look(320, 256, false);
    browser.open("#/campaigns");
    browser.see(".rows .line");
    assertThat((long) browser.run("return document.querySelector('.scroller').clientHeight"))
        .as("at 400 %")
        .isGreaterThan(200);
    assertThat((long) browser.run("return document.documentElement.scrollHeight - innerHeight"))
        .as("the page scrolls")
        .isGreaterThan(200);
    browser.open("#/plan");
    write("{\"aFieldWhoseNameIsVeryMuchLongerThanAnybodyWouldExpectOfOne.orTwo\": 1}");
    browser.seeText(".findings", "aField");
    assertThat(browser.run("return document.documentElement.scrollWidth - innerWidth"))
        .isEqualTo(0L);

    browser.look(375, 667, false);
    browser.open("#/deliveries");
    browser.press("button[data-id]");
    browser.seeText(".side", "Attempts");
    await("the delivery that was chosen")
        .atMost(PATIENCE)
        .until(
            () ->
                (boolean)
                    browser.run(
                        "const r = document.querySelector('.side').getBoundingClientRect(); return"
                            + " r.top >= 0 && r.top < 200"));
    assertThat(browser.run("return document.documentElement.scrollWidth - innerWidth"))
        .isEqualTo(0L);
    browser.pressButton(".side", "Close");
    browser.seeText(".side", "No delivery chosen");
    assertThat((boolean) browser.run("return 'id' in document.activeElement.dataset")).isTrue();
  }

  @Test
  void contrastThemesShowWhatIsChosenAndHowItGoes() {
    browser.contrast();
    browser.open(OLDEST_FIRST);
    browser.see(row("Night desk"));
    browser.seeText("#live", "Live");
    String style =
        "return getComputedStyle(document.querySelector(arguments[0]), arguments[1] ||"
            + " null)[arguments[2]]";
    assertThat(browser.run(style, ".chips [aria-pressed=true]", "", "backgroundColor"))
        .isNotEqualTo(browser.run(style, "body", "", "backgroundColor"));
    assertThat(browser.run(style, ".tabs [aria-current]", "", "borderBottomColor"))
        .isNotEqualTo(browser.run(style, ".tabs a:not([aria-current])", "", "borderBottomColor"));
    Object ground = browser.run(style, "body", "", "backgroundColor");
    for (String mark : List.of(row("Too few agents") + " .state.bad", "#live")) {
      assertThat(browser.run(style, mark, "::before", "backgroundColor"))
          .as(mark)
          .isNotEqualTo(ground);
    }
  }

  @Test
  void aDroppedFileIsTakenIntoTheEditor() {
    browser.open("#/plan");
    browser.see("textarea");
    browser.run(
        """
        const transfer = new DataTransfer();
        transfer.items.add(new File(['{"name": "Dropped"}'], 'one.json'));
        document.querySelector('.editor').dispatchEvent(
          new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true}));
        """);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                browser
                    .run("return document.querySelector('textarea').value")
                    .toString()
                    .contains("Dropped"));
    browser.seeText("#verdict", "finding");
  }

  @Test
  void deliveriesAreShownWithTheirAttemptsAndReplayed() throws Exception {
    trouble();
    String dead = newestDead();
    browser.open("#/deliveries");
    browser.seeText(switchOf("warehouse"), "It answered 410 (Gone): it takes no more events.");
    await("since when the oldest waits")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(browser.text(switchOf("warehouse") + " td:nth-child(3)"))
                    .containsPattern("\\d+ (ms|s|min)"));

    browser.press("button[data-id=" + dead + "]");
    browser.seeText(".side", "The destination answered 503.");
    browser.seeText(".side", "upstream is asleep");
    browser.seeText(".side", "No. 3,");
    ANSWERS.put("marketing", 200);
    browser.press("#replay-one");
    assertThat(status(dead)).as("nothing is done before yes").isEqualTo("DEAD");
    browser.pressButton("dialog", "Replay");
    browser.seeText(".toasts", "sent again");
    browser.seeText(".side", "No. 4,");
    browser.seeText(".side header", "Delivered");
    assertThat(status(dead)).isEqualTo("DELIVERED");

    choose("#by-destination", "marketing");
    choose("#by-status", "DEAD");
    int count = dead().size();
    assertThat(count).isGreaterThan(1);
    browser.press("#replay-many");
    browser.seeText("dialog", "Replay " + count + " deliveries?");
    assertThat(dead()).as("counted first").hasSize(count);
    browser.pressButton("dialog", "Replay " + count);
    browser.seeText(".toasts", count + " deliveries are sent again");
    browser.seeText("section[aria-label=Deliveries]", "Nothing matches");
    assertThat(dead()).isEmpty();
  }

  @Test
  void destinationsAreSwitchedOffAndOn() throws Exception {
    trouble();
    browser.open("#/deliveries");
    browser.press("[data-switch=crm]");
    browser.pressButton("dialog", "Switch off");
    browser.seeText(".toasts", "\u201ccrm\u201d is off");
    browser.seeText(switchOf("crm"), "Switched off by an operator. (by anonymous,");
    String id = "crm-" + NUMBER.incrementAndGet();
    event(id, "CAMPAIGN_PAUSED", "PAUSED");
    browser.seeText("section[aria-label=Deliveries]", id);
    assertThat(api.get("/destinations/crm").body().path("pending").asInt()).isPositive();
    browser.press("[data-switch=crm]");
    browser.pressButton("dialog", "Switch on");
    browser.seeText(".toasts", "\u201ccrm\u201d is on");
    awaitDestination("crm", true, false);

    ANSWERS.put("warehouse", 200);
    browser.press("[data-switch=warehouse]");
    browser.seeText("dialog", "What waits for it is sent, in order");
    browser.pressButton("dialog", "Switch on");
    browser.seeText(".toasts", "\u201cwarehouse\u201d is on");
    awaitDestination("warehouse", true, false);
    browser.seeText(switchOf("warehouse") + " td:nth-child(3)", "\u2013");
  }

  @Test
  void deliveriesNameTheirCampaignAndSayWhyTheyWait() throws Exception {
    JsonNode campaign = api.named("Night desk");
    String foreign = "foreign-" + NUMBER.incrementAndGet();
    api.post("/destinations/crm/off", JSON.createObjectNode());
    try {
      event(campaign.path("cxoneCampaignId").asText(), "CAMPAIGN_ACTIVATED", "ACTIVE");
      event(foreign, "CAMPAIGN_PAUSED", "PAUSED");
      event(foreign, "CAMPAIGN_PAUSED", "PAUSED");
      browser.open("#/deliveries?destination=crm&status=PENDING");
      String all = "section[aria-label=Deliveries]";
      browser.seeText(all, "Night desk");
      browser.seeText(all, campaign.path("id").asText());
      browser.seeText(all, "Its destination is switched off.");
      browser.seeText(all, foreign);
      browser.seeText(all, "not known here");
    } finally {
      api.post("/destinations/crm/on", JSON.createObjectNode());
    }
    awaitDestination("crm", true, false);
  }

  @Test
  void aCampaignShowsItsDeliveries() throws Exception {
    JsonNode campaign = api.named("Night desk");
    event(campaign.path("cxoneCampaignId").asText(), "CAMPAIGN_ACTIVATED", "ACTIVE");
    browser.open("#/campaigns/" + campaign.path("id").asText());
    browser.seeText("section[aria-label=Deliveries]", "crm");
    browser.seeText("section[aria-label=Deliveries]", "Delivered");
    browser.press("section[aria-label=Deliveries] a");
    browser.seeText("h1", "Deliveries");
    browser.seeText(".side", "CAMPAIGN_ACTIVATED");
    browser.seeText(".side", "Status 200");
  }

  @Test
  void theSystemIsShownWithoutItsSecrets() {
    browser.open("#/system");
    browser.seeText("section[aria-label='CXone token']", "Usable");
    browser.seeText("section[aria-label='Circuit breakers']", "cxone-send");
    browser.seeText("section[aria-label='Circuit breakers']", "closed, 0.0\u00a0% of ");
    browser.seeText("section[aria-label=Store]", "SQLite");
    browser.seeText("section[aria-label=Replicas]", "this one");
    browser.seeText("section[aria-label=Routes]", "campaign-pacing");
    browser.seeText("section[aria-label=Configuration]", "cxone.client-secret");
    assertThat(browser.text("body")).doesNotContain("sandbox-secret");
    browser.type("input[type=search]", "rate-limit");
    await()
        .atMost(PATIENCE)
        .until(() -> !browser.text("section[aria-label=Configuration]").contains("client-secret"));
  }

  @Test
  void poolsShowWhoIsThereWhoDialsAndWithWhichRates() {
    browser.open("#/campaigns");
    browser.keys("g");
    browser.keys("o");
    browser.seeText("h1", "Pools");
    String pools = "section[aria-label='Agent pools'] tbody";
    browser.seeText(pools, "pool-east");
    JsonNode east = api.get("/pools/pool-east").body();
    browser.seeText(pools, east.at("/agents/staffed").asText());
    browser.run("document.querySelector('[data-focus=pool-east]').focus()");
    browser.key(Keys.ENTER);
    browser.seeText("h1", "pool-east");
    assertThat(browser.address()).endsWith("#/pools/pool-east");
    browser.seeText("section[aria-label='Agents and calls']", "At work");
    browser.seeText("section[aria-label='Agents and calls']", "calls/s");
    browser.seeText("section[aria-label=Campaigns]", "Night desk");
    browser.open("#/pools/no%20such%20pool");
    browser.seeText(".problem", "no such pool");
  }

  /**
   * CXone would have to be deaf for a quarter of a minute, so the answers that tell of it are made.
   */
  @Test
  void whatIsOutOfControlIsLoudInEveryView() {
    String id = api.named("Night desk").path("id").asText();
    browser.run("sessionStorage.removeItem('campaign-routes.draft')"); // what others have written
    for (String view : VIEWS.stream().filter(one -> !one.endsWith("/x")).toList()) {
      browser.open(view);
      settle(view);
      browser.run(
          """
          const real = window.fetch;
          const control = {lost: true, asked: 'STOP', since: arguments[1], nextTry: arguments[1], sentence: 'CXone is still dialing.'};
          window.fetch = async (...all) => {
            const answer = await real(...all);
            const path = new URL(all[0].url ?? all[0], location.href).pathname;
            if (path !== '/overview' && path !== '/pools') return answer;
            const body = await answer.json();
            if (path === '/overview') {
              body.trouble = 'CXone is still dialing 1 campaign against our word.';
              body.uncontrolled = [{id: arguments[0], name: 'Night desk', ...control}];
              body.uncontrolledTotal = 1;
            } else {
              Object.assign(body.items.find((one) => one.id === 'pool-east'), {uncontrolled: 1, uncontrolledSince: control.since});
            }
            return new Response(JSON.stringify(body), {headers: answer.headers});
          };
          """
              .replace("arguments[0]", "'" + id + "'")
              .replace("arguments[1]", "'" + Instant.now() + "'"));
      browser.seeText("#trouble", "CXone is still dialing 1 campaign against our word.");
      browser.seeText("#control", "Night desk (asked to stop since ");
      browser.seeText("#control", "Pause or stop it in CXone if you cannot wait.");
      assertThat(browser.run("return document.title").toString()).startsWith("(!) ");
      if (view.equals("#/pools")) {
        browser.seeText(
            "section[aria-label='Agent pools'] tbody tr", "1 campaign out of control since ");
      }
      assertThat(browser.faults()).as(view).isEmpty();
    }
  }

  @Test
  void nothingIsLoadedFromElsewhere() {
    for (String view : VIEWS) {
      browser.open(view);
      browser.see("h1");
      assertThat(
              (List<?>)
                  browser.run("return performance.getEntriesByType('resource').map(r => r.name)"))
          .isNotEmpty()
          .allSatisfy(
              name ->
                  assertThat(name.toString())
                      .startsWith(service.uri("/").toString().replace("/$", "")));
    }
  }

  @Test
  void theListIsThereAsSoonAsTheServiceIsBack() throws Exception {
    Path log = Path.of("target", "console-it-again.log");
    Files.deleteIfExists(log);
    Path data = temp.resolve("again");
    ServiceProcess first = start(data, log, Map.of());
    String port = Integer.toString(first.address().getPort());
    try (Browser other = browser(first, "again-profile")) {
      other.open("#/campaigns");
      other.seeText(".rows", "Round the clock");
      // all that the page has said, also for a moment
      other.run(
          "window.said = ''; new MutationObserver(() => { window.said +="
              + " document.getElementById('main').innerText; }).observe(document.body, {subtree:"
              + " true, childList: true, characterData: true});");
      assertThat(first.stop(Duration.ofSeconds(30))).isTrue();
      other.seeText("#live", "No connection");
      try (ServiceProcess second =
              ServiceProcess.start(
                  PackagedService.command(),
                  data,
                  Map.of("PORT", port),
                  log,
                  "--spring.profiles.active=sandbox");
          Browser third = browser(second, "third-profile")) {
        await("its page").atMost(Duration.ofSeconds(60)).until(() -> serves(second));
        third.open("#/campaigns");
        second.awaitReady(Duration.ofMinutes(3));
        long ready = System.nanoTime();
        for (Browser one : List.of(other, third)) {
          one.seeText("#live", "Live");
          one.seeText(".rows", "Round the clock");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - ready)).isLessThan(Duration.ofSeconds(9));
        assertThat(
                third
                    .run(
                        "return [...document.querySelectorAll('[role=alert]')].map(e =>"
                            + " e.textContent).join('')")
                    .toString())
            .isBlank();
        assertThat(other.run("return window.said").toString())
            .doesNotContain("Not Found", "nothing at", "404");
      }
    } finally {
      first.close();
    }
  }

  private static boolean serves(ServiceProcess of) throws Exception {
    try {
      return status(of, "/") == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void theKeyIsAskedForAndKeptInTheTabOnly() throws Exception {
    Path log = Path.of("target", "console-it-key.log");
    Files.deleteIfExists(log);
    String key = "key-of-this-test";
    try (ServiceProcess locked = start(temp.resolve("locked"), log, Map.of("API_KEY", key));
        Browser other = browser(locked, "locked-profile")) {
      for (String path : List.of("/", "/console/js/main.js", "/console/app.css")) {
        assertThat(status(locked, path)).as(path).isEqualTo(200);
      }
      for (String path :
          List.of("/overview", "/system", "/events", "/campaigns", "/campaigns/x/diagnosis")) {
        assertThat(status(locked, path)).as(path).isEqualTo(401);
      }
      other.open("#/campaigns");
      other.seeText("h1", "Sign in");
      assertThat(other.all(".tabs a").stream().anyMatch(WebElement::isDisplayed)).isFalse();
      other.type("#api-key", "\u043a\u043b\u044e\u0447");
      other.run("location.hash = '#/system'");
      other.key(Keys.ENTER);
      other.seeText(".problem", "cannot be sent as a key");
      other.run("location.hash = '#/campaigns'");
      other.type("#api-key", "a wrong one");
      other.key(Keys.ENTER);
      other.seeText(".problem", "does not know this key");
      assertThat(other.faults()).isEmpty();
      other.type("#api-key", key);
      other.key(Keys.ENTER);
      other.seeText("h1", "Campaigns");
      other.seeText("#live", "Live");
      assertThat(other.address()).doesNotContain(key);
      assertThat(other.run("return localStorage.length + document.cookie.length")).isEqualTo(0L);
      assertThat(
              other
                  .run("return performance.getEntriesByType('resource').map(r => r.name).join()")
                  .toString())
          .doesNotContain(key);

      other.open("#/plan");
      other.see("section[aria-label=Payload]");
      other.seeText("#live", "Live");
      // the key is changed, and the stream hangs up and comes again
      other.run(
          "sessionStorage.setItem('campaign-routes.key', 'former');"
              + " dispatchEvent(new PageTransitionEvent('pagehide'));"
              + " dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))");
      other.seeText("h1", "Sign in");
      other.type("#api-key", key);
      other.key(Keys.ENTER);
      other.seeText("#live", "Live");

      locked.kill();
      other.seeText("#live", "No connection");
      other.run("location.hash = '#/system'");
      other.seeText(".problem", "cannot be reached");
      other.press("#sign-out");
      other.seeText("h1", "Sign in");
      assertThat(other.run("return sessionStorage.getItem('campaign-routes.key')")).isNull();
    }
  }

  @ParameterizedTest(name = "{0} wide, dark {1}")
  @CsvSource({"1280, false", "1280, true", "390, false"}) // colours do not depend on the width
  void noViewViolatesARuleOfAccessibility(int width, boolean dark) {
    browser.look(width, 844, dark);
    List<String> faults = new ArrayList<>();
    for (String view : VIEWS) {
      browser.open(view);
      settle(view);
      browser.faults().forEach(fault -> faults.add(view + " " + fault));
      Object wider = browser.run("return document.documentElement.scrollWidth - innerWidth");
      if ((long) wider > 0) {
        faults.add(view + " is " + wider + " pixels wider than the screen");
      }
    }
    browser.open("#/campaigns/" + api.named("Night desk").path("id").asText());
    settle("#/campaigns/x");
    browser.pressButton(".head", "Stop");
    browser.see("dialog");
    browser.faults().forEach(fault -> faults.add("dialog " + fault));
    browser.pressButton("dialog", "Cancel");
    assertThat(faults).isEmpty();
  }

  @Test
  @EnabledIfSystemProperty(named = "console.pictures", matches = ".+")
  void pictures() throws Exception {
    Path folder = Path.of(System.getProperty("console.pictures"));
    String id = api.named("Night desk").path("id").asText();
    await("a few decisions")
        .atMost(Duration.ofMinutes(4))
        .until(() -> api.get("/campaigns/" + id + "/pacing").body().path("items").size() > 24);
    trouble();
    browser.look(1360, 850, false);
    for (String view : VIEWS) {
      String at = view.equals("#/campaigns/x") ? "#/campaigns/" + id : view;
      browser.open(at);
      settle(view);
      if (view.equals("#/deliveries")) {
        browser.press("button[data-id=" + newestDead() + "]");
        browser.seeText(".side", "upstream is asleep");
      }
      browser.picture(
          folder.resolve(
              view.equals("#/campaigns/x")
                  ? "campaign.png"
                  : view.substring(2).replace('/', '-') + ".png"));
    }
    browser.look(1360, 850, true);
    browser.open("#/campaigns/" + id);
    settle("#/campaigns/x");
    browser.picture(folder.resolve("campaign-dark.png"));
    browser.look(390, 844, false);
    browser.open("#/campaigns");
    settle("#/campaigns");
    browser.picture(folder.resolve("campaigns-phone.png"));
  }

  private static final String ROLE = "return document.activeElement.getAttribute('role')";
  private static final String OLDEST_FIRST = "#/campaigns?sort=taken";
  private static final List<String> VIEWS =
      List.of(
          "#/campaigns",
          "#/campaigns/x",
          "#/pools",
          "#/pools/pool-east",
          "#/plan",
          "#/deliveries",
          "#/system");

  /** Until a view has drawn all that it has. */
  private static void settle(String view) {
    if (view.equals("#/campaigns/x")) {
      if (browser.address().endsWith("/x")) {
        browser.open("#/campaigns/" + api.named("Night desk").path("id").asText());
      }
      browser.see(".plot canvas");
      browser.seeText("section[aria-label='Audit trail']", "Chain intact");
    } else {
      String last =
          switch (view) {
            case "#/campaigns" -> ".rows .name";
            case "#/pools" -> "section[aria-label='Agent pools'] tbody tr";
            case "#/pools/pool-east" -> "section[aria-label=Campaigns] tbody tr";
            case "#/plan" -> "section[aria-label=Payload]";
            case "#/deliveries" -> "button[data-id]";
            default -> "section[aria-label=Routes] tbody tr";
          };
      browser.see(last);
    }
    browser.seeText("#live", "Live");
  }

  /** One destination fails until its deliveries are dead, another one wants no more. */
  private static void trouble() throws Exception {
    ANSWERS.putAll(Map.of("crm", 200, "marketing", 503, "warehouse", 410));
    int before = dead().size();
    event("desk-" + NUMBER.incrementAndGet(), "CAMPAIGN_DANCED", "DANCING");
    event("desk-" + NUMBER.incrementAndGet(), "CAMPAIGN_COMPLETED", "COMPLETED");
    event("desk-" + NUMBER.incrementAndGet(), "CAMPAIGN_ERROR", "ERROR");
    event("desk-" + NUMBER.incrementAndGet(), "CAMPAIGN_PAUSED", "PAUSED");
    await("the end of the schedule").atMost(PATIENCE).until(() -> dead().size() == before + 3);
    awaitDestination("warehouse", false, true);
  }

  private static void event(String campaign, String type, String status) throws Exception {
    ObjectNode event =
        JSON.createObjectNode()
            .put("eventId", "evt-console-" + NUMBER.incrementAndGet())
            .put("campaignId", campaign)
            .put("status", status)
            .put("timestamp", Instant.now().toString())
            .put("eventType", type);
    HttpRequest request =
        HttpRequest.newBuilder(service.uri("/webhooks/cxone"))
            .header("Content-Type", "application/json")
            .header("X-Webhook-Token", TOKEN)
            .POST(HttpRequest.BodyPublishers.ofString(event.toString()))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  private static List<JsonNode> dead() {
    return api.all("/deliveries?destination=marketing&status=DEAD");
  }

  private static String newestDead() {
    return api.get("/deliveries?destination=marketing&status=DEAD&sort=-created&limit=1")
        .body()
        .at("/items/0/id")
        .asText();
  }

  private static String status(String delivery) {
    return api.get("/deliveries/" + delivery).body().path("status").asText();
  }

  private static void awaitDestination(String name, boolean on, boolean waiting) {
    await(name)
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode one = api.get("/destinations/" + name).body();
              assertThat(one.path("on").asBoolean()).as("on").isEqualTo(on);
              assertThat(one.path("pending").asInt() > 0).as("pending").isEqualTo(waiting);
            });
  }

  /** The line of a destination. */
  private static String switchOf(String destination) {
    return "tr:has([data-switch=" + destination + "])";
  }

  private static void choose(String select, String value) {
    browser.run(
        "const s = document.querySelector(arguments[0]); s.value = arguments[1];"
            + " s.dispatchEvent(new Event('change'))",
        select,
        value);
  }

  private static String row(String name) {
    JsonNode campaign = await().atMost(PATIENCE).until(() -> api.named(name), one -> one != null);
    return ".rows [data-key=" + campaign.path("id").asText() + "]";
  }

  private static List<String> names() {
    return ((List<?>)
            browser.run(
                "return [...document.querySelectorAll('.rows .line')].sort((a, b) => a.ariaRowIndex"
                    + " - b.ariaRowIndex).map(r => r.querySelector('.name')?.textContent ?? '')"))
        .stream().map(Object::toString).toList();
  }

  private static String chip(String name) {
    return browser.all(".chips button").stream()
        .map(one -> one.getText())
        .filter(text -> text.startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  private static void drop(String file, String text) {
    browser.see(".editor");
    browser.run(
        """
        const transfer = new DataTransfer();
        transfer.items.add(new File([arguments[1]], arguments[0]));
        document.querySelector('.editor').dispatchEvent(
          new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true}));
        """,
        file,
        text);
  }

  /** Answers of this path take longer, until the page is loaded anew. */
  private static void slow(String path, int millis) {
    browser.run(
        """
        const [slow, millis] = arguments;
        const fetch = window.fetch;
        window.fetch = async (path, how) => {
          if (String(path).split('?')[0] === slow) await new Promise(go => setTimeout(go, millis));
          return fetch(path, how);
        };\
        """,
        path,
        millis);
  }

  /**
   * Campaigns that are sent wait once so many have gone out, until the page's {@code release()}.
   */
  private static void hold(int after) {
    browser.run(
        """
        const after = arguments[0];
        const fetch = window.fetch;
        const gate = new Promise(go => { window.release = go; });
        let out = 0;
        window.fetch = async (path, how) => {
          if (path === '/campaigns' && out++ >= after) await gate;
          return fetch(path, how);
        };\
        """,
        after);
  }

  private static boolean leavingIsHeldUp() {
    return (boolean)
        browser.run(
            "const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return"
                + " e.defaultPrevented");
  }

  private static long stopButtons() {
    return (long)
        browser.run(
            "return [...document.querySelectorAll('main button')].filter(one => one.offsetParent &&"
                + " one.textContent.trim() === 'Stop').length");
  }

  /** So many lines, each a campaign that starts another day. */
  private static String later(String name, int count) {
    StringBuilder lines = new StringBuilder();
    for (int n = 1; n <= count; n++) {
      lines.append(scheduled(request(name + "." + n))).append('\n');
    }
    return lines.toString();
  }

  private static ObjectNode scheduled(ObjectNode request) {
    return open(request).put("activateAt", Instant.now().plus(Duration.ofDays(3)).toString());
  }

  private static void take(String line) {
    try {
      assertThat(api.post("/campaigns", (ObjectNode) JSON.readTree(line)).status()).isEqualTo(202);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many campaigns the service has whose name begins like this. */
  private static int taken(String name) {
    return api.get("/overview?q=" + URLEncoder.encode(name + ".", StandardCharsets.UTF_8))
        .body()
        .path("total")
        .asInt();
  }

  /** The lines that the editor marks. */
  private static List<String> marked() {
    return ((List<?>)
            browser.run(
                "return [...document.querySelectorAll('.gutter .bad')].map(d =>"
                    + " d.textContent.replace(/\\D/g, ''))"))
        .stream().map(Object::toString).toList();
  }

  private static void write(String text) {
    browser.see("textarea");
    browser.run(
        "const t = document.querySelector('textarea'); t.value = arguments[0]; t.dispatchEvent(new"
            + " Event('input'))",
        text);
  }

  private static String take(String name, java.util.function.UnaryOperator<ObjectNode> how) {
    ServiceClient.Answer answer = api.post("/campaigns", how.apply(request(name)));
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
    return answer.body().path("campaignId").asText();
  }

  private static ObjectNode request(String name) {
    return ServiceClient.request(name)
        .put("externalId", name + " " + System.nanoTime())
        .put("agentPoolId", "pool-east")
        .put("policy", "none");
  }

  /** May call whenever the test runs. */
  private static ObjectNode open(ObjectNode request) {
    ObjectNode schedule = request.putObject("schedule").put("startHour", 0).put("endHour", 24);
    Stream.of(DayOfWeek.values()).forEach(day -> schedule.withArray("daysOfWeek").add(day.name()));
    return request;
  }

  /** May call on one day of the week, which is neither today nor tomorrow anywhere. */
  private static ObjectNode closed(ObjectNode request) {
    DayOfWeek day = LocalDate.now(ZoneOffset.UTC).getDayOfWeek().plus(3);
    request
        .putObject("schedule")
        .put("startHour", 9)
        .put("endHour", 17)
        .putArray("daysOfWeek")
        .add(day.name());
    return request;
  }

  private static void awaitStage(String name, String stage) {
    await(name + " to be " + stage)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> api.stage(name).equals(stage));
  }

  private static void fault(String method, String operation, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(service.uri("/sandbox/faults/" + operation))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .build();
    int status =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    assertThat(status / 100).isEqualTo(2);
  }

  private static int status(ServiceProcess of, String path) throws Exception {
    URI uri = of.uri(path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
