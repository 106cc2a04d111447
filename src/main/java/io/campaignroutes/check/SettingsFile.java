package io.campaignroutes.check;

import io.campaignroutes.settings.SettingNames;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

/**
 * What {@code config/application.yaml} and the environment set. Values of a profile count where the
 * service has none without it, so that the sandbox's stand in for a tenant's.
 */
final class SettingsFile {
  private static final Pattern CAMEL = Pattern.compile("\\{\\{([^{}:]+)(?::([^{}]*))?}}");

  private final Source file;
  private final StandardEnvironment environment = new StandardEnvironment();
  private final Map<String, Place> keys = new LinkedHashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final boolean readable;

  SettingsFile(Optional<Source> file) throws IOException {
    this.file = file.orElse(null);
    this.readable = file.isPresent() && file.get().isReadable() && file.get().faults().isEmpty();
    if (!readable) {
      return;
    }
    for (Place document : this.file.documents()) {
      flatten(document, "");
    }
    List<PropertySource<?>> documents =
        new YamlPropertySourceLoader()
            .load(this.file.name(), new FileSystemResource(this.file.path()));
    for (PropertySource<?> document : documents) {
      environment.getPropertySources().addLast(document);
      for (String name : ((EnumerablePropertySource<?>) document).getPropertyNames()) {
        names.putIfAbsent(SettingNames.canonical(name), name);
      }
    }
  }

  private void flatten(Place place, String prefix) {
    for (Map.Entry<String, Place> field : place.fields()) {
      String name = prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey();
      if (field.getValue().json().isObject() && !field.getValue().json().isEmpty()) {
        flatten(field.getValue(), name);
      } else {
        keys.putIfAbsent(name, field.getValue());
      }
    }
  }

  /** Whether the file is there and can be read; if not, there are no settings to hold to. */
  boolean isReadable() {
    return readable;
  }

  Optional<Source> file() {
    return Optional.ofNullable(file);
  }

  StandardEnvironment environment() {
    return environment;
  }

  /** The settings of the file that have a value, and where it stands. */
  Map<String, Place> keys() {
    return keys;
  }

  Set<String> names() {
    return keys.keySet();
  }

  /** Where a setting stands, or the map that it would stand in. */
  Place place(String name) {
    Place exact = keys.get(names.getOrDefault(SettingNames.canonical(name), name));
    return exact != null ? exact : file.root().below(List.of(name.split("\\.")));
  }

  /** A value, its own placeholders resolved; of several documents the first that is not blank. */
  Optional<String> value(String name) {
    if (!readable) {
      return Optional.empty();
    }
    String found = null;
    String key = names.getOrDefault(SettingNames.canonical(name), name);
    for (PropertySource<?> source : environment.getPropertySources()) {
      Object value = source.getProperty(key);
      if (value != null) {
        found = lenient(value.toString());
        if (!found.isBlank()) {
          return Optional.of(found);
        }
      }
    }
    return Optional.ofNullable(found);
  }

  private String lenient(String text) {
    try {
      return environment.resolvePlaceholders(text);
    } catch (IllegalArgumentException e) {
      return text; // a circle of placeholders, which another rule tells of
    }
  }

  /** A text of a route with its {@code {{..}}} resolved; those without a value stay. */
  String resolved(String text) {
    Matcher matcher = CAMEL.matcher(text);
    StringBuilder resolved = new StringBuilder();
    while (matcher.find()) {
      String value = value(matcher.group(1).strip()).orElse(matcher.group(2));
      matcher.appendReplacement(
          resolved, Matcher.quoteReplacement(value == null ? matcher.group() : value));
    }
    return matcher.appendTail(resolved).toString();
  }
}
