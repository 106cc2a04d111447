package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/** The {@link Tenant} as an API that the sandbox plays. */
final class TenantApi implements SimulatedApi {

  /** Where the simulated CXone starts. */
  static final String BASE = "/sandbox/cxone";

  private final Tenant tenant;

  TenantApi(Tenant tenant) {
    this.tenant = tenant;
  }

  @Override
  public List<String> operations() {
    return Arrays.stream(ServedOperation.values()).map(ServedOperation::label).toList();
  }

  @Override
  public Optional<String> operation(String method, String path) {
    return ServedOperation.of(method, path).map(ServedOperation::label);
  }

  @Override
  public Answer answer(Request request) {
    Tenant.Answer answer =
        tenant.answer(
            new Tenant.Call(
                ServedOperation.of(request.method(), request.path()).orElse(null),
                request.path(),
                request.query(),
                request.header(HttpHeaders.AUTHORIZATION),
                request.header(HttpHeaders.CONTENT_TYPE),
                request.body()));
    return Answer.json(answer.status(), answer.body());
  }

  @Override
  public Answer faulted(InjectedFault fault, String operation) {
    return Answer.json(fault.status(), faultBody(fault, operation));
  }

  private static ObjectNode faultBody(InjectedFault fault, String operation) {
    if (operation.equals(ServedOperation.TOKEN.label())) {
      String error =
          switch (fault.status()) {
            case 400 -> "invalid_request";
            case 401 -> "invalid_client";
            case 403 -> "access_denied";
            default -> fault.status() < 500 ? "invalid_request" : "temporarily_unavailable";
          };
      return SandboxJson.object()
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
        "A fault switch of the sandbox is on for " + operation + ".");
  }
}
