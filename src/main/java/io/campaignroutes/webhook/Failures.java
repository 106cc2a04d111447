package io.campaignroutes.webhook;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** What a failed exchange is told as. */
final class Failures {
  private Failures() {}

  static String told(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof IOException)) {
      cause = cause.getCause();
    }
    if (cause.getCause() instanceof SilentNamesException silent) { // what the deadline cut short
      cause = silent;
    }
    String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    if (cause instanceof SilentNamesException) {
      return "No answer in time" + message;
    }
    if (cause instanceof UnknownHostException) {
      return "The host is not known" + message;
    }
    if (cause instanceof ConnectException) {
      return "No connection" + message;
    }
    if (cause instanceof SocketTimeoutException) {
      return "No answer in time" + message;
    }
    if (cause instanceof SSLException) {
      return "No secure connection" + message;
    }
    if (cause instanceof SocketException || DeliveryClient.cutOff(cause)) {
      return "The connection was cut off before the answer" + message;
    }
    if (DeliveryClient.noHttp(cause)) {
      return "The answer is no HTTP" + message;
    }
    return "The delivery failed" + (message.isEmpty() ? "." : message);
  }
}
