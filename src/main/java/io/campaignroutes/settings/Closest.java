package io.campaignroutes.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the word that was probably meant. */
public final class Closest {
  private static final int SHOWN = 12;

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
        + String.join(", ", sorted.subList(0, Math.min(SHOWN, sorted.size())))
        + (sorted.size() > SHOWN ? " and " + (sorted.size() - SHOWN) + " more." : ".");
  }

  /**
   * Edits between two words, two letters in the wrong order being one (optimal string alignment);
   * upper and lower case are the same.
   */
  private static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int changed = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(changed, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}
