package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.text.Plain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something at CXone that keeps a campaign from being run. It is looked for before a campaign is
 * created, when it is a finding, and once more when it is, when it is a refusal: much can change in
 * between.
 *
 * @param message sentences for a person: what is wrong and what to do
 */
record SkillFault(Kind kind, String message) {
  /** By the code of the refusal, which has a text in the platform's file. */
  enum Kind {
    SKILL_UNSUITABLE("agentPoolId", "agentPoolId.unsuitable"),
    SKILL_IN_USE("agentPoolId", "agentPoolId.inUse"),
    LISTS_MISSING("agentPoolId", "agentPoolId.noLists"),
    LISTS_THROUGH("agentPoolId", "agentPoolId.listsThrough"),
    LIST_NOT_OF_SKILL("contactListId", "contactListId.unknown"),
    DNC_GROUP_MISSING("compliance.respectDnc", "respectDnc.groupMissing");

    private final String field;
    private final String rule;

    Kind(String field, String rule) {
      this.field = field;
      this.rule = rule;
    }
  }

  /**
   * Whether an adopted skill could dial at all.
   *
   * @param skill {@code {active, dials}}
   */
  static Optional<SkillFault> unsuitable(String skillId, JsonNode skill) {
    boolean active = skill.path("active").asBoolean();
    if (active && skill.path("dials").asBoolean()) {
      return Optional.empty();
    }
    String why = active ? "no outbound skill of Personal Connection" : "not active";
    return Optional.of(
        new SkillFault(
            Kind.SKILL_UNSUITABLE,
            "Skill %s is %s. Name another one, or change it in CXone.".formatted(skillId, why)));
  }

  /** It dials for somebody else. */
  static SkillFault running(String skillId) {
    return new SkillFault(
        Kind.SKILL_IN_USE,
        "Skill %s runs already. Stop it in CXone before a campaign is launched for it."
            .formatted(skillId));
  }

  /** It is another campaign's of ours. */
  static SkillFault inUse(String skillId, String campaignId) {
    return new SkillFault(
        Kind.SKILL_IN_USE,
        "Skill %s works for campaign %s, and for one campaign at a time. Stop that one first."
            .formatted(skillId, campaignId));
  }

  /**
   * Whether an adopted skill has somebody to call, and the list that the campaign names.
   *
   * @param wanted the list's id; empty for none
   * @param lists {@code {lists: [{id, skills: [{id, total, fresh, finalized}]}]}}
   */
  static List<SkillFault> lists(String skillId, String wanted, JsonNode lists) {
    if (!SkillLists.any(skillId, lists)) {
      return List.of(
          new SkillFault(
              Kind.LISTS_MISSING,
              "Skill %s has no calling list, so it has nobody to call. Give it one in CXone, then launch again."
                  .formatted(skillId)));
    }
    List<SkillFault> faults = new ArrayList<>();
    if (!wanted.isBlank() && !SkillLists.has(skillId, wanted, lists)) {
      faults.add(
          new SkillFault(
              Kind.LIST_NOT_OF_SKILL,
              "Contact list %s is none of the lists of skill %s. Name one of those, or leave contactListId out."
                  .formatted(Plain.escaped(wanted), skillId)));
    }
    if (!SkillLists.callable(skillId, lists)) {
      faults.add(
          new SkillFault(
              Kind.LISTS_THROUGH,
              "Nobody is left to call in the lists of skill %s: add records to one of them in CXone, then launch again."
                  .formatted(skillId)));
    }
    return faults;
  }

  /**
   * Which do-not-call groups could not be kept to, each of them one.
   *
   * @param wanted the ids of those that a created skill is to be kept to
   * @param groups {@code {groups: [{id, active}]}}
   */
  static List<SkillFault> groups(List<String> wanted, JsonNode groups) {
    List<SkillFault> faults = new ArrayList<>();
    for (String id : wanted) {
      boolean there = false;
      for (JsonNode group : groups.path("groups")) {
        there |= group.path("id").asText().equals(id) && group.path("active").asBoolean();
      }
      if (!there) {
        faults.add(
            new SkillFault(
                Kind.DNC_GROUP_MISSING,
                "Do-not-call group %s of personal-connection.dnc-groups is not in CXone or not active. Correct the setting, or the group in CXone, then launch again."
                    .formatted(id)));
      }
    }
    return faults;
  }

  /** As it is told of a request. */
  Finding finding() {
    return new Finding(kind.field, kind.rule, message);
  }

  /** As it ends the making of a skill. */
  CxoneRefusedException refusal() {
    return Skills.refused(kind.name(), message);
  }
}
