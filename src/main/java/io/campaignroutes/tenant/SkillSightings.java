package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.store.Tx;

/**
 * Who is told what was seen of a single skill, beside the lists of all of them that are read now
 * and then.
 */
public interface SkillSightings {

  /** Whether calls that end from now on are counted, whatever is killed. */
  boolean counts(Tx tx);

  /** It was seen to run just now, for the first time since it was started here. */
  void runs(Tx tx, String skillId);

  /**
   * It was seen not to run though its campaign goes on: that it runs later is somebody else's
   * doing, though no list was read in between.
   *
   * @param active false where it was seen to be deactivated, which nobody here has done
   */
  void rests(Tx tx, String skillId, boolean active);

  /** It is about to be deactivated here: that a list tells so is nobody else's doing. */
  void deactivates(Tx tx, String skillId);

  /**
   * A person has changed settings of it that are ours.
   *
   * @param changes {@code [{setting, before, after}]}
   */
  void changed(Tx tx, String skillId, JsonNode changes);

  /**
   * It is about to be stopped or changed: what a list tells that was read before, or is a little
   * behind, says nothing of who did it.
   */
  void ordered(Tx tx, String skillId);

  /** It is about to be started: that it is seen to run next is nobody else's doing. */
  void starts(Tx tx, String skillId);
}
