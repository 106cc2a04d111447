package io.campaignroutes.contacts;

import io.campaignroutes.shared.NotFoundException;

/** What was uploaded is not there any more. */
public class UnknownUploadException extends NotFoundException {
  private static final long serialVersionUID = 1L;

  UnknownUploadException() {
    super("Unknown upload", "The file that was sent is not stored any more. Send it again.");
  }
}
