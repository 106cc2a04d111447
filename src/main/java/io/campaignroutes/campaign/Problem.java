package io.campaignroutes.campaign;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.compliance.Finding;
import io.campaignroutes.cxone.CxoneRefusedException;
import io.campaignroutes.cxone.CxoneUnavailableException;
import io.campaignroutes.shared.NotFoundException;
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

  /** The same with the fields at fault; null for none. */
  public Problem at(List<Finding> fields) {
    return new Problem(
        title, status, detail, fields, campaignId, cxoneStatus, cxoneCode, retryAfter);
  }

  /** The same about a campaign; null for none. */
  public Problem about(String id) {
    return new Problem(title, status, detail, errors, id, cxoneStatus, cxoneCode, retryAfter);
  }

  /** The same with what CXone answered; null for what it did not tell. */
  public Problem answered(Integer byCxone, String code) {
    return new Problem(title, status, detail, errors, campaignId, byCxone, code, retryAfter);
  }

  /** The same where another try makes sense after some seconds; null for unknown. */
  public Problem again(Long seconds) {
    return new Problem(title, status, detail, errors, campaignId, cxoneStatus, cxoneCode, seconds);
  }

  /** The problem behind an exception; null when it is none that anybody has foreseen. */
  public static Problem of(Throwable e) {
    if (e instanceof UnreadableJsonException) {
      return of(400, "Unreadable JSON", e.getMessage());
    }
    if (e instanceof InvalidRequestException invalid) {
      return of(422, "Invalid request", e.getMessage()).at(invalid.findings());
    }
    if (e instanceof NotFoundException unknown) {
      return of(404, unknown.title(), e.getMessage());
    }
    if (e instanceof ConflictException conflict) {
      return conflict.field() == null
          ? of(409, "Wrong state", e.getMessage()).about(conflict.campaignId())
          : of(409, "Duplicate", e.getMessage())
              .at(List.of(new Finding(conflict.field(), conflict.rule(), e.getMessage())))
              .about(conflict.campaignId());
    }
    if (e instanceof CxoneRefusedException refused) {
      return of(502, "CXone refused", e.getMessage()).answered(refused.status(), refused.code());
    }
    if (e instanceof CxoneUnavailableException unavailable) {
      return of(unavailable);
    }
    if (e instanceof DataAccessException && !(e instanceof DataIntegrityViolationException)) {
      boolean nothingChanged =
          e instanceof StoreUnavailableException unavailable && unavailable.nothingChanged();
      return of(
              503,
              "Store unavailable",
              nothingChanged
                  ? "The store cannot be used at the moment; nothing was changed. Try again."
                  : "The store cannot be used at the moment. If you asked for a change, it may have been made: check before you try again.")
          .again(5L);
    }
    return null;
  }

  private static Problem of(CxoneUnavailableException e) {
    Duration wait = e.retryAfter();
    Long seconds = wait == null ? null : Math.max(1, (wait.toMillis() + 999) / 1000);
    return switch (e.kind()) {
      case HELD_BACK, THROTTLED ->
          of(429, "Too many calls", e.getMessage())
              .again(seconds == null ? Long.valueOf(1) : seconds);
      case CREDENTIALS -> of(502, "CXone refused", e.getMessage()).again(seconds);
      case STOPPING -> of(503, "Service stopping", e.getMessage()).again(seconds);
      default -> of(503, "CXone unreachable", e.getMessage()).again(seconds);
    };
  }

  /** The problem that a campaign's failure is to the caller who launched it. */
  public static Problem of(Campaign campaign) {
    Failure failure = campaign.failure();
    Problem problem =
        switch (failure.kind()) {
          case REJECTED ->
              of(422, "Invalid request", failure.message())
                  .at(findings(campaign.compliance().path("findings")));
          case REFUSED ->
              of(502, "CXone refused", failure.message())
                  .answered(failure.status(), failure.code());
          case UNREACHABLE -> of(503, "CXone unreachable", failure.message());
          case TIMED_OUT -> of(504, "Activation timed out", failure.message());
          case CLOSED -> of(409, "Not active", failure.message());
          case UNKNOWN -> of(503, "Newer version", failure.message());
          case UNSETTLED -> of(502, "Outcome unknown", failure.message());
        };
    return problem.about(campaign.id());
  }

  private static List<Finding> findings(JsonNode stored) {
    return Json.storedList(stored.isArray() ? Json.text(stored) : "[]", Finding.class);
  }
}
