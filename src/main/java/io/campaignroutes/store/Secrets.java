package io.campaignroutes.store;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Secrets that the service makes for itself on first start and keeps in the store. */
@Component
public class Secrets {
  private final Store store;

  public Secrets(Store store) {
    this.store = store;
  }

  /**
   * The secret kept under {@code name}; made by {@code fresh} when there is none. Replicas that ask
   * at the same time get the same one.
   */
  public String get(String name, Supplier<String> fresh) {
    return store.write(
        tx -> {
          tx.sql()
              .sql(
                  "insert into secret (name, value, created_at) values (?, ?, ?)"
                      + " on conflict do nothing")
              .params(name, fresh.get(), tx.now())
              .update();
          return tx.sql()
              .sql("select value from secret where name = ?")
              .param(name)
              .query(String.class)
              .single();
        });
  }

  /** The secret kept under {@code name}, if there is one. */
  public Optional<String> find(String name) {
    return store
        .read()
        .sql("select value from secret where name = ?")
        .param(name)
        .query(String.class)
        .optional();
  }

  /** All that are kept under names that begin so, in the order in which they came. */
  public List<String> all(String prefix) {
    return store
        .read()
        .sql("select value from secret where substr(name, 1, ?) = ? order by created_at, name")
        .params(prefix.length(), prefix)
        .query(String.class)
        .list();
  }

  /** 32 random bytes in hex. */
  public static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
