package io.campaignroutes.settings;

import io.campaignroutes.text.Closest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The environment variables that {@code application.yaml} asks for. */
final class Variables {
  private static final String ENVIRONMENT =
      StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
  static final Pattern ASKED_FOR = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?=[:}])");
  private static final Pattern SECRET = Pattern.compile(".*(SECRET|PASSWORD|TOKEN|KEY)");

  private static final Pattern WITH_SECRET = Pattern.compile(".*[._-](ID|USERNAME)");

  /** A secret of fewer characters is none, and may be in any word. */
  private static final int SHORTEST = 6;

  private static final Pattern PLACEHOLDER = Pattern.compile("(?s)\\$\\{(?=.*})");
  private static final Pattern LINE_ENDS = Pattern.compile("[\\r\\n]+$");

  /** Who writes a variable that begins so means this service. */
  private static final Pattern OURS =
      Pattern.compile("(CXONE|WEBHOOK|THROTTLE|ACTIVATION|DELIVERY)_.*");

  private Variables() {}

  /**
   * Leaves out the variables that are set to nothing, as {@code PORT=} or an empty value of a
   * container's file does: they count as not set. Of the others blanks and line ends around are no
   * part of the value, and what looks like a placeholder in a secret is none.
   */
  static void tidy(ConfigurableEnvironment environment) {
    Map<String, Object> tidy = new HashMap<>(given(environment));
    for (String variable : known(environment)) {
      Object value = tidy.get(variable);
      if (value != null) {
        String plain = plain(variable, value.toString());
        if (plain.isBlank()) {
          tidy.remove(variable);
        } else {
          tidy.put(variable, plain);
        }
      }
    }
    if (environment.getPropertySources().contains(ENVIRONMENT)) {
      environment
          .getPropertySources()
          .replace(ENVIRONMENT, new SystemEnvironmentPropertySource(ENVIRONMENT, tidy));
    }
  }

  /** The environment as it was given, by variable. */
  private static Map<String, Object> given(ConfigurableEnvironment environment) {
    return environment.getPropertySources().get(ENVIRONMENT)
            instanceof SystemEnvironmentPropertySource given
        ? given.getSource()
        : Map.of();
  }

  /** A value without what is around it, so that Spring takes it as it is. */
  static String plain(String variable, String value) {
    // a password may end in a blank, as nothing else may
    String plain =
        variable.endsWith("PASSWORD") ? LINE_ENDS.matcher(value).replaceFirst("") : value.strip();
    return isSecret(variable) ? literal(plain) : plain;
  }

  /** Whether what is called so, a variable or a setting, is a secret. */
  static boolean isSecret(String name) {
    return SECRET.matcher(name.toUpperCase(Locale.ROOT)).matches();
  }

  /** Whether it is a secret, or belongs to one and is replaced with it. */
  static boolean isCredential(String name) {
    return isSecret(name) || WITH_SECRET.matcher(name.toUpperCase(Locale.ROOT)).matches();
  }

  /** A text without the values of secrets, which a setting may refer to by mistake. */
  static String hidden(ConfigurableEnvironment environment, String text) {
    String hidden = text;
    Map<String, Object> all = new HashMap<>(SecretFiles.of(environment).values());
    all.putAll(given(environment));
    for (Map.Entry<String, Object> variable : all.entrySet()) {
      String value = variable.getValue().toString().strip();
      if (isSecret(variable.getKey()) && value.length() >= SHORTEST) {
        hidden = hidden.replace(value, "...");
      }
    }
    return hidden;
  }

  /** A text that Spring takes as it is. */
  static String literal(String text) {
    return PLACEHOLDER.matcher(text).replaceAll("\\\\$0");
  }

  static Set<String> known(ConfigurableEnvironment environment) {
    Set<String> known = new TreeSet<>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof OriginTrackedMapPropertySource file) {
        for (String name : file.getPropertyNames()) {
          Matcher asked = ASKED_FOR.matcher(String.valueOf(file.getProperty(name)));
          while (asked.find()) {
            known.add(asked.group(1));
          }
        }
      }
    }
    return known;
  }

  /**
   * Variables that are set, that nothing asks for, and that are called as if they were meant for
   * the service, each with the one that was probably meant.
   *
   * @param files the folders whose files may ask for variables of their own
   */
  static Map<String, Optional<String>> strays(
      ConfigurableEnvironment environment, Set<String> settings, List<Path> files) {
    Set<String> known = known(environment);
    SecretFiles.of(environment).names().forEach(name -> known.add(name + SecretFiles.SUFFIX));
    Map<String, Optional<String>> strays = new TreeMap<>();
    for (String variable : given(environment).keySet()) {
      if (known.contains(variable) || settings.contains(variable.replaceAll("[^A-Z0-9]", ""))) {
        continue;
      }
      Optional<String> near =
          variable.length() < 6
              ? Optional.empty()
              : Closest.to(variable, known).filter(meant -> alike(variable, meant));
      if (near.isPresent() || OURS.matcher(variable).matches()) {
        strays.put(variable, near);
      }
    }
    strays.keySet().removeIf(variable -> !variable.matches("\\w+"));
    strays.keySet().removeIf(variable -> files.stream().anyMatch(f -> mentions(f, variable)));
    return strays;
  }

  /** Variables are often called alike on purpose; those that differ in their length are not. */
  private static boolean alike(String variable, String meant) {
    return Math.abs(variable.length() - meant.length()) <= 2
        && (variable.charAt(0) == meant.charAt(0) || variable.endsWith(meant));
  }

  private static boolean mentions(Path folder, String variable) {
    Pattern word = Pattern.compile("(?<![A-Z0-9_])" + variable + "(?![A-Z0-9_])");
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder, 3)) {
      all.filter(file -> file.toString().matches(".*\\.ya?ml")).forEach(files::add);
      for (Path file : files) {
        if (word.matcher(Files.readString(file)).find()) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // who needs the file tells that it cannot be read
    }
  }
}
