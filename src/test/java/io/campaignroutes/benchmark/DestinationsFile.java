package io.campaignroutes.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A {@code destinations.yaml} for a service under test. */
public final class DestinationsFile {

  /**
   * A destination that takes every event.
   *
   * @param secret what it verifies deliveries with, {@code whsec_...}
   * @param concurrency how many posts it takes at the same time; 0 for the service's default
   */
  public record Destination(String name, String url, String secret, int concurrency) {
    private String yaml() {
      return "- name: %s\n  url: %s\n  secrets: %s\n".formatted(name, url, secret)
          + (concurrency == 0 ? "" : "  concurrency: " + concurrency + "\n");
    }
  }

  private DestinationsFile() {}

  /**
   * Writes the file.
   *
   * @return the setting that makes a service use it
   */
  public static String write(Path file, List<Destination> destinations) throws IOException {
    return write(
        file,
        destinations.stream()
            .map(Destination::yaml)
            .collect(Collectors.joining("", "destinations:\n", "")));
  }

  /** The same with the text of the file. */
  public static String write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return "--webhooks.destinations=" + file;
  }
}
