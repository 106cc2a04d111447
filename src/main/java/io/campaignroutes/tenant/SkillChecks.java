package io.campaignroutes.tenant;

import io.campaignroutes.compliance.Finding;
import io.campaignroutes.compliance.PlatformChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What skills cannot do of a request. */
final class SkillChecks implements PlatformChecks {
  private final SkillProperties properties;
  private final Function<String, Optional<String>> user;

  /**
   * @param user the campaign that a skill works for, by the skill's id; empty for none
   */
  SkillChecks(SkillProperties properties, Function<String, Optional<String>> user) {
    this.properties = properties;
    this.user = user;
  }

  @Override
  public String poolId(String written) {
    return SkillPool.of(written, properties.pool()).map(SkillPool::name).orElse(written);
  }

  @Override
  public List<Finding> findings(Asked asked) {
    List<Finding> findings = new ArrayList<>();
    asked.agentPoolId().ifPresent(poolId -> pool(poolId, asked, findings));
    String strategy = asked.dialerStrategy().orElse("");
    if (strategy.equals("POWER") && asked.abandonCap()) {
      findings.add(
          new Finding(
              "dialerStrategy",
              "dialerStrategy.platform",
              "POWER dials a fixed number of lines for each agent, so nothing would keep the"
                  + " policy's cap on abandoned calls. Use PREDICTIVE or PROGRESSIVE."));
    } else if (strategy.equals("PREVIEW")) {
      findings.add(
          new Finding(
              "dialerStrategy",
              "dialerStrategy.platform",
              "PREVIEW is not available on this platform. Use PROGRESSIVE: one line for each agent"
                  + " who waits."));
    }
    return findings;
  }

  private void pool(String poolId, Asked asked, List<Finding> findings) {
    Optional<SkillPool> pool = SkillPool.of(poolId, properties.pool());
    if (pool.isEmpty()) {
      findings.add(
          new Finding(
              "agentPoolId",
              "agentPoolId.platform",
              "agentPoolId has to be skill:<number>, a skill of Personal Connection that is there,"
                  + " or team:<number>, a team for which one is created."));
    } else if (!pool.get().isSkill()) {
      created(asked, findings);
    } else if (asked.contacts()) {
      findings.add(
          new Finding(
              "contacts",
              "contacts.platform",
              "A skill that is there keeps its own lists: contacts that are uploaded for it would"
                  + " stay with it when the campaign ends. Leave contacts out, or name a team in"
                  + " agentPoolId, for which a skill is created."));
    }
  }

  private void created(Asked asked, List<Finding> findings) {
    if (asked.contactListId().isPresent()) {
      findings.add(
          new Finding(
              "contactListId",
              "contactListId.platform",
              "A list that is there cannot be given to a skill that is created. Leave contactListId"
                  + " out, or name a skill in agentPoolId that has the list."));
    }
    if (!asked.contacts()) {
      findings.add(
          new Finding(
              "contacts",
              "contacts.platform",
              "A skill that is created has nobody to call but the contacts that its campaign"
                  + " brings. Name a CSV file of them: \"contacts\": {\"file\": \"<its name>.csv\"}."));
    }
    if (asked.respectDnc() && properties.dncGroups().isEmpty()) {
      findings.add(
          new Finding(
              "compliance.respectDnc",
              "respectDnc.platform",
              "No do-not-call group is set up that a created skill could be kept to. Set"
                  + " personal-connection.dnc-groups in config/application.yaml."));
    }
    if (properties.callerId().isEmpty()) {
      findings.add(
          new Finding(
              "agentPoolId",
              "callerId.platform",
              "A created skill needs a number that people see. Set personal-connection.caller-id in"
                  + " config/application.yaml."));
    }
  }

  @Override
  public List<Finding> warnings(Asked asked) {
    List<Finding> warnings = new ArrayList<>();
    Optional<SkillPool> pool =
        asked.agentPoolId().flatMap(poolId -> SkillPool.of(poolId, properties.pool()));
    boolean adopted = pool.map(SkillPool::isSkill).orElse(false);
    pool.filter(SkillPool::isSkill)
        .map(SkillPool::id)
        .ifPresent(skill -> user.apply(skill).ifPresent(by -> inUse(warnings, skill, by)));
    add(
        warnings,
        "pacing.maxCallsPerSecond",
        "A skill has no rate: it dials lines for each agent who waits. It begins with one line and"
            + " is given more only where that keeps to this limit.");
    add(
        warnings,
        "compliance.maxDailyCallsPerNumber",
        "Daily calls are counted by CXone for each skill, over 24 hours: calls that another skill"
            + " makes to the same number are not seen.");
    if (asked.respectStateDnc()) {
      add(
          warnings,
          "compliance.respectStateDnc",
          "CXone knows no do-not-call lists of states. Keep one in a do-not-call group.");
    }
    if (asked.respectDnc() && adopted) {
      add(
          warnings,
          "compliance.respectDnc",
          "Which do-not-call groups a skill that is adopted keeps to is set in CXone and stays as"
              + " it is.");
    } else if (asked.respectDnc()) {
      add(
          warnings,
          "compliance.respectDnc",
          "This means the do-not-call groups of personal-connection.dnc-groups, and no others.");
    }
    if (adopted && asked.contactListId().isPresent()) {
      add(
          warnings,
          "contactListId",
          "CXone dials every list of a skill, not this one alone. Take the skill's other lists away"
              + " from it, or deactivate them, in CXone before the campaign starts.");
    }
    add(
        warnings,
        "schedule",
        "The hours of those who are called are the skill's own, set in CXone; this schedule is kept"
            + " by stopping and starting the skill.");
    return warnings;
  }

  private static void inUse(List<Finding> warnings, String skill, String by) {
    warnings.add(SkillFault.inUse(skill, by).finding());
  }

  private static void add(List<Finding> warnings, String field, String message) {
    warnings.add(new Finding(field, "platform.notEnforced", message));
  }
}
