package io.campaignroutes.access;

import io.campaignroutes.shared.Hashes;
import io.campaignroutes.store.Secrets;
import io.campaignroutes.store.Store;
import io.campaignroutes.store.Tx;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * Who is signed in. It stands in the store, so that it counts at every replica and after a restart,
 * and ends everywhere at once; of what the browser shows only the SHA-256 is kept.
 */
@Component
@Conditional(OnPeople.class)
public class SignIns {
  private static final Pattern SECRET = Pattern.compile("[0-9a-f]{64}");

  private final Store store;
  private final OidcProperties settings;

  public SignIns(Store store, OidcProperties settings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * Somebody has signed in.
   *
   * @param idToken what the issuer has said of the person
   * @return what the browser shows from now on
   */
  public String begin(Caller who, String idToken) {
    String secret = Secrets.random();
    return store.write(
        tx -> {
          tx.sql().sql("delete from sign_in where ends_at <= ?").param(tx.now()).update();
          makeRoom(tx);
          tx.sql()
              .sql(
                  "insert into sign_in (secret_hash, name, role, id_token, began_at, ends_at)"
                      + " values (?, ?, ?, ?, ?, ?)")
              .params(
                  List.of(
                      Hashes.sha256(secret),
                      who.name(),
                      who.role().word(),
                      idToken,
                      tx.now(),
                      tx.now() + settings.session().toMillis()))
              .update();
          return secret;
        });
  }

  private void makeRoom(Tx tx) {
    int there = tx.sql().sql("select count(*) from sign_in").query(Integer.class).single();
    if (there >= settings.sessions()) {
      tx.sql()
          .sql(
              "delete from sign_in where secret_hash in"
                  + " (select secret_hash from sign_in order by began_at, secret_hash limit ?)")
          .param(there - settings.sessions() + 1)
          .update();
    }
  }

  /** Who has signed in with what a browser shows, and has not signed out. */
  public Optional<Caller> known(String secret) {
    if (secret == null || !SECRET.matcher(secret).matches()) {
      return Optional.empty();
    }
    return store
        .read()
        .sql("select name, role from sign_in where secret_hash = ? and ends_at > ?")
        .params(Hashes.sha256(secret), store.nearlyNow())
        .query(
            (row, n) ->
                Role.of(row.getString("role"))
                    .map(
                        role -> {
                          try {
                            return new Caller(row.getString("name"), Caller.Kind.PERSON, role);
                          } catch (java.sql.SQLException e) {
                            throw new IllegalStateException(e);
                          }
                        }))
        .optional()
        .flatMap(one -> one);
  }

  /**
   * Somebody signs out.
   *
   * @return what the issuer had said of the person; empty when nobody was signed in
   */
  public Optional<String> end(String secret) {
    if (secret == null || !SECRET.matcher(secret).matches()) {
      return Optional.empty();
    }
    String hash = Hashes.sha256(secret);
    return store.write(
        tx -> {
          Optional<String> idToken =
              tx.sql()
                  .sql("select id_token from sign_in where secret_hash = ?")
                  .param(hash)
                  .query(String.class)
                  .optional();
          tx.sql().sql("delete from sign_in where secret_hash = ?").param(hash).update();
          return idToken;
        });
  }
}
