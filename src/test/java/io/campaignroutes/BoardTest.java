package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Holds the board to what Grafana's dashboard schema (the types of {@code @grafana/schema}) demands
 * of a dashboard, its panels and their queries, and to a layout without overlaps.
 */
class BoardTest {
  private static final JsonNode BOARD = board();

  private static JsonNode board() {
    try {
      return new ObjectMapper()
          .readTree(Path.of("config", "grafana", "campaign-routes.json").toFile());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<JsonNode> panels() {
    List<JsonNode> panels = new ArrayList<>();
    BOARD.path("panels").forEach(panels::add);
    return panels;
  }

  @Test
  void theBoardHasWhatGrafanaDemands() {
    assertThat(BOARD.path("schemaVersion").isInt()).isTrue();
    assertThat(BOARD.path("title").asText()).isNotBlank();
    assertThat(BOARD.path("uid").asText()).matches("[a-zA-Z0-9_-]{1,40}");
    assertThat(BOARD.path("id").isNull()).as("Grafana gives the id when it imports it").isTrue();
    assertThat(BOARD.path("time").path("from").asText()).startsWith("now-");
    assertThat(BOARD.at("/templating/list/0/type").asText()).isEqualTo("datasource");
    assertThat(BOARD.at("/annotations/list").isArray()).isTrue();
  }

  @Test
  void everyPanelHasItsPlaceAndAnIdOfItsOwn() {
    Set<Integer> ids = new HashSet<>();
    Set<String> cells = new HashSet<>();
    for (JsonNode panel : panels()) {
      assertThat(ids.add(panel.path("id").intValue())).as(panel.path("title").asText()).isTrue();
      assertThat(panel.path("type").asText()).isIn("row", "stat", "timeseries");
      JsonNode at = panel.path("gridPos");
      assertThat(at.path("x").intValue() + at.path("w").intValue()).isBetween(1, 24);
      for (int x = at.path("x").intValue(); x < at.path("x").intValue() + at.path("w").intValue(); x++) {
        for (int y = at.path("y").intValue(); y < at.path("y").intValue() + at.path("h").intValue(); y++) {
          assertThat(cells.add(x + "," + y)).as("overlap at %s", panel.path("title")).isTrue();
        }
      }
    }
    assertThat(ids).hasSizeGreaterThan(15);
  }

  @Test
  void everyPanelButARowSaysWhatItShowsAndAsksTheChosenDataSource() {
    for (JsonNode panel : panels()) {
      if (panel.path("type").asText().equals("row")) {
        assertThat(panel.path("collapsed").isBoolean()).isTrue();
        assertThat(panel.path("panels").isArray()).isTrue();
        continue;
      }
      assertThat(panel.path("description").asText()).isNotBlank();
      assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotBlank();
      assertThat(panel.at("/fieldConfig/overrides").isArray()).isTrue();
      assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
      Set<String> references = new HashSet<>();
      for (JsonNode target : panel.path("targets")) {
        assertThat(references.add(target.path("refId").asText())).isTrue();
        assertThat(target.path("expr").asText()).contains("job=\"campaign-routes\"");
        assertThat(target.at("/datasource/type").asText()).isEqualTo("prometheus");
      }
      assertThat(references).isNotEmpty();
    }
  }
}
