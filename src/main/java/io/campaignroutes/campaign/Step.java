package io.campaignroutes.campaign;

/** What is done next for a campaign; each is a route {@code campaign-<step>}. */
public enum Step {
  CHECK,
  CREATE,
  /** Find out what became of a create whose answer was lost. */
  SETTLE,
  REGISTER,
  ACTIVATE,
  POLL,
  LOOK,
  PAUSE,
  RESUME,
  STOP,
  /**
   * Read whether CXone has carried out what it was asked for, or, of a campaign that has ended,
   * whether it is so at CXone too.
   */
  CONFIRM,
  /** Pause at CXone because pacing's rate is zero. */
  HOLD,
  /** Dial again at CXone after such a pause. */
  RELEASE,
  /** Nothing remains to be done. */
  NONE
}
