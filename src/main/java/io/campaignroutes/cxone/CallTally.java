package io.campaignroutes.cxone;

/** Who counts the calls that are made, where a platform allows so many in a day. */
public interface CallTally {

  /**
   * A call has ended.
   *
   * @param read whether it was a read
   * @param sent how often it went out: repeats and pages are counted too
   */
  void ended(boolean read, int sent);
}
