package io.campaignroutes.http;

import io.campaignroutes.campaign.Problem;
import java.io.IOException;
import java.io.Writer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/**
 * What the container answers by itself, as a problem document without any inside view. Tomcat makes
 * this valve by its class name; it writes the answers to requests that reach no servlet.
 */
public final class ContainerErrors extends ErrorReportValve {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerErrors.class);

  /** The problem that a status of the container is. */
  static Problem problem(int status) {
    HttpStatus known = HttpStatus.resolve(status);
    String title = known == null ? "Error" : known.getReasonPhrase();
    return switch (status) {
      case 400 ->
          Problem.of(
              400,
              "Bad request",
              "The request breaks a rule of HTTP. An address holds ASCII, everything else as"
                  + " percent-encoded UTF-8 without control characters; Host and Content-Length"
                  + " stand there once, with one value; request line and headers have 8 kB together"
                  + " at most.");
      case 417 -> Problem.of(417, title, "Expect can only be 100-continue.");
      case 501 ->
          Problem.of(
              501, title, "The method is not known, or Transfer-Encoding is not chunked alone.");
      case 503 -> Problem.of(503, title, "Try again.").again(5L);
      case 505 -> Problem.of(505, title, "The service speaks HTTP/1.1.");
      default ->
          Problem.of(
              status,
              title,
              status >= 500
                  ? "The service could not handle this request. Its log says why."
                  : "The request cannot be handled as it is; /openapi.json describes what can.");
    };
  }

  @Override
  protected void report(Request request, Response response, Throwable why) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    AtomicBoolean readable = new AtomicBoolean();
    response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, readable);
    Writer out = readable.get() ? reporter(response) : null;
    if (out == null) {
      return;
    }
    try {
      Problem problem = problem(status);
      String id = CorrelationId.of(request);
      response.setHeader(CorrelationId.HEADER, id);
      response.setHeader("Connection", "close");
      ApiSecurity.SAFE.forEach(response::setHeader);
      if (problem.retryAfter() != null) {
        response.setHeader("Retry-After", problem.retryAfter().toString());
      }
      response.setContentType(ApiAnswer.PROBLEM);
      out.write(CorrelationId.document(problem, id));
      response.finishResponse();
    } catch (IOException e) {
      LOG.debug("Whoever was to be told has gone: {}", e.toString());
    }
  }

  private static Writer reporter(Response response) {
    try {
      return response.getReporter();
    } catch (IOException e) {
      LOG.debug("Whoever was to be told has gone: {}", e.toString());
      return null;
    }
  }
}
