package io.campaignroutes.webhook;

/** The destination's template makes nothing of an event. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TemplateException(String message, Throwable cause) {
    super(message, cause);
  }
}
