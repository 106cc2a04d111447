package io.campaignroutes;

import static io.campaignroutes.ServiceClient.JSON;
import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.ServiceProcess;
import java.io.BufferedWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * 300 campaigns, dropped as one file on the sandbox's pool of 12 agents, and all of its calls from
 * the first second on. Takes as long as is said, so it is done by hand: {@code mvn verify
 * -Dit.test=SharedPoolIT -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dpool.minutes=15}.
 */
@EnabledIfSystemProperty(named = "pool.minutes", matches = "\\d+")
class SharedPoolIT {
  private static final int CAMPAIGNS = 300;
  private static final String POOL = "pool-east"; // of 12 agents
  private static final String NAME = "shared ";
  private static final double CAP = 0.03;

  /** By the clock of New York; within the hours of the policy that has the cap. */
  private static final int OPENS = 9;

  private static final int CLOSES = 20;

  /** How often a share that is exactly the cap would be taken for more. */
  private static final double BY_CHANCE = 0.01;

  @TempDir Path temp;
  private final HttpClient http = HttpClient.newHttpClient();
  private ServiceProcess service;

  @Test
  void noMoreCallsAreAbandonedThanTheCapAllowsFromTheFirstSecondOn() throws Exception {
    long minutes = Long.getLong("pool.minutes");
    int hour = ZonedDateTime.now(ZoneId.of("America/New_York")).getHour();
    assumeThat(hour).as("hour in New York").isBetween(OPENS, CLOSES - 2);
    Path log = Path.of("target", "shared-pool-it.log");
    Files.createDirectories(log.getParent());
    Files.deleteIfExists(log);
    Path inbox = Files.createDirectories(temp.resolve("data/inbox"));
    try (var started =
        ServiceProcess.start(
            PackagedService.command(),
            temp.resolve("data"),
            Map.of(),
            log,
            "--spring.profiles.active=sandbox",
            "--inbox.settle=300ms")) {
      service = started.awaitReady(Duration.ofMinutes(3));
      Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      drop(inbox);
      for (long minute = 1; minute <= minutes; minute++) {
        TimeUnit.MINUTES.sleep(1);
        tell(minute, start);
      }
      long[] calls = calls(start);
      assertThat(new ServiceClient(service).all("/campaigns?status=ACTIVE"))
          .hasSizeGreaterThanOrEqualTo(CAMPAIGNS);
      assertThat(calls[2]).as("calls dialed").isPositive();
      long answered = calls[0] + calls[1];
      assertThat(likelihood(calls[1], CAP * answered))
          .as("%d of %d answered calls are abandoned", calls[1], answered)
          .isGreaterThan(BY_CHANCE);
    }
  }

  private void tell(long minute, Instant start) throws Exception {
    long[] calls = calls(start);
    System.out.printf(
        "%d min: %d campaigns are active, %d have dialed; %d calls, %d answered, %d abandoned%n",
        minute,
        new ServiceClient(service).all("/campaigns?status=ACTIVE").size(),
        calls[3],
        calls[2],
        calls[0] + calls[1],
        calls[1]);
  }

  private static void drop(Path inbox) throws Exception {
    Path whole = inbox.resolve("all.tmp");
    try (BufferedWriter file = Files.newBufferedWriter(whole)) {
      for (int n = 0; n < CAMPAIGNS; n++) {
        ObjectNode campaign = request(NAME + n).put("agentPoolId", POOL);
        campaign.withObject("/schedule").put("startHour", OPENS).put("endHour", CLOSES);
        file.write(JSON.writeValueAsString(campaign.put("policy", "us-federal")));
        file.write('\n');
      }
    }
    Files.move(whole, inbox.resolve("all.ndjson"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Calls of all campaigns, as CXone's history has them: connected, abandoned, dialed, by whom. */
  private long[] calls(Instant start) throws Exception {
    String token =
        post(
                "/oauth/token",
                "application/x-www-form-urlencoded",
                null,
                "grant_type=client_credentials&client_id=sandbox&client_secret=sandbox-secret")
            .path("access_token")
            .asText();
    long[] sum = new long[4];
    for (String campaign : campaigns()) {
      ObjectNode query = JSON.createObjectNode();
      query.put("startDate", start.minusSeconds(5).toString());
      query.put("endDate", Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1).toString());
      query.putObject("filter").put("campaignId", campaign);
      query.putArray("metrics").add("attemptedCalls").add("connectedCalls").add("abandonedCalls");
      JsonNode counts =
          post(
              "/api/v2/analytics/campaigns/details/query",
              "application/json",
              token,
              query.toString());
      sum[0] += counts.path("connectedCalls").asLong();
      sum[1] += counts.path("abandonedCalls").asLong();
      sum[2] += counts.path("attemptedCalls").asLong();
      sum[3] += counts.path("attemptedCalls").asLong() > 0 ? 1 : 0;
    }
    return sum;
  }

  private List<String> campaigns() {
    return new ServiceClient(service)
        .all().stream()
            .filter(campaign -> campaign.path("name").asText().startsWith(NAME))
            .filter(campaign -> campaign.path("cxoneCampaignId").isTextual())
            .map(campaign -> campaign.path("cxoneCampaignId").asText())
            .toList();
  }

  private JsonNode post(String path, String type, String token, String body) throws Exception {
    URI uri = service.uri("/sandbox/cxone" + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** How likely so many, or more, are where calls come by chance and so many are to be expected. */
  private static double likelihood(long count, double expected) {
    double term = Math.exp(-expected);
    double fewer = 0;
    for (long n = 0; n < count; n++) {
      fewer += term;
      term *= expected / (n + 1);
    }
    return 1 - fewer;
  }
}
