package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("pool-api")
class PoolApiRoutesTest extends RouteTest {
  private static final ObjectNode POOL = JsonNodeFactory.instance.objectNode().put("id", "pool-1");

  PoolApiRoutesTest() {
    super("pool-api");
  }

  @Test
  void aPageOfPoolsIsReadFromWhereTheOneBeforeEnded() {
    request(Map.of("after", "pool-0", "limit", 2, "limitAndOne", 3));
    given("poolReads.list", List.of(POOL));
    assertThat(send("pool-api-list", "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "poolReads.list(pool-0, 3)",
            "poolAnswers.list([{\"id\":\"pool-1\"}], 2)",
            "httpAnswer.process(<poolAnswers.list>)");
  }

  @Test
  void aPoolIsShownWithItsCampaigns() {
    request(Map.of("id", "pool-1"));
    given("poolReads.get", POOL);
    assertThat(send("pool-api-show", "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "poolReads.get(pool-1)",
            "poolAnswers.one({\"id\":\"pool-1\"})",
            "httpAnswer.process(<poolAnswers.one>)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pool-api-list", "pool-api-show"})
  void whatFailsIsAnsweredByAProblem(String route) {
    given("httpRequest.process", new IllegalStateException("odd"));
    assertThat(send(route, "asked").getException()).isNull();
    assertThat(calls())
        .containsExactly(
            "httpRequest.process(asked)",
            "answers.problem(java.lang.IllegalStateException: odd)",
            "httpAnswer.process(<answers.problem>)");
  }
}
