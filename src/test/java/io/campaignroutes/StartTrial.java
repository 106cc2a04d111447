package io.campaignroutes;

import static org.mockito.Mockito.mock;

import io.campaignroutes.settings.UnreadSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.DefaultBootstrapContext;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.FileSystemResource;

/**
 * A start as far as its settings: the real {@code config/application.yaml}, an environment and
 * arguments of the trial's own, and the code with which the service looks at them.
 */
public final class StartTrial {
  private static final Map<String, Object> TENANT =
      Map.of(
          "CXONE_BASE_URL", "http://127.0.0.1:1",
          "CXONE_CLIENT_ID", "id",
          "CXONE_CLIENT_SECRET", "secret");

  public final StandardEnvironment environment = new StandardEnvironment();

  /** What the start hands over to the service. */
  final DefaultBootstrapContext bootstrap = new DefaultBootstrapContext();

  /** What the start ends with, a line each; empty when it goes on. */
  public final List<String> lines;

  /** Variables of a tenant, changed; a null takes one out. */
  public static StartTrial with(Map<String, String> variables, String... arguments) {
    return new StartTrial(Path.of("config/application.yaml"), null, variables, arguments);
  }

  /** A tenant's variables and another file of settings. */
  static StartTrial of(Path file) {
    return new StartTrial(file, null, Map.of());
  }

  /** A tenant's variables, changed, and a tree of files that counts more than the file does. */
  public static StartTrial withTree(Path tree, Map<String, String> variables) {
    return new StartTrial(Path.of("config/application.yaml"), tree, variables);
  }

  private StartTrial(Path settings, Path tree, Map<String, String> variables, String... arguments) {
    Map<String, Object> given = new HashMap<>(TENANT);
    variables.forEach(
        (name, value) -> {
          if (value == null) {
            given.remove(name);
          } else {
            given.put(name, value);
          }
        });
    MutablePropertySources sources = environment.getPropertySources();
    sources.replace(
        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
        new SystemEnvironmentPropertySource(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, given));
    sources.addFirst(new SimpleCommandLinePropertySource(arguments));
    if (tree != null) {
      sources.addLast(new ConfigTreePropertySource("tree", tree));
    }
    try {
      PropertySource<?> file =
          new YamlPropertySourceLoader()
              .load("application.yaml", new FileSystemResource(settings))
              .get(0); // the others are for profiles
      sources.addLast(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ConfigurationPropertySources.attach(environment);
    lines = start();
  }

  private List<String> start() {
    try {
      new RequiredSettings()
          .onApplicationEvent(
              new ApplicationEnvironmentPreparedEvent(
                  bootstrap, mock(SpringApplication.class), new String[0], environment));
      return List.of();
    } catch (FaultySettingsException e) {
      return e.getMessage().lines().toList();
    }
  }

  /** A setting in force. */
  public String value(String name) {
    return environment.getProperty(name);
  }

  /** What the log tells of variables that nothing reads. */
  List<String> warnings() {
    return UnreadSettings.warnings(environment);
  }
}
