package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpRequestHandler;

/** Carries calls to the {@link Tenant}: past the fault switches, and counted. */
final class CxoneHandler implements HttpRequestHandler {

  /** Where the simulated CXone starts. */
  static final String BASE = "/sandbox/cxone";

  private static final Logger LOG = LoggerFactory.getLogger(CxoneHandler.class);

  private final Tenant tenant;
  private final Faults faults;
  private final CallCounters counters;

  CxoneHandler(Tenant tenant, Faults faults, CallCounters counters) {
    this.tenant = tenant;
    this.faults = faults;
    this.counters = counters;
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path =
        request.getRequestURI().substring(request.getContextPath().length() + BASE.length());
    Optional<Operation> called = Operation.of(request.getMethod(), path);
    Tenant.Call call =
        new Tenant.Call(
            called.orElse(null),
            path,
            request.getQueryString(),
            request.getHeader(HttpHeaders.AUTHORIZATION),
            request.getContentType(),
            request.getInputStream().readAllBytes());
    if (called.isEmpty()) {
      write(response, tenant.answer(call));
      return;
    }
    Operation operation = called.get();
    Optional<Fault> fault = faults.hit(operation);
    String cut = null;
    if (fault.isPresent()) {
      LOG.info("sandbox: fault on {}: {}", operation.label(), Json.MAPPER.valueToTree(fault.get()));
      pause(fault.get().delayMs());
      cut = fault.get().cut();
    }
    Tenant.Answer answer = null;
    if (fault.isPresent() && fault.get().status() != null) {
      answer = new Tenant.Answer(fault.get().status(), faultBody(fault.get(), operation));
      if (fault.get().retryAfter() != null) {
        response.setHeader(HttpHeaders.RETRY_AFTER, fault.get().retryAfter());
      }
    } else if (!Fault.BEFORE.equals(cut)) {
      answer = tenant.answer(call);
    }
    // Nothing is sent before it is counted: who has an answer finds it among the counters.
    counters.count(
        operation,
        fault.isPresent(),
        cut == null ? String.valueOf(answer.status()) : CallCounters.CUT);
    if (cut == null) {
      write(response, answer);
    } else {
      cut(request, response, answer);
    }
  }

  /** Sends half of an answer after the work, nothing before it, and has the connection closed. */
  private static void cut(
      HttpServletRequest request, HttpServletResponse response, Tenant.Answer answer)
      throws IOException {
    if (answer != null) {
      byte[] body = Json.bytes(answer.body());
      response.setContentLength(body.length);
      response.getOutputStream().write(body, 0, body.length / 2);
      response.flushBuffer();
    }
    CutValve.cut(request);
  }

  private static ObjectNode faultBody(Fault fault, Operation operation) {
    if (operation == Operation.TOKEN) {
      String error =
          switch (fault.status()) {
            case 400 -> "invalid_request";
            case 401 -> "invalid_client";
            case 403 -> "access_denied";
            default -> fault.status() < 500 ? "invalid_request" : "temporarily_unavailable";
          };
      return Json.object()
          .put("error", fault.errorCode() == null ? error : fault.errorCode())
          .put("error_description", "A fault switch of the sandbox is on.");
    }
    String code =
        switch (fault.status()) {
          case 400 -> "CAMPAIGN_INVALID_CONFIG";
          case 401 -> "UNAUTHORIZED";
          case 403 -> "MISSING_SCOPE";
          case 404 -> "NOT_FOUND";
          case 409 -> "CAMPAIGN_STATE_CONFLICT";
          case 429 -> "RATE_LIMIT_EXCEEDED";
          default -> fault.status() < 500 ? "REFUSED" : "SERVICE_UNAVAILABLE";
        };
    return SandboxException.body(
        fault.errorCode() == null ? code : fault.errorCode(),
        "A fault switch of the sandbox is on for " + operation.label() + ".");
  }

  private static void write(HttpServletResponse response, Tenant.Answer answer) throws IOException {
    byte[] body = Json.bytes(answer.body());
    response.setStatus(answer.status());
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static void pause(Integer millis) throws InterruptedIOException {
    if (millis == null) {
      return;
    }
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted during a delay");
    }
  }
}
