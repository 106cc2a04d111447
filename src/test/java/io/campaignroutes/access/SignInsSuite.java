package io.campaignroutes.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.store.TestStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

abstract class SignInsSuite {
  private static final Caller ADA = new Caller("ada@example.com", Caller.Kind.PERSON, Role.ADMIN);
  private static final int MOST = 3;

  @TempDir Path temp;
  private TestStores.Opened opened;
  private SignIns signIns;

  abstract TestStores.Opened open();

  @BeforeEach
  void begin() {
    opened = open();
    signIns = replica(Duration.ofHours(8));
  }

  @AfterEach
  void end() {
    opened.close();
  }

  private SignIns replica(Duration length) {
    return new SignIns(
        opened.store(),
        new OidcProperties("https://issuer.example", "api", "roles", "console", "", length, MOST));
  }

  @Test
  void whoHasSignedInIsKnownAtEveryReplicaUntilSigningOut() {
    String secret = signIns.begin(ADA, "a.b.c");
    SignIns other = replica(Duration.ofHours(8));
    assertThat(other.known(secret)).hasValue(ADA);
    assertThat(other.end(secret)).hasValue("a.b.c");
    assertThat(signIns.known(secret)).isEmpty();
    assertThat(signIns.end(secret)).isEmpty();
  }

  @Test
  void nothingElseIsKnown() {
    String secret = signIns.begin(ADA, "a.b.c");
    String hash =
        opened.store().read().sql("select secret_hash from sign_in").query(String.class).single();
    assertThat(hash).isNotEqualTo(secret);
    for (String shown : List.of("", hash, secret.toUpperCase(), secret + "0", "' or 1=1 --")) {
      assertThat(signIns.known(shown)).as(shown).isEmpty();
      assertThat(signIns.end(shown)).as(shown).isEmpty();
    }
    assertThat(signIns.known(null)).isEmpty();
    assertThat(signIns.begin(ADA, "a.b.c")).isNotEqualTo(secret);
  }

  @Test
  void itEndsByItself() {
    String secret = replica(Duration.ofMillis(1)).begin(ADA, "a.b.c");
    org.awaitility.Awaitility.await().until(() -> signIns.known(secret).isEmpty());
    signIns.begin(ADA, "d.e.f");
    assertThat(opened.store().read().sql("select id_token from sign_in").query(String.class).list())
        .containsExactly("d.e.f");
  }

  @Test
  void thereIsRoomForSoManyAndTheFirstMakesIt() {
    List<String> secrets =
        IntStream.rangeClosed(0, MOST)
            .mapToObj(
                n -> {
                  long before = opened.store().now();
                  org.awaitility.Awaitility.await().until(() -> opened.store().now() > before);
                  return signIns.begin(ADA, "token " + n);
                })
            .toList();
    assertThat(signIns.known(secrets.get(0))).isEmpty();
    assertThat(secrets.subList(1, MOST + 1)).allMatch(secret -> signIns.known(secret).isPresent());
  }
}
