package io.campaignroutes.campaign;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;

/** What was handed in is no JSON. The message says where it stops being JSON. */
public final class UnreadableJsonException extends RuntimeException {
  private static final int LONGEST = 200;

  public UnreadableJsonException(String message) {
    super(message);
  }

  static UnreadableJsonException of(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String why = e.getOriginalMessage().replaceAll("\\p{Cntrl}+", " ");
    if (why.length() > LONGEST) {
      why = why.substring(0, LONGEST) + "...";
    }
    return new UnreadableJsonException(
        at == null
            ? "This is no JSON: " + why
            : "This is no JSON at line %d, column %d: %s"
                .formatted(at.getLineNr(), at.getColumnNr(), why));
  }
}
