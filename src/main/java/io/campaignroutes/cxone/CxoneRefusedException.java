package io.campaignroutes.cxone;

/** CXone understood the call and said no; the same call again gets the same answer. */
public final class CxoneRefusedException extends CxoneException {
  /** What a refusal means, in this service's words; {@code config/cxone/*.yaml} may say more. */
  public enum Meaning {
    /** There is no such thing. */
    NOT_FOUND,
    /** It was there and is no more. */
    GONE,
    /** Something else is there already. */
    CONFLICT,
    /** It is not to be done, for whatever reason. */
    REFUSED;

    /** What HTTP has a status mean. */
    static Meaning ofHttp(int status) {
      return switch (status) {
        case 404 -> NOT_FOUND;
        case 409 -> CONFLICT;
        case 410 -> GONE;
        default -> REFUSED;
      };
    }
  }

  private final int status;
  private final String code;
  private final Meaning meaning;
  private boolean doubtful;

  /**
   * One that means what HTTP has its status mean.
   *
   * @param status HTTP status of the answer
   * @param code CXone's error code, null when it gave none
   */
  public CxoneRefusedException(int status, String code, String message) {
    this(status, code, message, Meaning.ofHttp(status));
  }

  CxoneRefusedException(int status, String code, String message, Meaning meaning) {
    super(message, null);
    this.status = status;
    this.code = code;
    this.meaning = meaning;
  }

  /** HTTP status of CXone's answer. */
  public int status() {
    return status;
  }

  /** CXone's error code, null when it gave none. */
  public String code() {
    return code;
  }

  /** Whether what was asked for does not exist. */
  public boolean notFound() {
    return meaning == Meaning.NOT_FOUND;
  }

  /** Whether what was asked for does not exist, or no longer. */
  public boolean gone() {
    return notFound() || meaning == Meaning.GONE;
  }

  /** This, of which it is not sure yet that it is CXone's word. */
  CxoneRefusedException unproved() {
    doubtful = true;
    return this;
  }

  /** Whether it says that there is no such thing, and may do so because no API is there. */
  public boolean doubtful() {
    return doubtful;
  }

  /** Whether something stands in its way that is there already. */
  public boolean conflict() {
    return meaning == Meaning.CONFLICT;
  }
}
