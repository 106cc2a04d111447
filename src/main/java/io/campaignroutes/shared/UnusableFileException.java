package io.campaignroutes.shared;

import java.io.IOException;

/** A file is there and cannot be used; the message is a sentence that says why. */
public class UnusableFileException extends IOException {
  private static final long serialVersionUID = 1L;

  public UnusableFileException(String sentence) {
    super(sentence);
  }
}
