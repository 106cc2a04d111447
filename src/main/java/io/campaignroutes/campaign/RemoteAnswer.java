package io.campaignroutes.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.text.Plain;

/** What an answer of CXone tells, as columns can keep it. */
final class RemoteAnswer {
  private static final int MAX_CODE = 100;
  private static final int MAX_ID = 200;
  private static final int MAX_STATUS = 40;
  private static final int MAX_MESSAGE = 2_000;

  private RemoteAnswer() {}

  /**
   * The id of a campaign that was created.
   *
   * @throws CxoneUnavailableException when there is none: the outcome is as good as lost
   */
  static String createdId(JsonNode answer) {
    String id = answer.path("id").asText("");
    if (id.isBlank() || !id.equals(Plain.line(id, MAX_ID))) {
      throw new CxoneUnavailableException(
          Kind.UNREACHABLE,
          "CXone's answer to createCampaign carries no id that can be used.",
          null,
          null);
    }
    return id;
  }

  /** The id that it names; null when it names none. */
  static String id(JsonNode answer) {
    String id = answer.path("id").asText(null);
    return id == null ? null : Plain.line(id, MAX_ID);
  }

  /**
   * The status that it tells of the campaign that was asked for.
   *
   * @throws CxoneUnavailableException when it tells none, or tells of another campaign, out of a
   *     mixed-up cache say, and so nothing of this one
   */
  static String statusOf(Campaign campaign, JsonNode answer) {
    String id = answer.path("id").asText("");
    if (!id.isEmpty() && !id.equals(campaign.remoteId())) {
      throw new CxoneUnavailableException(
          Kind.UNREACHABLE,
          "CXone was asked for campaign %s and told of %s, which cannot be right."
              .formatted(campaign.remoteId(), Plain.line(id, MAX_CODE)),
          null,
          null);
    }
    String status = status(answer);
    if (status.isEmpty()) {
      throw none("getCampaign tells no status");
    }
    return status;
  }

  /** The status that it tells; empty when it tells none. */
  static String status(JsonNode answer) {
    JsonNode status = answer.path("status");
    return status.isTextual() ? Plain.line(status.asText().strip(), MAX_STATUS) : "";
  }

  /** CXone's code of an error; null when there is none. */
  static String failureCode(JsonNode told) {
    return code(told.path("failureCode").asText(null));
  }

  /** A code of CXone's; null when there is none. */
  static String code(String code) {
    String line = code == null ? "" : Plain.line(code, MAX_CODE);
    return line.isEmpty() ? null : line;
  }

  static String message(String message) {
    return message == null ? null : Plain.line(message, MAX_MESSAGE);
  }

  /** What is said of a read whose answer does not hold what it is read for. */
  static CxoneUnavailableException none(String what) {
    return new CxoneUnavailableException(
        Kind.UNREACHABLE, "CXone's answer to " + what + ", so it is none.", null, null);
  }
}
