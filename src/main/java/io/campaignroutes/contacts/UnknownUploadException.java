package io.campaignroutes.contacts;

/** What was uploaded is not there any more. */
public class UnknownUploadException extends RuntimeException {
  UnknownUploadException() {
    super("The file that was sent is not stored any more. Send it again.");
  }
}
