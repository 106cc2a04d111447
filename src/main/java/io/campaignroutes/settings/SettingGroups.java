package io.campaignroutes.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.util.ClassUtils;

/** Which settings there are. */
final class SettingGroups {
  private static final String PACKAGE = "io.campaignroutes.";
  private static final String DESCRIBED = "/META-INF/spring-configuration-metadata.json";

  /** What the service binds, by its prefix; the records' components are the settings. */
  static final Map<String, Class<?>> ALL = read();

  /** Of Spring's settings those that {@code application.yaml} has much of. */
  static final Map<String, Class<?>> OF_SPRING =
      Map.of("server", ServerProperties.class, "spring.lifecycle", LifecycleProperties.class);

  /** Settings that lead to files; the data folder first, since others are made of it. */
  static final List<String> FOLDERS =
      List.of(
          "campaign-routes.data-dir",
          "campaign-routes.config-dir",
          "campaign-routes.routes-dir",
          "campaign-routes.api-keys-file",
          "inbox.dir",
          "audit.dir",
          "sandbox.dir",
          "cxone.api",
          "webhooks.destinations");

  /** How often something is looked at: what only, or also, {@code routes/} read. */
  static final List<String> PERIODS =
      List.of(
          "launch.claim-period",
          "launch.watch-period",
          "pacing.claim-period",
          "inbox.period",
          "audit.period",
          "audit.checkpoint-period",
          "records.period",
          "contacts.removal-period",
          "webhooks.retention-period");

  /** What is read one by one. */
  private static final List<String> OTHERS =
      List.of(
          "campaign-routes.allow-insecure",
          "campaign-routes.api-key",
          "campaign-routes.webhook-token",
          "campaign-routes.log-format",
          "campaign-routes.management-port",
          "campaign-routes.trusted-proxies",
          "cxone.endpoint",
          "cxone.sandbox",
          "webhooks.sandbox-log");

  private static final Set<String> NAMES = allNames();
  private static final Set<String> KNOWN =
      NAMES.stream().map(SettingNames::canonical).collect(Collectors.toSet());
  private static final Set<String> PREFIXES =
      NAMES.stream()
          .map(name -> name.substring(0, name.indexOf('.') + 1))
          .collect(Collectors.toSet());

  private SettingGroups() {}

  /** What the build has described of the records is read sooner than all classes are looked at. */
  private static Map<String, Class<?>> read() {
    Map<String, Class<?>> groups = new TreeMap<>();
    try (InputStream described = SettingGroups.class.getResourceAsStream(DESCRIBED)) {
      for (JsonNode group : new ObjectMapper().readTree(described).path("groups")) {
        String type = group.path("type").asText();
        // the sandbox's are on the class path only where it is asked for
        if (type.startsWith(PACKAGE)
            && type.equals(group.path("sourceType").asText())
            && ClassUtils.isPresent(type, null)) {
          groups.put(group.path("name").asText(), ClassUtils.resolveClassName(type, null));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The settings' description cannot be read", e);
    }
    return groups;
  }

  private static Set<String> allNames() {
    Set<String> names = new TreeSet<>(OTHERS);
    names.addAll(FOLDERS);
    names.addAll(PERIODS);
    ALL.forEach((prefix, type) -> add(names, prefix, type));
    return names;
  }

  private static void add(Set<String> names, String prefix, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
      if (component.getType().isRecord()) {
        add(names, name, component.getType());
      } else {
        names.add(name);
      }
    }
  }

  /** The names of all settings of the service itself. */
  static Set<String> names() {
    return NAMES;
  }

  /** Whether a name is in one of the service's own sections. */
  static boolean ours(String name) {
    return PREFIXES.stream().anyMatch(name.toLowerCase(Locale.ROOT)::startsWith);
  }

  /** Whether a name, or the list or map that it is an entry of, is a setting. */
  static boolean known(String name) {
    String canonical = SettingNames.canonical(name).replaceFirst("\\[.*", "");
    return KNOWN.contains(canonical)
        || canonical.contains(".")
            && KNOWN.contains(canonical.substring(0, canonical.lastIndexOf('.')));
  }
}
