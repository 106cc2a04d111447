package io.campaignroutes.settings;

import io.campaignroutes.text.Plain;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.core.env.PropertyResolver;

/** What a start refuses unless {@code ALLOW_INSECURE} names it: somebody has to want it. */
enum Insecure {
  /** CXone is called over a network without TLS. */
  HTTP_CXONE,
  /** The issuer of tokens is asked over a network without TLS. */
  HTTP_ISSUER,
  /** Events may go to addresses that are not public. */
  PRIVATE_DESTINATIONS,
  /** The client's secret stands in an address, which logs on the way keep. */
  QUERY_CREDENTIALS,
  /** A file with a secret may be read by every user of the machine. */
  READABLE_SECRETS;

  /** The setting with the names. */
  static final String SETTING = "campaign-routes.allow-insecure";

  /** The setting that allows private destinations too. */
  static final String DESTINATIONS = "campaign-routes.compliance.allow-private-destinations";

  /** The word in {@code ALLOW_INSECURE}. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether somebody wants it. */
  boolean isAllowed(PropertyResolver settings) {
    return words(settings).contains(word());
  }

  /** What is named that there is not; null when there is nothing wrong. */
  static UnusableException unknown(PropertyResolver settings) {
    Optional<String> unknown =
        words(settings).stream()
            .filter(word -> Arrays.stream(values()).noneMatch(one -> one.word().equals(word)))
            .findFirst();
    return unknown
        .map(
            word ->
                new UnusableException(
                    "has " + Plain.quoted(word) + ", which is no name of anything.",
                    "There are "
                        + Arrays.stream(values())
                            .map(Insecure::word)
                            .collect(Collectors.joining(", "))
                        + ", with commas between them."))
        .orElse(null);
  }

  private static List<String> words(PropertyResolver settings) {
    try {
      return Arrays.stream(settings.getProperty(SETTING, "").split(","))
          .map(word -> word.strip().toLowerCase(Locale.ROOT))
          .filter(word -> !word.isEmpty())
          .toList();
    } catch (IllegalArgumentException e) {
      return List.of(); // refers to something that is not set
    }
  }
}
