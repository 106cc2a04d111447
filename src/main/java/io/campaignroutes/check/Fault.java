package io.campaignroutes.check;

import java.util.Comparator;

/**
 * One thing that is wrong in a file.
 *
 * @param file the file as a person would name it, such as {@code routes/audit.camel.yaml}
 * @param line where in it, counted from 1
 * @param problem what is wrong, a sentence
 * @param remedy what to do about it, a sentence
 */
public record Fault(String file, int line, String problem, String remedy)
    implements Comparable<Fault> {
  private static final Comparator<Fault> ORDER =
      Comparator.comparing(Fault::file).thenComparing(Fault::line).thenComparing(Fault::problem);

  @Override
  public int compareTo(Fault other) {
    return ORDER.compare(this, other);
  }

  /** The one line that is printed: {@code file:line: what is wrong. Remedy.} */
  @Override
  public String toString() {
    return "%s:%d: %s %s".formatted(file, line, problem, remedy).replaceAll("\\s*\\R\\s*", " ");
  }
}
