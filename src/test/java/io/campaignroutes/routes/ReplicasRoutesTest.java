package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.campaignroutes.store.Replicas.Replica;
import io.campaignroutes.store.StoreUnavailableException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("replicas")
class ReplicasRoutesTest extends RouteTest {
  ReplicasRoutesTest() {
    super("replicas");
  }

  @Test
  void whatReplicasHadInHandThatAreSeenNoMoreIsDueAgain() {
    given("replicas.beat", List.of(gone("rep_1"), gone("rep_2")));
    assertThat(send("replicas-watch", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "replicas.beat()",
            "replicas.release(" + gone("rep_1") + ")",
            "replicas.release(" + gone("rep_2") + ")");
    assertThat(from("replicas-watch"))
        .isEqualTo("scheduler:replicas-watch?delay=1000&synchronous=true");
  }

  private static Replica gone(String id) {
    return new Replica(id, "host", 8080, 1, 2, false);
  }

  @Test
  void whereAllAreSeenNothingIsReleased() {
    given("replicas.beat", List.of());
    send("replicas-watch", null);
    assertThat(calls()).containsExactly("replicas.beat()");
  }

  @Test
  void whatFailsIsTriedAgainWithTheNextTick() {
    given(
        "replicas.beat",
        failure(StoreUnavailableException.class, "no store"),
        new IllegalStateException("odd"));
    assertThat(send("replicas-watch", null).getException()).isNull();
    assertThat(send("replicas-watch", null).getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "replicas.beat()",
            "DEBUG replicas-watch is tried again with the next tick: no store",
            "replicas.beat()",
            "WARN replicas-watch failed and is tried again with the next tick: odd");
  }
}
