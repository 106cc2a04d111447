package io.campaignroutes.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A configuration folder for a service under test: this one's, with destinations of its own. */
public final class ServiceConfig {

  /**
   * A destination that takes every event.
   *
   * @param secret what it verifies deliveries with, {@code whsec_...}
   */
  public record Destination(String name, String url, String secret) {
    private String yaml() {
      return "- name: %s\n  url: %s\n  secrets: %s\n".formatted(name, url, secret);
    }
  }

  private ServiceConfig() {}

  /**
   * Copies {@code config/} of the working directory.
   *
   * @param into a folder that is made
   * @return the setting that makes a service use it
   */
  public static String with(Path into, List<Destination> destinations) throws IOException {
    return with(
        into,
        destinations.stream()
            .map(Destination::yaml)
            .collect(Collectors.joining("", "destinations:\n", "")));
  }

  /** The same with the text of {@code destinations.yaml}. */
  public static String with(Path into, String destinations) throws IOException {
    Path from = Path.of("config");
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path to = into.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(to);
        } else {
          Files.copy(path, to);
        }
      }
    }
    Files.writeString(into.resolve("destinations.yaml"), destinations);
    return "--campaign-routes.config-dir=" + into;
  }
}
