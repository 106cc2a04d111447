package io.campaignroutes;

import io.campaignroutes.access.ApiKeys;
import io.campaignroutes.access.KeysFile;
import io.campaignroutes.cxone.ApiFile;
import io.campaignroutes.settings.InsecureSettings;
import io.campaignroutes.settings.LibFolder;
import io.campaignroutes.settings.LogFiles;
import io.campaignroutes.settings.SettingFault;
import io.campaignroutes.settings.StartSettings;
import io.campaignroutes.settings.UnreadSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ConfigurableBootstrapContext;
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
  /**
   * Files of routes without which campaigns would not be launched, paced, told of or audited. What
   * a platform needs is told by the port.
   */
  private static final List<String> ROUTES =
      List.of(
          "audit",
          "campaign-api",
          "campaign-inbox",
          "campaign-launch",
          "campaign-pacing",
          "console-api",
          "contacts-api",
          "errors",
          "pool-api",
          "records",
          "replicas",
          "webhook-api",
          "webhook-forward",
          "webhook-receive");

  /**
   * What a file of an older version has not, and without which campaigns dial unseen, or when they
   * may not.
   */
  private static final Map<String, List<String>> NEWER =
      Map.of(
          "campaign-launch.camel.yaml", List.of("id: campaign-activation", "ref: startHours"),
          "campaign-pacing.camel.yaml", List.of("id: campaign-unpaced"));

  private static final Pattern ROUTE = Pattern.compile("(?m)^- (route|routeConfiguration):");

  /**
   * What every part of the file has that the service cannot do without. Without the last ones it
   * would start, and have no routes or repeat calls by itself.
   */
  private static final List<String> WHOLE =
      List.of(
          "campaign-routes.config-dir",
          "cxone.platform",
          "cxone.api",
          "inbox.dir",
          "webhooks.destinations",
          "audit.dir",
          "server.port",
          "spring.datasource.url",
          "camel.main.routes-include-pattern",
          "camel.component.http.automatic-retries-disabled",
          "management.endpoints.web.exposure.include");

  private static final String OPEN =
      " API_KEY is not, so that everybody who reaches this machine could launch and stop campaigns:"
          + " set API_KEY or OIDC_ISSUER, or make a key with \"keys add\".";

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    ConfigurableEnvironment environment = event.getEnvironment();
    requireFile(environment);
    StartSettings.readFiles(environment); // or a tenant's would not be known as set
    List<String> lines = new ArrayList<>();
    Optional<ApiFile> api = platformFile(environment);
    RequiredTenant tenant = new RequiredTenant(environment, api);
    tenant.refuseInSandbox(lines);
    List<SettingFault> faults = new ArrayList<>(StartSettings.read(environment));
    api = platformFile(environment);
    boolean platform = requireRoutes(environment, api, lines);
    if (!platform) { // the file's name is made of the platform's
      faults.removeIf(fault -> fault.property().equals("cxone.api"));
    }
    faults.addAll(UnreadSettings.faults(environment));
    faults.addAll(LogFiles.faults(environment));
    tenant.require(lines);
    faults.forEach(fault -> lines.add(fault.line()));
    requireKey(environment, lines);
    requireIssuer(environment, lines);
    LibFolder.findings(LibFolder.FOLDER).forEach(finding -> lines.add(finding.line()));
    if (!lines.isEmpty()) {
      throw new FaultySettingsException(String.join(System.lineSeparator(), lines));
    }
    api.ifPresent(file -> handOver(file, event.getBootstrapContext()));
  }

  /** What the platform's file says; empty when it cannot be read, which ends the start later. */
  private static Optional<ApiFile> platformFile(Environment environment) {
    try {
      return Optional.of(ApiFile.read(Path.of(value(environment, "cxone.api"))));
    } catch (IllegalStateException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** So that what was checked here is what is used. */
  private static void handOver(ApiFile file, ConfigurableBootstrapContext start) {
    start.addCloseListener(
        ended -> ended.getApplicationContext().getBeanFactory().registerSingleton("apiFile", file));
  }

  /** Nothing else is told of a file that is cut: most of it would be wrong. */
  private static void requireFile(Environment environment) {
    List<String> missing =
        WHOLE.stream().filter(name -> !environment.containsProperty(name)).toList();
    if (missing.isEmpty()) {
      return;
    }
    String folder = Path.of("").toAbsolutePath().toString();
    throw new FaultySettingsException(
        Files.isRegularFile(Path.of("config", "application.yaml"))
            ? "config/application.yaml in %s is not complete: %s not there. Put the whole file back."
                .formatted(
                    folder, String.join(", ", missing) + (missing.size() == 1 ? " is" : " are"))
            : "There is no config/application.yaml in "
                + folder
                + ". Start the service in the folder that holds config/ and routes/.");
  }

  /** Adds what is missing; whether the platform is there and whole. */
  private static boolean requireRoutes(
      Environment environment, Optional<ApiFile> api, List<String> lines) {
    Path folder = Path.of(value(environment, "campaign-routes.routes-dir"));
    if (folder.toString().isEmpty() || Files.isDirectory(folder)) {
      ROUTES.stream()
          .map(name -> folder.resolve(name + ".camel.yaml"))
          .forEach(file -> requireRoute(file, lines));
      List<String> missing =
          RequiredPlatform.lines(
              folder, value(environment, "cxone.platform"), value(environment, "cxone.api"), api);
      lines.addAll(missing);
      return missing.isEmpty();
    }
    lines.add(
        "There is no folder "
            + folder.toAbsolutePath()
            + ". Start the service in the folder that holds config/ and routes/.");
    return true;
  }

  /** Camel starts without a file, and with one that holds nothing. */
  private static void requireRoute(Path file, List<String> lines) {
    try {
      String text = Files.readString(file);
      Optional<String> lacks =
          NEWER.getOrDefault(file.getFileName().toString(), List.of()).stream()
              .filter(newer -> !text.contains(newer))
              .findFirst();
      if (!ROUTE.matcher(text).find()) {
        lines.add(file + " holds no route. Put the whole file back.");
      } else if (lacks.isPresent()) {
        lines.add(
            "%s lacks '%s'. It is of an older version: take this one's."
                .formatted(file, lacks.get()));
      }
    } catch (CharacterCodingException e) {
      lines.add(file + " is not in UTF-8. Save it in UTF-8.");
    } catch (IOException e) {
      lines.add(file + " is not there or cannot be read. Put it back.");
    }
  }

  private static void requireKey(Environment environment, List<String> lines) {
    if (ofKeysFile(environment, lines) || !value(environment, "oidc.issuer").isBlank()) {
      return;
    }
    if (value(environment, "campaign-routes.api-key").isBlank()) {
      requireLoopback(environment, "server.address", "SERVER_ADDRESS", lines);
      requireLoopback(environment, "management.server.address", "MANAGEMENT_SERVER_ADDRESS", lines);
      if (!value(environment, "management.server.port").isBlank()
          && value(environment, "management.server.address").isBlank()) {
        lines.add("MANAGEMENT_SERVER_PORT is set without MANAGEMENT_SERVER_ADDRESS, and" + OPEN);
      }
    }
  }

  /** Any token of an issuer would do that was made for no matter whom. */
  private static void requireIssuer(Environment environment, List<String> lines) {
    boolean issuer = !value(environment, "oidc.issuer").isBlank();
    if (issuer && value(environment, "oidc.audience").isBlank()) {
      lines.add(
          "OIDC_AUDIENCE is not set, and OIDC_ISSUER is, so that its tokens for any other service"
              + " would be taken here: set OIDC_AUDIENCE to what the issuer calls this one.");
    }
    if (!issuer && !value(environment, "oidc.client-id").isBlank()) {
      lines.add(
          "OIDC_ISSUER is not set, and OIDC_CLIENT_ID is: set OIDC_ISSUER to who lets people sign"
              + " in, or leave OIDC_CLIENT_ID out.");
    } else if (!issuer && !value(environment, "oidc.audience").isBlank()) {
      lines.add(
          "OIDC_ISSUER is not set, and OIDC_AUDIENCE is, so that no token would be taken: set"
              + " OIDC_ISSUER to whose tokens are, or leave OIDC_AUDIENCE out.");
    }
  }

  /** Whether there is a file of keys, so that one is asked for. */
  private static boolean ofKeysFile(Environment environment, List<String> lines) {
    try {
      Path path = Path.of(value(environment, "campaign-routes.api-keys-file"));
      if (path.toString().isEmpty()) {
        return false;
      }
      if (!ApiKeys.isThere(path)) {
        if (!value(environment, "API_KEYS_FILE").isBlank()
            && lines.stream().noneMatch(line -> line.startsWith("API_KEYS_FILE "))) {
          lines.add(
              "API_KEYS_FILE is "
                  + path
                  + ", and there is no such file, so that nobody would be asked for a key: make it"
                  + " with \"keys add\", or leave API_KEYS_FILE out.");
        }
        return false;
      }
      KeysFile file = new KeysFile(path);
      try {
        file.read();
      } catch (IOException e) {
        lines.add(file.told(e));
      }
      return true;
    } catch (InvalidPathException e) {
      return false; // which is told already
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

  /** After the configuration files, before the log. */
  @Override
  public int getOrder() {
    return LoggingApplicationListener.DEFAULT_ORDER - 1;
  }

  /**
   * Tells of variables that were probably meant for the service, and of what others have put on its
   * class path, once there is a log.
   */
  static final class Strays implements ApplicationListener<ApplicationPreparedEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(RequiredSettings.class);

    @Override
    public void onApplicationEvent(ApplicationPreparedEvent event) {
      ConfigurableEnvironment environment = event.getApplicationContext().getEnvironment();
      UnreadSettings.warnings(environment).forEach(LOG::warn);
      new InsecureSettings(environment).allowed().forEach(LOG::warn);
      try {
        List<String> jars = LibFolder.jars(LibFolder.FOLDER);
        if (!jars.isEmpty()) {
          LOG.info("On the class path by {}/: {}.", LibFolder.FOLDER, String.join(", ", jars));
        }
      } catch (IOException e) {
        LOG.warn("{} cannot be read: {}", LibFolder.FOLDER, e.getMessage());
      }
    }
  }
}
