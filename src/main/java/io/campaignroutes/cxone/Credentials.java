package io.campaignroutes.cxone;

/**
 * What tokens are asked for with. All of them may be replaced while the service runs.
 *
 * @param clientId of the client; null or blank where there is none
 * @param accessKeyId of the access key; the same
 */
record Credentials(
    String clientId, String clientSecret, String accessKeyId, String accessKeySecret) {
  /** The settings that they are, a line each. */
  static final String SETTINGS =
      "${cxone.client-id:}\n${cxone.client-secret:}\n"
          + "${cxone.access-key-id:}\n${cxone.access-key-secret:}";

  /** Those of {@link #SETTINGS} with values in place; none has a line break in it. */
  static Credentials of(String lines) {
    String[] all = lines.split("\n", -1);
    return new Credentials(all[0], all[1], all[2], all[3]);
  }

  static Credentials of(CxoneProperties properties) {
    return new Credentials(
        properties.clientId(),
        properties.clientSecret(),
        properties.accessKeyId(),
        properties.accessKeySecret());
  }

  @Override
  public String toString() {
    return "Credentials[***]";
  }
}
