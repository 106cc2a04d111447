package io.campaignroutes.tenant;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The skill of a campaign, as the store has it.
 *
 * @param skillId CXone's; null until a created one is found or its create was answered
 * @param groupId CXone's campaign that a created skill belongs to; null for an adopted one
 * @param name of a created skill; null for an adopted one
 * @param before the blocks of settings that it had before anything was written; null until read
 * @param now what of them is ours, as it was read back last; null until then
 * @param asked what was asked of it last; null for nothing yet
 * @param ran whether it was seen to run since it was started last
 * @param endSeenAt when its lists were first seen to be worked through, in milliseconds since the
 *     epoch; null when they are not
 * @param mismatches how often in a row CXone did not show what was written
 * @param byPerson what a person was seen to do to it last against what was asked, {@code START} or
 *     {@code STOP}; null for nothing since
 * @param stops how often a stop was sent since it was asked for
 * @param writingUntil until then a write of its ratio may be under way, in milliseconds since the
 *     epoch; null for none
 * @param wroteAt when its ratio was written last, in milliseconds since the epoch; null for never
 * @param startUntil until then a start may take effect that was not seen to, in milliseconds since
 *     the epoch; null for none
 */
record SkillRow(
    String campaignId,
    String skillId,
    String groupId,
    String name,
    Mode mode,
    State state,
    JsonNode before,
    JsonNode now,
    Asked asked,
    boolean ran,
    Long endSeenAt,
    int mismatches,
    Asked byPerson,
    int stops,
    Long writingUntil,
    Long wroteAt,
    Long startUntil) {

  /** Whether it may begin to dial by a start that it was sent, whatever was asked since. */
  boolean mayStart(long now) {
    return startUntil != null && startUntil > now;
  }

  /** Whether it works for its campaign, though it may be stopped for now. */
  boolean isOn() {
    return asked == Asked.START || asked == Asked.PAUSE;
  }

  /** Whose the skill is. */
  enum Mode {
    /** There before, with agents and lists of its own; it gets its settings back. */
    ADOPTED,
    /** Made for the campaign; it is deactivated in the end. */
    CREATED
  }

  /** How far it is. */
  enum State {
    /** Being made: never to be started. */
    NEW,
    /** Made, and seen to be as it was written. */
    READY,
    /** Given back, or deactivated. */
    CLOSED
  }

  /** What was asked of it. */
  enum Asked {
    START,
    PAUSE,
    STOP
  }
}
