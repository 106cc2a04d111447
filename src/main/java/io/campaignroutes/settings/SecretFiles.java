package io.campaignroutes.settings;

import io.campaignroutes.text.Plain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Secrets that stand in files. A variable that {@code application.yaml} asks for and that is a
 * secret, and each that the file of destinations asks for, may be given as a file: {@code
 * API_KEY_FILE} names that of {@code API_KEY}. So may those be that a tree of files gives ({@code
 * spring.config.import=configtree:}).
 */
final class SecretFiles {
  /** What the variable is called besides that names the file. */
  static final String SUFFIX = "_FILE";

  private static final String SOURCE = "secrets in files";
  private static final String ENVIRONMENT =
      StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

  private final ConfigurableEnvironment environment;
  private final Map<String, Object> values = new ConcurrentHashMap<>();
  private final List<SecretFile> files = new ArrayList<>();
  private final List<SettingFault> faults = new ArrayList<>();
  private final Set<String> names;

  /** Where the environment finds them. */
  private static final class Source extends MapPropertySource {
    private final SecretFiles files;

    Source(SecretFiles files) {
      super(SOURCE, files.values);
      this.files = files;
    }
  }

  private SecretFiles(ConfigurableEnvironment environment) {
    this.environment = environment;
    this.names = secrets();
  }

  /** Those of an environment; read when they are asked for first. */
  static SecretFiles of(ConfigurableEnvironment environment) {
    if (environment.getPropertySources().get(SOURCE) instanceof Source source) {
      return source.files;
    }
    SecretFiles all = new SecretFiles(environment);
    all.ofVariables();
    all.ofTrees();
    Source source = new Source(all);
    if (environment.getPropertySources().contains(ENVIRONMENT)) {
      environment.getPropertySources().addBefore(ENVIRONMENT, source);
    } else {
      environment.getPropertySources().addFirst(source);
    }
    return all;
  }

  /** All that could be read at the start. */
  List<SecretFile> files() {
    return files;
  }

  /** What is wrong with those that could not. */
  List<SettingFault> faults() {
    return faults;
  }

  /** Values by variable or setting, as Spring takes them; what is put here is in force. */
  Map<String, Object> values() {
    return values;
  }

  /** The variables that may be given as a file. */
  Set<String> names() {
    return names;
  }

  /** Those that every user of the machine may read. */
  List<SecretFile> readable() {
    return files.stream().filter(SecretFile::isReadableByOthers).toList();
  }

  /** What a person wrote whose variable has a value. */
  String writtenAs(String variable) {
    return files.stream()
        .filter(file -> file.key().equals(variable))
        .map(SecretFile::name)
        .findFirst()
        .orElse(variable);
  }

  private Set<String> secrets() {
    Set<String> secrets = new TreeSet<>();
    Variables.known(environment).stream().filter(Variables::isCredential).forEach(secrets::add);
    try {
      Path destinations = Path.of(environment.getProperty("webhooks.destinations", ""));
      Matcher asked = Variables.ASKED_FOR.matcher(Files.readString(destinations));
      while (asked.find()) {
        secrets.add(asked.group(1));
      }
    } catch (IOException | IllegalArgumentException e) {
      return secrets; // who needs the file tells that it cannot be read
    }
    return secrets;
  }

  private void ofVariables() {
    for (String variable : names) {
      String name = variable + SUFFIX;
      String given = value(name);
      if (given.isEmpty()) {
        continue;
      }
      if (environment.getPropertySources().stream()
          .anyMatch(source -> !isConfiguration(source) && gives(source, variable))) {
        faults.add(
            new SettingFault(
                name, name, "and " + variable + " are both set.", "Leave one of them out."));
        continue;
      }
      try {
        read(
            new SecretFile(variable, name, Path.of(given)),
            "Put the secret there, for the service to read, or leave " + name + " out.");
      } catch (InvalidPathException e) {
        faults.add(
            new SettingFault(
                name,
                name,
                "is " + Plain.quoted(given) + ", which is no path.",
                "Name a file with the secret in it."));
      }
    }
  }

  private String value(String name) {
    try {
      return environment.getProperty(name, "").strip();
    } catch (IllegalArgumentException e) {
      return ""; // refers to something that is not set
    }
  }

  private static boolean isConfiguration(PropertySource<?> source) {
    return source instanceof OriginTrackedMapPropertySource
        || source instanceof ConfigTreePropertySource;
  }

  private static boolean gives(PropertySource<?> source, String name) {
    Object value =
        ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)
            ? null
            : source.getProperty(name);
    return value != null && !value.toString().isBlank();
  }

  /** What stands in the environment, or in the arguments, counts more than what a tree has. */
  private void ofTrees() {
    List<PropertySource<?>> above = new ArrayList<>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      if (source instanceof ConfigTreePropertySource tree) {
        for (String key : tree.getPropertyNames()) {
          boolean secret = Variables.isCredential(key) || names.contains(key);
          if (secret
              && above.stream().noneMatch(one -> gives(one, key))
              && !values.containsKey(key)
              && tree.getOrigin(key) instanceof TextResourceOrigin in) {
            ofTree(key, in);
          }
        }
      }
      above.add(source);
    }
  }

  private void ofTree(String key, TextResourceOrigin in) {
    try {
      read(
          new SecretFile(key, key, in.getResource().getFile().toPath()),
          "Put the secret there, for the service to read, or take the file out of its folder.");
    } catch (IOException e) {
      return; // what is no file of a file system is left to Spring
    }
  }

  private void read(SecretFile file, String remedy) {
    try {
      values.put(file.key(), file.read());
      files.add(file);
    } catch (IOException e) {
      faults.add(new SettingFault(file.name(), file.name(), file.told(e), remedy));
    }
  }
}
