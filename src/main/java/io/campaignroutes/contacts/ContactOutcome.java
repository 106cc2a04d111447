package io.campaignroutes.contacts;

/** What was decided of a line of a contact file. Stored by name. */
public enum ContactOutcome {
  /** It is given to the platform. */
  CALLABLE,
  /** Its number is none that can be called. */
  INVALID_NUMBER,
  /** A line before it has the same number. */
  DUPLICATE,
  /** It has more cells than the header, so that nobody knows which of them is the number. */
  INVALID_LINE
}
