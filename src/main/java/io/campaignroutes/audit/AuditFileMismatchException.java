package io.campaignroutes.audit;

/** An audit file whose end is not what the store has: nothing may be appended to it. */
final class AuditFileMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AuditFileMismatchException(String message) {
    super(message);
  }
}
