package io.campaignroutes.cxone;

/**
 * An access token.
 *
 * @param value the secret itself; never log it
 * @param refreshAt when it is due to be replaced, in milliseconds of {@link System#nanoTime()}
 * @param expiresAt when it ends, by the same clock
 */
public record Token(String value, long refreshAt, long expiresAt) {
  @Override
  public String toString() {
    return "Token[***]";
  }
}
