package io.campaignroutes.inbox;

import io.campaignroutes.store.Store;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.store.Tx;
import io.campaignroutes.store.WorkQueue;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Who has which file in hand, where several processes take from one inbox: one at a time, however
 * late a share tells the others that it was moved. What one had in hand that is gone is due with
 * all else that it had claimed. A process that has its store for itself claims nothing.
 */
@Component
class InboxClaims {
  /** Far more than a chunk takes; it is lengthened with each. */
  static final Duration LEASE = Duration.ofMinutes(2);

  private final Store store;
  private final WorkQueue queue;

  InboxClaims(Store store) {
    this.store = store;
    this.queue = new WorkQueue(store, "inbox_claim", "name", LEASE);
  }

  /** A file that this process has in hand, until it is closed. */
  final class Claim implements WorkQueue.Claim, AutoCloseable {
    private final String name;
    private final String token;

    private Claim(String name, String token) {
      this.name = name;
      this.token = token;
    }

    @Override
    public String key() {
      return name;
    }

    @Override
    public String token() {
      return token;
    }

    /**
     * Lengthens the lease as a part of a transaction.
     *
     * @throws InboxElsewhereException when the file is another's by now
     */
    void hold(Tx tx) {
      if (queue.shared()
          && tx.sql()
                  .sql("update inbox_claim set due_at = :lease" + queue.fence())
                  .param("lease", tx.now() + LEASE.toMillis())
                  .param("id", name)
                  .param("claim", token)
                  .update()
              == 0) {
        throw new InboxElsewhereException();
      }
    }

    /**
     * The same by itself.
     *
     * @throws StoreUnavailableException when the store cannot be used at the moment
     */
    void hold() {
      if (queue.shared()) {
        store.run(tx -> hold(tx));
      }
    }

    /** Lets the others have the file; a store that cannot be used is told as soon as it can. */
    @Override
    public void close() {
      if (!queue.shared()) {
        return;
      }
      try {
        store.write(this::free);
      } catch (StoreUnavailableException e) {
        store.later(this::free);
      }
    }

    private int free(Tx tx) {
      return tx.sql()
          .sql("delete from inbox_claim" + queue.fence())
          .param("id", name)
          .param("claim", token)
          .update();
    }
  }

  /**
   * Takes a file in hand.
   *
   * @param name as all processes have it
   * @throws InboxElsewhereException when another has it
   * @throws StoreUnavailableException when the store cannot be used at the moment
   */
  Claim take(String name) {
    Claim claim = new Claim(name, WorkQueue.newToken(store));
    if (queue.shared() && queue.write(claim.token, tx -> take(tx, claim), false) == 0) {
      throw new InboxElsewhereException();
    }
    return claim;
  }

  private static int take(Tx tx, Claim claim) {
    return tx.sql()
        .sql(
            "insert into inbox_claim (name, due_at, claim_token) values (:name, :lease, :token) on"
                + " conflict (name) do update set due_at = excluded.due_at, claim_token ="
                + " excluded.claim_token where inbox_claim.due_at <= :now")
        .param("name", claim.name)
        .param("lease", tx.now() + LEASE.toMillis())
        .param("token", claim.token)
        .param("now", tx.now())
        .update();
  }
}
