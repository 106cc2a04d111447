package io.campaignroutes.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.stereotype.Component;

/** The configuration in force: every setting of application.yaml as it came out, secrets masked. */
@Component
class Settings {
  private static final String MASK = "••••••";
  private static final Pattern SECRET =
      Pattern.compile("(secret|password|passphrase|token|api-?key|private-?key|signing)[^.]*$");
  private static final Pattern NO_SECRET =
      Pattern.compile("(token-url|token-margin|token-credentials)$");
  private static final Pattern IN_URL =
      Pattern.compile("(?i)(://)[^/@\\s]+@|([?&;](?:[^=&;]*(?:password|secret|token|key))=)[^&;]*");

  private final ConfigurableEnvironment environment;

  Settings(ConfigurableEnvironment environment) {
    this.environment = environment;
  }

  /**
   * A setting.
   *
   * @param value null where it is not set
   */
  record Setting(String name, String value) {}

  /** All settings by name. */
  List<Setting> inForce() {
    Map<String, String> values = new TreeMap<>();
    for (String name : names()) {
      values.put(name, value(name));
    }
    List<String> secrets = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          if (secret(name) && value.length() > 3) {
            secrets.add(value);
          }
        });
    return values.entrySet().stream()
        .map(
            one -> {
              String value = one.getValue();
              return new Setting(
                  one.getKey(),
                  value.isBlank() ? null : secret(one.getKey()) ? MASK : masked(value, secrets));
            })
        .toList();
  }

  static boolean secret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SECRET.matcher(lower).find() && !NO_SECRET.matcher(lower).find();
  }

  /** A value without the credentials that an address carries, and without any known secret. */
  static String masked(String value, List<String> secrets) {
    String masked =
        IN_URL
            .matcher(value)
            .replaceAll(
                found -> found.group(1) == null ? found.group(2) + MASK : "://" + MASK + "@");
    for (String secret : secrets) {
      masked = masked.replace(secret, MASK);
    }
    return masked;
  }

  private TreeSet<String> names() {
    TreeSet<String> names = new TreeSet<>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> known
          && source.getName().contains("application.y")) {
        names.addAll(List.of(known.getPropertyNames()));
      }
    }
    names.removeIf(name -> name.startsWith("spring.config.") || name.startsWith("logging.pattern"));
    return names;
  }

  private String value(String name) {
    try {
      String value = environment.getProperty(name);
      return value == null ? "" : value.strip();
    } catch (IllegalArgumentException e) {
      return ""; // refers to something that is not set
    }
  }
}
