package io.campaignroutes.sandbox;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpRequestHandler;

/** Carries calls to a simulated API: past the fault switches, and counted. */
public final class ApiHandler implements HttpRequestHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

  private final String base;
  private final SimulatedApi api;
  private final Faults faults;
  private final CallCounters counters;

  /**
   * A handler of what lies below a path.
   *
   * @param base where the API starts
   */
  public ApiHandler(String base, SimulatedApi api, Faults faults, CallCounters counters) {
    this.base = base;
    this.api = api;
    this.faults = faults;
    this.counters = counters;
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path =
        request.getRequestURI().substring(request.getContextPath().length() + base.length());
    SimulatedApi.Request call =
        new SimulatedApi.Request(
            request.getMethod(),
            path,
            request.getQueryString(),
            headers(request),
            request.getScheme() + "://" + request.getServerName() + ":" + request.getServerPort(),
            request.getInputStream().readAllBytes());
    Optional<String> called = api.operation(request.getMethod(), path);
    if (called.isEmpty()) {
      write(response, api.answer(call));
      return;
    }
    String operation = called.get();
    Optional<InjectedFault> fault = faults.hit(operation);
    String cut = null;
    if (fault.isPresent()) {
      LOG.info("sandbox: fault on {}: {}", operation, SandboxJson.MAPPER.valueToTree(fault.get()));
      pause(fault.get().delayMs());
      cut = fault.get().cut();
    }
    SimulatedApi.Answer answer = null;
    if (fault.isPresent() && fault.get().status() != null) {
      answer = api.faulted(fault.get(), operation);
      if (fault.get().retryAfter() != null) {
        response.setHeader(HttpHeaders.RETRY_AFTER, fault.get().retryAfter());
      }
    } else if (!InjectedFault.BEFORE.equals(cut)) {
      answer = api.answer(call);
      if (fault.isPresent()) {
        answer = api.reshaped(fault.get(), answer);
      }
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

  private static Map<String, String> headers(HttpServletRequest request) {
    Map<String, String> headers = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      headers.put(name.toLowerCase(Locale.ROOT), request.getHeader(name));
    }
    return headers;
  }

  /** Sends half of an answer after the work, nothing before it, and has the connection closed. */
  private static void cut(
      HttpServletRequest request, HttpServletResponse response, SimulatedApi.Answer answer)
      throws IOException {
    if (answer != null) {
      response.setContentLength(answer.body().length);
      response.getOutputStream().write(answer.body(), 0, answer.body().length / 2);
      response.flushBuffer();
    }
    CutValve.cut(request);
  }

  private static void write(HttpServletResponse response, SimulatedApi.Answer answer)
      throws IOException {
    response.setStatus(answer.status());
    answer.headers().forEach(response::setHeader);
    if (answer.status() != 204) {
      response.setContentLength(answer.body().length);
      response.getOutputStream().write(answer.body());
    }
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
