package io.campaignroutes.tenant;

import java.text.Normalizer;

/** How a skill is called that is created here: by our id, so that it can be found again. */
final class SkillName {
  /** CXone's own limit. */
  static final int MAX_LENGTH = 30;

  private static final int MAX_NOTES = 2_000;

  /** The last ones of our id, since the first tell no more than the second it was given in. */
  private static final int ID_CHARACTERS = 8;

  private SkillName() {}

  /** {@code CR-<last 8 characters of our id>-<what fits of the name in the characters allowed>}. */
  static String of(String campaignId, String name) {
    String id = campaignId.replaceFirst("^cmp_", "");
    String head = "CR-" + id.substring(Math.max(0, id.length() - ID_CHARACTERS)) + "-";
    String plain =
        Normalizer.normalize(name, Normalizer.Form.NFKD)
            .replaceAll("[^A-Za-z0-9 _.()^-]", "")
            .strip()
            .replaceAll(" +", " ");
    int room = MAX_LENGTH - head.length();
    return (head + plain.substring(0, Math.min(room, plain.length()))).strip();
  }

  /**
   * What stands in its notes: our id first, by which it is known to be ours, then the full name.
   */
  static String notes(String campaignId, String name) {
    String notes = mark(campaignId) + " " + name;
    return notes.substring(0, Math.min(MAX_NOTES, notes.length()));
  }

  /** What the notes of a campaign's skill have in them. */
  static String mark(String campaignId) {
    return "Campaign Routes " + campaignId + ":";
  }
}
