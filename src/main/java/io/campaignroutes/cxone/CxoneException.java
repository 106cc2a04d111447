package io.campaignroutes.cxone;

/** A call to CXone that did not do what it was to do. The message is for an operator. */
public abstract sealed class CxoneException extends RuntimeException
    permits CxoneRefusedException, CxoneUnavailableException {

  CxoneException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Whether the service is being stopped, so that nothing was sent and nothing is to be decided.
   */
  public boolean stopOfService() {
    return false;
  }
}
