package io.campaignroutes.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.RowMapper;

/**
 * The rows of one table as a queue that all processes on a store work on. Column {@code due_at}
 * says when a row falls due. A claim pushes it to the end of a lease and sets a fresh {@code
 * claim_token}; whatever the claimant writes afterwards is fenced by that token, so one whose lease
 * has ended changes nothing. A crash needs no cleaning up: what was claimed falls due again, when
 * its lease ends or as soon as {@link Replicas others} have noticed.
 *
 * <p>Conditions are SQL over the table's columns, in which {@code :now} is the transaction's time.
 */
public final class WorkQueue {
  /**
   * The tables that are worked on by claims, each with its key, in the order in which a transaction
   * locks rows of several.
   */
  static final Map<String, String> TABLES = tables();

  /** What of a process's id its tokens begin with: the random end of it. */
  private static final int HOLDER = 8;

  private final Store store;
  private final String table;
  private final String key;
  private final Duration lease;
  private final String leaseEnd;

  /** A queue whose leases all last the same. */
  public WorkQueue(Store store, String table, String key, Duration lease) {
    this(store, table, key, lease, ":lease");
  }

  /**
   * @param key the column of the primary key
   * @param leaseEnd SQL of the time at which a lease ends; {@code :lease} is {@code lease} from now
   */
  public WorkQueue(Store store, String table, String key, Duration lease, String leaseEnd) {
    this.store = store;
    this.table = table;
    this.key = key;
    this.lease = lease;
    this.leaseEnd = leaseEnd;
  }

  /**
   * Which rows may be claimed.
   *
   * @param condition that they are due, and what else they must be
   * @param params what it names besides {@code :now}
   */
  public record Due(String condition, Map<String, ?> params) {
    /** All that are due. */
    public static final Due ALL = new Due("due_at <= :now", Map.of());
  }

  /** A row that is claimed. */
  public interface Claim {
    /** Its primary key. */
    String key();

    /** The token of its claim. */
    String token();
  }

  private static Map<String, String> tables() {
    Map<String, String> tables = new LinkedHashMap<>();
    tables.put("inbox_claim", "name");
    tables.put("campaign", "id");
    tables.put("pacing", "campaign_id");
    tables.put("pool", "id");
    tables.put("delivery_line", "id");
    tables.put("audit_file", "campaign_id");
    tables.put("collector", "name");
    tables.put("records_job", "name");
    return tables;
  }

  /** A token for one claim of this process, of 40 characters; it tells who has made it. */
  public static String newToken(Store store) {
    String random = UUID.randomUUID().toString().replace("-", "");
    return holder(store.replica()) + "." + random.substring(1);
  }

  private static String holder(String replica) {
    return replica.substring(replica.length() - HOLDER);
  }

  // Claiming

  /** Looks outside of any transaction whether there is nothing to claim, as is mostly the case. */
  public boolean nothingDue(Due due) {
    return store
        .read()
        .sql("select 1 from " + table + " where " + due.condition() + " limit 1")
        .params(due.params())
        .param("now", store.now())
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  /**
   * Looks outside of any transaction when the first of some rows falls due.
   *
   * @param which rows, whether due or not
   * @param column the time at which they fall due; not null for any of them
   * @param now the store's time
   * @return {@code Long.MAX_VALUE} when there is none of them
   */
  public long dueAt(Due which, String column, long now) {
    return store
        .read()
        .sql(
            "select %s from %s where %s order by %s limit 1"
                .formatted(column, table, which.condition(), column))
        .params(which.params())
        .param("now", now)
        .query(Long.class)
        .optional()
        .orElse(Long.MAX_VALUE);
  }

  /**
   * Runs a transaction that claims under a token. When the store fails it without saying that
   * nothing was written, what it may have claimed is released once the store works again, and not
   * only when the lease has ended.
   *
   * @param commanded see {@link Store#write(Function, boolean)}
   * @throws StoreUnavailableException when the store cannot be used at the moment
   */
  public <T> T write(String token, Function<Tx, T> claiming, boolean commanded) {
    return write(List.of(token), claiming, commanded);
  }

  /** The same for several claims in one transaction. */
  public <T> T write(Collection<String> tokens, Function<Tx, T> claiming, boolean commanded) {
    try {
      return store.write(claiming, commanded);
    } catch (StoreUnavailableException e) {
      if (!e.nothingChanged()) {
        tokens.forEach(token -> store.later(tx -> release(tx, token)));
      }
      throw e;
    }
  }

  /**
   * Locks rows that are due until the transaction ends, without those that another process has
   * locked.
   *
   * @param order SQL by which the first of them are chosen
   * @return when each fell due by its key, in that order
   */
  public Map<String, Long> lock(Tx tx, Due due, String order, int most) {
    Map<String, Long> locked = new LinkedHashMap<>();
    lock(tx, due, order, most, "", row -> locked.put(row.getString(1), row.getLong(2)));
    return locked;
  }

  /**
   * The same for whoever needs more of the rows.
   *
   * @param columns what follows the key and {@code due_at}, each behind a comma
   */
  public void lock(Tx tx, Due due, String order, int most, String columns, RowCallbackHandler row) {
    if (most <= 0) {
      return;
    }
    tx.sql()
        .sql(
            "select "
                + key
                + ", due_at"
                + columns
                + " from "
                + table
                + " where "
                + due.condition()
                + " order by "
                + order
                + " limit :most"
                + store.claimLock())
        .params(due.params())
        .param("now", tx.now())
        .param("most", most)
        .query(row);
  }

  /**
   * Claims rows that are locked.
   *
   * @return what {@code row} makes of them, with all of their columns, in no order
   */
  public <T> List<T> take(Tx tx, Collection<String> keys, String token, Due due, RowMapper<T> row) {
    return take(tx, keys, token, due, "", row);
  }

  /**
   * The same, changing more than the claim.
   *
   * @param set what else is set, each behind a comma; it may name what the condition names
   */
  public <T> List<T> take(
      Tx tx, Collection<String> keys, String token, Due due, String set, RowMapper<T> row) {
    if (keys.isEmpty()) {
      return List.of();
    }
    return tx.sql()
        .sql(
            "update "
                + table
                + " set due_at = "
                + leaseEnd
                + ", claim_token = :token"
                + set
                + " where "
                + key
                + " in (:keys) and ("
                + due.condition()
                // or SQLite would look through all that is due by its index, and not the keys
                + ") is true returning *")
        .params(due.params())
        .param("lease", tx.now() + lease.toMillis())
        .param("token", token)
        .param("keys", InList.of(keys))
        .param("now", tx.now())
        .query(row)
        .list();
  }

  // What a claimant writes

  /**
   * What an update of a claimed row ends with: its row with the key {@code :id}, as long as the
   * claim {@code :claim} holds. Where it changes no row the lease had ended.
   */
  public String fence() {
    return fence(key);
  }

  /** The same for a table with this key. */
  public static String fence(String key) {
    return " where " + key + " = :id and claim_token = :claim";
  }

  /** Lengthens leases by a whole one from now, of those that have not ended. */
  public void renew(Tx tx, Collection<? extends Claim> claims) {
    for (Claim claim : claims) {
      tx.sql()
          .sql("update " + table + " set due_at = :lease" + fence())
          .param("lease", tx.now() + lease.toMillis())
          .param("id", claim.key())
          .param("claim", claim.token())
          .update();
    }
  }

  /**
   * Ends claims.
   *
   * @param dueAt when the row falls due next, in milliseconds since the epoch
   * @return those that still held; the others are left to their new owners
   */
  public <C extends Claim> List<C> giveBack(Tx tx, Collection<C> claims, ToLongFunction<C> dueAt) {
    return giveBack(tx, claims, dueAt, "", claim -> List.of());
  }

  /**
   * The same, writing what came of them.
   *
   * @param set what is set, each behind a comma and with a {@code ?} for its value
   * @param values the values, in their order
   */
  public <C extends Claim> List<C> giveBack(
      Tx tx,
      Collection<C> claims,
      ToLongFunction<C> dueAt,
      String set,
      Function<C, List<?>> values) {
    // one order for all who write several rows, or two of them could wait for each other
    List<C> sorted = new ArrayList<>(claims);
    sorted.sort(Comparator.comparing(Claim::key));
    List<Object[]> rows = new ArrayList<>(sorted.size());
    for (C claim : sorted) {
      List<Object> row = new ArrayList<>();
      row.add(dueAt.applyAsLong(claim));
      row.addAll(values.apply(claim));
      row.add(claim.key());
      row.add(claim.token());
      rows.add(row.toArray());
    }
    int[] written =
        tx.jdbc()
            .batchUpdate(
                "update "
                    + table
                    + " set due_at = ?, claim_token = null"
                    + set
                    + " where "
                    + key
                    + " = ? and claim_token = ?",
                rows);
    List<C> held = new ArrayList<>();
    for (int i = 0; i < written.length; i++) {
      if (written[i] == 1) {
        held.add(sorted.get(i));
      }
    }
    return held;
  }

  // Claims that nobody works on

  /** Whether other processes may hold claims, as on PostgreSQL. */
  public boolean shared() {
    return !store.claimLock().isEmpty();
  }

  /**
   * To be called before anything is claimed. In an embedded store nobody else can hold a claim when
   * the service starts: what a crash left claimed is due at once. In a shared one leases end.
   *
   * @return how many rows there were
   */
  public int releaseLeftovers() {
    return shared() ? 0 : store.write(this::releaseLeftovers);
  }

  /** The same as a part of a transaction. */
  public int releaseLeftovers(Tx tx) {
    return shared() ? 0 : dueNow(tx, new Due("claim_token is not null", Map.of()));
  }

  /**
   * Ends what a process has claimed in a table; all of it is due, but for rows that another
   * transaction has locked.
   *
   * @param replica its {@link Store#replica}
   * @param claimLock see {@link Store#claimLock}
   * @return how many rows there were
   */
  static int release(Tx tx, String table, String key, String replica, String claimLock) {
    return tx.sql()
        .sql(
            ("update TABLE set due_at = :now, claim_token = null where KEY in"
                    + " (select KEY from TABLE where claim_token like :claims order by KEY"
                    + claimLock
                    + ")")
                .replace("TABLE", table)
                .replace("KEY", key))
        .param("now", tx.now())
        .param("claims", holder(replica) + ".%")
        .update();
  }

  /** Whether a process holds a claim in a table. */
  static boolean holds(Tx tx, String table, String replica) {
    return tx.sql()
        .sql("select exists (select 1 from " + table + " where claim_token like ?)")
        .param(holder(replica) + ".%")
        .query(Boolean.class)
        .single();
  }

  /** Ends what was claimed under a token; all of it is due. */
  public int release(Tx tx, String token) {
    return dueNow(tx, new Due("claim_token = :token", Map.of("token", token)));
  }

  /**
   * Has rows due that are claimed for ever, or due at no time that will come.
   *
   * @return how many rows there were
   */
  public int dueNow(Tx tx, Due which) {
    return tx.sql()
        .sql(
            "update " + table + " set due_at = :now, claim_token = null where " + which.condition())
        .params(which.params())
        .param("now", tx.now())
        .update();
  }
}
