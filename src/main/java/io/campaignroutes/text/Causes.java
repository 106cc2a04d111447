package io.campaignroutes.text;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Why an exchange over the network failed, in words for people. */
public final class Causes {
  private static final int MAX_DETAIL = 200;

  private Causes() {}

  /** Such as "No connection: Connection refused"; without a full stop. */
  public static String told(Throwable failure) {
    Throwable cause = failure; // what an exchange ended with says more than what lies beneath it
    while (cause.getCause() != null && !(cause instanceof IOException)) {
      cause = cause.getCause();
    }
    if (cause.getCause() instanceof UnknownHostException names) { // what a deadline cut short
      cause = names;
    }
    String what = what(cause);
    String detail = detail(cause.getMessage());
    return detail.isEmpty() ? what : what + ": " + detail;
  }

  private static String what(Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return "The host is not known";
    }
    if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
      return "No connection";
    }
    if (cause instanceof SocketTimeoutException || cause instanceof TimeoutException) {
      return "No answer in time";
    }
    if (cause instanceof SSLException) {
      return "No secure connection";
    }
    if (cause instanceof SocketException
        || cause instanceof EOFException
        || cause.getClass().getSimpleName().equals("NoHttpResponseException")) {
      return "The connection was cut off before the answer";
    }
    return cause instanceof IOException ? "The exchange failed" : "The call failed";
  }

  /** What it says itself, without addresses of classes and credentials in addresses. */
  private static String detail(String message) {
    if (message == null) {
      return "";
    }
    String plain =
        message
            .replaceAll("\\b(?:[a-z][a-z0-9]*\\.){2,}[A-Z]\\w*(?:Exception|Error)?:?\\s*", "")
            .replaceAll("\\?\\S*", "?***");
    return Plain.line(plain, MAX_DETAIL).replaceFirst("[.:\\s]+$", "");
  }
}
