package io.campaignroutes.campaign;

/**
 * Why a campaign is not where it should be, for an operator.
 *
 * @param kind what sort of failure
 * @param status CXone's HTTP status, null when it gave none
 * @param code CXone's error code, null when it gave none
 * @param message a sentence that says what is wrong and what to do
 */
public record Failure(Kind kind, Integer status, String code, String message) {

  /** Of what CXone answered nothing about. */
  public static Failure of(Kind kind, String message) {
    return new Failure(kind, null, null, message);
  }

  /** Sorts of failures. */
  public enum Kind {
    /** Our own checks. */
    REJECTED,
    /** CXone said no, or reported the campaign in error. */
    REFUSED,
    /** CXone could not be reached. */
    UNREACHABLE,
    /** It did not become active in time. */
    TIMED_OUT,
    /** It may not be started yet: its policy lets nobody be called at present. */
    CLOSED,
    /** What became of the create cannot be found out. */
    UNSETTLED,
    /** A sort of a newer version of this service. */
    UNKNOWN;

    /** A sort as it is stored. */
    public static Kind of(String stored) {
      try {
        return valueOf(stored);
      } catch (IllegalArgumentException e) {
        return UNKNOWN;
      }
    }
  }
}
