package io.campaignroutes.contacts;

import io.campaignroutes.text.Plain;

/** There is no file of contacts of that name. */
public class UnknownFileException extends RuntimeException {
  UnknownFileException(String name) {
    super("There is no file \"" + Plain.escaped(name) + "\" of contacts.");
  }
}
