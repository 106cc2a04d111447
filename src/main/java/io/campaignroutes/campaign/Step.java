package io.campaignroutes.campaign;

import static io.campaignroutes.campaign.Outcome.*;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What is done next for a campaign, and how that can go. Those before {@link #ANY} are done by the
 * route {@code campaign-<step>}; to hold is the route of a pause, to release that of a resume.
 */
public enum Step {
  CHECK(AGENTS_FOUND, BEFORE_ITS_TIME, AGENTS_MISSING),
  /** Read the file of contacts that it brought, and decide which of them may be called. */
  JUDGE_CONTACTS(CONTACTS_JUDGED, CONTACTS_GOING_ON, NO_CONTACTS),
  CREATE(INTENDED, CREATED, ID_TAKEN),
  /** Find out what became of a create whose answer was lost. */
  RESOLVE_CREATE(FOUND, ID_TAKEN, UNCLEAR, LOST_TOO_OFTEN, MAY_STILL_APPEAR, NOT_THERE),
  REGISTER(REGISTERED),
  /** Give the platform the contacts that may be called. */
  UPLOAD_CONTACTS(CONTACTS_UPLOADED, CONTACTS_GOING_ON, CONTACTS_ON_THEIR_WAY, NOT_UPLOADED),
  ACTIVATE(ACTIVE, ASKED, HELD, CLOSED, STILL_CLOSED),
  POLL(ACTIVE, PAUSED, STOPPED, COMPLETED, ERROR, PENDING, TOO_LATE),
  /** Look at what CXone does with a campaign that runs. */
  CHECK_STATUS(ACTIVE, PAUSED, STOPPED, COMPLETED, ERROR, UNCHANGED, ON_ITS_WAY, DIALS_THOUGH_HELD),
  PAUSE(ASKED),
  RESUME(ASKED, HELD),
  STOP(ASKED, NEVER_LAUNCHED),
  /**
   * Read whether CXone has carried out what it was asked for, or, of a campaign that has ended,
   * whether it is so at CXone too.
   */
  CONFIRM(
      PAUSED,
      STOPPED,
      NEVER_DIALED,
      COMPLETED,
      ERROR,
      HELD,
      ABORTED,
      NOT_YET,
      ACTIVE,
      MUST_NOT_RUN,
      STILL_ENDED,
      ON_ITS_WAY),
  /** Pause at CXone because pacing's rate is zero. */
  HOLD(ASKED),
  /** Dial again at CXone after such a pause. */
  RELEASE(ASKED, HELD),
  /** Nothing remains to be done. */
  NONE(NOTHING_TO_DO),

  /** What any of them can meet. */
  ANY(
      UNREACHABLE,
      SHUTTING_DOWN,
      NOT_ACTIVATED,
      GIVEN_UP,
      LOST_AND_GIVEN_UP,
      REFUSED,
      REFUSED_WHILE_DIALING,
      LOST_AND_REFUSED,
      NAME_TAKEN,
      NOT_SEEN,
      END_NOT_SEEN,
      COMMAND_REFUSED,
      REFUSED_AGAIN,
      COMMAND_DROPPED,
      PACING_REFUSED,
      GONE_UNSURE,
      GONE,
      ENDED_AND_GONE),
  /** A request is taken. */
  TAKE(TAKEN),
  /** An operator wants one to go on that had ended badly. */
  RETRY(FROM_CHECK, FROM_CREATE, FROM_REGISTER, FROM_ACTIVATE),
  /** CXone tells of something by an event. */
  EVENT(ACTIVE, PAUSED, COMPLETED, ERROR);

  private final Set<Outcome> outcomes;

  Step(Outcome first, Outcome... more) {
    this.outcomes = Collections.unmodifiableSet(EnumSet.of(first, more));
  }

  /** How it can go. */
  Set<Outcome> outcomes() {
    return outcomes;
  }

  /** Whether it is done by a route of its own. */
  boolean isRoute() {
    return compareTo(ANY) < 0;
  }

  /** Its name in {@code config/launch.yaml}. */
  public String word() {
    return LaunchTable.word(this);
  }

  /**
   * Its route's name after {@code campaign-}: that of the step, but where pacing has CXone asked
   * for what a command asks for too.
   */
  String route() {
    return switch (this) {
      case HOLD -> PAUSE.word();
      case RELEASE -> RESUME.word();
      default -> word();
    };
  }
}
