package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.text.Plain;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long tokens last, by what their endpoint says of it, or the nearest that one can go by. */
final class TokenLives {
  /** When it says what cannot be, such as less than a second. */
  static final Duration ODD = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  /** When it does not say. */
  private static final Duration UNTOLD = Duration.ofHours(1);

  private static final Duration MAX = Duration.ofHours(24);

  private volatile boolean oddTold;

  /**
   * @param told {@code expires_in}: seconds, as a number or a text
   */
  Duration of(JsonNode told) {
    if (told.isMissingNode() || told.isNull()) {
      return UNTOLD;
    }
    double seconds;
    try {
      seconds = told.isNumber() ? told.doubleValue() : Double.parseDouble(told.asText());
    } catch (NumberFormatException e) {
      seconds = Double.NaN;
    }
    Duration life =
        seconds >= 1 ? Duration.ofMillis((long) (Math.min(seconds, MAX.toSeconds()) * 1_000)) : ODD;
    if (!(seconds >= 1 && seconds <= MAX.toSeconds()) && !oddTold) {
      oddTold = true;
      LOG.warn(
          "The token endpoint says that its tokens last {} s (expires_in). They are replaced after"
              + " {} s at the latest.",
          Plain.line(told.asText(), 40),
          life.toSeconds());
    }
    return life;
  }
}
