package io.campaignroutes.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campaignroutes.text.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The names under which other versions of the service know what is remembered. */
class StoredNamesTest {

  @Test
  void whatIsRememberedIsStoredFlatUnderTheNamesThatTheVersionBeforeReads() {
    Course course = Course.of(Strategy.PREDICTIVE, Course.thirtyDays()).warm(20, 10);
    ObjectNode stored = Json.storedObject(StoredState.text(course.state));
    List<String> names = new ArrayList<>();
    stored.fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .containsExactlyInAnyOrder(
            "commanded",
            "commandedAt",
            "pausedAt",
            "dialedAt",
            "readAt",
            "sampledAt",
            "freshSince",
            "probeAt",
            "toldAt",
            "toldAnswered",
            "toldAbandoned",
            "counts",
            "lastConnected",
            "lastAbandoned",
            "lacking",
            "dialed",
            "attempts",
            "answers",
            "usualAnswer",
            "handleTime",
            "idle",
            "busy",
            "staffed",
            "budget",
            "warm",
            "still",
            "protect",
            "held",
            "aboveAt",
            "aboveAnswered",
            "period",
            "served",
            "unanswered",
            "emptyTurns",
            "version");
    assertThat(stored.properties()).noneMatch(field -> field.getValue().isContainerNode());
    assertThat(stored.path("warm").asDouble())
        .isEqualTo(course.state.answerEstimate().answersSinceStart())
        .isPositive();
    assertThat(stored.path("budget").asDouble())
        .isEqualTo(course.state.cap().abandonmentCredit())
        .isPositive();
    assertThat(StoredState.read(Json.text(stored), course.law.start(course.plan, Course.START)))
        .contains(course.state);
  }
}
