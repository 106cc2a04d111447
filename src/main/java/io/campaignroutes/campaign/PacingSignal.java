package io.campaignroutes.campaign;

/** What a transition tells pacing. */
public enum PacingSignal {
  /** Nothing. */
  NONE,
  /** It is to begin: the campaign dials from now on. */
  BEGINS,
  /** It is to end. */
  ENDS,
  /** CXone has paused the campaign because pacing's rate is zero. */
  HELD,
  /** The campaign dials again, as pacing wanted. */
  RELEASED,
  /** It dials again although pacing holds it: somebody at CXone wanted it. */
  DIALS_BY_ITSELF,
  /** It was looked at, and still dials. */
  SEEN,
  /** CXone refused what pacing wanted. */
  REFUSED
}
