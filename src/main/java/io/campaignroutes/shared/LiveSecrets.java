package io.campaignroutes.shared;

import java.util.function.Consumer;

/** Settings, secrets among them, that may get another value while the service runs. */
public interface LiveSecrets {

  /**
   * Has somebody use a text with values in place of its placeholders: at once, and again whenever
   * one of these has got another value.
   *
   * @param text such as {@code Bearer ${MARKETING_TOKEN}}
   * @param use throws IllegalArgumentException, with what is wrong as a part of a sentence, when it
   *     cannot use that. It goes on with what it had then, and so does everybody else
   * @throws IllegalArgumentException when a placeholder has no value, or at once by {@code use}
   */
  void follow(String text, Consumer<String> use);
}
