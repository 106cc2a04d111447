package io.campaignroutes.campaign;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.cxone.CxoneUnavailableException.Kind;
import io.campaignroutes.store.StoreUnavailableException;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.UnreadableJsonException;
import java.time.Duration;
import java.util.List;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * What went wrong, as a problem document (RFC 9457).
 *
 * @param title short, the same for every problem of its kind
 * @param status HTTP status; 0 when this is nothing a caller is told
 * @param detail a sentence about this very occurrence: what is wrong and what to do
 * @param errors the fields at fault; null for none
 * @param campaignId the campaign that it is about; null for none
 * @param cxoneStatus CXone's HTTP status; null when it is not CXone's refusal
 * @param cxoneCode CXone's error code; null when it gave none
 * @param retryAfter seconds after which another try makes sense; null when unknown
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String title,
    int status,
    String detail,
    List<Finding> errors,
    String campaignId,
    Integer cxoneStatus,
    String cxoneCode,
    Long retryAfter) {

  /** A problem without anything special. */
  public static Problem of(int status, String title, String detail) {
    return new Problem(title, status, detail, null, null, null, null, null);
  }

  /** The problem behind an exception; null when it is none that anybody has foreseen. */
  public static Problem of(Throwable e) {
    if (e instanceof UnreadableJsonException) {
      return of(400, "Unreadable JSON", e.getMessage());
    }
    if (e instanceof InvalidRequestException invalid) {
      return new Problem(
          "Invalid request", 422, e.getMessage(), invalid.findings(), null, null, null, null);
    }
    if (e instanceof UnknownCampaignException) {
      return of(404, "Unknown campaign", e.getMessage());
    }
    if (e instanceof ConflictException conflict) {
      List<Finding> errors =
          conflict.field() == null
              ? null
              : List.of(new Finding(conflict.field(), conflict.rule(), e.getMessage()));
      return new Problem(
          conflict.field() == null ? "Wrong state" : "Duplicate",
          409,
          e.getMessage(),
          errors,
          conflict.campaignId(),
          null,
          null,
          null);
    }
    if (e instanceof CxoneRefusedException refused) {
      return new Problem(
          "CXone refused", 502, e.getMessage(), null, null, refused.status(), refused.code(), null);
    }
    if (e instanceof CxoneUnavailableException unavailable) {
      return of(unavailable);
    }
    if (e instanceof DataAccessException && !(e instanceof DataIntegrityViolationException)) {
      boolean nothingChanged =
          e instanceof StoreUnavailableException unavailable && unavailable.nothingChanged();
      return new Problem(
          "Store unavailable",
          503,
          nothingChanged
              ? "The store cannot be used at the moment; nothing was changed. Try again."
              : "The store cannot be used at the moment. If you asked for a change, it may have been made: check before you try again.",
          null,
          null,
          null,
          null,
          5L);
    }
    return null;
  }

  private static Problem of(CxoneUnavailableException e) {
    Duration wait = e.retryAfter();
    Long seconds = wait == null ? null : Math.max(1, (wait.toMillis() + 999) / 1000);
    if (e.kind() == Kind.HELD_BACK || e.kind() == Kind.THROTTLED) {
      return new Problem(
          "Too many calls",
          429,
          e.getMessage(),
          null,
          null,
          null,
          null,
          seconds == null ? Long.valueOf(1) : seconds);
    }
    int status = e.kind() == Kind.CREDENTIALS ? 502 : 503;
    return new Problem(
        e.kind() == Kind.STOPPING
            ? "Service stopping"
            : status == 502 ? "CXone refused" : "CXone unreachable",
        status,
        e.getMessage(),
        null,
        null,
        null,
        null,
        seconds);
  }

  /** The problem that a campaign's failure is to the caller who launched it. */
  public static Problem of(Campaign campaign) {
    Failure failure = campaign.failure();
    String id = campaign.id();
    return switch (failure.kind()) {
      case REJECTED ->
          new Problem(
              "Invalid request",
              422,
              failure.message(),
              findings(campaign.compliance().path("findings")),
              id,
              null,
              null,
              null);
      case REFUSED ->
          new Problem(
              "CXone refused",
              502,
              failure.message(),
              null,
              id,
              failure.status(),
              failure.code(),
              null);
      case UNREACHABLE ->
          new Problem("CXone unreachable", 503, failure.message(), null, id, null, null, null);
      case TIMED_OUT ->
          new Problem("Activation timed out", 504, failure.message(), null, id, null, null, null);
      case UNKNOWN ->
          new Problem("Newer version", 503, failure.message(), null, id, null, null, null);
      case UNSETTLED ->
          new Problem("Outcome unknown", 502, failure.message(), null, id, null, null, null);
    };
  }

  private static List<Finding> findings(JsonNode stored) {
    return Json.storedList(stored.isArray() ? Json.text(stored) : "[]", Finding.class);
  }
}
