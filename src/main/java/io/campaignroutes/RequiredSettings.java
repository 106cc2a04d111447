package io.campaignroutes;

import io.campaignroutes.settings.LogFiles;
import io.campaignroutes.settings.SettingFault;
import io.campaignroutes.settings.StartSettings;
import java.io.File;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Stops the start at once when a setting cannot be used, when CXone's address or credentials are
 * missing, or when the service would be open to others without an API key. It looks after the
 * configuration files have been read, since any of it may stand there too, and before the log is
 * set up by them.
 */
public final class RequiredSettings
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
  private static final Map<String, String> REQUIRED = new LinkedHashMap<>();

  private static final String OPEN =
      " API_KEY is not, so that everybody who reaches this machine could launch and stop campaigns:"
          + " set API_KEY.";

  static {
    REQUIRED.put("cxone.base-url", "CXONE_BASE_URL");
    REQUIRED.put("cxone.client-id", "CXONE_CLIENT_ID");
    REQUIRED.put("cxone.client-secret", "CXONE_CLIENT_SECRET");
  }

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    ConfigurableEnvironment environment = event.getEnvironment();
    if (environment.getProperty("campaign-routes.config-dir") == null) {
      throw new FaultySettingsException(
          "There is no config/application.yaml in "
              + Path.of("").toAbsolutePath()
              + ". Start the service in the folder that holds config/ and routes/.");
    }
    List<String> lines = new ArrayList<>();
    requireRoutes(environment, lines);
    List<SettingFault> faults = new ArrayList<>(StartSettings.read(environment));
    faults.addAll(StartSettings.strangers(environment));
    faults.addAll(LogFiles.faults(environment));
    requireCxone(environment, lines);
    faults.forEach(fault -> lines.add(fault.line()));
    requireKey(environment, lines);
    if (!lines.isEmpty()) {
      throw new FaultySettingsException(String.join(System.lineSeparator(), lines));
    }
  }

  private static void requireRoutes(Environment environment, List<String> lines) {
    File folder = new File(value(environment, "campaign-routes.routes-dir"));
    if (!folder.getPath().isEmpty() && !folder.isDirectory()) {
      lines.add(
          "There is no folder "
              + folder.getAbsolutePath()
              + ". Start the service in the folder that holds config/ and routes/.");
    }
  }

  private static void requireKey(Environment environment, List<String> lines) {
    if (value(environment, "campaign-routes.api-key").isBlank()) {
      requireLoopback(environment, "server.address", "SERVER_ADDRESS", lines);
      requireLoopback(environment, "management.server.address", "MANAGEMENT_SERVER_ADDRESS", lines);
      if (!value(environment, "management.server.port").isBlank()
          && value(environment, "management.server.address").isBlank()) {
        lines.add("MANAGEMENT_SERVER_PORT is set without MANAGEMENT_SERVER_ADDRESS, and" + OPEN);
      }
    }
  }

  private static String value(Environment environment, String name) {
    try {
      return environment.getProperty(name, "");
    } catch (IllegalArgumentException e) {
      return "?"; // refers to something that is not set, which is told already
    }
  }

  /** Without a key whoever reaches the port may do everything. */
  private static void requireLoopback(
      Environment environment, String property, String variable, List<String> lines) {
    String address = value(environment, property).strip();
    if (!address.isEmpty() && reachable(address)) {
      lines.add(variable + " is " + address + ", and" + OPEN + " Or leave " + variable + " out.");
    }
  }

  private static boolean reachable(String address) {
    try {
      return !InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // told as an address that is none
    }
  }

  private static void requireCxone(ConfigurableEnvironment environment, List<String> lines) {
    List<String> missing =
        REQUIRED.entrySet().stream()
            .filter(e -> value(environment, e.getKey()).isBlank())
            .map(Map.Entry::getValue)
            .toList();
    if (!missing.isEmpty()) {
      List<String> misspelt = StartSettings.warnings(environment);
      lines.add(
          String.join(", ", missing)
              + (missing.size() == 1 ? " is" : " are")
              + " not set. "
              + (misspelt.isEmpty() ? "" : String.join(" ", misspelt) + " ")
              + "Set "
              + (missing.size() == 1 ? "it" : "them")
              + " for your CXone tenant, or try the service without one: mvn spring-boot:run, or"
              + " java -jar target/cxone-campaign-routes.jar --spring.profiles.active=sandbox");
    }
  }

  /** After the configuration files, before the log. */
  @Override
  public int getOrder() {
    return LoggingApplicationListener.DEFAULT_ORDER - 1;
  }

  /** Tells of variables that were probably meant for the service, once there is a log. */
  static final class Strays implements ApplicationListener<ApplicationPreparedEvent> {
    @Override
    public void onApplicationEvent(ApplicationPreparedEvent event) {
      StartSettings.warnings(event.getApplicationContext().getEnvironment())
          .forEach(LoggerFactory.getLogger(RequiredSettings.class)::warn);
    }
  }
}
