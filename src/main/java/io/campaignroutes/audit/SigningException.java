package io.campaignroutes.audit;

/** A checkpoint cannot be signed; the message says why, as a part of a sentence. */
final class SigningException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SigningException(String why) {
    super(why);
  }
}
