package io.campaignroutes.compliance;

/**
 * One rule of a policy and who states it.
 *
 * @param profile name of the profile that states the rule
 * @param cite where that profile has it from, such as {@code 47 CFR 64.1200(c)(1)}
 * @param severity what breaking it leads to
 * @param value the rule itself
 */
public record PolicyRule<T>(String profile, String cite, Severity severity, T value) {
  /** Profile and source for people: {@code us-federal, 47 CFR 64.1200(c)(1)}. */
  public String origin() {
    return profile + ", " + cite;
  }
}
