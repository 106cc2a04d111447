package io.campaignroutes.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run has measured, to be compared with the run before, whose figures stand in a file. So
 * that another machine, or a busy one, is not taken for a slower service, each run also measures
 * how long the machine takes for a piece of work that is always the same.
 */
final class Figures {
  /** The processor time of that piece of work, in seconds. */
  static final String REFERENCE = "reference: s of processor time for the same work";

  /** What is measured, and what becomes of it where the machine is slower. */
  enum Kind {
    /** Processor time, in any unit; also that of a process beside other work. */
    PROCESSOR_TIME(true, true),
    /** Memory in MiB, or bytes that are kept. */
    SIZE(false, true),
    /** Time on the clock, which other work of the machine makes longer: told, not judged. */
    TIME(true, false),
    /** So many a second, which other work makes fewer: told, not judged. */
    RATE(true, false);

    private final boolean ofMachine;
    private final boolean judged;

    Kind(boolean ofMachine, boolean judged) {
      this.ofMachine = ofMachine;
      this.judged = judged;
    }
  }

  /** One of them. */
  record Figure(Kind kind, String name, double value) {}

  /**
   * One beside what it was before.
   *
   * @param worse how many times as bad it is at the machine's speed; below 1 it is better
   */
  record Change(Figure now, double before, double worse) {
    /** Whether it is so bad, and of a kind that other work on the machine does not make bad. */
    boolean fellBy(double factor) {
      return now.kind().judged && worse >= factor;
    }
  }

  private final Map<String, Figure> all = new LinkedHashMap<>();
  private String group = "";

  /** Begins a group, whose name goes before those of its figures. */
  void begin(String group) {
    this.group = group + ": ";
  }

  /** Adds one; of several of one name the first stays. */
  void add(Kind kind, String name, double value) {
    all.putIfAbsent(group + name, new Figure(kind, group + name, value));
  }

  /** Measures the piece of work that is always the same; the least of several times. */
  void addReference() {
    group = "";
    add(Kind.PROCESSOR_TIME, REFERENCE, Reference.seconds());
  }

  /** How many times the processor time this machine takes for the same work. */
  double slower(Figures before) {
    return value(REFERENCE) / before.value(REFERENCE);
  }

  /** Those that both runs have, in this one's order. */
  List<Change> since(Figures before) {
    double slower = slower(before);
    List<Change> changes = new ArrayList<>();
    for (Figure now : all.values()) {
      Figure was = before.all.get(now.name());
      if (was != null && was.value() > 0 && now.value() > 0 && !now.name().equals(REFERENCE)) {
        double more = now.value() / was.value();
        double worse = now.kind() == Kind.RATE ? 1 / more : more;
        changes.add(new Change(now, was.value(), now.kind().ofMachine ? worse / slower : worse));
      }
    }
    return changes;
  }

  /** What of a run before that is judged cannot be compared, since one of both has it not. */
  List<String> lacks(Figures before) {
    List<String> lacking = new ArrayList<>();
    if (!all.containsKey(REFERENCE) || !before.all.containsKey(REFERENCE)) {
      lacking.add(REFERENCE);
    }
    before.all.values().stream()
        .filter(was -> was.kind().judged && !was.name().equals(REFERENCE))
        .map(Figure::name)
        .filter(name -> !all.containsKey(name))
        .forEach(lacking::add);
    return lacking;
  }

  private double value(String name) {
    Figure figure = all.get(name);
    return figure == null ? Double.NaN : figure.value();
  }

  /**
   * The figures of a file.
   *
   * @throws IOException when it cannot be read, or a line is none of {@link #write}
   */
  static Figures read(Path file) throws IOException {
    Figures figures = new Figures();
    for (String line : Files.readAllLines(file)) {
      if (!line.startsWith("#")) {
        String[] cells = line.split(",", 3);
        try {
          figures.add(Kind.valueOf(cells[0]), cells[2], Double.parseDouble(cells[1]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
          throw new IOException(file + " has no figure in the line " + line, e);
        }
      }
    }
    return figures;
  }

  /**
   * Writes a line for each, {@code kind,value,name}.
   *
   * @param head what goes before them: the machine, and the command
   */
  void write(Path file, String head) {
    List<String> lines = new ArrayList<>(List.of("# " + head));
    for (Figure figure : all.values()) {
      lines.add(
          String.format(Locale.ROOT, "%s,%.4g,%s", figure.kind(), figure.value(), figure.name()));
    }
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
