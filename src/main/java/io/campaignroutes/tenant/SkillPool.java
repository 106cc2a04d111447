package io.campaignroutes.tenant;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an agent pool is here: a skill that is there already, or a team for which one is created.
 *
 * @param id CXone's number of it
 */
record SkillPool(SkillProperties.Pool kind, String id) {
  private static final Pattern NAME = Pattern.compile("(?:(skill|team):)?0*([1-9][0-9]{0,17})");

  /**
   * Reads an {@code agentPoolId}.
   *
   * @param bare what a number alone names
   * @return empty when it is neither {@code skill:<n>} nor {@code team:<n>} nor a number
   */
  static Optional<SkillPool> of(String poolId, SkillProperties.Pool bare) {
    Matcher name = NAME.matcher(poolId.strip());
    if (!name.matches()) {
      return Optional.empty();
    }
    SkillProperties.Pool kind =
        name.group(1) == null
            ? bare
            : name.group(1).equals("skill")
                ? SkillProperties.Pool.SKILL
                : SkillProperties.Pool.TEAM;
    return Optional.of(new SkillPool(kind, name.group(2)));
  }

  /** As it is written in full. */
  String name() {
    return (isSkill() ? "skill:" : "team:") + id;
  }

  boolean isSkill() {
    return kind == SkillProperties.Pool.SKILL;
  }
}
