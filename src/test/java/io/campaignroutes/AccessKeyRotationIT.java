package io.campaignroutes;

import static io.campaignroutes.ServiceClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.benchmark.ServiceProcess;
import io.campaignroutes.sandbox.connection.TestTenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The access key of a tenant of Personal Connection gets another secret while the packaged service
 * runs: what runs goes on, and what is launched meanwhile is not lost.
 */
class AccessKeyRotationIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SECOND = "marker-access-key-second=";

  private static final String[] SETTINGS = {
    "--personal-connection.collect.skills=1s",
    "--personal-connection.collect.states=1s",
    "--personal-connection.collect.activity=1s",
    "--personal-connection.collect.completed=1s",
    "--personal-connection.collect.calls-a-day=10000000",
    "--launch.look-period=2s",
    "--launch.retry-initial=100ms",
    "--launch.retry-max=1s"
  };

  @TempDir Path temp;

  private final TestTenant tenant = TestTenant.live(100_000, 5);

  @AfterEach
  void close() {
    tenant.close();
  }

  @Test
  void anotherSecretIsTakenFromItsFileWithoutARestart() throws Exception {
    tenant.tenant().addRunningSkills(21_001, 1, 4, 100_000);
    tenant.supervisor(20_001, "stop");
    tenant.supervisor(21_001, "stop");
    tenant.pass(Duration.ofMinutes(50));
    String base = tenant.serve();
    Path log = Path.of("target", "access-key-rotation-it.log");
    Files.deleteIfExists(log);
    write("id", "sandbox-key");
    write("secret", "sandbox-secret=");
    Map<String, String> environment =
        Map.of(
            "CXONE_PLATFORM",
            "personal-connection",
            "CXONE_ACCESS_KEY_ID_FILE",
            temp.resolve("id").toString(),
            "CXONE_ACCESS_KEY_SECRET_FILE",
            temp.resolve("secret").toString(),
            "CXONE_TOKEN_URL",
            base + "/authentication/v1/token/access-key",
            "CXONE_DISCOVERY_URL",
            base + "/.well-known/cxone-configuration",
            "CXONE_RATE_LIMIT",
            "0");
    try (var service =
        ServiceProcess.start(
                PackagedService.command(), temp.resolve("data"), environment, log, SETTINGS)
            .awaitReady(Duration.ofMinutes(3))) {
      ServiceClient client = new ServiceClient(service);
      String before = launch(client, "before", "skill:20001");
      awaitStage(client, before, "ACTIVE");
      ObjectNode change = ServiceClient.JSON.createObjectNode();
      tenant.changes(change.put("accessKeySecret", SECOND).put("forgetTokens", true));
      String between = launch(client, "between", "skill:21001");
      await("the refusal is told")
          .atMost(PATIENCE)
          .until(() -> client.text("/actuator/health").contains("CXone refuses the access key"));
      assertThat(stage(client, between)).isNotIn("ACTIVE", "FAILED", "REJECTED");
      assertThat(stage(client, before)).isEqualTo("ACTIVE");
      write("secret", SECOND);
      awaitStage(client, between, "ACTIVE");
      assertThat(stage(client, before)).isEqualTo("ACTIVE");
      assertThat(client.text("/actuator/health")).doesNotContain("refuses the access key");
      assertThat(client.command(before, "stop", 0).status()).isEqualTo(202);
      awaitStage(client, before, "STOPPED");
    }
    assertThat(Files.readString(log)).doesNotContain("marker-access-key", "sandbox-secret");
  }

  private static String launch(ServiceClient client, String name, String pool) {
    ObjectNode request = request(name).put("agentPoolId", pool);
    request.remove("contactListId");
    ServiceClient.Answer answer = client.post("/campaigns", request);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
    return answer.body().path("campaignId").asText();
  }

  private static String stage(ServiceClient client, String id) {
    return client.get("/campaigns/" + id).body().path("stage").asText();
  }

  private static void awaitStage(ServiceClient client, String id, String stage) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(stage(client, id)).isEqualTo(stage));
  }

  /** Puts a secret in place, as somebody does who replaces one. */
  private void write(String name, String secret) throws IOException {
    Path whole = Files.writeString(temp.resolve("new"), secret + "\n");
    Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rw-------"));
    Files.move(whole, temp.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
