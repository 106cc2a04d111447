package io.campaignroutes.store;

import org.springframework.dao.DataAccessResourceFailureException;

/**
 * The store cannot be used at the moment, for a reason that is not the caller's. The message is
 * what an operator reads; the log has been told already, so whoever catches it need not log it.
 */
public final class StoreUnavailableException extends DataAccessResourceFailureException {
  private final boolean nothingChanged;

  private StoreUnavailableException(String message, boolean nothingChanged, Throwable cause) {
    super(message, cause);
    this.nothingChanged = nothingChanged;
  }

  /** For a transaction of which certainly nothing remains. */
  static StoreUnavailableException nothingChanged(String why, Throwable cause) {
    return new StoreUnavailableException(why, true, cause);
  }

  /** For a commit whose answer was lost, and for a read, before which much may have been done. */
  static StoreUnavailableException perhapsChanged(String why, Throwable cause) {
    return new StoreUnavailableException(why, false, cause);
  }

  /** Whether it is certain that nothing was changed. */
  public boolean nothingChanged() {
    return nothingChanged;
  }
}
