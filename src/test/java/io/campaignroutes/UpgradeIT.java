package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campaignroutes.benchmark.ServiceProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * ThreeReplicas of an older version are replaced by this one, one after the other, and by the older
 * one again: both work side by side on the tables of the newer, and whatever one of them has begun
 * the other goes on with. {@code -Dupgrade.from=...} is the folder in which the older version was
 * packaged; {@code CONTRIBUTING.md} has the commands.
 */
@EnabledIfSystemProperty(named = "upgrade.from", matches = ".+")
class UpgradeIT {
  private static final Path OLDER = Path.of(System.getProperty("upgrade.from", ""));
  private static final int EACH = 3;

  /** Counted by each process for itself, from its first decision on. */
  private static final String DECISIONS = "\ncampaign_routes_pacing_decisions_total{";

  @TempDir private Path temp;
  private ThreeReplicas replicas;

  @BeforeEach
  void startOlder() throws Exception {
    replicas = new ThreeReplicas(temp, Path.of("target", "upgrade-it.log"));
    for (int n = 0; n < ThreeReplicas.COUNT; n++) {
      older(n);
      replicas.ready(n, true);
    }
  }

  @AfterEach
  void tidyUp() throws Exception {
    replicas.close();
  }

  private void older(int n) throws Exception {
    Path jar = OLDER.toAbsolutePath().resolve(PackagedService.JAR);
    List<String> options = new ArrayList<>(PackagedService.QUICK);
    options.add("-Xmx192m");
    replicas.start(n, OLDER, ServiceProcess.command(jar, options.toArray(String[]::new)));
  }

  private void newer(int n) throws Exception {
    replicas.start(n, Path.of(""), PackagedService.command("-Xmx192m"));
  }

  @Test
  void bothVersionsWorkSideBySideAndEitherReplacesTheOther() throws Exception {
    replicas.drop("of-the-older", EACH);
    takeAtEach("of the older ");
    replicas.awaitActive();

    replicas.ready(0, false);
    replicas.replica(0).kill();
    newer(0);
    replicas.ready(0, true);
    sideBySide("side by side");

    replicas.replaceAll("UpgradeIT, to the newer", this::newer);
    takeAtEach("of the newer ");
    replicas.awaitActive();

    replicas.replaceAll("UpgradeIT, back to the older", this::older);
    takeAtEach("of the older again ");
    replicas.awaitActive();

    replicas.ready(2, false);
    replicas.replica(2).kill();
    newer(2);
    replicas.ready(2, true);
    sideBySide("side by side again");
    replicas.assertSettled();
  }

  private void takeAtEach(String name) {
    for (int n = 0; n < ThreeReplicas.COUNT * EACH; n++) {
      replicas.take(n % ThreeReplicas.COUNT, name + n);
    }
  }

  /** What one launches another pauses, resumes and paces; files are whose they are. */
  private void sideBySide(String name) throws Exception {
    replicas.drop(name.replace(' ', '-'), EACH);
    takeAtEach(name + " ");
    replicas.awaitActive();
    for (int n = 0; n < ThreeReplicas.COUNT; n++) {
      String campaign = name + " " + n;
      command((n + 1) % ThreeReplicas.COUNT, campaign, "pause", "PAUSED");
      command((n + 2) % ThreeReplicas.COUNT, campaign, "resume", "ACTIVE");
    }
    replicas.awaitPacedSince(System.nanoTime());
    for (int n = 0; n < ThreeReplicas.COUNT; n++) {
      var client = replicas.client(n);
      await("replica " + n + " paces")
          .atMost(ThreeReplicas.GOES_ON)
          .until(() -> client.text("/actuator/prometheus").contains(DECISIONS));
    }
  }

  private void command(int replica, String campaign, String command, String stage) {
    var client = replicas.client(replica);
    String id = client.named(campaign).path("id").asText();
    assertThat(client.command(id, command, 30).status()).isIn(List.of(200, 202));
    await(campaign + " is " + stage)
        .atMost(ThreeReplicas.GOES_ON)
        .until(() -> client.stage(campaign).equals(stage));
  }
}
