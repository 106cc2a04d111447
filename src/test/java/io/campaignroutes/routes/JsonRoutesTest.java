package io.campaignroutes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever adds a route reads and writes JSON there; none of ours does. */
@Tag("crm-calls")
class JsonRoutesTest extends RouteTest {
  JsonRoutesTest() {
    super("../src/test/resources/routes/crm-calls");
  }

  @Test
  void aRouteOfOnesOwnReadsAndWritesJson() {
    given(
        "http://crm.example/calls",
        "{\"calls\": [{\"campaign\": \"cmp_1\", \"seconds\": 42},"
            + " {\"campaign\": \"other\"}, {\"campaign\": \"cmp_2\"}]}");
    List<String> lines = new ArrayList<>();
    does(
        "file:data/crm",
        given -> {
          lines.add(((Exchange) given[0]).getMessage().getBody(String.class));
          return given[0];
        });
    assertThat(send("crm-calls", null).getException()).isNull();
    assertThat(lines)
        .containsExactly("{\"campaign\":\"cmp_1\",\"seconds\":42}", "{\"campaign\":\"cmp_2\"}");
  }

  @Test
  void whatIsNoJsonIsAFailureOfTheRoute() {
    given("http://crm.example/calls", "<html>");
    send("crm-calls", null);
    assertThat(calls())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("WARN crm-calls failed and is tried again with the next tick: ")
        .contains("'<'");
  }
}
