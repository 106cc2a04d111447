package io.campaignroutes.settings;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What the person wrote a setting as who gave it its value. */
public final class SettingNames {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^${}:]+)");

  private final ConfigurableEnvironment environment;

  SettingNames(ConfigurableEnvironment environment) {
    this.environment = environment;
  }

  /** One spelling: {@code baseUrl}, {@code base-url} and {@code base_url} are the same. */
  public static String canonical(String name) {
    return ConfigurationPropertyName.adapt(name, '.')
        .toString()
        .replace("-", "")
        .toLowerCase(Locale.ROOT);
  }

  /**
   * The variable that a setting's value comes from, or the argument ({@code --pacing.period}), or
   * the key and the line it stands in.
   */
  String of(String property) {
    ConfigurationProperty found = find(property);
    return found == null ? property : of(property, found);
  }

  /** The settings that a value is made of, where nobody has given another one. */
  List<String> madeOf(String property) {
    ConfigurationProperty found = find(property);
    if (found == null || !of(property, found).startsWith(property)) {
      return List.of();
    }
    return PLACEHOLDER
        .matcher(String.valueOf(found.getValue()))
        .results()
        .map(one -> one.group(1).strip())
        .filter(name -> name.contains("."))
        .toList();
  }

  private ConfigurationProperty find(String property) {
    ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
    for (ConfigurationPropertySource source :
        ConfigurationPropertySources.from(environment.getPropertySources())) {
      ConfigurationProperty found =
          source.getUnderlyingSource() instanceof PropertySource<?> spring
                  && spring.getName().equals(StartSettings.IN_FORCE)
              ? null
              : source.getConfigurationProperty(name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private String of(String property, ConfigurationProperty found) {
    Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(found.getValue()));
    while (placeholder.find()) {
      String variable = placeholder.group(1).strip();
      if (!variable.contains(".") && given(variable)) {
        return SecretFiles.of(environment).writtenAs(variable);
      }
    }
    Origin origin = found.getOrigin();
    if (origin instanceof SystemEnvironmentOrigin variable) {
      return variable.getProperty();
    }
    if (origin instanceof TextResourceOrigin text) {
      return "%s (%s, line %d)"
          .formatted(
              property,
              text.getResource().getFilename(),
              text.getLocation() == null ? 1 : text.getLocation().getLine() + 1);
    }
    return origin instanceof PropertySourceOrigin from ? written(property, from) : property;
  }

  private static String written(String property, PropertySourceOrigin from) {
    return switch (from.getPropertySource().getName()) {
      case StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME -> from.getPropertyName();
      case StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME -> "-D" + property;
      case CommandLinePropertySource.COMMAND_LINE_PROPERTY_SOURCE_NAME -> "--" + property;
      default -> property;
    };
  }

  private boolean given(String variable) {
    return environment.getPropertySources().stream()
        .filter(source -> !(source instanceof OriginTrackedMapPropertySource))
        .anyMatch(source -> source.containsProperty(variable));
  }
}
