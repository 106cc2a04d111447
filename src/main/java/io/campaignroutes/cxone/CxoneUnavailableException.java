package io.campaignroutes.cxone;

import java.time.Duration;

/** CXone could not be asked, or gave no answer that says anything: worth another try later. */
public final class CxoneUnavailableException extends CxoneException {

  /** Why there is no answer. */
  public enum Kind {
    /** No connection, a cut one, no answer in time, a 5xx or an answer that cannot be read. */
    UNREACHABLE,
    /** CXone asked for fewer calls. */
    THROTTLED,
    /** Our own rate limit or circuit breaker held the call back: nothing was sent. */
    HELD_BACK,
    /** There is no token, because its endpoint does not answer: nothing was sent. */
    NO_TOKEN,
    /** There is no token, because CXone refuses the client credentials: nothing was sent. */
    CREDENTIALS,
    /** The service is being stopped: nothing was sent, and that says nothing about CXone. */
    STOPPING
  }

  private final Kind kind;
  private final Duration retryAfter;

  /**
   * @param retryAfter how long CXone, or our own limit, wants to be left alone; null when unknown
   */
  public CxoneUnavailableException(
      Kind kind, String message, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  /** What a call ends with that a stop of the service kept from being sent. */
  static CxoneUnavailableException stopping(Throwable cause) {
    return new CxoneUnavailableException(
        Kind.STOPPING, "The service is being stopped; CXone was not called.", null, cause);
  }

  public Kind kind() {
    return kind;
  }

  @Override
  public boolean stopOfService() {
    return kind == Kind.STOPPING;
  }

  /** How long CXone, or our own limit, wants to be left alone; null when unknown. */
  public Duration retryAfter() {
    return retryAfter;
  }

  /** Whether CXone did answer, if only to say that it failed. */
  public boolean answered() {
    return kind == Kind.UNREACHABLE && getCause() == null;
  }

  /** Whether the call may have been carried out all the same. */
  public boolean maybeDone() {
    return kind == Kind.UNREACHABLE;
  }
}
