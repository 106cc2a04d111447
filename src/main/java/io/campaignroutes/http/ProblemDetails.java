package io.campaignroutes.http;

import java.util.stream.Collectors;
import org.slf4j.MDC;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Rewords the problem documents that Spring writes by itself, and puts the correlation id in. */
@ControllerAdvice
class ProblemDetails implements ResponseBodyAdvice<Object> {
  @Override
  public boolean supports(
      MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
    return true;
  }

  @Override
  public Object beforeBodyWrite(
      Object body,
      MethodParameter returned,
      MediaType type,
      Class<? extends HttpMessageConverter<?>> converter,
      ServerHttpRequest request,
      ServerHttpResponse response) {
    String id = MDC.get(CorrelationId.KEY);
    if (body instanceof ProblemDetail problem) {
      switch (problem.getStatus()) {
        case 404 ->
            problem.setDetail(
                "There is nothing at %s %s; /openapi.json describes what there is."
                    .formatted(request.getMethod(), request.getURI().getRawPath()));
        case 405 ->
            problem.setDetail(
                "%s is not allowed at %s%s; /openapi.json describes what is."
                    .formatted(
                        request.getMethod(), request.getURI().getRawPath(), allowed(response)));
        case 406 -> problem.setDetail("Accept asks for a form in which this does not exist.");
        case 415 ->
            problem.setDetail(BodyFilter.wrongType(request.getHeaders().getFirst("Content-Type")));
        default -> {
          // Spring's own words will do
        }
      }
      if (id != null) {
        problem.setProperty(CorrelationId.KEY, id);
      }
    }
    return body;
  }

  /** The methods that there are at the address, as the answer's header names them. */
  private static String allowed(ServerHttpResponse response) {
    String methods =
        response.getHeaders().getAllow().stream()
            .map(HttpMethod::name)
            .sorted()
            .collect(Collectors.joining(", "));
    return methods.isEmpty() ? "" : ", only " + methods;
  }
}
