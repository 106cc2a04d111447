package io.campaignroutes.access;

import io.campaignroutes.shared.UnusableFileException;

/** A keys file cannot be read, or not be written as wanted; says why and what to do. */
public final class KeysFaultException extends UnusableFileException {
  private static final long serialVersionUID = 1L;

  KeysFaultException(String sentence) {
    super(sentence);
  }
}
