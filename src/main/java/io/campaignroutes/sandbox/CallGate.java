package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * What every call under {@code /sandbox/cxone} passes: the fault switches, the check of the bearer
 * token, its scope and the content type, and the counters.
 */
final class CallGate extends OncePerRequestFilter {

  /** Where the simulated CXone starts. */
  static final String BASE = "/sandbox/cxone";

  private static final Logger LOG = LoggerFactory.getLogger(CallGate.class);
  private static final String BEARER = "Bearer ";

  private final Tokens tokens;
  private final Faults faults;
  private final CallCounters counters;

  CallGate(Tokens tokens, Faults faults, CallCounters counters) {
    this.tokens = tokens;
    this.faults = faults;
    this.counters = counters;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    Optional<Operation> called =
        path.startsWith(BASE)
            ? Operation.of(request.getMethod(), path.substring(BASE.length()))
            : Optional.empty();
    if (called.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    Operation operation = called.get();
    Optional<Fault> fault = faults.hit(operation);
    String cut = null;
    // Nothing is sent before it is counted: who has an answer finds it among the counters.
    ContentCachingResponseWrapper whole = new ContentCachingResponseWrapper(response);
    if (fault.isPresent()) {
      LOG.info("sandbox: fault on {}: {}", operation.label(), Json.MAPPER.valueToTree(fault.get()));
      pause(fault.get().delayMs());
      cut = fault.get().cut();
    }
    if (fault.isPresent() && fault.get().status() != null) {
      refuse(fault.get(), operation, whole);
    } else if (!Fault.BEFORE.equals(cut)) {
      answer(operation, request, whole, chain);
    }
    counters.count(
        operation,
        fault.isPresent(),
        cut == null ? String.valueOf(whole.getStatus()) : CallCounters.CUT);
    if (cut == null) {
      whole.copyBodyToResponse();
    } else {
      cut(cut, request, response, whole.getContentAsByteArray());
    }
  }

  /** A call whose body has been read comes here with it. */
  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  /** Sends half of the answer after the work, nothing before it, and has the connection closed. */
  private static void cut(
      String cut, HttpServletRequest request, HttpServletResponse response, byte[] body)
      throws IOException {
    if (Fault.AFTER.equals(cut)) {
      response.setContentLength(body.length);
      response.getOutputStream().write(body, 0, body.length / 2);
      response.flushBuffer();
    }
    CutValve.cut(request);
  }

  private static void refuse(Fault fault, Operation operation, HttpServletResponse response)
      throws IOException {
    if (fault.retryAfter() != null) {
      response.setHeader(HttpHeaders.RETRY_AFTER, fault.retryAfter());
    }
    write(response, fault.status(), faultBody(fault, operation));
  }

  private void answer(
      Operation operation,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws ServletException, IOException {
    try {
      admit(operation, request);
      chain.doFilter(request, response);
    } catch (SandboxException e) {
      write(response, e.status(), e.body());
    }
  }

  private void admit(Operation operation, HttpServletRequest request) {
    if (operation == Operation.TOKEN) {
      return;
    }
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (authorization == null || !authorization.startsWith(BEARER)) {
      throw new SandboxException(401, "UNAUTHORIZED", "The call carries no bearer token.");
    }
    tokens.check(authorization.substring(BEARER.length()).trim(), operation.scope());
    boolean hasBody = !"GET".equals(request.getMethod());
    String type = request.getContentType();
    if (hasBody && (type == null || !type.toLowerCase().startsWith("application/json"))) {
      throw new SandboxException(
          415, "UNSUPPORTED_MEDIA_TYPE", "The body must be application/json.");
    }
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

  private static void write(HttpServletResponse response, int status, ObjectNode body)
      throws IOException {
    byte[] bytes = Json.bytes(body);
    response.setStatus(status);
    response.setContentType("application/json");
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
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
