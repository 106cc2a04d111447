package io.campaignroutes.cxone;

/** CXone understood the call and said no; the same call again gets the same answer. */
public final class CxoneRefusedException extends CxoneException {
  private final int status;
  private final String code;

  /**
   * @param status HTTP status of the answer
   * @param code CXone's error code, null when it gave none
   */
  public CxoneRefusedException(int status, String code, String message) {
    super(message, null);
    this.status = status;
    this.code = code;
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
    return status == 404;
  }
}
