package io.campaignroutes.cxone;

import com.fasterxml.jackson.databind.JsonNode;
import io.campaignroutes.shared.RetryAfter;
import io.campaignroutes.text.Causes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.component.http.HttpMethods;

/**
 * One call to CXone on its way: what is sent, what came back, and whether it is sent again. Used by
 * one thread; nothing of it outlives the call.
 */
public final class Call {
  /** A repeat at once is worth waiting for this long; longer waits are the caller's to plan. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(2);

  private static final Backoff BETWEEN_REPEATS =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

  private final Operation operation;
  private final String path;
  private final String query;
  private final Pages pages;
  private final byte[] body;
  private final PlatformRequest request;
  private final int repeats;
  private final CallMeters meters;
  private final Reachability cxone;

  private Token token;
  private int sent;
  private int sendings;
  private boolean renewed;
  private boolean again = true;
  private long waitMillis;
  private int status;
  private byte[] answerBody = new byte[0];
  private String answerSaid;
  private String answerLocation;
  private String errorNamed;
  private CxoneUnavailableException failure;
  private long sentAt;
  private boolean out;

  Call(
      Operation operation,
      String path,
      String query,
      Pages pages,
      byte[] body,
      PlatformRequest request,
      int repeats,
      CallMeters meters,
      Reachability cxone) {
    this.operation = operation;
    this.path = path;
    this.query = query;
    this.pages = pages;
    this.body = body;
    this.request = request;
    this.repeats = operation.repeatable() ? repeats : 0;
    this.meters = meters;
    this.cxone = cxone;
  }

  Operation operation() {
    return operation;
  }

  /** What it is made from. */
  JsonNode arguments() {
    return request.arguments();
  }

  /** What it is made from, with its urgency. */
  PlatformRequest request() {
    return request;
  }

  /** How it stands among the calls that wait for their turn. */
  public Urgency urgency() {
    return request.urgency();
  }

  /** Since when its work has been due, in milliseconds since the epoch. */
  public long dueSince() {
    return request.dueSince();
  }

  /** The HTTP method, as the type that Camel looks for: it need not convert it at every call. */
  public HttpMethods method() {
    return operation.method();
  }

  public String path() {
    return path;
  }

  /** The encoded query string, null for none. */
  public String query() {
    return pages == null ? query : pages.query();
  }

  /** Where the API is, as it was found out with the token; null where the settings say it. */
  String base() {
    return token == null ? null : token.base();
  }

  /** The header in which CXone names the error of a refusal; null for none. */
  String errorHeader() {
    return operation.errorHeader();
  }

  /** The whole answer of a call that is made in pages; null for any other, and when none is. */
  JsonNode pages() {
    return pages == null ? null : pages.whole();
  }

  /** JSON in UTF-8, null for a call without a body. */
  public byte[] body() {
    return body;
  }

  /** The token that the next sending carries. */
  public void carry(Token token) {
    this.token = token;
  }

  public Token token() {
    return token;
  }

  /** How often it went out, repeats and pages included. */
  int sendings() {
    return sendings;
  }

  /** Notes that the call goes out now. */
  void sending() {
    sendings++;
    sentAt = System.nanoTime();
    out = true;
  }

  /** Whether the call is to be sent, for the first time or once more. */
  public boolean again() {
    return again;
  }

  /** How long to wait before it is sent again, in milliseconds. */
  public long waitMillis() {
    return waitMillis;
  }

  /** Whether the token that was used has been refused and another one is to be had first. */
  public boolean tokenRefused() {
    return again && sent > 0 && status == 401;
  }

  /**
   * Takes what the headers of CXone's answer say, ahead of {@link #answered}.
   *
   * @param said why it refuses the call; null for nothing
   * @param location where it redirects to; null for nowhere
   */
  void headers(String said, String location) {
    this.answerSaid = said;
    this.answerLocation = location;
  }

  /**
   * Takes what {@link #errorHeader} says, ahead of {@link #answered}.
   *
   * @param name null for nothing
   */
  void errorNamed(String name) {
    this.errorNamed = name;
  }

  String errorNamed() {
    return errorNamed;
  }

  /**
   * Takes CXone's answer.
   *
   * @param retryAfter the header of that name, null for none
   * @throws CxoneUnavailableException on a 5xx, so that the circuit breaker counts it
   */
  public void answered(int status, String retryAfter, byte[] answer) {
    sent++;
    out = false;
    meters.sent(operation.name(), status, System.nanoTime() - sentAt);
    this.status = status;
    this.answerBody = answer == null ? new byte[0] : answer;
    this.failure = null;
    this.again = false;
    this.waitMillis = 0;
    Duration wish = RetryAfter.parse(retryAfter, Instant.now());
    if (status / 100 == 4 && status != 408) {
      cxone.answered(); // of a 2xx its body tells whether it is CXone that answers
    }
    if (status / 100 == 2 && pages != null && pages.take(answerBody)) {
      again = true;
      sent = 0;
    } else if (status == 401 && !renewed) {
      renewed = true;
      again = true; // a refused call was not carried out, so even a create may go once more
    } else if (status == 429) {
      failure =
          new CxoneUnavailableException(
              CxoneUnavailableException.Kind.THROTTLED,
              "CXone takes no more calls for the moment (429 to " + operation.name() + ").",
              wish,
              null);
      repeatLater(wish);
    } else if (status >= 500 || status == 408) {
      failure =
          new CxoneUnavailableException(
              CxoneUnavailableException.Kind.UNREACHABLE,
              "CXone failed to answer " + operation.name() + " (" + status + ")" + why(),
              wish,
              null);
      cxone.failed(failure.getMessage());
      repeatLater(wish);
      throw failure;
    } else if (status / 100 == 3) {
      failure =
          new CxoneUnavailableException(
              CxoneUnavailableException.Kind.UNREACHABLE,
              "CXone answered "
                  + operation.name()
                  + " with a redirect ("
                  + status
                  + ")"
                  + Redirect.to(answerLocation)
                  + ", which is not followed. Check CXONE_BASE_URL.",
              wish,
              null);
    }
  }

  /**
   * Takes the failure of a sending: no connection, a cut one, no answer in time.
   *
   * @param cause null when the circuit breaker is open and nothing was sent
   */
  public void failed(Throwable cause) {
    if (cause != null && cause == failure) {
      return; // a 5xx, dealt with when it was answered
    }
    again = false;
    status = 0;
    if (cause instanceof CxoneUnavailableException known) {
      failure = known;
    } else if (cause == null) { // the open circuit breaker gives none
      failure =
          new CxoneUnavailableException(
              CxoneUnavailableException.Kind.HELD_BACK,
              "CXone has failed too often in the last calls; "
                  + operation.name()
                  + " is held back until it answers again.",
              Duration.ofSeconds(1),
              null);
    } else if (cause instanceof RejectedExecutionException && !out) {
      failure = CxoneUnavailableException.stopping(cause);
    } else {
      sent++;
      out = false;
      meters.sent(operation.name(), 0, System.nanoTime() - sentAt);
      failure =
          new CxoneUnavailableException(
              CxoneUnavailableException.Kind.UNREACHABLE,
              "CXone cannot be reached for " + operation.name() + ": " + Causes.told(cause) + ".",
              null,
              cause);
      cxone.failed(failure.getMessage());
      repeatLater(null);
    }
  }

  /** The call is not sent any more; one that was still to be sent has been kept from it. */
  void ended() {
    if (again && failure == null) {
      failure = CxoneUnavailableException.stopping(null);
    }
    again = false;
  }

  /** How long no other call should go out either, after a 429; null for no such wish. */
  public Duration holdOthers() {
    return status == 429 && failure != null ? failure.retryAfter() : null;
  }

  /** The status of the last answer; 0 for none. */
  public int status() {
    return status;
  }

  byte[] answerBody() {
    return answerBody;
  }

  CxoneUnavailableException failure() {
    return failure;
  }

  private void repeatLater(Duration wish) {
    long millis = wish == null ? BETWEEN_REPEATS.millis(sent - 1) : wish.toMillis() + jitter(wish);
    again = sent <= repeats && millis <= MAX_WAIT.toMillis();
    waitMillis = again ? millis : 0;
  }

  private static long jitter(Duration wish) {
    return ThreadLocalRandom.current().nextLong(Math.max(1, wish.toMillis() / 10 + 1));
  }

  private String why() {
    List<String> secrets = secrets(List.of());
    Refusal refusal = Refusal.of(answerBody, body -> body, answerSaid, secrets);
    String text = operation.told(refusal.named(errorNamed, secrets)).text();
    return text.isEmpty() ? "." : ": " + text;
  }

  /** What must not be shown of an answer: these, and the token that the call carried. */
  List<String> secrets(Collection<String> others) {
    List<String> secrets = new ArrayList<>(others);
    if (token != null) {
      secrets.add(token.value());
    }
    return secrets;
  }

  String answerSaid() {
    return answerSaid;
  }
}
