package io.campaignroutes;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of three replicas one stands still, one is killed, and all are replaced one after the other. It
 * wants the machine for itself: {@code mvn -Ptrials verify -Dit.test=ReplicasIT}.
 */
@EnabledIfSystemProperty(named = "replicas.trial", matches = "true")
class ReplicasIT {
  private static final int RUNNING = 18;

  @TempDir private Path temp;
  private ThreeReplicas replicas;

  @BeforeEach
  void startAll() throws Exception {
    replicas = new ThreeReplicas(temp, Path.of("target", "replicas-it.log"));
    for (int n = 0; n < ThreeReplicas.COUNT; n++) {
      start(n);
      replicas.ready(n, true);
    }
  }

  @AfterEach
  void tidyUp() throws Exception {
    replicas.close();
  }

  private void start(int n) throws Exception {
    replicas.start(n, Path.of(""), PackagedService.command("-Xmx192m"));
  }

  @Test
  void oneThatStandsStillIsKilledOrReplacedLeavesNothingUndone() throws Exception {
    for (int n = 0; n < RUNNING; n++) {
      replicas.take(n % ThreeReplicas.COUNT, "running " + n);
    }
    replicas.awaitActive();
    System.out.println("ReplicasIT: paced by a replica that stands still, ms: " + standsStill());
    System.out.println("ReplicasIT: work of a killed one went on after, ms: " + killed());
    replicas.replaceAll("ReplicasIT, while all are replaced", this::start);
    replicas.assertSettled();
  }

  private long standsStill() throws Exception {
    replicas.ready(0, false);
    replicas.replica(0).signal("STOP");
    long stopped = System.nanoTime();
    for (int n = 0; n < 6; n++) {
      replicas.take(1 + n % 2, "while it stands still " + n);
    }
    replicas.drop("dropped-meanwhile", 6);
    long took = replicas.awaitPacedSince(stopped);
    replicas.awaitActive();
    replicas.replica(0).signal("CONT");
    replicas.awaitReady(0);
    return took;
  }

  private long killed() throws Exception {
    for (int n = 0; n < 12; n++) {
      replicas.take(1, "taken by the one that is killed " + n);
    }
    replicas.drop("dropped-before", 12);
    replicas.ready(1, false);
    replicas.replica(1).kill();
    long took = replicas.awaitPacedSince(System.nanoTime());
    start(1);
    replicas.ready(1, true);
    replicas.awaitActive();
    return took;
  }
}
