package io.campaignroutes.cxone;

/**
 * An access token.
 *
 * @param value the secret itself; never log it
 * @param refreshAt when it is due to be replaced, in milliseconds of {@link System#nanoTime()}
 * @param expiresAt when it ends, by the same clock
 * @param base where the API is that it is for; null where the settings say it
 */
public record Token(String value, long refreshAt, long expiresAt, String base) {
  Token(String value, long refreshAt, long expiresAt) {
    this(value, refreshAt, expiresAt, null);
  }

  @Override
  public String toString() {
    return "Token[***]";
  }
}
