package io.campaignroutes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Lets a start that asks for the sandbox have its classes. In the packaged service they lie in a
 * jar of their own, where no class loader looks: a start without the profile, or with the settings
 * of a tenant, can load none of them.
 */
final class SandboxDoor
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
  private static final String PROFILE = "sandbox";
  private static final String JAR = "cxone-campaign-routes-sandbox.jar";

  /** Whether a start asks for the sandbox. */
  static boolean asked(ConfigurableEnvironment environment) {
    return environment.matchesProfiles(PROFILE);
  }

  /**
   * Those of some settings that are given by anything but the sandbox's own part of the file.
   *
   * @param settings names of settings, each with what is told of it
   */
  static List<String> given(ConfigurableEnvironment environment, Map<String, String> settings) {
    MutablePropertySources others = new MutablePropertySources();
    environment.getPropertySources().stream()
        .filter(
            source ->
                !ofTheSandbox(source)
                    && !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source))
        .forEach(others::addLast);
    PropertySourcesPropertyResolver resolver = new PropertySourcesPropertyResolver(others);
    return settings.entrySet().stream()
        .filter(one -> !resolver.getProperty(one.getKey(), "").isBlank())
        .map(Map.Entry::getValue)
        .toList();
  }

  private static boolean ofTheSandbox(PropertySource<?> source) {
    return PROFILE.equals(source.getProperty("spring.config.activate.on-profile"));
  }

  /** {@link RequiredSettings} has looked at the settings by now. */
  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    URL jar = getClass().getResource("/" + JAR);
    if (jar == null || jar.getProtocol().equals("file") || !asked(event.getEnvironment())) {
      return; // not packaged: the classes lie beside this one
    }
    SpringApplication service = event.getSpringApplication();
    ClassLoader loader = new URLClassLoader(new URL[] {opened(jar)}, service.getClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    service.setResourceLoader(new DefaultResourceLoader(loader));
  }

  /**
   * A jar inside the packaged one, as a place to load from. Only Spring Boot's loader reads it
   * where it lies; a service that was extracted for a faster start does without that loader.
   */
  private static URL opened(URL jar) {
    try {
      if (jar.toString().startsWith("jar:nested:")) {
        return new URL(jar.toString().replace("/classes/!/", "/classes/") + "!/");
      }
      Path copy = Files.createTempFile("sandbox", ".jar");
      copy.toFile().deleteOnExit();
      try (InputStream in = jar.openStream()) {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      return copy.toUri().toURL();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** After the settings are found good. */
  @Override
  public int getOrder() {
    return LoggingApplicationListener.DEFAULT_ORDER + 1;
  }
}
