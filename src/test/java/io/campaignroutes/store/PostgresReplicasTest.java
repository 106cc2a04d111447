package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.campaignroutes.store.Replicas.Replica;
import io.campaignroutes.store.WorkQueue.Due;
import io.campaignroutes.store.WorkQueueSuite.Table;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostgresReplicasTest {
  private static final Duration GONE = TestStores.LIMITS.goneAfter();

  private final AtomicLong passed = new AtomicLong(); // ms
  private TestStores.Opened first;
  private TestStores.Opened second;
  private Replicas one;
  private Replicas other;

  @BeforeEach
  void open() {
    first = TestStores.postgres();
    second = TestStores.replica("");
    one = new Replicas(first.store(), TestStores.LIMITS, 8080, this::nanos);
    other = new Replicas(second.store(), TestStores.LIMITS, 8081, this::nanos);
    one.beat();
    other.beat();
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  /** For both processes; what is claimed is due no sooner by it. */
  private void pass(Duration time) {
    first
        .store()
        .read()
        .sql("update replica set seen_at = seen_at - ?")
        .param(time.toMillis())
        .update();
    passed.addAndGet(time.toMillis());
  }

  private long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(passed.get());
  }

  /** So long that a process which says nothing is gone, while another says all the time. */
  private List<Replica> onlyOtherIsSeen() {
    List<Replica> gone = List.of();
    for (int n = 0; n < 6; n++) {
      pass(GONE.dividedBy(5));
      gone = other.beat();
    }
    return gone;
  }

  private static String claim(Table table, TestStores.Opened opened, String row) {
    WorkQueue queue = table.queue(opened.store());
    String token = WorkQueue.newToken(opened.store());
    return opened
        .store()
        .write(
            tx -> {
              table.add(tx, row, tx.now());
              return queue
                  .take(tx, List.of(row), token, Due.ALL, (r, n) -> r.getString("claim_token"))
                  .get(0);
            });
  }

  private boolean held(Table table, String token) {
    return first
        .store()
        .read()
        .sql("select exists (select 1 from " + table.table + " where claim_token = ?)")
        .param(token)
        .query(Boolean.class)
        .single();
  }

  @Test
  void replicasThatShareTheStoreSeeEachOther() {
    onlyOtherIsSeen();
    assertThat(other.all())
        .extracting(Replica::port, Replica::alive)
        .containsExactlyInAnyOrder(tuple(8080, false), tuple(8081, true));
  }

  @ParameterizedTest
  @EnumSource
  void whatAReplicaHadInHandThatIsSeenNoMoreIsDueAndNothingElse(Table table) {
    String lost = claim(table, first, "lost");
    String mine = claim(table, second, "mine");
    List<Replica> gone = onlyOtherIsSeen();
    assertThat(gone).extracting(Replica::id).containsExactly(first.store().replica());
    assertThat(held(table, lost)).as("nothing is released by looking").isTrue();
    gone.forEach(other::release);
    assertThat(held(table, lost)).isFalse();
    assertThat(held(table, mine)).isTrue();
    assertThat(table.queue(second.store()).nothingDue(Due.ALL)).isFalse();
    pass(GONE.dividedBy(5));
    assertThat(other.beat()).as("it is done once").isEmpty();
  }

  @Test
  void aReplicaThatIsSeenKeepsWhatItHasHoweverLongItTakes() {
    String claim = claim(Table.POOLS, first, "slow");
    for (int n = 0; n < 30; n++) {
      pass(GONE.dividedBy(5));
      assertThat(one.beat()).isEmpty();
      assertThat(other.beat()).isEmpty();
    }
    assertThat(held(Table.POOLS, claim)).isTrue();
  }

  @Test
  void whoWasAwayItselfJudgesNobody() {
    pass(GONE.multipliedBy(3));
    assertThat(other.beat()).as("as after a time without PostgreSQL").isEmpty();
    pass(GONE.dividedBy(5));
    assertThat(other.beat()).extracting(Replica::port).containsExactly(8080);
  }

  @Test
  void oneThatComesBackTakesPartAgainAndKeepsWhatItClaimsThen() {
    String before = claim(Table.PACING, first, "before");
    onlyOtherIsSeen().forEach(other::release);
    assertThat(one.beat()).isEmpty();
    String after = claim(Table.PACING, first, "after");
    pass(GONE.dividedBy(5));
    assertThat(other.beat()).isEmpty();
    assertThat(held(Table.PACING, before)).isFalse();
    assertThat(held(Table.PACING, after)).isTrue();
    assertThat(one.all()).allMatch(Replica::alive);
  }

  @Test
  void oneThatComesBackBeforeItIsTakenForGoneLosesNothing() {
    String claim = claim(Table.LINES, first, "line");
    List<Replica> gone = onlyOtherIsSeen();
    one.beat();
    gone.forEach(other::release);
    assertThat(held(Table.LINES, claim)).isTrue();
  }

  @Test
  void oneThatEndsGivesBackWhatItHasAndIsNotWaitedFor() {
    String claim = claim(Table.CAMPAIGNS, first, "campaign");
    one.leave();
    assertThat(held(Table.CAMPAIGNS, claim)).isFalse();
    assertThat(onlyOtherIsSeen()).isEmpty();
    assertThat(other.all()).extracting(Replica::port).containsExactly(8081);
  }

  @Test
  void whatATransactionOfItsOwnStillHoldsIsReleasedOnceThatHasEnded() throws Exception {
    String locked = claim(Table.FILES, first, "locked");
    String free = claim(Table.FILES, first, "free");
    List<Replica> gone = onlyOtherIsSeen();
    try (var connection = first.source().getConnection()) {
      connection.setAutoCommit(false);
      try (var statement = connection.createStatement()) {
        statement.execute("select 1 from audit_file where campaign_id = 'locked' for update");
        gone.forEach(other::release);
        assertThat(held(Table.FILES, free)).isFalse();
        assertThat(held(Table.FILES, locked)).isTrue();
      }
      connection.rollback();
    }
    pass(GONE.dividedBy(5));
    other.beat().forEach(other::release);
    assertThat(held(Table.FILES, locked)).isFalse();
  }

  @Test
  void everyTableThatIsClaimedIsReleased() {
    Set<String> claimed =
        new HashSet<>(
            first
                .store()
                .read()
                .sql(
                    "select table_name from information_schema.columns"
                        + " where table_schema = 'public' and column_name = 'claim_token'")
                .query(String.class)
                .list());
    assertThat(WorkQueue.TABLES.keySet()).isEqualTo(claimed);
  }
}
