package io.campaignroutes.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.commons.text.similarity.DamerauLevenshteinDistance;

/** Finds the word that was probably meant. */
public final class Closest {
  private static final int MAX_SHOWN = 12;
  private static final DamerauLevenshteinDistance EDITS = new DamerauLevenshteinDistance();

  private Closest() {}

  /** The nearest of the known words, when it is near enough to be meant. */
  public static Optional<String> to(String word, Collection<String> known) {
    int most = Math.max(1, Math.min(3, word.length() / 3));
    return known.stream()
        .filter(other -> distance(word, other) <= most)
        .min(Comparator.<String>comparingInt(o -> distance(word, o)).thenComparing(o -> o));
  }

  /** A sentence that leads to the right word: the nearest one, or those that are known. */
  public static String remedy(String word, Collection<String> known) {
    Optional<String> near = to(word, known);
    if (near.isPresent()) {
      return "Did you mean '" + near.get() + "'?";
    }
    if (known.isEmpty()) {
      return "Remove it.";
    }
    List<String> sorted = List.copyOf(new TreeSet<>(known));
    return "Known: "
        + String.join(", ", sorted.subList(0, Math.min(MAX_SHOWN, sorted.size())))
        + (sorted.size() > MAX_SHOWN ? " and " + (sorted.size() - MAX_SHOWN) + " more." : ".");
  }

  /**
   * Edits between two words, two letters in the wrong order being one; upper and lower case are the
   * same.
   */
  public static int distance(String one, String other) {
    return EDITS.apply(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT));
  }
}
