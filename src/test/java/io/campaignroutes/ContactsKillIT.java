package io.campaignroutes;

import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.connection.TestTenant;
import io.campaignroutes.sandbox.connection.TestTenant.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the packaged service while it gives a tenant the contacts that a campaign brought: in the
 * create of the list and in an upload, each done at CXone and not answered. Then the tenant answers
 * an upload too late, and refuses the token of another one.
 */
class ContactsKillIT {
  private static final int CONTACTS = 1_000;
  private static final Duration START = Duration.ofMinutes(3);

  private static final String[] SETTINGS = {
    "--personal-connection.caller-id=+12125550100",
    "--personal-connection.dnc-groups=70",
    "--contacts.upload-size=250",
    "--launch.lease=20s",
    "--launch.retry-initial=100ms",
    "--launch.retry-max=2s",
    "--inbox.settle=300ms"
  };

  private final TestTenant tenant = new TestTenant(100, Instant.now());
  private final ScheduledExecutorService time = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void close() {
    time.shutdownNow();
    tenant.close();
  }

  @Test
  void killsWhileContactsAreUploadedNeitherLoseNorDoubleAnyOfThem(@TempDir Path temp)
      throws Exception {
    Path data = temp.resolve("data");
    Path inbox = Files.createDirectories(data.resolve("inbox"));
    Path log = Path.of("target", "contacts-kill-it.log");
    Files.deleteIfExists(log);
    String base = tenant.serve();
    Map<String, String> environment =
        Map.of(
            "CXONE_PLATFORM", "personal-connection",
            "CXONE_ACCESS_KEY_ID", "sandbox-key",
            "CXONE_ACCESS_KEY_SECRET", "sandbox-secret=",
            "CXONE_TOKEN_URL", base + "/authentication/v1/token/access-key",
            "CXONE_DISCOVERY_URL", base + "/.well-known/cxone-configuration",
            "CXONE_RATE_LIMIT", "0");
    time.scheduleAtFixedRate(
        () -> tenant.pass(Duration.ofMillis(100)), 100, 100, TimeUnit.MILLISECONDS);
    List<String> command = PackagedService.command();
    drop(inbox);
    for (String operation : List.of("createList", "uploadList")) {
      try (var service = ServiceProcess.start(command, data, environment, log, SETTINGS)) {
        killedIn(operation, service);
      }
    }
    Slow slow = new Slow();
    tenant.watched(slow);
    try (var service = ServiceProcess.start(command, data, environment, log, SETTINGS)) {
      service.awaitReady(START);
      assertAllUploadedOnce(new ServiceClient(service));
      assertThat(slow.looked.getCount()).isZero();
    }
    assertThat(Files.readString(log)).doesNotContainPattern("212.{0,2}555");
  }

  private static void drop(Path inbox) throws IOException {
    StringBuilder csv = new StringBuilder("phone,externalId\n");
    for (int n = 0; n < CONTACTS; n++) {
      csv.append("(212) 555-%04d,c%d\n".formatted(2000 + n, n));
    }
    csv.append("none,c-none\n");
    Files.writeString(inbox.resolve("spring.csv"), csv);
    ObjectNode request = request("Spring");
    request.remove("contactListId");
    request.put("agentPoolId", "team:31").putObject("contacts").put("file", "spring.csv");
    Files.writeString(inbox.resolve("spring.json"), request.toString());
  }

  /** The first call of the operation is done, and its answer meets nobody. */
  private void killedIn(String operation, ServiceProcess service) throws Exception {
    CompletableFuture<Void> killed = new CompletableFuture<>();
    tenant.doing(
        called -> {
          if (called.equals(operation) && !killed.isDone()) {
            try {
              service.kill();
              killed.complete(null);
            } catch (InterruptedException e) {
              killed.completeExceptionally(e);
            }
          }
        });
    killed.get(6, TimeUnit.MINUTES);
    tenant.doing(called -> {});
    assertThat(service.isAlive()).isFalse();
  }

  /**
   * Keeps the answer to the next upload back until the service looks for what became of it, and has
   * the token of the upload after that be good for nothing.
   */
  private final class Slow implements TestTenant.Watch {
    private final CountDownLatch looked = new CountDownLatch(1);
    private final AtomicInteger uploads = new AtomicInteger();

    @Override
    public Trouble arrives(String operation, String path) {
      if (operation.equals("uploadJobs") && uploads.get() > 0) {
        looked.countDown();
      } else if (operation.equals("uploadList") && uploads.incrementAndGet() == 2) {
        tenant.changes(ServiceClient.JSON.createObjectNode().put("forgetTokens", true));
      }
      return Trouble.NONE;
    }

    @Override
    public void done(String operation, String path) {
      if (operation.equals("uploadList") && uploads.get() == 1) {
        try {
          looked.await(5, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private void assertAllUploadedOnce(ServiceClient client) {
    JsonNode campaign = client.get("/campaigns").body().at("/items/0");
    String summary = "/campaigns/" + campaign.path("id").asText() + "/contacts/summary";
    await("all contacts are uploaded")
        .atMost(Duration.ofMinutes(6))
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(client.get(summary).body().path("uploaded").asInt())
                    .isEqualTo(CONTACTS));
    await("it is launched")
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> client.get("/campaigns").body().at("/items/0/stage").asText().equals("ACTIVE"));
    JsonNode truth = tenant.truth().path(campaign.path("cxoneCampaignId").asText());
    assertThat(truth.path("contacts").asInt()).isEqualTo(CONTACTS);
    assertThat(truth.path("contactsReceived").asInt()).isEqualTo(CONTACTS);
    assertThat(truth.path("numbers").asInt()).isEqualTo(CONTACTS);
    assertThat(tenant.lists()).filteredOn(name -> name.startsWith("CR-")).hasSize(1);
    assertThat(tenant.counts()).containsEntry("createList", 1);
    assertThat(tenant.counts())
        .as("four parts, and one that was refused for its token")
        .containsEntry("uploadList", 5);
    assertThat(tenant.counts()).containsEntry("createSkill", 1);
    assertDryRunsKnowLists(client, campaign.path("cxoneCampaignId").asText());
  }

  /** A dry run tells a list of the skill from one of another skill. */
  private void assertDryRunsKnowLists(ServiceClient client, String skill) {
    for (JsonNode list : tenant.read("/lists/call-lists?top=100").path("callingLists")) {
      boolean own = list.path("listName").asText().startsWith("CR-");
      ObjectNode request = request("Dry").put("agentPoolId", "skill:" + skill);
      ServiceClient.Answer answer =
          client.post(
              "/campaigns/validate", request.put("contactListId", list.path("listId").asText()));
      assertThat(
              answer
                  .body()
                  .at("/errors")
                  .findValuesAsText("rule")
                  .contains("contactListId.unknown"))
          .as(answer.body().toString())
          .isEqualTo(!own);
    }
  }
}
