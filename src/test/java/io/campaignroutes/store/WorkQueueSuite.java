package io.campaignroutes.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.campaignroutes.store.WorkQueue.Due;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What both stores promise to whoever claims rows: the same for each table that is claimed from.
 */
abstract class WorkQueueSuite {
  private static final long LEASE = 60_000;

  /** The tables that are queues, with what a row of them needs besides the claim. */
  enum Table {
    LINES("delivery_line", "id", "id, destination, head, tail, due_at", "?, 'd', 0, 1, ?"),
    FILES(
        "audit_file", "campaign_id", "campaign_id, written_seq, written_at, due_at", "?, 0, 0, ?"),
    PACING(
        "pacing", "campaign_id", "campaign_id, seq, rate, changed_at, due_at", "?, 0, 1.0, 0, ?"),
    POOLS("pool", "id", "id, seq, changed_at, due_at", "?, 0, 0, ?"),
    CAMPAIGNS(
        "campaign",
        "id",
        "id, fingerprint, name, request, payload, compliance, policy_name, policy_version,"
            + " policy_sha256, stage, ended, accepted_at, stage_at, polls, attempt, look_ups,"
            + " creates, pacing, attempted_calls, connected_calls, changed_at, lane, due_at",
        "?1, '', ?1, '', '', '', '', '', '', 'ACTIVE', 0, 0, 0, 0, 0, 0, 0, '[]', 0, 0, 0, 2, ?2");

    final String table;
    final String key;
    private final String columns;
    private final String values;

    Table(String table, String key, String columns, String values) {
      this.table = table;
      this.key = key;
      this.columns = columns;
      this.values = values;
    }

    WorkQueue queue(Store store) {
      return new WorkQueue(store, table, key, Duration.ofMillis(LEASE));
    }

    void add(Tx tx, String id, long dueAt) {
      String named =
          values.contains("?1")
              ? values.replace("?1", ":id").replace("?2", ":due")
              : values.replaceFirst("\\?", ":id").replaceFirst("\\?", ":due");
      tx.sql()
          .sql("insert into " + table + " (" + columns + ") values (" + named + ")")
          .param("id", id)
          .param("due", dueAt)
          .update();
    }
  }

  @TempDir Path temp;
  TestStores.Opened opened;
  Store store;

  abstract TestStores.Opened open();

  @BeforeEach
  void openStore() {
    opened = open();
    store = opened.store();
  }

  @AfterEach
  void closeStore() {
    opened.close();
  }

  private record Claimed(String key, String token) implements WorkQueue.Claim {}

  private static List<Claimed> claim(WorkQueue queue, Tx tx, String token, int most) {
    Map<String, Long> due = queue.lock(tx, Due.ALL, "due_at", most);
    Set<String> taken =
        new HashSet<>(
            queue.take(tx, due.keySet(), token, Due.ALL, (row, n) -> row.getString("claim_token")));
    assertThat(taken).isSubsetOf(token);
    return due.keySet().stream().map(id -> new Claimed(id, token)).toList();
  }

  private List<Claimed> claim(WorkQueue queue, int most) {
    String token = WorkQueue.newToken(store);
    return queue.write(token, tx -> claim(queue, tx, token, most), false);
  }

  private static List<String> keys(List<Claimed> claims) {
    return claims.stream().map(Claimed::key).toList();
  }

  /** Rows a, b, c.. the first of which has been due for longest, and one that is not due. */
  private void fill(Table table, int rows) {
    store.write(
        tx -> {
          for (int i = rows - 1; i >= 0; i--) {
            table.add(tx, String.valueOf((char) ('a' + i)), tx.now() - rows + i);
          }
          table.add(tx, "later", tx.now() + 30_000);
          return null;
        });
  }

  /** As if so many milliseconds had passed. */
  private void pass(Table table, long millis) {
    store.write(
        tx ->
            tx.sql()
                .sql("update " + table.table + " set due_at = due_at - ?")
                .param(millis)
                .update());
  }

  private long dueIn(Table table, String id) {
    return store.write(
        tx ->
            tx.sql()
                    .sql("select due_at from " + table.table + " where " + table.key + " = ?")
                    .param(id)
                    .query(Long.class)
                    .single()
                - tx.now());
  }

  private String token(Table table, String id) {
    return store
        .read()
        .sql(
            "select coalesce(claim_token, '') from " + table.table + " where " + table.key + " = ?")
        .param(id)
        .query(String.class)
        .single();
  }

  @ParameterizedTest
  @EnumSource
  void whatHasBeenDueForLongestIsClaimedAndNobodyElseGetsItBeforeTheLeaseEnds(Table table) {
    WorkQueue queue = table.queue(store);
    assertThat(queue.nothingDue(Due.ALL)).isTrue();
    fill(table, 5);
    assertThat(queue.nothingDue(Due.ALL)).isFalse();
    assertThat(keys(claim(queue, 2))).containsExactly("a", "b");
    assertThat(dueIn(table, "a")).isBetween(LEASE - 5_000, LEASE);
    assertThat(keys(claim(queue, 10))).containsExactly("c", "d", "e");
    assertThat(claim(queue, 10)).isEmpty();
    assertThat(queue.nothingDue(Due.ALL)).isTrue();
    pass(table, LEASE);
    assertThat(keys(claim(queue, 10)))
        .startsWith("later")
        .containsExactlyInAnyOrder("later", "a", "b", "c", "d", "e");
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsClaimedWhereNothingCanBeStarted(Table table) {
    fill(table, 2);
    assertThat(claim(table.queue(store), 0)).isEmpty();
    assertThat(token(table, "a")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void manyWhoClaimAtOnceHaveNoRowTwice(Table table) throws Exception {
    WorkQueue queue = table.queue(store);
    fill(table, 24);
    List<Callable<List<String>>> claims = Collections.nCopies(8, () -> keys(claim(queue, 3)));
    List<String> all = new ArrayList<>();
    TestStores.atOnce(claims).forEach(all::addAll);
    all.addAll(keys(claim(queue, 24)));
    assertThat(all).doesNotHaveDuplicates().hasSize(24).doesNotContain("later");
  }

  @ParameterizedTest
  @EnumSource
  void aClaimantWhoseLeaseHasEndedWritesNothing(Table table) {
    WorkQueue queue = table.queue(store);
    fill(table, 3);
    List<Claimed> lost = claim(queue, 2);
    pass(table, LEASE);
    Claimed again =
        claim(queue, 10).stream().filter(one -> one.key().equals("a")).findFirst().orElseThrow();
    store.write(
        tx -> {
          assertThat(fenced(queue, tx, table, lost.get(0))).isZero();
          queue.renew(tx, lost);
          assertThat(queue.giveBack(tx, lost, one -> tx.now())).isEmpty();
          assertThat(fenced(queue, tx, table, again)).isOne();
          return null;
        });
    assertThat(token(table, "a")).isEqualTo(again.token());
    assertThat(dueIn(table, "a")).isGreaterThan(LEASE - 5_000);
  }

  private static int fenced(WorkQueue queue, Tx tx, Table table, Claimed claim) {
    return tx.sql()
        .sql("update " + table.table + " set due_at = due_at" + queue.fence())
        .param("id", claim.key())
        .param("claim", claim.token())
        .update();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsGivenBackIsDueWhenItsClaimantSays(Table table) {
    WorkQueue queue = table.queue(store);
    fill(table, 3);
    List<Claimed> claims = claim(queue, 3);
    List<Claimed> held =
        store.write(
            tx ->
                queue.giveBack(
                    tx,
                    List.of(claims.get(1), new Claimed("c", "another's"), claims.get(0)),
                    one -> tx.now() + (one.key().equals("a") ? 0 : 20_000)));
    assertThat(keys(held)).containsExactly("a", "b");
    assertThat(dueIn(table, "b")).isBetween(15_000L, 20_000L);
    assertThat(token(table, "c")).isEqualTo(claims.get(2).token());
    assertThat(keys(claim(queue, 10))).containsExactly("a");
  }

  @ParameterizedTest
  @EnumSource
  void aLeaseThatIsRenewedLastsForAWholeOneFromThen(Table table) {
    WorkQueue queue = table.queue(store);
    fill(table, 1);
    List<Claimed> claims = claim(queue, 1);
    pass(table, 50_000);
    store.write(
        tx -> {
          queue.renew(tx, claims);
          return null;
        });
    assertThat(dueIn(table, "a")).isBetween(LEASE - 5_000, LEASE);
    assertThat(token(table, "a")).isEqualTo(claims.get(0).token());
  }

  @ParameterizedTest
  @EnumSource
  void whatMayBeClaimedWithoutItsClaimantKnowingIsReleasedOnceTheStoreWorks(Table table) {
    fill(table, 3);
    AtomicBoolean lost = new AtomicBoolean();
    WorkQueue losing = table.queue(TestStores.losing(opened, lost).store());
    lost.set(true);
    List<String> perhaps = new ArrayList<>();
    String token = WorkQueue.newToken(store);
    assertThatThrownBy(
            () ->
                losing.write(token, tx -> perhaps.addAll(keys(claim(losing, tx, token, 2))), false))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(perhaps).containsExactly("a", "b");
    store.write(tx -> null); // it takes something again, and then what was put off
    await().until(() -> token(table, "a").isEmpty());
    assertThat(keys(claim(table.queue(store), 10))).contains("a", "b", "c");
  }

  @ParameterizedTest
  @EnumSource
  void aConditionThatIsNoLongerTrueIsNotClaimed(Table table) {
    WorkQueue queue = table.queue(store);
    fill(table, 2);
    Due due = new Due("due_at <= :now and due_at > :after", Map.of("after", 0L));
    store.write(
        tx -> {
          Map<String, Long> locked = queue.lock(tx, due, "due_at", 10);
          tx.sql()
              .sql(
                  "update "
                      + table.table
                      + " set due_at = due_at + 9000 where "
                      + table.key
                      + " = 'a'")
              .update();
          assertThat(
                  queue.take(tx, locked.keySet(), "t", due, (row, n) -> row.getString(table.key)))
              .containsExactly("b");
          return null;
        });
  }

  @ParameterizedTest
  @EnumSource
  void aClaimMaySetMoreThanTheClaimAndEndAtATimeOfItsRow(Table table) {
    WorkQueue queue =
        new WorkQueue(
            store,
            table.table,
            table.key,
            Duration.ofMillis(LEASE),
            "case when " + table.key + " = 'a' then :now + 7 else :lease end");
    fill(table, 2);
    store.write(
        tx -> {
          Map<String, Long> locked = queue.lock(tx, Due.ALL, "due_at", 10);
          List<Long> ends =
              queue.take(
                  tx,
                  locked.keySet(),
                  "t",
                  Due.ALL,
                  ", " + table.key + " = " + table.key,
                  (row, n) -> row.getLong("due_at") - tx.now());
          assertThat(ends).containsExactlyInAnyOrder(7L, LEASE);
          return null;
        });
  }

  @ParameterizedTest
  @EnumSource
  void whatACrashLeftClaimedIsDueAtOnceWhereNobodyElseCanHoldIt(Table table) {
    WorkQueue queue = table.queue(store);
    fill(table, 2);
    claim(queue, 10);
    assertThat(queue.releaseLeftovers()).isEqualTo(queue.shared() ? 0 : 2);
    assertThat(keys(claim(queue, 10))).hasSize(queue.shared() ? 0 : 2).doesNotContain("later");
  }

  /** Where several processes share a store. */
  void nobodyWaitsForRowsThatAnotherHasLocked(Table table) throws Exception {
    WorkQueue queue = table.queue(store);
    fill(table, 4);
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread other =
        new Thread(
            () ->
                store.write(
                    tx -> {
                      claim(queue, tx, "t", 2);
                      locked.countDown();
                      try {
                        end.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      return null;
                    }));
    other.start();
    locked.await();
    assertThat(keys(claim(queue, 10))).containsExactly("c", "d");
    end.countDown();
    other.join();
  }

  // What campaigns and their pacing need besides

  @Test
  void severalKindsOfRowsAreClaimedAtOnceTheMoreUrgentOnesFirst() {
    Table table = Table.CAMPAIGNS;
    WorkQueue queue = table.queue(store);
    fill(table, 4);
    store.write(
        tx -> {
          tx.sql().sql("update campaign set command = 'HOLD' where id = 'c'").update();
          tx.sql().sql("update campaign set command = 'PAUSE' where id = 'd'").update();
          return tx.sql()
              .sql("update campaign set stop_at = ?, remote_id = 'r' where id = 'later'")
              .param(tx.now() - 1)
              .update();
        });
    String inLane = "lane = :lane and due_at <= :now";
    Map<String, Object> params = Map.of("lane", 2);
    Due stops = new Due("ended = 0 and stop_at <= :now and claim_token is null", Map.of());
    Due commanded = new Due(inLane + " and command is not null", params);
    Due others = new Due(inLane + " and command is null", params);
    Due any = new Due("(" + inLane + " or " + stops.condition() + ")", params);
    String ownLast = "case when command in ('HOLD', 'RELEASE') then 1 else 0 end, due_at";
    List<List<String>> claimed = new ArrayList<>();
    for (int most : new int[] {2, 2, 2}) {
      claimed.add(
          store.write(
              tx -> {
                Map<String, Long> due = new HashMap<>(queue.lock(tx, stops, "stop_at", most));
                due.putAll(queue.lock(tx, commanded, ownLast, most - due.size()));
                due.putAll(queue.lock(tx, others, "due_at", most - due.size()));
                return queue.take(
                    tx,
                    due.keySet(),
                    "t",
                    any,
                    ", command = case when stop_at <= :now then 'STOP' else command end",
                    (row, n) -> row.getString("id") + row.getString("command"));
              }));
    }
    assertThat(claimed.get(0)).containsExactlyInAnyOrder("laterSTOP", "dPAUSE");
    assertThat(claimed.get(1)).containsExactlyInAnyOrder("cHOLD", "anull");
    assertThat(claimed.get(2)).containsExactly("bnull");
  }

  @Test
  void aLeaseOfPacingEndsNoLaterThanTheCallingHoursDo() {
    WorkQueue queue =
        new WorkQueue(
            store,
            "pacing",
            "campaign_id",
            Duration.ofMillis(LEASE),
            "case when edge_at > :now and edge_at < :lease then edge_at else :lease end");
    fill(Table.PACING, 3);
    store.write(
        tx -> {
          tx.sql()
              .sql("update pacing set edge_at = ? where campaign_id = 'a'")
              .param(tx.now() + 5_000)
              .update();
          return tx.sql()
              .sql("update pacing set edge_at = ? where campaign_id = 'b'")
              .param(tx.now() - 5_000)
              .update();
        });
    assertThat(keys(claim(queue, 10))).containsExactly("a", "b", "c");
    assertThat(dueIn(Table.PACING, "a")).isBetween(1L, 5_000L);
    assertThat(dueIn(Table.PACING, "b")).isBetween(LEASE - 5_000, LEASE);
    assertThat(dueIn(Table.PACING, "c")).isBetween(LEASE - 5_000, LEASE);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsDueAtNoTimeThatWillComeIsDueNow(Table table) {
    WorkQueue queue = table.queue(store);
    fill(table, 1);
    pass(table, -1_000_000_000);
    int repaired =
        store.write(
            tx ->
                queue.dueNow(
                    tx,
                    new Due(
                        table.key + " = 'a' and due_at > :far", Map.of("far", tx.now() + LEASE))));
    assertThat(repaired).isOne();
    assertThat(keys(claim(queue, 10))).containsExactly("a");
  }

  @Test
  void aTokenIsUsedOnce() {
    assertThat(IntStream.range(0, 1_000).mapToObj(i -> WorkQueue.newToken(store)))
        .doesNotHaveDuplicates();
    assertThat(WorkQueue.newToken(store)).hasSizeLessThanOrEqualTo(40); // the column
  }
}
