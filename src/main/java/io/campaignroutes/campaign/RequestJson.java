package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.JsonFault.Kind;
import io.campaignroutes.text.JsonFault.Origin;
import io.campaignroutes.text.JsonTooLargeException;
import java.util.List;

/** Reads requests, of which one that is too large is an invalid one. */
public final class RequestJson {
  private RequestJson() {}

  /**
   * Reads the body of a request.
   *
   * @throws io.campaignroutes.text.UnreadableJsonException saying where it stops being JSON
   * @throws InvalidRequestException when it is larger than any request can be
   */
  public static JsonNode read(byte[] body) {
    return read(body, Origin.of(Kind.BODY, true));
  }

  /** The same for a part of a file, whose places are told. */
  static JsonNode read(byte[] bytes, Origin origin) {
    try {
      return Json.read(bytes, origin);
    } catch (JsonTooLargeException e) {
      throw new InvalidRequestException(List.of(new Finding("", "size", e.getMessage())));
    }
  }
}
