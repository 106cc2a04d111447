package io.campaignroutes;

import io.campaignroutes.http.TrustedProxies;
import io.campaignroutes.store.StartRefusedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Stops the start at once when CXone's address or credentials are missing, or when the service
 * would be open to others without an API key. It looks after the configuration files have been
 * read, since any of it may stand there too.
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
    Environment environment = event.getEnvironment();
    requireCxone(environment);
    requireAddresses(environment.getProperty("campaign-routes.trusted-proxies", ""));
    if (environment.getProperty("campaign-routes.api-key", "").isBlank()) {
      requireLoopback(environment, "server.address", "SERVER_ADDRESS");
      requireLoopback(environment, "management.server.address", "MANAGEMENT_SERVER_ADDRESS");
      if (!environment.getProperty("management.server.port", "").isBlank()
          && environment.getProperty("management.server.address", "").isBlank()) {
        throw new MissingSettingException(
            "MANAGEMENT_SERVER_PORT is set without MANAGEMENT_SERVER_ADDRESS, and" + OPEN);
      }
    }
  }

  /** Without a key whoever reaches the port may do everything. */
  private static void requireLoopback(Environment environment, String property, String variable) {
    String address = environment.getProperty(property, "").strip();
    if (!address.isEmpty() && !isLoopback(address)) {
      throw new MissingSettingException(
          variable + " is " + address + ", and" + OPEN + " Or leave " + variable + " out.");
    }
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static void requireAddresses(String proxies) {
    try {
      TrustedProxies.read(proxies);
    } catch (IllegalArgumentException e) {
      throw new MissingSettingException(e.getMessage());
    }
  }

  private static void requireCxone(Environment environment) {
    List<String> missing =
        REQUIRED.entrySet().stream()
            .filter(e -> environment.getProperty(e.getKey(), "").isBlank())
            .map(Map.Entry::getValue)
            .toList();
    if (!missing.isEmpty()) {
      throw new MissingSettingException(
          String.join(", ", missing)
              + (missing.size() == 1 ? " is" : " are")
              + " not set. Set "
              + (missing.size() == 1 ? "it" : "them")
              + " for your CXone tenant, or try the service without one: mvn spring-boot:run, or"
              + " java -jar target/cxone-campaign-routes.jar --spring.profiles.active=sandbox");
    }
  }

  /** After the configuration files. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  /** The one line that a start ends with; null when it fails for a reason that nobody foresaw. */
  static String refusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof MissingSettingException || cause instanceof StartRefusedException) {
        return cause.getMessage();
      }
    }
    return null;
  }

  /** Keeps Spring Boot from printing a stack trace before the one line. */
  public static final class Reporter implements SpringBootExceptionReporter {
    @Override
    public boolean reportException(Throwable failure) {
      return refusal(failure) != null;
    }
  }
}
