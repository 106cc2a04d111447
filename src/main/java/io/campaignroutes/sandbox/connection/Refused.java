package io.campaignroutes.sandbox.connection;

import io.campaignroutes.sandbox.SandboxJson;
import io.campaignroutes.sandbox.SimulatedApi.Answer;
import java.util.Map;

/** An answer that is none: an error in one of the shapes in which a tenant words them. */
final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Answer answer;

  private Refused(String message, Answer answer) {
    super(message, null, false, false);
    this.answer = answer;
  }

  /** With {@code {error, error_description}} in the body. */
  static Refused told(int status, String description) {
    return new Refused(
        description,
        Answer.json(
            status,
            SandboxJson.object().put("error", word(status)).put("error_description", description)));
  }

  /** Without a body: the code stands in the header {@code icStatusDescription}. */
  static Refused header(int status, String code) {
    return new Refused(code, headerOnly(status, code));
  }

  /** An error that nothing but a header tells. */
  static Answer headerOnly(int status, String code) {
    return new Answer(status, Map.of("icStatusDescription", code), new byte[0]);
  }

  Answer answer() {
    return answer;
  }

  /** What the status is called. */
  static String word(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "invalid_token";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 409 -> "Conflict";
      case 429 -> "Too Many Requests";
      case 503 -> "Service Unavailable";
      default -> status < 500 ? "Error" : "Internal Server Error";
    };
  }
}
