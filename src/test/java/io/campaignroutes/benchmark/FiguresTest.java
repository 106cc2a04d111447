package io.campaignroutes.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.campaignroutes.benchmark.Figures.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiguresTest {
  @TempDir Path folder;

  private static Figures run(double machine, Kind kind, double value) {
    Figures figures = new Figures();
    figures.add(Kind.PROCESSOR_TIME, Figures.REFERENCE, machine);
    figures.begin("launch");
    figures.add(kind, "what, and where", value);
    return figures;
  }

  @ParameterizedTest
  @CsvSource({
    // kind, the machine's time for the same work before and now, the figure before and now, worse
    "PROCESSOR_TIME, 1, 1, 10, 20, 2.0,  true",
    "PROCESSOR_TIME, 1, 2, 10, 20, 1.0,  false",
    "PROCESSOR_TIME, 1, 1, 10,  5, 0.5,  false",
    "SIZE,           1, 2, 10, 20, 2.0,  true",
    "TIME,           1, 1, 10, 40, 4.0,  false",
    "RATE,           1, 1, 40, 10, 4.0,  false",
    "RATE,           1, 2, 40, 20, 1.0,  false"
  })
  void aFigureIsComparedAtTheMachinesSpeed(
      Kind kind, double was, double is, double before, double now, double worse, boolean fell) {
    Figures.Change change = run(is, kind, now).since(run(was, kind, before)).get(0);
    assertThat(change.now().name()).isEqualTo("launch: what, and where");
    assertThat(change.worse()).isCloseTo(worse, within(1e-9));
    assertThat(change.fellBy(2)).isEqualTo(fell);
  }

  @Test
  void whatIsKeptIsReadAgain() throws Exception {
    Path file = folder.resolve("last.csv");
    run(0.25, Kind.RATE, 1234).write(file, "2 cores");
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "# 2 cores",
            "PROCESSOR_TIME,0.2500," + Figures.REFERENCE,
            "RATE,1234,launch: what, and where");
    assertThat(run(0.25, Kind.RATE, 617).since(Figures.read(file)).get(0).worse())
        .isCloseTo(2, within(1e-9));
  }

  @Test
  void whatOnlyOneRunHasIsNotCompared() {
    Figures more = run(1, Kind.TIME, 10);
    more.add(Kind.TIME, "new", 3);
    assertThat(more.since(run(1, Kind.TIME, 10))).hasSize(1);
    assertThat(run(1, Kind.TIME, 10).since(more)).hasSize(1);
  }

  @Test
  void whatIsJudgedHasToBeMeasured() {
    Figures before = run(1, Kind.SIZE, 10);
    before.add(Kind.TIME, "told only", 3);
    assertThat(run(1, Kind.SIZE, 10).lacks(before)).isEmpty();
    assertThat(run(1, Kind.TIME, 10).lacks(before)).isEmpty();
    assertThat(new Figures().lacks(before))
        .containsExactly(Figures.REFERENCE, "launch: what, and where");
    assertThat(before.lacks(new Figures())).containsExactly(Figures.REFERENCE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RATE,many,launches", "SPEED,1,launches", "RATE,1", ""})
  void aLineThatIsNoFigureIsTold(String line) throws Exception {
    Path file = Files.writeString(folder.resolve("last.csv"), "# 2 cores\n" + line + "\n");
    assertThatThrownBy(() -> Figures.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no figure in the line " + line);
  }

  @Test
  void theMachinesSpeedIsMeasured() {
    assertThat(Reference.seconds()).isPositive();
  }
}
