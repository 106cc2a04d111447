package io.campaignroutes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.campaignroutes.settings.SettingNames;
import io.campaignroutes.settings.StartSettings;
import io.campaignroutes.text.Closest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Rules on {@code application.yaml}: settings that somebody reads, with values that can be read.
 */
final class SettingsRules {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^${}:]+)(?=[}:])(:)?");

  /** Whose settings the jars describe; our own are described by the file's schema. */
  private static final Set<String> LIBRARIES =
      Set.of("server", "spring", "camel", "management", "logging");

  private SettingsRules() {}

  /** Reads every value as the start of the service does. */
  static List<Fault> unusable(Project project) {
    SettingsFile settings = project.settings();
    if (!settings.isReadable()) {
      return List.of();
    }
    return StartSettings.read(settings.environment()).stream()
        .map(
            fault ->
                settings
                    .place(fault.property())
                    .fault(
                        (fault.name().startsWith(fault.property())
                                ? fault.property()
                                : fault.name())
                            + " "
                            + fault.problem(),
                        fault.remedy()))
        .toList();
  }

  /** {@code ${name}} without a default that nobody sets. */
  static List<Fault> withoutValue(Project project) {
    SettingsFile settings = project.settings();
    List<Fault> faults = new ArrayList<>();
    settings
        .keys()
        .forEach(
            (key, place) -> {
              Matcher matcher = PLACEHOLDER.matcher(place.text());
              while (matcher.find()) {
                String name = matcher.group(1).strip();
                if (matcher.group(2) == null && settings.value(name).isEmpty()) {
                  faults.add(
                      place.fault(
                          "${%s} has no value: no setting and no environment variable is called so."
                              .formatted(name),
                          Closest.to(name, settings.names())
                              .map(near -> "Did you mean ${" + near + "}?")
                              .orElse("Set it, or write its default: ${" + name + ":default}.")));
                }
              }
            });
    return faults;
  }

  /** Keys under {@code spring}, {@code camel} and the like that no jar knows. */
  static List<Fault> unknownToLibraries(Project project) {
    List<Fault> faults = new ArrayList<>();
    Metadata metadata = Metadata.ALL;
    project
        .settings()
        .keys()
        .forEach(
            (key, place) -> {
              if (LIBRARIES.contains(key.split("\\.")[0]) && !metadata.knows(key)) {
                faults.add(
                    place.fault(
                        "There is no setting '%s'; it would change nothing.".formatted(key),
                        metadata
                            .near(key)
                            .map(near -> "Did you mean '" + near + "'?")
                            .orElse("Remove it.")));
              }
            });
    return faults;
  }

  /** The settings that the jars describe for editors. */
  private record Metadata(Map<String, String> names, Set<String> open) {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final Metadata ALL = read();

    private static Metadata read() {
      Metadata metadata = new Metadata(new HashMap<>(), new HashSet<>());
      try {
        for (URL url :
            Collections.list(
                SettingsRules.class
                    .getClassLoader()
                    .getResources("META-INF/spring-configuration-metadata.json"))) {
          try (InputStream in = url.openStream()) {
            metadata.add(JSON.readTree(in));
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return metadata;
    }

    private void add(JsonNode described) {
      for (JsonNode property : described.path("properties")) {
        String name = property.path("name").asText();
        names.put(SettingNames.canonical(name), name);
        String type = property.path("type").asText();
        if (type.startsWith("java.util.Map") || type.startsWith("java.util.Properties")) {
          open.add(SettingNames.canonical(name));
        }
      }
    }

    boolean knows(String key) {
      String name = SettingNames.canonical(key);
      if (names.containsKey(name)) {
        return true;
      }
      for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
        String above = name.substring(0, dot);
        if (open.contains(above)) {
          return true;
        }
      }
      return false;
    }

    /** The setting of the same group that was probably meant. */
    java.util.Optional<String> near(String key) {
      String group = key.contains(".") ? key.substring(0, key.lastIndexOf('.') + 1) : "";
      Set<String> around =
          names.values().stream()
              .filter(n -> n.startsWith(group) && n.indexOf('.', group.length()) < 0)
              .collect(Collectors.toCollection(TreeSet::new));
      return Closest.to(
              key.substring(group.length()),
              around.stream().map(n -> n.substring(group.length())).toList())
          .map(word -> group + word)
          .or(() -> Closest.to(key, names.values()));
    }
  }
}
