package io.campaignroutes.webhook;

import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Lets concurrent callers share a transaction: one of them opens it, and it takes whatever waits by
 * the time that the store begins it. So there is one commit, and one statement for many rows, for
 * as many callers as came meanwhile, and no caller waits for others to come.
 *
 * @param <I> what a caller hands in
 * @param <O> what it gets once that is on disk
 */
final class GroupCommit<I, O> {
  private record Waiting<I, O>(I item, CompletableFuture<O> answer) {}

  private final Store store;
  private final BiFunction<Tx, List<I>, List<O>> work;
  private final Queue<Waiting<I, O>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean announced = new AtomicBoolean();

  /**
   * @param work writes all items in the transaction and returns one answer for each, in their order
   */
  GroupCommit(Store store, BiFunction<Tx, List<I>, List<O>> work) {
    this.store = store;
    this.work = work;
  }

  /**
   * Returns once the item is on disk. An item that fails in company is tried alone, so that it
   * fails nobody else.
   *
   * @throws RuntimeException what the work or the store threw for this item; nothing of it is kept
   */
  O write(I item) {
    Waiting<I, O> mine = new Waiting<>(item, new CompletableFuture<>());
    waiting.add(mine);
    if (announced.compareAndSet(false, true)) {
      lead();
    }
    try {
      return mine.answer.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  private void lead() {
    List<Waiting<I, O>> group = new ArrayList<>();
    try {
      List<O> answers =
          store.write(
              tx -> {
                take(group);
                return group.isEmpty() ? List.of() : work.apply(tx, items(group));
              });
      for (int i = 0; i < group.size(); i++) {
        group.get(i).answer.complete(answers.get(i));
      }
    } catch (RuntimeException | Error e) {
      if (group.isEmpty()) {
        take(group); // the store did not even begin
      }
      boolean storeIsGone =
          e instanceof DataAccessResourceFailureException
              || e.getCause() instanceof DataAccessResourceFailureException;
      if (group.size() == 1 || storeIsGone || e instanceof Error) {
        group.forEach(one -> one.answer.completeExceptionally(e));
      } else {
        group.forEach(this::alone);
      }
    }
  }

  private void take(List<Waiting<I, O>> group) {
    announced.set(false);
    for (Waiting<I, O> one = waiting.poll(); one != null; one = waiting.poll()) {
      group.add(one);
    }
  }

  private void alone(Waiting<I, O> one) {
    try {
      one.answer.complete(store.write(tx -> work.apply(tx, List.of(one.item))).get(0));
    } catch (RuntimeException | Error e) {
      one.answer.completeExceptionally(e);
    }
  }

  private static <I, O> List<I> items(List<Waiting<I, O>> group) {
    return group.stream().map(Waiting::item).toList();
  }
}
