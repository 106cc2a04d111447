package io.campaignroutes.settings;

import io.campaignroutes.text.Closest;
import io.campaignroutes.text.Plain;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.util.ClassUtils;

/**
 * Reads all settings of the service once, before anything is made of them. What can be understood
 * is put in force in the one spelling that routes and beans expect; all else is a {@link
 * SettingFault}.
 */
public final class StartSettings {
  /** The property source with what people have spelled otherwise. */
  static final String IN_FORCE = "settings in force";

  /** Visible ASCII and blanks between: what a header carries there and back. */
  private static final Pattern IN_A_HEADER = Pattern.compile("[\\x20-\\x7e]*");

  private static final Pattern PORT =
      Pattern.compile(
          "0*([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])");

  private static final Pattern AREA = Pattern.compile("[a-z0-9][a-z0-9-]{0,19}");

  /** OpenTelemetry reads it for itself, and does not say what it found wrong. */
  private static final String TRACES = "OTEL_EXPORTER_OTLP_ENDPOINT";

  /** Where Camel would look for itself, ahead of everything else; 0: nowhere. */
  private static final List<String> FOR_CAMEL =
      List.of(
          "camel.component.properties.environment-variable-mode",
          "camel.component.properties.system-properties-mode");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Pattern FORMATS = Pattern.compile("|ecs|gelf|logstash");

  /** What Camel or Spring would read as the beginning of something else than a folder's name. */
  private static final Pattern NO_FOLDER =
      Pattern.compile("[?%\\p{Cntrl}\ufffd]|\\{\\{|}}|[$#]\\{");

  private final ConfigurableEnvironment environment;
  private final SettingNames names;
  private final Map<String, Object> inForce = new LinkedHashMap<>();
  private final Map<String, SettingFault> faults = new LinkedHashMap<>();

  private StartSettings(ConfigurableEnvironment environment) {
    this.environment = environment;
    this.names = new SettingNames(environment);
  }

  /**
   * Puts the settings of an environment in force.
   *
   * @return what is wrong with them, each setting once; missing ones are not told
   */
  public static List<SettingFault> read(ConfigurableEnvironment environment) {
    StartSettings settings = new StartSettings(environment);
    settings.read();
    return List.copyOf(settings.faults.values());
  }

  private void read() {
    environment.getPropertySources().remove(IN_FORCE);
    Variables.tidy(environment);
    environment.getPropertySources().addFirst(new MapPropertySource(IN_FORCE, inForce));
    // or routes would have CXONE_BASE_URL as it was written, whatever overrides it
    FOR_CAMEL.forEach(name -> inForce.put(name, "0"));
    profiles();
    logFormat();
    ports();
    area();
    List.of(
            "cxone.base-url",
            "cxone.token-url",
            "cxone.discovery-url",
            "personal-connection.token-url",
            "personal-connection.endpoint",
            "cxone.endpoint",
            "cxone.public-url",
            TRACES)
        .forEach(this::address);
    if (!faults.containsKey("cxone.token-url")) { // both come from the same variable
      address("cxone.access-key-url");
    }
    put("oidc.issuer", Addresses::asWritten);
    List.of("campaign-routes.api-key", "campaign-routes.webhook-token", "webhooks.signing-secret")
        .forEach(name -> secret(name, true));
    List.of(
            "cxone.client-id",
            "cxone.client-secret",
            "cxone.access-key-id",
            "cxone.access-key-secret",
            "oidc.audience",
            "oidc.roles-claim",
            "oidc.client-id",
            "oidc.client-secret",
            "spring.datasource.username")
        .forEach(name -> secret(name, false));
    password();
    SettingGroups.FOLDERS.forEach(this::folder);
    put("spring.datasource.url", DatabaseUrls::plain);
    put(
        "campaign-routes.trusted-proxies",
        given -> {
          Networks.read(given);
          return given.strip();
        });
    SettingGroups.PERIODS.forEach(this::period);
    SettingGroups.ALL.forEach((name, type) -> bind(name, Bindable.of(type), true));
    SettingGroups.OF_SPRING.forEach((name, type) -> bind(name, Bindable.of(type), false));
    faults
        .keySet()
        .removeIf(name -> names.madeOf(name).stream().anyMatch(faults::containsKey)); // found later
  }

  private void profiles() {
    for (String profile : environment.getActiveProfiles()) {
      boolean known =
          environment.getPropertySources().stream()
              .anyMatch(
                  source ->
                      source.getName().contains("application-" + profile + ".")
                          || String.valueOf(source.getProperty("spring.config.activate.on-profile"))
                              .contains(profile));
      if (!known) {
        refuse(
            "spring.profiles.active",
            "is " + Plain.quoted(profile) + ", and there is no such profile.",
            "The one there is is called sandbox; another needs its own"
                + " config/application-<profile>.yaml.");
      }
    }
  }

  private void logFormat() {
    String console = "logging.structured.format.console";
    String format = value(console);
    String known = value("campaign-routes.log-format." + format.toLowerCase(Locale.ROOT));
    if (!known.isEmpty() || format.equalsIgnoreCase("text")) {
      inForce.put(console, known);
    } else if (FORMATS.matcher(format.toLowerCase(Locale.ROOT)).matches()) {
      inForce.put(console, format.toLowerCase(Locale.ROOT));
    } else if (!ClassUtils.isPresent(format, null)) {
      refuse(
          console,
          "is " + Plain.quoted(format) + ".",
          "It has to be text, json, ecs, gelf or logstash.");
    }
  }

  private void ports() {
    for (String name :
        List.of("server.port", "management.server.port", "campaign-routes.management-port")) {
      String given = value(name).strip();
      boolean none = given.isEmpty() || name.startsWith("management") && given.equals("-1");
      if (!none && !PORT.matcher(given).matches()) {
        refuse(
            name, "is " + Plain.quoted(given) + ", which is no port.", "Ports go from 1 to 65535.");
      }
    }
    String management = value("campaign-routes.management-port").strip();
    if (!management.isEmpty() && management.equals(value("server.port").strip())) {
      refuse(
          "campaign-routes.management-port",
          "is " + management + ", which is the service's own port.",
          "Give it another one.");
    }
    for (String name : List.of("server.address", "management.server.address")) {
      String given = value(name).strip();
      if (!given.isEmpty() && !Addresses.ofThisMachine(given)) {
        refuse(
            name,
            "is " + Plain.quoted(given) + ", which is no address of this machine.",
            "Write one that it has, or 0.0.0.0 for all; left out, it is 127.0.0.1 without an API"
                + " key and all with one.");
      }
    }
  }

  /** It becomes a part of addresses. */
  private void area() {
    put(
        "personal-connection.area",
        given -> {
          String plain = given.strip();
          if (!AREA.matcher(plain).matches()) {
            throw new UnusableException(
                "is " + Plain.quoted(given) + ", which is no area of CXone.",
                "Write the one in the address of your CXone pages, such as na1 or eu1.");
          }
          return plain;
        });
  }

  private void address(String name) {
    if (names.madeOf(name).stream().anyMatch(of -> value(of).isBlank())) {
      return; // that one is missing
    }
    put(name, Addresses::normal);
    if (name.equals("cxone.public-url") && value(name).endsWith("/webhooks/cxone")) {
      refuse(
          name,
          "ends in /webhooks/cxone, which the service adds itself.",
          "Leave out /webhooks/cxone.");
    }
  }

  private void secret(String name, boolean inHeaders) {
    put(
        name,
        given -> {
          String plain = printable(given.strip());
          if (inHeaders && !IN_A_HEADER.matcher(plain).matches()) {
            throw new UnusableException(
                "has a letter outside ASCII in it, which no HTTP header can carry.",
                "Use letters, digits and signs of ASCII.");
          }
          return plain;
        });
  }

  /** It may end in a blank, as nothing else may. */
  private void password() {
    put("spring.datasource.password", given -> printable(given.replaceFirst("[\\r\\n]+$", "")));
  }

  private static String printable(String given) {
    if (CONTROL.matcher(given).find()) {
      throw new UnusableException(
          "has a line break or another control character in it.", "Take it out.");
    }
    return given;
  }

  private void folder(String name) {
    String given = value(name);
    try {
      if (NO_FOLDER.matcher(given).find()) {
        throw new UnusableException(
            "is " + Plain.quoted(given) + ", with a sign that a folder's name cannot have here.",
            given.contains("\ufffd")
                ? "Start the service with a UTF-8 locale (LC_ALL=C.UTF-8), or use letters of ASCII."
                : "Leave out ?, %, {{, }}, ${, #{ and control characters.");
      }
      Path.of(given);
    } catch (InvalidPathException e) {
      refuse(
          name,
          "is " + Plain.quoted(given) + ", which cannot be a path in this locale.",
          "Start the service with a UTF-8 locale (LC_ALL=C.UTF-8), or use letters of ASCII.");
    } catch (UnusableException e) {
      refuse(name, e);
    }
  }

  /** Camel reads it: it gets milliseconds, however they were written. */
  private void period(String name) {
    Duration period = bind(name, Bindable.of(Duration.class), true);
    if (period != null) {
      inForce.put(name, period.toMillis() + "ms");
    }
  }

  private <T> T bind(String name, Bindable<T> as, boolean ours) {
    Values looked =
        new Values(
            environment,
            ours,
            (setting, why) -> {
              if (faults.keySet().stream().noneMatch(f -> f.startsWith(setting + "."))) {
                refuse(setting, why);
              }
              return null;
            });
    try {
      return Binder.get(environment, looked).bind(name, as).orElse(null);
    } catch (BindException e) {
      throw new IllegalStateException("a refusal ends no binding", e);
    }
  }

  private void put(String name, Function<String, String> plain) {
    String given = value(name);
    if (given.isBlank()) {
      return;
    }
    try {
      String understood = plain.apply(given);
      if (!understood.equals(given)) {
        inForce.put(name, Variables.literal(understood));
      }
    } catch (UnusableException e) {
      refuse(name, e);
    }
  }

  /** A value with its placeholders resolved; empty when it is not set. */
  private String value(String name) {
    try {
      String value = environment.getProperty(name);
      return value == null ? "" : value;
    } catch (IllegalArgumentException e) {
      refuse(name, "refers to something that is not set.", "Set that, or write the value itself.");
      return "";
    }
  }

  /** Tells a fault once, and only where it is: not of what is made of a value at fault. */
  private void refuse(String name, UnusableException why) {
    if (names.madeOf(name).stream().noneMatch(faults::containsKey)) {
      SettingFault fault = why.of(name, names.of(name));
      faults.putIfAbsent(
          name,
          new SettingFault(
              name,
              fault.name(),
              Variables.hidden(environment, fault.problem()),
              Variables.hidden(environment, fault.remedy())));
    }
  }

  private void refuse(String name, String problem, String remedy) {
    refuse(name, new UnusableException(problem, remedy));
  }

  /** Settings of ours in files and arguments that nothing reads, as misspelt ones are. */
  public static List<SettingFault> strangers(ConfigurableEnvironment environment) {
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
