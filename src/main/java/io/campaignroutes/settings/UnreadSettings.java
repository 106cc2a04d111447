package io.campaignroutes.settings;

import io.campaignroutes.text.Closest;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/** What looks meant for the service and is read by nothing: it is misspelt, as a rule. */
public final class UnreadSettings {
  private UnreadSettings() {}

  /** Settings of ours in files and arguments that nothing reads, as misspelt ones are. */
  public static List<SettingFault> faults(ConfigurableEnvironment environment) {
    SettingNames names = new SettingNames(environment);
    Set<String> known = SettingGroups.names();
    Map<String, SettingFault> strangers = new LinkedHashMap<>();
    for (PropertySource<?> source : environment.getPropertySources()) {
      boolean file = source instanceof OriginTrackedMapPropertySource;
      if (!file && !(source instanceof CommandLinePropertySource)) {
        continue;
      }
      for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
        if (SettingGroups.ours(name) && !SettingGroups.known(name)) {
          strangers.putIfAbsent(
              name,
              new SettingFault(
                  name,
                  names.of(name),
                  "is no setting; it would change nothing.",
                  Closest.to(name, known)
                      .map(near -> "Did you mean " + near + "?")
                      .orElse("Remove it.")));
        }
      }
    }
    return List.copyOf(strangers.values());
  }

  /** A line for each variable that was probably meant for the service and that it does not know. */
  public static List<String> warnings(ConfigurableEnvironment environment) {
    Set<String> ours = new TreeSet<>();
    SettingGroups.names()
        .forEach(n -> ours.add(n.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "")));
    List<String> lines = new ArrayList<>();
    List<Path> folders =
        List.of(
            new File(environment.getProperty("campaign-routes.config-dir", "config")).toPath(),
            new File(environment.getProperty("campaign-routes.routes-dir", "routes")).toPath());
    Variables.strays(environment, ours, folders)
        .forEach(
            (variable, near) ->
                lines.add(
                    "%s is set, and nothing reads it.%s"
                        .formatted(
                            variable,
                            near.map(meant -> " Did you mean " + meant + "?").orElse(""))));
    return lines;
  }
}
