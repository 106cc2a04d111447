package io.campaignroutes.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A refusal, in the shape in which a tenant words it: {@code {errorCode, message}}. */
public final class SandboxException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String errorCode;

  /**
   * A refusal.
   *
   * @param status of the answer
   */
  public SandboxException(int status, String errorCode, String message) {
    super(message, null, false, false);
    this.status = status;
    this.errorCode = errorCode;
  }

  /** The HTTP status of the answer. */
  int status() {
    return status;
  }

  /** The code by which a client tells refusals apart. */
  String errorCode() {
    return errorCode;
  }

  /** The answer's body. */
  ObjectNode body() {
    return body(errorCode, getMessage());
  }

  static ObjectNode body(String errorCode, String message) {
    return SandboxJson.object().put("errorCode", errorCode).put("message", message);
  }
}
