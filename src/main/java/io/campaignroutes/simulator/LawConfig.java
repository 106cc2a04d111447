package io.campaignroutes.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

/** The law's constants as the service would read them from its configuration. */
final class LawConfig {
  private LawConfig() {}

  /**
   * Reads {@code pacing.law}, {@code pacing.figures} and {@code pacing.platform} of {@code
   * application.yaml} in a folder; defaults when there is no such file.
   */
  static Laws read(Path folder) throws IOException {
    Path file = folder.resolve("application.yaml");
    if (!Files.isRegularFile(file)) {
      return Laws.defaults();
    }
    List<PropertySource<?>> documents =
        new YamlPropertySourceLoader().load("application", new FileSystemResource(file));
    StandardEnvironment environment = new StandardEnvironment();
    // Further documents are for profiles.
    documents.stream().findFirst().ifPresent(environment.getPropertySources()::addLast);
    return new Laws(
        values(environment, "pacing.law"),
        values(environment, "pacing.figures"),
        values(environment, "pacing.platform"));
  }

  private static Map<String, String> values(StandardEnvironment environment, String prefix) {
    return Binder.get(environment)
        .bind(prefix, Bindable.mapOf(String.class, String.class))
        .orElse(Map.of());
  }
}
