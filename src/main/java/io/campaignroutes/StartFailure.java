package io.campaignroutes;

import io.campaignroutes.compliance.PolicyException;
import io.campaignroutes.store.StartRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.embedded.tomcat.ConnectorStartFailedException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Says in one line why a start has failed, whatever threw. Spring Boot finds it by {@code
 * META-INF/spring.factories} and then prints neither a trace nor a page of its own.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class StartFailure implements SpringBootExceptionReporter {
  private static final Logger LOG = LoggerFactory.getLogger(StartFailure.class);
  private static final Pattern CLASS_NAME =
      Pattern.compile("\\b(?:[a-z][\\w]*\\.){2,}[A-Z][\\w$]*(?::\\s*)?");
  private static final int LONGEST = 500;

  @Override
  public boolean reportException(Throwable failure) {
    LOG.debug("The start has failed.", failure);
    return true;
  }

  /** The line that an operator reads; several, where several settings are wrong. */
  static String sentence(Throwable failure) {
    List<Throwable> causes = causes(failure);
    return first(causes, FaultySettingsException.class, Throwable::getMessage)
        .or(() -> first(causes, StartRefusedException.class, Throwable::getMessage))
        .or(() -> first(causes, PolicyException.class, e -> clean(e.getMessage())))
        .or(() -> first(causes, MarkedYAMLException.class, StartFailure::yaml))
        .or(() -> first(causes, PortInUseException.class, e -> portInUse(e.getPort())))
        .or(() -> first(causes, ConnectorStartFailedException.class, e -> portInUse(e.getPort())))
        .or(() -> first(causes, BindException.class, StartFailure::setting))
        .or(() -> first(causes, FailedToCreateRouteException.class, e -> route(e.getRouteId(), e)))
        .or(() -> first(causes, FailedToStartRouteException.class, e -> route(e.getRouteId(), e)))
        .orElseGet(
            () ->
                "The service cannot start: "
                    + innermost(failure)
                    + " --logging.level.io.campaignroutes=DEBUG shows where.");
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable e = failure; e != null && !causes.contains(e); e = e.getCause()) {
      causes.add(e);
    }
    return causes;
  }

  private static <E extends Throwable> Optional<String> first(
      List<Throwable> causes, Class<E> type, Function<E, String> sentence) {
    return causes.stream().filter(type::isInstance).map(type::cast).findFirst().map(sentence);
  }

  private static String portInUse(int port) {
    return "Port "
        + port
        + " is in use by another process. Stop that one, or set PORT to another port.";
  }

  private static String yaml(MarkedYAMLException e) {
    return "A file of config/ or routes/ is no YAML: %s%s. java -jar target/cxone-campaign-routes.jar check shows which."
        .formatted(
            clean(e.getProblem()),
            e.getProblemMark() == null ? "" : " in line " + (e.getProblemMark().getLine() + 1));
  }

  private static String setting(BindException e) {
    Object value = e.getProperty() == null ? null : e.getProperty().getValue();
    return "%s%s cannot be used: %s"
        .formatted(
            e.getName(),
            value == null || e.getName().toString().matches(".*(secret|password|key|token).*")
                ? ""
                : " is '" + clean(value.toString()) + "', which",
            innermost(e));
  }

  private static String route(String id, Throwable e) {
    return "The route %s cannot be started: %s java -jar target/cxone-campaign-routes.jar check looks for mistakes in routes/ and config/."
        .formatted(id, innermost(e));
  }

  private static String innermost(Throwable failure) {
    List<Throwable> causes = causes(failure);
    String said = "no reason was given";
    for (Throwable cause : causes) {
      if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
        said = clean(cause.getMessage());
      }
    }
    return said.endsWith(".") ? said : said + ".";
  }

  /** On one line, without the names of classes. */
  private static String clean(String said) {
    String line =
        CLASS_NAME.matcher(said).replaceAll("").replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
  }
}
