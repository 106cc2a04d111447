package io.campaignroutes.cxone;

/** Refusals of CXone, for tests elsewhere. */
public final class TestRefusals {
  private TestRefusals() {}

  /** One of which it is not sure that it is CXone's word. */
  public static CxoneRefusedException unproved(int status, String message) {
    return new CxoneRefusedException(status, null, message).unproved();
  }
}
