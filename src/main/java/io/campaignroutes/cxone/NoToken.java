package io.campaignroutes.cxone;

import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.text.Causes;
import java.time.Duration;

/** That there is no token, as whoever wants one is told. */
final class NoToken {
  private NoToken() {}

  /** For a reason, a sentence. */
  static CxoneUnavailableException because(String why) {
    return new CxoneUnavailableException(Kind.NO_TOKEN, why, null, null);
  }

  /** Since the endpoint could not be asked, unless the cause says it all. */
  static CxoneUnavailableException after(Throwable cause) {
    return cause instanceof CxoneUnavailableException known
        ? known
        : new CxoneUnavailableException(
            Kind.NO_TOKEN,
            "The token endpoint cannot be reached (CXONE_TOKEN_URL): " + Causes.told(cause) + ".",
            null,
            cause);
  }

  /** The same once more, and how long nobody asks again. */
  static CxoneUnavailableException again(CxoneUnavailableException e, Duration wait) {
    return new CxoneUnavailableException(e.kind(), e.getMessage(), wait, e);
  }
}
