package io.campaignroutes.settings;

import io.campaignroutes.text.Plain;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/**
 * Reads all settings of the service once, before anything is made of them. What can be understood
 * is put in force in the one spelling that routes and beans expect; all else is a {@link
 * SettingFault}.
 */
public final class StartSettings {
  /** The property source with what people have spelled otherwise. */
  static final String IN_FORCE = "settings in force";

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

  private static final Pattern FORMATS = Pattern.compile("|ecs|gelf|logstash");

  /** What Camel or Spring would read as the beginning of something else than a folder's name. */
  private static final Pattern NO_FOLDER =
      Pattern.compile("[?%\\p{Cntrl}\ufffd]|\\{\\{|}}|[$#]\\{");

  private static final List<String> IN_HEADERS =
      List.of(
          "campaign-routes.api-key", "campaign-routes.webhook-token", "webhooks.signing-secret");

  private static final List<String> SECRETS =
      List.of(
          "cxone.client-id",
          "cxone.client-secret",
          "cxone.access-key-id",
          "cxone.access-key-secret",
          "audit.signing-key",
          "audit.signing-command",
          "oidc.audience",
          "oidc.roles-claim",
          "oidc.client-id",
          "oidc.client-secret",
          "spring.datasource.username");

  private final ConfigurableEnvironment environment;
  private final SettingNames names;
  private final Binder binder;
  private final Map<String, Object> inForce = new LinkedHashMap<>();
  private final Map<String, SettingFault> faults = new LinkedHashMap<>();

  private StartSettings(ConfigurableEnvironment environment) {
    this.environment = environment;
    names = new SettingNames(environment);
    binder = Binder.get(environment);
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

  /** What is wrong with the secrets alone, where one of them has got another value. */
  static List<SettingFault> ofSecrets(ConfigurableEnvironment environment) {
    StartSettings settings = new StartSettings(environment);
    settings.secrets();
    return List.copyOf(settings.faults.values());
  }

  /** Has secrets that stand in files known; what is wrong with them is told with all else. */
  public static void readFiles(ConfigurableEnvironment environment) {
    SecretFiles.of(environment);
  }

  private void read() {
    environment.getPropertySources().remove(IN_FORCE);
    SecretFiles.of(environment).faults().forEach(fault -> faults.put(fault.property(), fault));
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
    secrets();
    if (Insecure.PRIVATE_DESTINATIONS.isAllowed(environment)) {
      inForce.put(Insecure.DESTINATIONS, "true");
    }
    SettingGroups.FOLDERS.forEach(this::folder);
    put("camel.main.routes-include-pattern", LinkedFolders::followed);
    put("spring.datasource.url", DatabaseUrls::plain);
    put(
        "campaign-routes.trusted-proxies",
        given -> {
          Networks.read(given);
          return given.strip();
        });
    SettingGroups.PERIODS.forEach(this::period);
    SettingGroups.ALL.forEach((name, type) -> SettingRecord.bind(binder, name, type, looked(true)));
    SettingGroups.OF_SPRING.forEach((name, type) -> bind(name, Bindable.of(type), false));
    new InsecureSettings(environment)
        .faults(faults.keySet())
        .forEach(fault -> faults.putIfAbsent(fault.property(), fault));
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

  private void secrets() {
    IN_HEADERS.forEach(name -> put(name, SecretTexts::inHeaders));
    SECRETS.forEach(name -> put(name, SecretTexts::plain));
    put("spring.datasource.password", SecretTexts::password);
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
    return binder.bind(name, as, looked(ours)).orElse(null);
  }

  /** Looks at values while they are bound, and refuses each setting once. */
  private Values looked(boolean ours) {
    return new Values(
        environment,
        ours,
        (setting, why) -> {
          if (faults.keySet().stream().noneMatch(f -> f.startsWith(setting + "."))) {
            refuse(setting, why);
          }
          return null;
        });
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
}
